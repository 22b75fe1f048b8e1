import { CLOUD_CONF_DIRECTORY, globalSection, ini, withCa } from "./cloud-conf.ts";
import { CONTROLLER_RULES, LEASE_RULES, nodePlugin, PLUGINS, REGISTRY, registrar, sidecar } from "./csi.ts";
import { image } from "./images.ts";
import { clusterAccess, namespaceAccess, rule, serviceAccount } from "./rbac.ts";
import type { Addon, AddonInput, Credential, Manifest } from "./types.ts";
import {
  addon,
  deployment,
  hostPath,
  httpProbe,
  LINUX,
  mount,
  nodeProbe,
  PRIVILEGED,
  RESTRICTED,
  resources,
  SYSTEM,
  secret,
  secretVolume,
  TOLERATE_CONTROL_PLANE,
} from "./workload.ts";

const DRIVER = "cinder.csi.openstack.org";
const CONTROLLER = { namespace: SYSTEM, account: "cinder-csi-controller" };
const NODE = { namespace: SYSTEM, account: "cinder-csi-node" };
const SECRET = "cinder-csi";
const KUBELET = "/var/lib/kubelet";
const TIMES = { initialDelaySeconds: 10, timeoutSeconds: 10, periodSeconds: 60, failureThreshold: 5 };
const [CONTROLLER_HEALTH, NODE_HEALTH] = [9808, 29_654];
const ELECTED = ["--timeout=3m", "--leader-election=true"];

const metadataSection = { "search-order": "configDrive,metadataService" };

const cloudConf = (input: AddonInput, storage: Credential): string =>
  ini({ Global: globalSection(input, storage), Metadata: metadataSection });

/** Nodes ask the metadata service and never the cloud's APIs, so they get no credential. */
const nodeConfig: Manifest = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: NODE.account, namespace: SYSTEM },
  data: { "cloud.conf": ini({ Metadata: metadataSection }) },
};

/** Source: cmd/cinder-csi-plugin/main.go and charts/cinder-csi-plugin/templates, both for the arguments. */
const plugin = (input: AddonInput, args: readonly string[]) => ({
  name: "cinder-csi-plugin",
  image: image(input, "cinder-csi-plugin"),
  command: ["/bin/cinder-csi-plugin"],
  args: ["--v=1", "--endpoint=unix:///csi/csi.sock", `--cloud-config=${CLOUD_CONF_DIRECTORY}/cloud.conf`, ...args],
  resources: resources("10m", "32Mi", "256Mi"),
});

const controller = (input: AddonInput, config: Manifest): Manifest =>
  deployment({
    namespace: SYSTEM,
    name: CONTROLLER.account,
    config: [config],
    pod: {
      serviceAccountName: CONTROLLER.account,
      priorityClassName: "system-cluster-critical",
      nodeSelector: LINUX,
      tolerations: TOLERATE_CONTROL_PLANE,
      securityContext: { runAsUser: 65_532, runAsGroup: 65_532, fsGroup: 65_532 },
      containers: [
        sidecar(input, "csi-attacher", ELECTED, { securityContext: RESTRICTED }),
        sidecar(
          input,
          "csi-provisioner",
          [...ELECTED, "--default-fstype=ext4", "--feature-gates=Topology=true", "--extra-create-metadata"],
          { securityContext: RESTRICTED },
        ),
        sidecar(input, "csi-resizer", [...ELECTED, "--handle-volume-inuse-error=false"], {
          securityContext: RESTRICTED,
        }),
        sidecar(input, "livenessprobe", [`--health-port=${CONTROLLER_HEALTH}`], { securityContext: RESTRICTED }),
        {
          ...plugin(input, ["--provide-node-service=false", `--cluster=${input.clusterId}`]),
          securityContext: RESTRICTED,
          livenessProbe: httpProbe("/healthz", CONTROLLER_HEALTH, TIMES),
          volumeMounts: [mount("socket-dir", "/csi"), mount(SECRET, CLOUD_CONF_DIRECTORY, { readOnly: true })],
        },
      ],
      volumes: [{ name: "socket-dir", emptyDir: {} }, secretVolume(SECRET)],
    },
  });

const node = (input: AddonInput): Manifest =>
  nodePlugin(NODE.account, {
    config: [nodeConfig],
    containers: [
      registrar(input, DRIVER),
      sidecar(input, "livenessprobe", [`--http-endpoint=127.0.0.1:${NODE_HEALTH}`]),
      {
        ...plugin(input, ["--provide-controller-service=false"]),
        securityContext: PRIVILEGED,
        livenessProbe: nodeProbe("/healthz", NODE_HEALTH, TIMES),
        volumeMounts: [
          mount("socket-dir", "/csi"),
          mount("kubelet", KUBELET, { mountPropagation: "Bidirectional" }),
          mount("devices", "/dev", { mountPropagation: "HostToContainer" }),
          mount("config", CLOUD_CONF_DIRECTORY, { readOnly: true }),
        ],
      },
    ],
    volumes: [
      hostPath("socket-dir", `${PLUGINS}/${DRIVER}`, "DirectoryOrCreate"),
      hostPath("registration-dir", REGISTRY, "Directory"),
      hostPath("kubelet", KUBELET, "Directory"),
      hostPath("devices", "/dev", "Directory"),
      { name: "config", configMap: { name: NODE.account } },
    ],
  });

const rules = [
  ...CONTROLLER_RULES,
  rule("get list watch patch", "volumeattachments", "storage.k8s.io"),
  rule("patch", "volumeattachments/status", "storage.k8s.io"),
];

export function cinder(input: AddonInput, storage: Credential): Addon {
  const config = secret(SYSTEM, SECRET, withCa(input, { "cloud.conf": cloudConf(input, storage) }));
  return addon("cinder-csi", [
    config,
    nodeConfig,
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "CSIDriver",
      metadata: { name: DRIVER },
      spec: { attachRequired: true, podInfoOnMount: true, volumeLifecycleModes: ["Persistent"] },
    },
    ...[CONTROLLER, NODE].map(serviceAccount),
    ...clusterAccess(CONTROLLER, rules, "kinvirt:cinder-csi-controller"),
    ...namespaceAccess(CONTROLLER, LEASE_RULES),
    controller(input, config),
    node(input),
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "cinder" },
      provisioner: DRIVER,
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
    },
  ]);
}
