import type { IEnvVar } from "kubernetes-models/v1/EnvVar";
import type { IHostPathVolumeSource } from "kubernetes-models/v1/HostPathVolumeSource";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { IProbe } from "kubernetes-models/v1/Probe";
import type { ISecurityContext } from "kubernetes-models/v1/SecurityContext";
import type { IToleration } from "kubernetes-models/v1/Toleration";
import type { IVolume } from "kubernetes-models/v1/Volume";
import type { IVolumeMount } from "kubernetes-models/v1/VolumeMount";
import { manifestHash } from "./hash.ts";
import type { Addon, AddonInput, Manifest } from "./types.ts";

export const SYSTEM = "kube-system";
/** What needs no rights on a node; its pods are held to the `restricted` Pod Security Standard. */
export const OURS = "kinvirt-system";

interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly pod: IPodSpec;
  /** What the pods read at their start only: when it changes they are replaced. */
  readonly config?: readonly Manifest[];
}

const selector = ({ name }: Workload) => ({ matchLabels: { "k8s-app": name } });
const metadata = ({ namespace, name }: Workload) => ({ name, namespace, labels: { "k8s-app": name } });
const template = ({ name, pod, config }: Workload) => ({
  metadata: {
    labels: { "k8s-app": name },
    ...(config === undefined ? {} : { annotations: { "kinvirt.io/config": manifestHash(config) } }),
  },
  spec: pod,
});

export const daemonSet = (of: Workload): Manifest => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: metadata(of),
  spec: {
    selector: selector(of),
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
    template: template(of),
  },
});

/** One pod at a time: none of the controllers here gains from a second one. */
export const deployment = (of: Workload): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: metadata(of),
  spec: { replicas: 1, selector: selector(of), strategy: { type: "Recreate" }, template: template(of) },
});

/** In `data`, where it can be read back and compared; `stringData` is for writing only. */
export const secret = (namespace: string, name: string, texts: Readonly<Record<string, string>>): Manifest => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  type: "Opaque",
  data: Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]),
  ),
});

const isWorkload = (kind: string) => kind === "Deployment" || kind === "DaemonSet" || kind === "StatefulSet";

export const addon = (name: string, manifests: readonly Manifest[]): Addon => ({
  name,
  manifests,
  workloads: manifests.flatMap(({ kind, metadata: { name, namespace = "" } }) =>
    isWorkload(kind) ? [{ kind: kind as Addon["workloads"][number]["kind"], namespace, name }] : [],
  ),
});

/** Requests, and a limit for memory only: a limit for processor time makes a controller slow just when it is needed. */
export const resources = (cpu: string, memory: string, limit = memory) => ({
  requests: { cpu, memory },
  limits: { memory: limit },
});

const CONFINED = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true };
/** What the `restricted` Pod Security Standard asks, and a file system that cannot be written. */
export const RESTRICTED: ISecurityContext = {
  ...CONFINED,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};
/** Root, for sockets and directories of the host that are root's, yet without any of root's capabilities. */
export const ROOT: ISecurityContext = { ...CONFINED, runAsUser: 0, seccompProfile: { type: "RuntimeDefault" } };
export const PRIVILEGED: ISecurityContext = { privileged: true };

export const TOLERATE_ALL: IToleration[] = [{ operator: "Exists" }];
/** Of controllers: they must not wait for workers. */
export const TOLERATE_CONTROL_PLANE: IToleration[] = [
  { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
];
/** A new control plane: without network, not known to the cloud controller, closed to workloads. */
export const TOLERATE_NEW_CONTROL_PLANE: IToleration[] = [
  { key: "node.cloudprovider.kubernetes.io/uninitialized", value: "true", effect: "NoSchedule" },
  ...TOLERATE_CONTROL_PLANE,
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoSchedule" },
  { key: "CriticalAddonsOnly", operator: "Exists" },
];
export const LINUX = { "kubernetes.io/os": "linux" };

export const hostPath = (name: string, path: string, type?: IHostPathVolumeSource["type"]): IVolume => ({
  name,
  hostPath: { path, ...(type === undefined ? {} : { type }) },
});
/** 0440: readable by the pod's group, see `fsGroup`. */
export const secretVolume = (name: string, secretName = name): IVolume => ({
  name,
  secret: { secretName, defaultMode: 0o440 },
});
export const mount = (name: string, mountPath: string, more: Partial<IVolumeMount> = {}): IVolumeMount => ({
  name,
  mountPath,
  ...more,
});
export const fieldEnv = (name: string, fieldPath: string): IEnvVar => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});

export const httpProbe = (path: string, port: number, more: Partial<IProbe> = {}): IProbe => ({
  httpGet: { path, port },
  ...more,
});
/** Of what listens on the node's loopback address. */
export const nodeProbe = (path: string, port: number, more: Partial<IProbe> = {}): IProbe => ({
  httpGet: { host: "127.0.0.1", path, port },
  ...more,
});

/**
 * How a pod in the node's network finds the API. Kuryr runs without kube-proxy: the cluster address answers only once
 * its controller has made a load balancer for it, and it is the controller that asks.
 */
export const apiEnv = ({ cni, api }: Pick<AddonInput, "cni" | "api">): IEnvVar[] =>
  cni === "kuryr"
    ? [
        { name: "KUBERNETES_SERVICE_HOST", value: api.name },
        { name: "KUBERNETES_SERVICE_PORT", value: String(api.port) },
      ]
    : [];
