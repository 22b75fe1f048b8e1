import { at, isJson, isoOf, jsonAt, listAt, textAt } from "../openstack/json.ts";
import { builtIn } from "./kinds.ts";
import type { Fields, Obj } from "./object.ts";
import type { User } from "./rbac.ts";
import type { Store } from "./store.ts";

export interface Setting {
  readonly store: Store;
  readonly user: User;
  readonly nowMs: number;
  /** `10.96.0.0/12`: where cluster IPs are taken from. */
  readonly serviceCidr: string;
}

export const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
const SERVICES = builtIn("Service");
const NODE_PORT_FIRST = 30_000;
const NODE_PORT_LAST = 32_767;

/** The object in this field; made if it is not there. */
function open(of: Fields, field: string): Fields {
  const found = of[field];
  const made: Fields = isJson(found) ? found : {};
  of[field] = made;
  return made;
}
const give = (of: Fields, values: Fields): void => {
  for (const [field, value] of Object.entries(values)) of[field] ??= value;
};

/** `10.96.0.1` is number 1 of `10.96.0.0/12`. */
export function addressAt(cidr: string, offset: number): string {
  const parts = (cidr.split("/")[0] ?? "").split(".").map(Number);
  const whole = parts.reduce((sum, part) => sum * 256 + part, 0) + offset;
  return [24, 16, 8, 0].map((shift) => (whole / 2 ** shift) & 255).join(".");
}

function freeOf(taken: ReadonlySet<unknown>, first: number, make: (index: number) => unknown): unknown {
  for (let index = first; ; index++) if (!taken.has(make(index))) return make(index);
}

function service(of: Obj, { store, serviceCidr }: Setting): void {
  const spec = open(of, "spec");
  give(spec, { type: "ClusterIP", sessionAffinity: "None", internalTrafficPolicy: "Cluster" });
  give(spec, { ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" });
  const others = store.list(SERVICES).filter((one) => one.metadata.uid !== of.metadata.uid);
  const type = textAt(spec, "type");
  const taken = new Set(others.map((one) => at(one["spec"], "clusterIP")));
  if (type !== "ExternalName") give(spec, { clusterIP: freeOf(taken, 10, (index) => addressAt(serviceCidr, index)) });
  if (typeof spec["clusterIP"] === "string") give(spec, { clusterIPs: [spec["clusterIP"]] });
  const exposed = type === "NodePort" || type === "LoadBalancer";
  if (exposed) give(spec, { externalTrafficPolicy: "Cluster" });
  if (type === "LoadBalancer") give(spec, { allocateLoadBalancerNodePorts: true });
  const ports = new Set(
    others.flatMap((one) => listAt(one["spec"], "ports") ?? []).map((port) => at(port, "nodePort")),
  );
  for (const port of listAt(spec, "ports") ?? []) {
    if (!isJson(port)) continue;
    const fields: Fields = port;
    give(fields, { protocol: "TCP", targetPort: port["port"] });
    if (exposed) give(fields, { nodePort: freeOf(ports, NODE_PORT_FIRST, (index) => Math.min(index, NODE_PORT_LAST)) });
    else delete fields["nodePort"];
    ports.add(fields["nodePort"]);
  }
  give(open(of, "status"), { loadBalancer: {} });
}

function pod(spec: Fields): void {
  give(spec, { restartPolicy: "Always", dnsPolicy: "ClusterFirst", schedulerName: "default-scheduler" });
  give(spec, { terminationGracePeriodSeconds: 30, securityContext: {} });
  const containers = [...(listAt(spec, "containers") ?? []), ...(listAt(spec, "initContainers") ?? [])];
  for (const container of containers) {
    if (!isJson(container)) continue;
    give(container as Fields, { imagePullPolicy: "IfNotPresent", resources: {} });
    for (const port of listAt(container, "ports") ?? []) if (isJson(port)) give(port as Fields, { protocol: "TCP" });
  }
}

function workload(of: Obj, replicas: boolean): void {
  const spec = open(of, "spec");
  if (replicas) give(spec, { replicas: 1 });
  give(spec, { revisionHistoryLimit: 10 });
  if (isJson(spec["template"])) pod(open(open(spec, "template"), "spec"));
}

function secret(of: Obj): void {
  give(of, { type: "Opaque" });
  const texts = Object.entries(jsonAt(of, "stringData") ?? {});
  delete of["stringData"];
  for (const [name, value] of texts) open(of, "data")[name] = Buffer.from(String(value)).toString("base64");
}

function definition(of: Obj, { nowMs }: Setting): void {
  const names = open(open(of, "spec"), "names");
  const [plural, kind] = [textAt(names, "plural"), textAt(names, "kind") ?? ""];
  give(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
  const versions = listAt(of["spec"], "versions") ?? [];
  const stored = versions
    .filter((version) => at(version, "storage") === true)
    .map((version) => textAt(version, "name"));
  const condition = (type: string, reason: string, message: string) => ({
    ...{ type, status: "True", reason, message },
    lastTransitionTime: isoOf(nowMs),
  });
  of["status"] = {
    acceptedNames: { ...names, plural },
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found"),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ],
    storedVersions: stored,
  };
}

function claim(of: Obj, { store }: Setting): void {
  const spec = open(of, "spec");
  const standard = store
    .list(builtIn("StorageClass"))
    .find((one) => one.metadata.annotations?.[DEFAULT_CLASS] === "true")?.metadata.name;
  give(spec, { volumeMode: "Filesystem", ...(standard === undefined ? {} : { storageClassName: standard }) });
  give(open(of, "status"), { phase: "Pending" });
}

function csr(of: Obj, { user }: Setting): void {
  if (textAt(of["spec"], "username") === undefined)
    give(open(of, "spec"), { username: user.name, groups: user.groups });
  give(of, { status: {} });
}

function namespace(of: Obj): void {
  of.metadata.labels = { ...of.metadata.labels, "kubernetes.io/metadata.name": of.metadata.name };
  give(open(of, "spec"), { finalizers: ["kubernetes"] });
  give(open(of, "status"), { phase: "Active" });
}

function volume(of: Obj): void {
  give(open(of, "spec"), { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" });
  give(open(of, "status"), { phase: "Available" });
}

const DEFAULTS: Readonly<Record<string, (of: Obj, setting: Setting) => void>> = {
  Namespace: namespace,
  Service: service,
  Pod(of) {
    pod(open(of, "spec"));
    give(open(of, "status"), { phase: "Pending" });
  },
  Deployment: (of) => workload(of, true),
  StatefulSet: (of) => workload(of, true),
  ReplicaSet: (of) => workload(of, true),
  DaemonSet: (of) => workload(of, false),
  Secret: secret,
  PersistentVolumeClaim: claim,
  PersistentVolume: volume,
  StorageClass: (of) => give(of, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
  CertificateSigningRequest: csr,
  CustomResourceDefinition: definition,
};

/** What the API server fills in before it looks whether the object is right. */
export const setDefaults = (of: Obj, setting: Setting): void => DEFAULTS[of.kind]?.(of, setting);
