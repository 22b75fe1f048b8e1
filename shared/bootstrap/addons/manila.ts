import { CONTROLLER_RULES, nodePlugin, PLUGINS, REGISTRY, registrar, sidecar } from "./csi.ts";
import { image } from "./images.ts";
import { NFS, NFS_SOCKETS, nfsNode } from "./nfs.ts";
import { clusterAccess, namespaceAccess, rule, serviceAccount } from "./rbac.ts";
import type { Addon, AddonInput, Credential, Manifest } from "./types.ts";
import {
  addon,
  hostPath,
  LINUX,
  mount,
  PRIVILEGED,
  ROOT,
  resources,
  SYSTEM,
  secret,
  TOLERATE_CONTROL_PLANE,
} from "./workload.ts";

export const MANILA_DRIVER = "nfs.manila.csi.openstack.org";
const SECRET = "manila-csi";
const CONTROLLER = { namespace: SYSTEM, account: "manila-csi-controller" };
const NODE = { namespace: SYSTEM, account: "manila-csi-node" };

/** Source: docs/manila-csi-plugin/using-manila-csi-plugin.md, command line arguments. */
const plugin = (input: AddonInput, socket: string, without: "controller" | "node") => ({
  image: image(input, "manila-csi-plugin"),
  command: ["/bin/manila-csi-plugin"],
  args: [
    "--v=2",
    `--endpoint=unix:///csi/${socket}`,
    `--drivername=${MANILA_DRIVER}`,
    "--share-protocol-selector=NFS",
    `--fwdendpoint=unix://${NFS_SOCKETS}/csi.sock`,
    `--cluster-id=${input.clusterId}`,
    `--provide-${without}-service=false`,
  ],
  resources: resources("10m", "32Mi", "256Mi"),
});

/**
 * charts/manila-csi-plugin/templates/controllerplugin-statefulset.yaml. It mounts nothing and so, unlike there, has no
 * rights on its node beyond both sockets. Without a snapshotter, as its CRDs and controller are not part of the kit.
 */
const controller = (input: AddonInput): Manifest => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: CONTROLLER.account, namespace: SYSTEM, labels: { "k8s-app": CONTROLLER.account } },
  spec: {
    serviceName: CONTROLLER.account,
    replicas: 1,
    selector: { matchLabels: { "k8s-app": CONTROLLER.account } },
    template: {
      metadata: { labels: { "k8s-app": CONTROLLER.account } },
      spec: {
        serviceAccountName: CONTROLLER.account,
        priorityClassName: "system-cluster-critical",
        nodeSelector: LINUX,
        tolerations: TOLERATE_CONTROL_PLANE,
        containers: [
          sidecar(input, "csi-provisioner", ["--extra-create-metadata"], { socket: "csi-controllerplugin.sock" }),
          sidecar(input, "csi-resizer", ["--handle-volume-inuse-error=false"], { socket: "csi-controllerplugin.sock" }),
          {
            name: "manila-csi-plugin",
            ...plugin(input, "csi-controllerplugin.sock", "node"),
            securityContext: ROOT,
            volumeMounts: [mount("socket-dir", "/csi"), mount("nfs-socket-dir", NFS_SOCKETS)],
          },
        ],
        volumes: [
          hostPath("socket-dir", `${PLUGINS}/${MANILA_DRIVER}`, "DirectoryOrCreate"),
          hostPath("nfs-socket-dir", NFS_SOCKETS, "DirectoryOrCreate"),
        ],
      },
    },
  },
});

/** charts/manila-csi-plugin/templates/nodeplugin-daemonset.yaml: it reads the instance's id from the config drive. */
const node = (input: AddonInput): Manifest =>
  nodePlugin(NODE.account, {
    containers: [
      registrar(input, MANILA_DRIVER),
      {
        name: "manila-csi-plugin",
        ...plugin(input, "csi.sock", "controller"),
        securityContext: PRIVILEGED,
        volumeMounts: [
          mount("socket-dir", "/csi"),
          mount("nfs-socket-dir", NFS_SOCKETS),
          mount("disks", "/dev/disk", { mountPropagation: "HostToContainer" }),
        ],
      },
    ],
    volumes: [
      hostPath("registration-dir", REGISTRY, "Directory"),
      hostPath("socket-dir", `${PLUGINS}/${MANILA_DRIVER}`, "DirectoryOrCreate"),
      hostPath("nfs-socket-dir", NFS_SOCKETS, "DirectoryOrCreate"),
      hostPath("disks", "/dev/disk", "Directory"),
    ],
  });

/** Same document, "Secrets, authentication"; os-certAuthority holds the certificate itself. */
const credential = (input: AddonInput, storage: Credential) => ({
  "os-authURL": input.authUrl,
  "os-region": input.region,
  "os-applicationCredentialID": storage.id,
  "os-applicationCredentialSecret": storage.secret,
  ...(input.caCertificate === undefined ? {} : { "os-certAuthority": input.caCertificate }),
});

const secretRefs = () =>
  Object.fromEntries(
    ["provisioner", "controller-expand", "node-stage", "node-publish"].flatMap((use) => [
      [`csi.storage.k8s.io/${use}-secret-name`, SECRET],
      [`csi.storage.k8s.io/${use}-secret-namespace`, SYSTEM],
    ]),
  );

/** Without nfs-shareClient the driver would open each share to everybody. */
const storageClass = (input: AddonInput): Manifest => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "manila-nfs", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: MANILA_DRIVER,
  allowVolumeExpansion: true,
  reclaimPolicy: "Delete",
  volumeBindingMode: "Immediate",
  parameters: {
    type: input.shareType ?? "default",
    ...(input.shareNetworkId === undefined ? {} : { shareNetworkID: input.shareNetworkId }),
    "nfs-shareClient": input.cidrs.nodes,
    ...secretRefs(),
  },
});

export const manila = (input: AddonInput, storage: Credential): Addon =>
  addon("manila-csi", [
    secret(SYSTEM, SECRET, credential(input, storage)),
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "CSIDriver",
      metadata: { name: MANILA_DRIVER },
      spec: { attachRequired: false, podInfoOnMount: false, fsGroupPolicy: "None" },
    },
    ...[CONTROLLER, NFS, NODE].map(serviceAccount),
    ...clusterAccess(CONTROLLER, CONTROLLER_RULES, "kinvirt:manila-csi-controller"),
    ...namespaceAccess(CONTROLLER, [rule("get", "secrets", "", SECRET)]),
    nfsNode(input),
    controller(input),
    node(input),
    storageClass(input),
  ]);
