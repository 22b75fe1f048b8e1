import { type AuditWhat, CLEAN_UP, ITSELF, type ResourceChange } from "../cluster/audit-event.ts";
import type { AuditRecord } from "./audit.ts";

type Outcome = "success" | "failure" | "pending" | "unknown";

/** Source: DMTF DSP0262, Cloud Auditing Data Federation, 1.0.0: actions, outcomes and resource types of its taxonomies. */
const TYPE_URI = "http://schemas.dmtf.org/cloud/audit/1.0/event";
const OBSERVER = { id: "kinvirt", typeURI: "service/composition", name: "kinvirt" } as const;

interface Resource {
  readonly id: string;
  readonly typeURI: string;
  readonly name: string;
}

export interface CadfEvent {
  readonly typeURI: typeof TYPE_URI;
  readonly id: string;
  readonly eventType: "activity" | "control";
  /** In UTC: `2026-01-01T12:00:00.000+00:00`. */
  readonly eventTime: string;
  readonly action: string;
  readonly outcome: Outcome;
  readonly initiator: Resource;
  readonly target: Resource;
  readonly observer: Resource;
  readonly reason?: { readonly reasonType: string; readonly reasonCode: string };
  readonly tags: readonly string[];
  readonly attachments: readonly { readonly name: string; readonly contentType: string; readonly content: unknown }[];
}

type Sort = readonly [type: CadfEvent["eventType"], action: string, outcome: Outcome];

const SORTS: Readonly<Partial<Record<AuditWhat, Sort>>> = {
  "request.asked": ["activity", "create", "pending"],
  "request.planned": ["control", "evaluate", "success"],
  "decision.approve": ["control", "allow", "success"],
  "decision.deny": ["control", "deny", "success"],
  "request.approved": ["control", "allow", "success"],
  "request.refused": ["control", "deny", "success"],
  "request.expired": ["control", "disable", "success"],
  "request.cancelled": ["control", "revoke", "success"],
  "kubeconfig.asked": ["activity", "create", "pending"],
  "kubeconfig.downloaded": ["activity", "read", "success"],
  "renew.asked": ["activity", "renew", "pending"],
  "retry.asked": ["activity", "restore", "pending"],
  "alert.acknowledged": ["control", "update", "success"],
  "alert.snoozed": ["control", "disable", "success"],
  "repair.begun": ["activity", "restore", "pending"],
};

const OPERATIONS: Readonly<Record<string, string>> = {
  create: "deploy",
  delete: "undeploy",
  [CLEAN_UP]: "undeploy",
  renew: "renew",
};
const ENDS: Readonly<Partial<Record<AuditWhat, Outcome>>> = {
  "operation.started": "pending",
  "operation.finished": "success",
  "operation.stopped": "failure",
};

function sortOf({ what, detail }: AuditRecord): Sort {
  const end = ENDS[what];
  if (end !== undefined) return ["activity", OPERATIONS[detail?.["operation"] ?? ""] ?? "update", end];
  return SORTS[what] ?? ["activity", "unknown", "unknown"];
}

const CHANGES: Readonly<Record<ResourceChange["did"], readonly [string, Outcome]>> = {
  created: ["create", "success"],
  found: ["read", "success"],
  changed: ["update", "success"],
  deleted: ["delete", "success"],
  failed: ["unknown", "failure"],
};

/** Of a step's first word; what is not among them is part of the network. */
const TYPES: Readonly<Record<string, string>> = {
  server: "compute/machine",
  "server-group": "compute",
  share: "storage",
  "share-network": "storage",
  "share-access": "storage",
  "claim-share": "storage",
  "claim-volume": "storage/volume",
  "claim-snapshot": "storage/volume",
  key: "data/security/key",
  secret: "data/security/key",
  "service-secret": "data/security/key",
  credential: "data/security/credential",
  dns: "network/domain",
  ptr: "network/domain",
  "external-record": "network/domain",
  "kubernetes-api": "service/composition",
  "kubernetes-node": "compute/node",
  "kubernetes-addon": "data/workload/service",
  "kubernetes-content": "data/workload",
};

const time = (ms: number): string => new Date(ms).toISOString().replace("Z", "+00:00");

const initiatorOf = ({ actor }: AuditRecord): Resource =>
  actor === ITSELF ? OBSERVER : { id: `slack:${actor}`, typeURI: "service/security/account/user", name: actor };

const clusterOf = ({ cluster }: AuditRecord): Resource => ({
  id: cluster.id,
  typeURI: "service/composition/cluster",
  name: cluster.name,
});

const targetOf = ({ step, id }: ResourceChange): Resource => ({
  id: id ?? step,
  typeURI: TYPES[step.split("/")[0] ?? ""] ?? "network",
  name: step,
});

/** What all events of a record share. */
function frame(record: AuditRecord) {
  const { tenant, seq, previous, hash, detail, request, atMs } = record;
  return {
    typeURI: TYPE_URI,
    eventTime: time(atMs),
    initiator: initiatorOf(record),
    observer: OBSERVER,
    tags: [
      `tenant:${tenant}`,
      `cluster:${record.cluster.id}`,
      ...(request === undefined ? [] : [`request:${request}`]),
      `what:${record.what}`,
    ],
    attachments: [
      { name: "chain", contentType: "application/json", content: { seq, previous, hash } },
      ...(detail === undefined ? [] : [{ name: "detail", contentType: "application/json", content: detail }]),
    ],
  } as const;
}

/** The events of one record: one for each resource that it tells of, and otherwise one. */
export function cadfEvents(record: AuditRecord): readonly CadfEvent[] {
  const { tenant, seq, changes, detail } = record;
  const all = frame(record);
  const id = `kinvirt:${tenant}:${seq}`;
  if (changes !== undefined) {
    return changes.map((change, at) => {
      const [action, outcome] = CHANGES[change.did];
      const fault = change.fault === undefined ? {} : { reason: { reasonType: "OpenStack", reasonCode: change.fault } };
      const tags = change.requestId === undefined ? all.tags : [...all.tags, `openstack-request:${change.requestId}`];
      const target = targetOf(change);
      return { ...all, id: `${id}:${at + 1}`, eventType: "activity", action, outcome, target, tags, ...fault };
    });
  }
  const [eventType, action, outcome] = sortOf(record);
  const why = detail?.["reason"] ?? detail?.["rule"] ?? detail?.["problems"] ?? detail?.["fault"];
  const reason = why === undefined ? {} : { reason: { reasonType: "kinvirt", reasonCode: why } };
  return [{ ...all, id, eventType, action, outcome, target: clusterOf(record), ...reason }];
}
