import { at, isJson, jsonAt, listAt, numberAt, textAt } from "../openstack/json.ts";
import type { Kind } from "./kinds.ts";
import { type Obj, textsIn } from "./object.ts";

/** Columns after NAME, as `kubectl get` shows them; AGE is the last one where it is not named. */
type Cells = Readonly<Record<string, (of: Obj) => unknown>>;

const spec = (field: string) => (of: Obj) => at(of["spec"], field) ?? "";
const status = (field: string) => (of: Obj) => at(of["status"], field) ?? "";
const count = (field: string) => (of: Obj) => numberAt(of["status"], field) ?? 0;
const dataOf = (of: Obj) => Object.keys(jsonAt(of, "data") ?? {}).length;
const orNone = (text: string) => (text === "" ? "<none>" : text);
const joined = (values: readonly unknown[]) => orNone(values.map(String).join(","));

const ROLE = "node-role.kubernetes.io/";
const conditionOf = (of: Obj, type: string) =>
  (listAt(of["status"], "conditions") ?? []).find((one) => textAt(one, "type") === type);

function nodeStatus(of: Obj): string {
  const ready = textAt(conditionOf(of, "Ready"), "status");
  const words = [ready === "True" ? "Ready" : ready === undefined ? "Unknown" : "NotReady"];
  if (at(of["spec"], "unschedulable") === true) words.push("SchedulingDisabled");
  return words.join(",");
}

const addressOf = (of: Obj, type: string) =>
  orNone(
    textAt(
      (listAt(of["status"], "addresses") ?? []).find((one) => textAt(one, "type") === type),
      "address",
    ) ?? "",
  );

function external(of: Obj): string {
  const given = listAt(jsonAt(of["status"], "loadBalancer"), "ingress") ?? [];
  if (given.length > 0) return given.map((one) => textAt(one, "ip") ?? textAt(one, "hostname")).join(",");
  return textAt(of["spec"], "type") === "LoadBalancer" ? "<pending>" : "<none>";
}

const portOf = (port: unknown) => {
  const nodePort = numberAt(port, "nodePort");
  return `${at(port, "port")}${nodePort === undefined ? "" : `:${nodePort}`}/${textAt(port, "protocol") ?? "TCP"}`;
};
const sizeOf = (of: Obj) => textAt(jsonAt(of["status"], "capacity") ?? jsonAt(of["spec"], "capacity"), "storage") ?? "";
const MODES: Readonly<Record<string, string>> = { ReadWriteMany: "RWX", ReadWriteOnce: "RWO", ReadOnlyMany: "ROX" };
const modesOf = (of: Obj) =>
  (listAt(of["spec"], "accessModes") ?? []).map((one) => MODES[String(one)] ?? one).join(",");

function podReady(of: Obj): string {
  const all = listAt(of["spec"], "containers")?.length ?? 0;
  const ready = (listAt(of["status"], "containerStatuses") ?? []).filter((one) => at(one, "ready") === true).length;
  return `${ready}/${all}`;
}

function csrCondition(of: Obj): string {
  const types = (listAt(of["status"], "conditions") ?? []).map((one) => textAt(one, "type"));
  return [...(types.length === 0 ? ["Pending"] : types), ...(at(of["status"], "certificate") ? ["Issued"] : [])].join(
    ",",
  );
}

const CELLS: Readonly<Record<string, Cells>> = {
  Namespace: { Status: status("phase") },
  Node: {
    Status: nodeStatus,
    Roles: (of) =>
      joined(
        Object.keys(of.metadata.labels ?? {})
          .filter((label) => label.startsWith(ROLE))
          .map((label) => label.slice(ROLE.length)),
      ),
    Age: () => "",
    Version: (of) => textAt(jsonAt(of["status"], "nodeInfo"), "kubeletVersion") ?? "",
    "Internal-IP": (of) => addressOf(of, "InternalIP"),
    "External-IP": (of) => addressOf(of, "ExternalIP"),
  },
  Pod: {
    Ready: podReady,
    Status: (of) => (of.metadata.deletionTimestamp === undefined ? at(of["status"], "phase") : "Terminating"),
    Restarts: () => 0,
    IP: (of) => orNone(textAt(of["status"], "podIP") ?? ""),
    Node: (of) => orNone(textAt(of["spec"], "nodeName") ?? ""),
  },
  Service: {
    Type: spec("type"),
    "Cluster-IP": (of) => at(of["spec"], "clusterIP") ?? "<none>",
    "External-IP": external,
    "Port(s)": (of) => joined((listAt(of["spec"], "ports") ?? []).map(portOf)),
  },
  Secret: { Type: (of) => at(of, "type"), Data: dataOf },
  ConfigMap: { Data: dataOf },
  Deployment: {
    Ready: (of) => `${count("readyReplicas")(of)}/${spec("replicas")(of)}`,
    "Up-to-date": count("updatedReplicas"),
    Available: count("availableReplicas"),
  },
  StatefulSet: { Ready: (of) => `${count("readyReplicas")(of)}/${spec("replicas")(of)}` },
  DaemonSet: {
    Desired: count("desiredNumberScheduled"),
    Current: count("currentNumberScheduled"),
    Ready: count("numberReady"),
    "Up-to-date": count("updatedNumberScheduled"),
    Available: count("numberAvailable"),
  },
  PersistentVolume: {
    Capacity: sizeOf,
    "Access Modes": modesOf,
    "Reclaim Policy": spec("persistentVolumeReclaimPolicy"),
    Status: status("phase"),
    Claim: (of) => {
      const claim = jsonAt(of["spec"], "claimRef");
      return claim === undefined ? "" : `${textAt(claim, "namespace")}/${textAt(claim, "name")}`;
    },
    StorageClass: spec("storageClassName"),
  },
  PersistentVolumeClaim: {
    Status: status("phase"),
    Volume: spec("volumeName"),
    Capacity: sizeOf,
    "Access Modes": modesOf,
    StorageClass: spec("storageClassName"),
  },
  StorageClass: {
    Provisioner: (of) => at(of, "provisioner"),
    ReclaimPolicy: (of) => at(of, "reclaimPolicy"),
    VolumeBindingMode: (of) => at(of, "volumeBindingMode"),
    AllowVolumeExpansion: (of) => at(of, "allowVolumeExpansion") === true,
  },
  Ingress: {
    Class: (of) => at(of["spec"], "ingressClassName") ?? "<none>",
    Hosts: (of) => joined((listAt(of["spec"], "rules") ?? []).map((rule) => textAt(rule, "host") ?? "*")),
    Address: (of) => external(of).replace("<none>", ""),
  },
  CertificateSigningRequest: {
    SignerName: spec("signerName"),
    Requestor: spec("username"),
    Condition: csrCondition,
  },
};

/** Wider columns are for `-o wide` only. */
const WIDE = new Set(["Internal-IP", "IP", "Node"]);

function byPath(of: Obj, path: string): unknown {
  let found: unknown = of;
  for (const part of path.split(".").filter((name) => name !== "")) found = at(found, part);
  return isJson(found) || Array.isArray(found) ? JSON.stringify(found) : (found ?? "");
}

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
const nameOf = ({ metadata: { name, annotations } }: Obj): string =>
  annotations?.[DEFAULT_CLASS] === "true" ? `${name} (default)` : name;

function ageOf(of: Obj, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(of.metadata.creationTimestamp)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

export function tableOf(
  kind: Kind,
  objects: readonly Obj[],
  nowMs: number,
  metadata: unknown,
  whole: boolean,
): unknown {
  const custom = (kind.columns ?? []).map(({ name, jsonPath }) => [name, (of: Obj) => byPath(of, jsonPath)] as const);
  const age = (of: Obj): string => ageOf(of, nowMs);
  const named = [...Object.entries(CELLS[kind.kind] ?? {}), ...custom.filter(([name]) => name !== "Age")];
  const cells = Object.entries({ Name: nameOf, ...Object.fromEntries(named), Age: age });
  const definition = (name: string) => ({
    name,
    type: "string",
    format: name === "Name" ? "name" : "",
    description: "",
    priority: WIDE.has(name) || (kind.kind === "Node" && name === "External-IP") ? 1 : 0,
  });
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: cells.map(([name]) => definition(name)),
    rows: objects.map((of) => ({
      cells: cells.map(([, cell]) => cell(of)),
      object: whole
        ? of
        : {
            kind: "PartialObjectMetadata",
            apiVersion: "meta.k8s.io/v1",
            metadata: { ...of.metadata, labels: textsIn(of.metadata.labels) },
          },
    })),
  };
}
