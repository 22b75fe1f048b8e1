import type { IPod } from "kubernetes-models/v1/Pod";
import {
  APISERVER_CONFIG,
  CLOUD_CA,
  KMS_CONFIG,
  KMS_SOCKETS,
  kmsPlugins,
  type NodeBoot,
  type NodeFile,
} from "./boot.ts";
import { imageAt, RELEASES } from "./versions.ts";
import { yamlText } from "./yaml.ts";

const CONFIG = "apiserver.config.k8s.io/v1";
/** Each resource of the group where none is named. */
const group = (name: string, ...resources: readonly string[]) =>
  resources.length === 0 ? { group: name } : { group: name, resources };

/** Who did what, without the bodies, which would put secrets into the log; what is done all the time is left out. */
const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi/*"] },
    {
      level: "None",
      verbs: ["get", "list", "watch"],
      resources: [group("", "events"), group("events.k8s.io", "events")],
    },
    { level: "None", resources: [group("coordination.k8s.io", "leases")] },
    {
      level: "None",
      // As kubeadm runs it.
      users: ["system:serviceaccount:kube-system:kube-proxy"],
      verbs: ["watch"],
      resources: [group("", "nodes", "services"), group("discovery.k8s.io", "endpointslices")],
    },
    {
      level: "Metadata",
      resources: [
        group("", "secrets", "configmaps", "serviceaccounts/token"),
        group("authentication.k8s.io", "tokenreviews"),
        group("certificates.k8s.io", "certificatesigningrequests"),
      ],
    },
    {
      level: "Request",
      verbs: ["create", "update", "patch", "delete", "deletecollection"],
      resources: [
        group("rbac.authorization.k8s.io"),
        group("admissionregistration.k8s.io"),
        group("", "pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers"),
      ],
    },
    { level: "Metadata" },
  ],
};

/**
 * `baseline` is what stands between a pod and its node (privileged containers, host paths, the host's network and so the
 * metadata service); `restricted` refuses most of the images that people bring, so of that they are only warned. A namespace
 * can choose for itself by its label.
 */
const podSecurity = {
  apiVersion: "pod-security.admission.config.k8s.io/v1",
  kind: "PodSecurityConfiguration",
  defaults: {
    enforce: "baseline",
    "enforce-version": "latest",
    audit: "restricted",
    "audit-version": "latest",
    warn: "restricted",
    "warn-version": "latest",
  },
  exemptions: { usernames: [], runtimeClasses: [], namespaces: ["kube-system"] },
};

const eventRateLimit = {
  apiVersion: "eventratelimit.admission.k8s.io/v1alpha1",
  kind: "Configuration",
  limits: [{ type: "Namespace", qps: 50, burst: 100, cacheSize: 2000 }],
};

const admission = {
  apiVersion: CONFIG,
  kind: "AdmissionConfiguration",
  plugins: [
    { name: "EventRateLimit", configuration: eventRateLimit },
    { name: "PodSecurity", configuration: podSecurity },
  ],
};

/** Nobody without a certificate or a token gets further than the health checks, which load balancer and kubelet ask. */
const authentication = {
  apiVersion: CONFIG,
  kind: "AuthenticationConfiguration",
  jwt: [],
  anonymous: { enabled: true, conditions: ["/livez", "/readyz", "/healthz"].map((path) => ({ path })) },
};

/** No `identity`: nothing is ever written in plain text here, so nothing in plain text is taken for ours either. */
const encryption = (plugins: readonly string[]) => ({
  apiVersion: CONFIG,
  kind: "EncryptionConfiguration",
  resources: [
    {
      resources: ["secrets"],
      providers: plugins.map((name) => ({
        kms: { apiVersion: "v2", name, endpoint: `unix://${KMS_SOCKETS}/${name}.sock`, timeout: "3s" },
      })),
    },
  ],
});

const hostPath = (name: string, path: string, type: "DirectoryOrCreate" | "File", readOnly: boolean) => ({
  volume: { name, hostPath: { path, type } },
  mount: { name, mountPath: path, readOnly },
});

/** A static pod: the API server needs it before it can store the first Secret, so it can't come out of the API. */
function kmsPod(boot: NodeBoot, plugin: string): IPod {
  const volumes = [
    hostPath("config", KMS_CONFIG, "DirectoryOrCreate", true),
    hostPath("sockets", KMS_SOCKETS, "DirectoryOrCreate", false),
    hostPath("ca-certificates", "/etc/ssl/certs", "DirectoryOrCreate", true),
    ...(boot.fetch.caCertificate === undefined ? [] : [hostPath("cloud-ca", CLOUD_CA, "File", true)]),
  ];
  const image = `registry.k8s.io/provider-os/barbican-kms-plugin:${RELEASES[boot.version].cloudProvider}`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `kms-${plugin}`,
      namespace: "kube-system",
      labels: { component: `kms-${plugin}`, tier: "control-plane" },
    },
    spec: {
      hostNetwork: true,
      priorityClassName: "system-node-critical",
      // Root, without any of its powers, since what it reads is root's own.
      securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "kms",
          image: imageAt(boot.registry, image),
          // In full, since the image has no entry point. From verbosity 3 on it logs keys.
          command: ["/bin/barbican-kms-plugin"],
          args: [`--socketpath=${KMS_SOCKETS}/${plugin}.sock`, `--cloud-config=${KMS_CONFIG}/${plugin}.conf`, "--v=1"],
          resources: { requests: { cpu: "25m", memory: "64Mi" }, limits: { memory: "256Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: volumes.map(({ mount }) => mount),
        },
      ],
      volumes: volumes.map(({ volume }) => volume),
    },
  };
}

/** What the API server and its KMS plugins read. No secret: the plugins' credentials come with the payload. */
export const controlPlaneFiles = (boot: NodeBoot): readonly NodeFile[] => [
  ...Object.entries({
    "admission.yaml": admission,
    "audit-policy.yaml": auditPolicy,
    "authentication.yaml": authentication,
    "encryption.yaml": encryption(kmsPlugins(boot)),
  }).map(
    ([name, document]): NodeFile => ({
      path: `${APISERVER_CONFIG}/${name}`,
      mode: "0600",
      content: yamlText(document),
    }),
  ),
  // Not where the kubelet looks for them yet: a `kubeadm reset` empties that place.
  ...kmsPlugins(boot).map(
    (plugin): NodeFile => ({
      path: `/etc/kinvirt/manifests/kms-${plugin}.yaml`,
      mode: "0600",
      content: yamlText(kmsPod(boot, plugin)),
    }),
  ),
];
