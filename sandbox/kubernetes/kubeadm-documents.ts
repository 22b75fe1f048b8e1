import { parseAllDocuments } from "yaml";
import * as z from "zod";

/*
 * What kubeadm reads, and nothing else: as kubeadm does, a field that these do not have is an error.
 * Source: kubeadm, app/apis/kubeadm/v1beta4/types.go.
 */
const args = z.array(z.strictObject({ name: z.string(), value: z.string() })).optional();
const texts = z.array(z.string()).optional();
const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(h|m|s|ms))+$/)
  .optional();
const taint = z.strictObject({ key: z.string(), value: z.string().optional(), effect: z.string() });
const volumes = z
  .array(
    z.strictObject({
      name: z.string(),
      hostPath: z.string(),
      mountPath: z.string(),
      readOnly: z.boolean().optional(),
      pathType: z.string().optional(),
    }),
  )
  .optional();
const nodeRegistration = z.strictObject({
  name: z.string(),
  criSocket: z.string().optional(),
  taints: z.array(taint).nullish(),
  kubeletExtraArgs: args,
  ignorePreflightErrors: texts,
  imagePullPolicy: z.string().optional(),
  imagePullSerial: z.boolean().optional(),
});
const localAPIEndpoint = z.strictObject({ advertiseAddress: z.string(), bindPort: z.int().optional() });
const timeouts = z
  .strictObject({
    controlPlaneComponentHealthCheck: duration,
    kubeletHealthCheck: duration,
    kubernetesAPICall: duration,
    etcdAPICall: duration,
    tlsBootstrap: duration,
    discovery: duration,
    upgradeManifests: duration,
  })
  .optional();
const patches = z.strictObject({ directory: z.string() }).optional();
const component = { extraArgs: args, extraVolumes: volumes, extraEnvs: args };
const image = { imageRepository: z.string().optional(), imageTag: z.string().optional() };
const head = { apiVersion: z.literal("kubeadm.k8s.io/v1beta4") };

const init = z.strictObject({
  ...head,
  kind: z.literal("InitConfiguration"),
  bootstrapTokens: z.array(z.unknown()).optional(),
  dryRun: z.boolean().optional(),
  nodeRegistration,
  localAPIEndpoint,
  certificateKey: z.string().optional(),
  skipPhases: texts,
  patches,
  timeouts,
});
const clusterConfiguration = z.strictObject({
  ...head,
  kind: z.literal("ClusterConfiguration"),
  clusterName: z.string().optional(),
  kubernetesVersion: z.string(),
  controlPlaneEndpoint: z.string(),
  certificatesDir: z.string().optional(),
  encryptionAlgorithm: z.string().optional(),
  certificateValidityPeriod: duration,
  caCertificateValidityPeriod: duration,
  imageRepository: z.string().optional(),
  featureGates: z.record(z.string(), z.boolean()).optional(),
  networking: z.strictObject({
    serviceSubnet: z.string().optional(),
    podSubnet: z.string().optional(),
    dnsDomain: z.string().optional(),
  }),
  apiServer: z.strictObject({ ...component, certSANs: texts }).optional(),
  controllerManager: z.strictObject(component).optional(),
  scheduler: z.strictObject(component).optional(),
  etcd: z
    .strictObject({
      local: z
        .strictObject({
          ...image,
          dataDir: z.string().optional(),
          extraArgs: args,
          extraEnvs: args,
          serverCertSANs: texts,
          peerCertSANs: texts,
        })
        .optional(),
    })
    .optional(),
  dns: z.strictObject({ ...image, disabled: z.boolean().optional() }).optional(),
  proxy: z.strictObject({ disabled: z.boolean().optional() }).optional(),
});
const join = z.strictObject({
  ...head,
  kind: z.literal("JoinConfiguration"),
  dryRun: z.boolean().optional(),
  nodeRegistration,
  caCertPath: z.string().optional(),
  discovery: z.strictObject({
    bootstrapToken: z.unknown().optional(),
    file: z.strictObject({ kubeConfigPath: z.string() }).optional(),
    tlsBootstrapToken: z.string().optional(),
  }),
  controlPlane: z.strictObject({ localAPIEndpoint, certificateKey: z.string().optional() }).optional(),
  skipPhases: texts,
  patches,
  timeouts,
});
const kubelet = z.looseObject({
  apiVersion: z.literal("kubelet.config.k8s.io/v1beta1"),
  kind: z.literal("KubeletConfiguration"),
  serverTLSBootstrap: z.boolean().optional(),
});

const KINDS = {
  InitConfiguration: init,
  ClusterConfiguration: clusterConfiguration,
  JoinConfiguration: join,
  KubeletConfiguration: kubelet,
} as const;

export interface Kubeadm {
  readonly init?: z.infer<typeof init>;
  readonly cluster?: z.infer<typeof clusterConfiguration>;
  readonly join?: z.infer<typeof join>;
  readonly kubelet?: z.infer<typeof kubelet>;
}

/** Throws what kubeadm would say. */
export function readKubeadm(text: string): Kubeadm {
  const found: Record<string, unknown> = {};
  for (const document of parseAllDocuments(text)) {
    const value: unknown = document.toJS();
    const kind = z.looseObject({ kind: z.enum(Object.keys(KINDS) as (keyof typeof KINDS)[]) }).safeParse(value)
      .data?.kind;
    if (kind === undefined) throw new Error("no kind and apiVersion that kubeadm knows");
    const read = KINDS[kind].safeParse(value);
    const issue = read.error?.issues[0];
    if (issue !== undefined) {
      const unknown =
        issue.code === "unrecognized_keys"
          ? `unknown field "${[...issue.path, ...issue.keys].join(".")}"`
          : `${issue.path.join(".")}: ${issue.message}`;
      throw new Error(`error unmarshaling configuration ${kind}: strict decoding error: ${unknown}`);
    }
    found[kind.replace("Configuration", "").toLowerCase()] = read.data;
  }
  return found;
}
