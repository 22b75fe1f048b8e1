import {
  type AuditEvent,
  type AuditPlace,
  CLEAN_UP,
  ITSELF,
  type ResourceChange,
} from "../shared/cluster/audit-event.ts";
import type { ClusterRecord, FailedCall, StepStatus } from "../shared/cluster/record.ts";
import type { Trace } from "../shared/openstack/traced.ts";

const FAULT_CHARS_MAX = 300;

/** Who looks at a record's changes: one holder of its lease. */
export interface Watch {
  readonly holder: string;
  /** How often this holder has written its events into the chain: later changes are another event. */
  readonly part: number;
  /** A place that the chain had reached before. */
  readonly from: AuditPlace;
  readonly nowMs: number;
  readonly trace?: Trace;
}

type Audit = NonNullable<ClusterRecord["audit"]>;

const auditOf = (record: ClusterRecord): Audit => record.audit ?? { generation: 0, events: [] };

const clusterOf = ({ id, spec }: ClusterRecord) => ({ id, name: spec.name });

const operation = ({ wish, status }: ClusterRecord): string =>
  status.doing ?? (wish === "present" ? "create" : "delete");

/** What is done after a delete has ended is for what came late. */
const operationAfter = (before: ClusterRecord): string =>
  before.wish === "absent" && before.status.finishedMs !== undefined ? CLEAN_UP : operation(before);

/** kinvirt begins by itself what nobody asked for: the end of a time to live, new logins in time. */
function beginner(record: ClusterRecord): { readonly actor: string; readonly why: string } {
  const { wish, expiresMs, status } = record;
  if (wish === "absent" && expiresMs !== undefined && expiresMs <= status.startedMs)
    return { actor: ITSELF, why: "its time to live is over" };
  return status.doing === "renew"
    ? { actor: ITSELF, why: `logins of ${record.requester}'s cluster` }
    : { actor: record.actor, why: `request ${record.request}` };
}

/** A generation that is worked on for the first time: its operation has begun. */
export function withBegin(record: ClusterRecord, from: AuditPlace): ClusterRecord {
  const audit = auditOf(record);
  const { generation, status } = record;
  if (audit.generation === generation || !["creating", "deleting"].includes(status.phase)) return record;
  const { actor, why } = beginner(record);
  const event: AuditEvent = {
    key: `${record.id}:${generation}:started`,
    atMs: status.startedMs,
    actor,
    what: "operation.started",
    cluster: clusterOf(record),
    request: record.request,
    detail: { operation: operation(record), why, ...planOf(record) },
  };
  return { ...record, audit: { ...audit, from: audit.from ?? from, generation, events: [...audit.events, event] } };
}

const planOf = ({ approved }: ClusterRecord) => (approved === undefined ? {} : { plan: approved.plan });

const called = (requestId: string | undefined) => (requestId === undefined ? {} : { requestId });

/** What became of one step's resource between two writes. What is in the cluster has no id but its step. */
function changesOf(step: string, was: StepStatus | undefined, is: StepStatus, trace?: Trace): ResourceChange[] {
  const [old, id] = [was?.state === "gone" ? undefined : was?.id, is.state === "gone" ? undefined : is.id];
  const named = (of: string) => (of === step ? { step } : { step, id: of });
  if (old === id) {
    const requestId = id === undefined ? undefined : trace?.requestOf("changed", id);
    return id === undefined || requestId === undefined ? [] : [{ did: "changed", ...named(id), requestId }];
  }
  // Some things come and go by a change of what they belong to, as a floating IP's reverse name does.
  const by = (did: "created" | "deleted", of: string) =>
    called(trace?.requestOf(did, of) ?? trace?.requestOf("changed", of));
  const came = is.intendedMs === undefined ? ("found" as const) : ("created" as const);
  return [
    ...(old === undefined ? [] : [{ did: "deleted" as const, ...named(old), ...by("deleted", old) }]),
    ...(id === undefined ? [] : [{ did: came, ...named(id), ...by("created", id) }]),
  ];
}

const failed = (call: FailedCall): ResourceChange => ({
  did: "failed",
  step: call.step,
  fault: call.text.slice(0, FAULT_CHARS_MAX),
  ...called(call.requestId),
});

function resourceChanges(before: ClusterRecord, after: ClusterRecord, trace?: Trace): readonly ResourceChange[] {
  const [was, is] = [before.status.steps, after.status.steps];
  const moved = was === is ? [] : Object.entries(is).filter(([step, one]) => was[step] !== one);
  const known = new Set(before.status.failures.map(({ step, text }) => `${step}:${text}`));
  const failures = after.status.failures.filter(({ step, text }) => !known.has(`${step}:${text}`));
  return [...moved.flatMap(([step, one]) => changesOf(step, was[step], one, trace)), ...failures.map(failed)];
}

/** An operation that ends or stops with this write. */
function endOf(before: ClusterRecord, after: ClusterRecord, nowMs: number): readonly AuditEvent[] {
  const { finishedMs, blocked, phase } = after.status;
  const stops = phase === "blocked" && before.status.phase !== "blocked";
  const finishes = finishedMs !== undefined && before.status.finishedMs === undefined;
  if (!stops && !finishes) return [];
  const kept = after.status.kept.length === 0 ? {} : { kept: after.status.kept.join(", ") };
  const fault =
    blocked === undefined ? {} : { step: blocked.step, trouble: blocked.trouble, fault: blocked.text.slice(0, 300) };
  return [
    {
      key: `${after.id}:${after.generation}:${stops ? `stopped:${blocked?.atMs ?? nowMs}` : "finished"}`,
      atMs: nowMs,
      actor: ITSELF,
      what: stops ? "operation.stopped" : "operation.finished",
      cluster: clusterOf(after),
      request: after.request,
      detail: { operation: operationAfter(before), ...(stops ? fault : kept) },
    },
  ];
}

/** The changes of one holder are one event until they are in the chain, so that a pass costs one more write at most. */
function gathered(
  before: ClusterRecord,
  record: ClusterRecord,
  changes: readonly ResourceChange[],
  watch: Watch,
): readonly AuditEvent[] {
  const { events } = auditOf(record);
  if (changes.length === 0) return events;
  const key = `${record.id}:${watch.holder}:${watch.part}`;
  const open = events.find((event) => event.key === key);
  const event: AuditEvent = {
    key,
    atMs: watch.nowMs,
    actor: ITSELF,
    what: "resources.changed",
    cluster: clusterOf(record),
    request: record.request,
    detail: { operation: operationAfter(before) },
    changes: [...(open?.changes ?? []), ...changes],
  };
  return [...events.filter((other) => other !== open), event];
}

/** The record as it is to be written, with what the audit chain has to hear of this change. */
export function watched(before: ClusterRecord, after: ClusterRecord, watch: Watch): ClusterRecord {
  const changes = resourceChanges(before, after, watch.trace);
  const ends = endOf(before, after, watch.nowMs);
  if (changes.length === 0 && ends.length === 0) return after;
  const audit = auditOf(after);
  const events = [...gathered(before, after, changes, watch), ...ends];
  return { ...after, audit: { ...audit, from: audit.from ?? watch.from, events } };
}

/** The record without the events that are in the chain. */
export function recorded(record: ClusterRecord, keys: ReadonlySet<string>): ClusterRecord {
  const { audit } = record;
  if (audit === undefined || keys.size === 0) return record;
  const events = audit.events.filter(({ key }) => !keys.has(key));
  const { from: _told, ...rest } = audit;
  return { ...record, audit: events.length === 0 ? { ...rest, events } : { ...audit, events } };
}
