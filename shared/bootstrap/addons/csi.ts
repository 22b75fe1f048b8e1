import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { ISecurityContext } from "kubernetes-models/v1/SecurityContext";
import { image } from "./images.ts";
import { rule } from "./rbac.ts";
import type { AddonInput, Manifest } from "./types.ts";
import { daemonSet, LINUX, mount, ROOT, resources, SYSTEM, TOLERATE_ALL } from "./workload.ts";

/** The directory that kubelet and a CSI driver's containers share. */
export const PLUGINS = "/var/lib/kubelet/plugins";
export const REGISTRY = "/var/lib/kubelet/plugins_registry";
const SOCKETS = "/csi";

type Sidecar = "csi-attacher" | "csi-provisioner" | "csi-resizer" | "csi-node-driver-registrar" | "livenessprobe";

/** A helper of the CSI project: it speaks to the driver through `socket-dir` and needs nothing else of the node. */
export const sidecar = (
  input: AddonInput,
  name: Sidecar,
  args: readonly string[],
  more: { readonly registration?: boolean; readonly socket?: string; readonly securityContext?: ISecurityContext } = {},
): IContainer => ({
  name,
  image: image(input, name),
  args: ["--v=2", `--csi-address=${SOCKETS}/${more.socket ?? "csi.sock"}`, ...args],
  resources: resources("10m", "32Mi", "256Mi"),
  securityContext: more.securityContext ?? ROOT,
  volumeMounts: [
    mount("socket-dir", SOCKETS),
    ...(more.registration ? [mount("registration-dir", "/registration")] : []),
  ],
});

export const registrar = (input: AddonInput, driver: string): IContainer =>
  sidecar(input, "csi-node-driver-registrar", [`--kubelet-registration-path=${PLUGINS}/${driver}/csi.sock`], {
    registration: true,
  });

/** A driver's pod on every node: with the node's own network, and without a right of its own in the cluster's API. */
export const nodePlugin = (
  account: string,
  { config, ...pod }: Pick<IPodSpec, "containers" | "volumes"> & { readonly config?: readonly Manifest[] },
): Manifest =>
  daemonSet({
    namespace: SYSTEM,
    name: account,
    ...(config === undefined ? {} : { config }),
    pod: {
      serviceAccountName: account,
      automountServiceAccountToken: false,
      priorityClassName: "system-node-critical",
      hostNetwork: true,
      dnsPolicy: "ClusterFirstWithHostNet",
      nodeSelector: LINUX,
      tolerations: TOLERATE_ALL,
      ...pod,
    },
  });

/** What external-provisioner and external-resizer do with the flags here; see deploy/kubernetes/rbac.yaml of both. */
export const CONTROLLER_RULES = [
  rule("get list watch", "nodes"),
  rule("get list watch create patch delete", "persistentvolumes"),
  rule("get list watch update", "persistentvolumeclaims"),
  rule("patch", "persistentvolumeclaims/status"),
  rule("list watch create update patch", "events"),
  rule("get list watch", "storageclasses csinodes volumeattributesclasses", "storage.k8s.io"),
];

export const LEASE_RULES = [rule("get list watch create update patch delete", "leases", "coordination.k8s.io")];
