import type { ClusterRecord, StepStatus } from "./record.ts";

/*
 * A create whose answer was lost, or that a process sent just before it died or was frozen, may take effect when its cluster has
 * gone already: RabbitMQ, MariaDB or a daemon stood still, and went on. Such a resource bears the mark of a cluster of which
 * nothing else is left. So what an unwind needs of the record is kept for a while, apart from the names that are taken. Whatever
 * was denied, lapsed or cancelled before it began has sent no call, and needs no grave.
 */

/**
 * Looks after the end of a delete. The first is past all that a service does within one request (60 s in oslo.messaging, Neutron
 * and Octavia's proxies) and past what is slow in its queue. Nova's longest call takes 30 minutes (`long_rpc_timeout`), RabbitMQ
 * hands out again what nobody has acknowledged for as long, and a token ends after an hour by Keystone's default: later than the
 * last look nothing that was sent before can be done in our name.
 */
const LOOKS_MS = [5 * 60_000, 60 * 60_000] as const;

/** When a grave is looked at next, after a listing at `emptyMs` showed nothing and all looks until `nowMs`; undefined: never. */
const nextLook = (emptyMs: number, nowMs: number): number | undefined =>
  LOOKS_MS.map((ms) => emptyMs + ms).find((atMs) => atMs > nowMs);

const dueAt = (status: ClusterRecord["status"], dueMs: number): ClusterRecord["status"] =>
  // Until then nothing stands still.
  ({ ...status, startedMs: dueMs, dueMs });

/** What is kept of a cluster whose delete has ended, was told, and is in the audit chain. Undefined: no call was ever sent. */
export function buried(record: ClusterRecord, nowMs: number): ClusterRecord | undefined {
  if (record.resolved === undefined) return undefined;
  const { lease: _ended, dueMs: _told, ...status } = record.status;
  const audit = { generation: record.generation, events: [] };
  const empty = { ...status, finishedMs: nowMs, failures: [], setbacks: 0, told: true };
  return { ...record, audit, status: dueAt(empty, nowMs + LOOKS_MS[0]) };
}

/** The word of a step that came late: each of them is a step of its own, by its id. */
const LATE = "late";

/** Seen when its cluster had gone, and told to go too. */
export const lateStep = (id: string): StepStatus => ({ id, state: "leaving", word: LATE, facts: {}, recreated: false });

/** What came late and is not gone yet, as steps `KIND/ID`. */
export const lateSteps = ({ status }: ClusterRecord): readonly string[] =>
  Object.entries(status.steps).flatMap(([step, { word, state }]) => (word === LATE && state !== "gone" ? [step] : []));

/**
 * A grave in which a look has shown nothing any more. Where something came, more may come: all looks begin anew. Undefined: it
 * was looked at for the last time.
 */
export function rested(grave: ClusterRecord, nowMs: number): ClusterRecord | undefined {
  const late = lateSteps(grave);
  const { blocked: _mended, dueMs: _done, ...status } = grave.status;
  const emptyMs = late.length > 0 ? nowMs : (status.finishedMs ?? nowMs);
  const next = nextLook(emptyMs, nowMs);
  if (next === undefined) return undefined;
  const gone = late.map((step) => [step, { state: "gone", facts: {}, recreated: false }] as const);
  const steps = { ...status.steps, ...Object.fromEntries(gone) };
  const empty = { ...status, steps, phase: "deleting" as const, finishedMs: emptyMs, failures: [], setbacks: 0 };
  return { ...grave, status: dueAt(empty, next) };
}

/** A look was refused, or what it found can't be removed: a person may have mended that. */
const AGAIN_MS = 60 * 60_000;
/** For so long after the last good look. Whoever was told has had a weekend and more. */
const GIVE_UP_MS = 7 * 86_400_000;

/** When it is tried again. Undefined: nobody has mended it in all that time. */
export const againMs = ({ status: { finishedMs } }: ClusterRecord, nowMs: number): number | undefined =>
  nowMs - (finishedMs ?? nowMs) > GIVE_UP_MS ? undefined : nowMs + AGAIN_MS;
