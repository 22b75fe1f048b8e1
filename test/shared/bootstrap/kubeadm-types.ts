import * as z from "zod";

/**
 * The documents that kubeadm reads, with the fields that it knows and no others: it refuses what it does not know. Those of
 * 1.35 and 1.36 are the same. Source: kubernetes, cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go.
 */
const list = z.array(z.strictObject({ name: z.string(), value: z.string() }));
const duration = z.string().regex(/^(\d+h)?(\d+m)?(\d+s)?$/);
const address = z.ipv4();
const meta = <T extends string>(kind: T) => ({
  apiVersion: z.literal("kubeadm.k8s.io/v1beta4"),
  kind: z.literal(kind),
});
const image = { imageRepository: z.string().optional(), imageTag: z.string().optional() };

const nodeRegistration = z.strictObject({
  name: z.string().optional(),
  criSocket: z.string().optional(),
  taints: z.array(z.unknown()).optional(),
  kubeletExtraArgs: list.optional(),
  ignorePreflightErrors: z.array(z.string()).optional(),
  imagePullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).optional(),
  imagePullSerial: z.boolean().optional(),
});
const localAPIEndpoint = z.strictObject({ advertiseAddress: address, bindPort: z.int() });
const timeouts = z.partialRecord(
  z.enum([
    "controlPlaneComponentHealthCheck",
    "kubeletHealthCheck",
    "kubernetesAPICall",
    "etcdAPICall",
    "tlsBootstrap",
    "discovery",
    "upgradeManifests",
  ]),
  duration,
);
const component = {
  extraArgs: list.optional(),
  extraVolumes: z
    .array(
      z.strictObject({
        name: z.string(),
        hostPath: z.string(),
        mountPath: z.string(),
        readOnly: z.boolean().optional(),
        pathType: z.enum(["Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket", ""]).optional(),
      }),
    )
    .optional(),
  extraEnvs: z.array(z.unknown()).optional(),
};

export const init = z.strictObject({
  ...meta("InitConfiguration"),
  bootstrapTokens: z.array(z.unknown()).optional(),
  nodeRegistration,
  localAPIEndpoint,
  certificateKey: z.string().optional(),
  skipPhases: z.array(z.string()).optional(),
  patches: z.strictObject({ directory: z.string() }).optional(),
  timeouts,
});

export const cluster = z.strictObject({
  ...meta("ClusterConfiguration"),
  etcd: z.unknown().optional(),
  networking: z.strictObject({
    serviceSubnet: z.cidrv4(),
    podSubnet: z.cidrv4().optional(),
    dnsDomain: z.string().optional(),
  }),
  kubernetesVersion: z.string().regex(/^v1\.3[56]\.\d+$/),
  controlPlaneEndpoint: z.string(),
  apiServer: z.strictObject({ ...component, certSANs: z.array(z.string()) }),
  controllerManager: z.strictObject(component),
  scheduler: z.strictObject(component),
  dns: z.strictObject({ ...image, disabled: z.boolean().optional() }).optional(),
  proxy: z.strictObject({ disabled: z.boolean().optional() }).optional(),
  certificatesDir: z.string().optional(),
  imageRepository: z.string().optional(),
  featureGates: z.record(z.string(), z.boolean()).optional(),
  clusterName: z.string(),
  encryptionAlgorithm: z.enum(["RSA-2048", "RSA-3072", "RSA-4096", "ECDSA-P256"]).optional(),
  certificateValidityPeriod: duration.optional(),
  caCertificateValidityPeriod: duration.optional(),
});

export const join = z.strictObject({
  ...meta("JoinConfiguration"),
  nodeRegistration,
  caCertPath: z.string().optional(),
  discovery: z.strictObject({ file: z.strictObject({ kubeConfigPath: z.string() }) }),
  controlPlane: z.strictObject({ localAPIEndpoint, certificateKey: z.string().optional() }).optional(),
  skipPhases: z.array(z.string()).optional(),
  patches: z.strictObject({ directory: z.string() }).optional(),
  timeouts,
});

/** Of its many fields, those that are set. Source: k8s.io/kubelet/config/v1beta1/types.go. */
export const kubelet = z.strictObject({
  apiVersion: z.literal("kubelet.config.k8s.io/v1beta1"),
  kind: z.literal("KubeletConfiguration"),
  cgroupDriver: z.enum(["systemd", "cgroupfs"]),
  podPidsLimit: z.int(),
  protectKernelDefaults: z.boolean(),
  rotateCertificates: z.boolean(),
  seccompDefault: z.boolean(),
  serverTLSBootstrap: z.boolean(),
  tlsCipherSuites: z.array(z.string().regex(/^TLS_[A-Z0-9_]+$/)),
  tlsMinVersion: z.enum(["VersionTLS12", "VersionTLS13"]),
});
