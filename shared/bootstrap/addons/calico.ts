import { calicoKinds } from "./calico-kinds.ts";
import { CNI_ACCOUNT, cniRules, controllerRules, nodeRules } from "./calico-rules.ts";
import { image } from "./images.ts";
import { calicoMetadata } from "./metadata.ts";
import { clusterAccess, serviceAccount } from "./rbac.ts";
import type { Addon, AddonInput, Manifest } from "./types.ts";
import {
  addon,
  daemonSet,
  deployment,
  fieldEnv,
  hostPath,
  LINUX,
  mount,
  PRIVILEGED,
  RESTRICTED,
  resources,
  SYSTEM,
  TOLERATE_ALL,
  TOLERATE_NEW_CONTROL_PLANE,
} from "./workload.ts";

const NODE = { namespace: SYSTEM, account: "calico-node" };
const CNI = { namespace: SYSTEM, account: CNI_ACCOUNT };
const CONTROLLERS = { namespace: SYSTEM, account: "calico-kube-controllers" };

/** charts/calico/templates/calico-config.yaml; the installer on each node fills in what is between underscores. */
const cniConfig = `{
  "name": "k8s-pod-network",
  "cniVersion": "0.3.1",
  "plugins": [
    {
      "type": "calico",
      "log_level": "info",
      "log_file_path": "/var/log/calico/cni/cni.log",
      "datastore_type": "kubernetes",
      "nodename": "__KUBERNETES_NODE_NAME__",
      "mtu": __CNI_MTU__,
      "ipam": { "type": "calico-ipam" },
      "policy": { "type": "k8s" },
      "kubernetes": { "kubeconfig": "__KUBECONFIG_FILEPATH__" }
    },
    { "type": "portmap", "snat": true, "capabilities": { "portMappings": true } }
  ]
}
`;

/**
 * docs.tigera.io/calico/latest/reference/configure-calico-node. VXLAN between all nodes: Neutron's port security drops
 * packets with a pod's address also between nodes of one subnet, which `CrossSubnet` would send bare. The node's address
 * is found by the network's CIDR, as the Node has none before the cloud controller runs. The MTU is detected.
 */
const nodeEnv = (input: AddonInput) => [
  { name: "DATASTORE_TYPE", value: "kubernetes" },
  { name: "WAIT_FOR_DATASTORE", value: "true" },
  fieldEnv("NODENAME", "spec.nodeName"),
  { name: "CALICO_NETWORKING_BACKEND", value: "vxlan" },
  { name: "CLUSTER_TYPE", value: "k8s" },
  { name: "IP", value: "autodetect" },
  { name: "IP_AUTODETECTION_METHOD", value: `cidr=${input.cidrs.nodes}` },
  { name: "CALICO_IPV4POOL_CIDR", value: input.cidrs.pods },
  { name: "CALICO_IPV4POOL_IPIP", value: "Never" },
  { name: "CALICO_IPV4POOL_VXLAN", value: "Always" },
  { name: "CALICO_DISABLE_FILE_LOGGING", value: "true" },
  { name: "FELIX_DEFAULTENDPOINTTOHOSTACTION", value: "ACCEPT" },
  { name: "FELIX_IPV6SUPPORT", value: "false" },
  { name: "FELIX_HEALTHENABLED", value: "true" },
];

const installer = (input: AddonInput) => ({
  name: "install-cni",
  image: image(input, "calico-cni"),
  command: ["/opt/cni/bin/install"],
  env: [
    { name: "CNI_CONF_NAME", value: "10-calico.conflist" },
    { name: "CNI_NETWORK_CONFIG", value: cniConfig },
    fieldEnv("KUBERNETES_NODE_NAME", "spec.nodeName"),
    { name: "CNI_MTU", value: "0" },
    { name: "SLEEP", value: "false" },
  ],
  resources: resources("10m", "32Mi", "256Mi"),
  securityContext: PRIVILEGED,
  volumeMounts: [mount("cni-bin-dir", "/host/opt/cni/bin"), mount("cni-net-dir", "/host/etc/cni/net.d")],
});

const CALICO_NODE = "/bin/calico-node";

/** charts/calico/templates/calico-node.yaml at v3.32, without what only its eBPF mode and upgrades need. */
const node = (input: AddonInput): Manifest =>
  daemonSet({
    namespace: SYSTEM,
    name: NODE.account,
    pod: {
      serviceAccountName: NODE.account,
      priorityClassName: "system-node-critical",
      hostNetwork: true,
      nodeSelector: LINUX,
      tolerations: TOLERATE_ALL,
      terminationGracePeriodSeconds: 0,
      initContainers: [installer(input)],
      containers: [
        {
          name: NODE.account,
          image: image(input, "calico-node"),
          env: nodeEnv(input),
          resources: resources("150m", "128Mi", "1Gi"),
          securityContext: PRIVILEGED,
          lifecycle: { preStop: { exec: { command: [CALICO_NODE, "-shutdown"] } } },
          livenessProbe: {
            exec: { command: [CALICO_NODE, "-felix-live"] },
            initialDelaySeconds: 10,
            periodSeconds: 10,
            timeoutSeconds: 10,
            failureThreshold: 6,
          },
          readinessProbe: { exec: { command: [CALICO_NODE, "-felix-ready"] }, periodSeconds: 10, timeoutSeconds: 10 },
          volumeMounts: [
            mount("cni-net-dir", "/host/etc/cni/net.d"),
            mount("cni-log-dir", "/var/log/calico/cni", { readOnly: true }),
            mount("lib-modules", "/lib/modules", { readOnly: true }),
            mount("xtables-lock", "/run/xtables.lock"),
            mount("var-run-calico", "/var/run/calico"),
            mount("var-lib-calico", "/var/lib/calico"),
            mount("policysync", "/var/run/nodeagent"),
          ],
        },
      ],
      volumes: [
        hostPath("cni-bin-dir", "/opt/cni/bin", "DirectoryOrCreate"),
        hostPath("cni-net-dir", "/etc/cni/net.d", "DirectoryOrCreate"),
        hostPath("cni-log-dir", "/var/log/calico/cni", "DirectoryOrCreate"),
        hostPath("lib-modules", "/lib/modules"),
        hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
        hostPath("var-run-calico", "/var/run/calico", "DirectoryOrCreate"),
        hostPath("var-lib-calico", "/var/lib/calico", "DirectoryOrCreate"),
        hostPath("policysync", "/var/run/nodeagent", "DirectoryOrCreate"),
      ],
    },
  });

/** charts/calico/templates/calico-kube-controllers.yaml; its `loadbalancer` would compete with the cloud's. */
const controllers = (input: AddonInput): Manifest => {
  const status = (flag: string) => ({ exec: { command: ["/usr/bin/check-status", flag] }, periodSeconds: 10 });
  return deployment({
    namespace: SYSTEM,
    name: CONTROLLERS.account,
    pod: {
      serviceAccountName: CONTROLLERS.account,
      priorityClassName: "system-cluster-critical",
      nodeSelector: LINUX,
      tolerations: TOLERATE_NEW_CONTROL_PLANE,
      containers: [
        {
          name: CONTROLLERS.account,
          image: image(input, "calico-kube-controllers"),
          env: [
            { name: "ENABLED_CONTROLLERS", value: "node" },
            { name: "DATASTORE_TYPE", value: "kubernetes" },
          ],
          resources: resources("10m", "64Mi", "256Mi"),
          securityContext: { ...RESTRICTED, readOnlyRootFilesystem: false },
          livenessProbe: { ...status("-l"), initialDelaySeconds: 10, timeoutSeconds: 10, failureThreshold: 6 },
          readinessProbe: status("-r"),
        },
      ],
    },
  });
};

export const calico = (input: AddonInput): Addon =>
  addon("calico", [
    ...calicoKinds,
    ...[NODE, CNI, CONTROLLERS].map(serviceAccount),
    ...clusterAccess(NODE, nodeRules),
    ...clusterAccess(CNI, cniRules),
    ...clusterAccess(CONTROLLERS, controllerRules),
    node(input),
    controllers(input),
    ...calicoMetadata,
  ]);
