import { APISERVER_CONFIG, AUDIT_LOGS, DISCOVERY, KMS_SOCKETS, type NodeBoot } from "./boot.ts";
import { imageAt, RELEASES } from "./versions.ts";
import { yamlText } from "./yaml.ts";

const API_VERSION = "kubeadm.k8s.io/v1beta4";
const SOCKET = "unix:///run/containerd/containerd.sock";
/** Where each API server listens; the load balancer's port may be another. */
const BIND_PORT = 6443;
/** CNIs that do kube-proxy's work. */
const PROXIES = new Set<NodeBoot["cni"]>(["kuryr"]);
/** All of them forward secret, authenticated encryption. The last three are TLS 1.3's and can't be turned off. */
const CIPHERS = [
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
];

/** v1beta4 takes flags as a list, so that one may come twice. */
const args = (flags: Readonly<Record<string, string>>) =>
  Object.entries(flags).map(([name, value]) => ({ name, value }));
const mount = (name: string, path: string, readOnly: boolean) => ({
  name,
  hostPath: path,
  mountPath: path,
  readOnly,
  pathType: "DirectoryOrCreate",
});

const TIMEOUTS = {
  // Images are pulled within these.
  controlPlaneComponentHealthCheck: "10m0s",
  kubeletHealthCheck: "5m0s",
  kubernetesAPICall: "2m0s",
  discovery: "10m0s",
  tlsBootstrap: "10m0s",
};

const nodeRegistration = (boot: NodeBoot) => ({
  name: boot.hostname,
  criSocket: SOCKET,
  imagePullSerial: false,
  kubeletExtraArgs: args({ "cloud-provider": "external", "node-ip": boot.address }),
});
const localAPIEndpoint = (boot: NodeBoot) => ({ advertiseAddress: boot.address, bindPort: BIND_PORT });

/** The audit log is rotated by the API server itself. Settings are those of the CIS benchmark: docs/cis.md. */
const API_SERVER_ARGS = {
  "admission-control-config-file": `${APISERVER_CONFIG}/admission.yaml`,
  "audit-log-maxage": "30",
  "audit-log-maxbackup": "10",
  "audit-log-maxsize": "100",
  "audit-log-path": `${AUDIT_LOGS}/audit.log`,
  "audit-policy-file": `${APISERVER_CONFIG}/audit-policy.yaml`,
  "authentication-config": `${APISERVER_CONFIG}/authentication.yaml`,
  "enable-admission-plugins": "NodeRestriction,DenyServiceExternalIPs,EventRateLimit",
  "encryption-provider-config": `${APISERVER_CONFIG}/encryption.yaml`,
  "encryption-provider-config-automatic-reload": "true",
  "kubelet-certificate-authority": "/etc/kubernetes/pki/ca.crt",
  profiling: "false",
  "service-account-extend-token-expiration": "false",
  "service-account-lookup": "true",
  "tls-cipher-suites": CIPHERS.join(","),
  "tls-min-version": "VersionTLS12",
};

const clusterConfiguration = (boot: NodeBoot) => ({
  apiVersion: API_VERSION,
  kind: "ClusterConfiguration",
  clusterName: boot.clusterName,
  kubernetesVersion: RELEASES[boot.version].release,
  // An address, so that nodes need no DNS to come up. People use the name.
  controlPlaneEndpoint: `${boot.endpoint.vip}:${boot.endpoint.port}`,
  encryptionAlgorithm: "ECDSA-P256",
  networking: {
    dnsDomain: "cluster.local",
    serviceSubnet: boot.cidrs.services,
    // Kuryr's pods have Neutron ports: no node has a range of its own.
    ...(boot.cni === "kuryr" ? {} : { podSubnet: boot.cidrs.pods }),
  },
  apiServer: {
    certSANs: [boot.endpoint.vip, boot.endpoint.floatingIp, boot.endpoint.name],
    extraArgs: args(API_SERVER_ARGS),
    extraVolumes: [
      mount("apiserver-config", APISERVER_CONFIG, true),
      mount("audit-logs", AUDIT_LOGS, false),
      // The directory: the socket in it is a new one each time the plugin starts.
      mount("kms-sockets", KMS_SOCKETS, false),
    ],
  },
  controllerManager: { extraArgs: args({ profiling: "false", "terminated-pod-gc-threshold": "1000" }) },
  scheduler: { extraArgs: args({ profiling: "false" }) },
  ...(boot.registry === undefined
    ? {}
    : {
        imageRepository: imageAt(boot.registry, "registry.k8s.io"),
        // Only with registry.k8s.io itself does kubeadm know that CoreDNS is one folder deeper.
        dns: { imageRepository: imageAt(boot.registry, "registry.k8s.io/coredns") },
      }),
  ...(PROXIES.has(boot.cni) ? { proxy: { disabled: true } } : {}),
});

/** Kept by kubeadm in a ConfigMap, where joining nodes get it. */
const kubeletConfiguration = () => ({
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  cgroupDriver: "systemd",
  podPidsLimit: 4096,
  protectKernelDefaults: true,
  rotateCertificates: true,
  seccompDefault: true,
  // Its requests are approved by the bot, which knows which server has which name and address.
  serverTLSBootstrap: true,
  tlsCipherSuites: CIPHERS,
  tlsMinVersion: "VersionTLS12",
});

const initConfiguration = (boot: NodeBoot) => ({
  apiVersion: API_VERSION,
  kind: "InitConfiguration",
  nodeRegistration: nodeRegistration(boot),
  localAPIEndpoint: localAPIEndpoint(boot),
  // A bootstrap token lets its holder become any node.
  skipPhases: ["bootstrap-token", "show-join-command"],
  timeouts: TIMEOUTS,
});

/** Brings its own client certificate for the node's name: kubeadm takes the one in the discovery file. */
const joinConfiguration = (boot: NodeBoot) => ({
  apiVersion: API_VERSION,
  kind: "JoinConfiguration",
  nodeRegistration: {
    ...nodeRegistration(boot),
    // The KMS plugin's static pod is already there.
    ...(boot.role === "worker" ? {} : { ignorePreflightErrors: ["DirAvailable--etc-kubernetes-manifests"] }),
  },
  discovery: { file: { kubeConfigPath: DISCOVERY } },
  ...(boot.role === "worker" ? {} : { controlPlane: { localAPIEndpoint: localAPIEndpoint(boot) } }),
  timeouts: TIMEOUTS,
});

/** What `kubeadm --config` reads. Source: kubeadm, app/apis/kubeadm/v1beta4. */
export const kubeadmConfig = (boot: NodeBoot): string =>
  boot.first
    ? yamlText(initConfiguration(boot), clusterConfiguration(boot), kubeletConfiguration())
    : yamlText(joinConfiguration(boot));
