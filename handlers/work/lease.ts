import type { ClusterRecord, StepStatus } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { type Journal, LeaseLost } from "../../shared/reconcile/journal.ts";
import { append, knownEnd } from "../../shared/state/audit.ts";
import type { Documents, Writer } from "../../shared/state/documents.ts";
import { clusters } from "../../shared/state/index.ts";
import { recorded, watched, withBegin } from "../audit-record.ts";
import { hasDied, newHolder } from "./alive.ts";
import { doubtOf, forgetLease, isOver, LEASE_MS, rememberIntent } from "./others.ts";

export interface Held {
  /** As the store holds it after the last write. */
  record(): ClusterRecord;
  readonly journal: Journal;
  /** Changes the record while the lease and the generation are still ours; throws LeaseLost otherwise. */
  change(change: Change): Promise<ClusterRecord>;
  /** Writes into the audit chain what has happened; the record forgets it with its release. */
  note(): Promise<void>;
  /** Ends the lease; what it does when the lease is lost already is nothing. */
  release(): Promise<void>;
}

/** One reconciler per cluster at a time. Undefined: another holds the lease, or there is no such record among them. */
export async function hold(
  deps: Pick<Deps, "store" | "clock" | "chance" | "trace" | "log">,
  key: string,
  all: Documents<ClusterRecord> = clusters(deps.store),
): Promise<Held | undefined> {
  const holder = newHolder(deps);
  const [tenant = ""] = key.split("/");
  const from = await knownEnd(deps.store, tenant);
  let noted: ReadonlySet<string> = new Set();
  const lease = () => ({ holder, untilMs: deps.clock.nowMs() + LEASE_MS });
  // Few others write what is held, so it is not read before each write.
  const write = all.writer(key);
  const taken = await leased(deps, key, write, holder, (now) =>
    withBegin({ ...now, status: { ...now.status, lease: lease() } }, from),
  );
  if (taken === undefined) return undefined;
  forgetLease(deps, key);
  const { id, generation } = taken;
  let current = taken;
  const once = async (change: Change): Promise<ClusterRecord> => {
    let lost = true;
    const after = await write((now) => {
      lost = now.id !== id || now.generation !== generation || now.status.lease?.holder !== holder;
      if (lost) return undefined;
      const watch = { holder, part: noted.size, from, nowMs: deps.clock.nowMs(), ...traceOf(deps) };
      const next = watched(now, change(now), watch);
      return { ...next, status: { ...next.status, lease: lease() } };
    });
    if (lost || after === undefined)
      throw new LeaseLost(`another works on ${key}, or what is wanted of it has changed`);
    current = after;
    return after;
  };
  const change = sharing(once);
  return {
    record: () => current,
    change,
    journal: {
      step: (step) => current.status.steps[step],
      doubtMs: (step) => doubtOf(deps, id, step, current.status.steps[step]?.intendedMs ?? 0),
      steps: () => Object.keys(current.status.steps),
      async write(changes) {
        rememberIntents(deps, current, changes);
        await change((now) => {
          const steps = { ...now.status.steps, ...changes };
          return { ...now, status: { ...now.status, steps, movedMs: deps.clock.nowMs() } };
        });
      },
    },
    async note() {
      const { audit } = current;
      const events = audit?.events.filter((event) => !noted.has(event.key)) ?? [];
      // Each is told after the one before it, by whoever tells them: it is not to be looked for before that.
      let last = audit?.from;
      for (const event of events) {
        last = await append(deps.store, tenant, event, last);
        noted = new Set([...noted, event.key]);
        for (const { did, id } of event.changes ?? [])
          if (id !== undefined && did !== "failed" && did !== "found") deps.trace?.forget(did, id);
      }
    },
    async release() {
      await write((now) => {
        if (now.id !== id || now.status.lease?.holder !== holder) return undefined;
        const { lease: _ended, ...status } = now.status;
        return recorded({ ...now, status }, noted);
      });
    },
  };
}

/** The record with this holder's lease; undefined: it is another's who lives, as far as anybody can know. */
async function leased(
  deps: Pick<Deps, "store" | "clock" | "log">,
  key: string,
  write: Writer<ClusterRecord>,
  holder: string,
  begin: Change,
): Promise<ClusterRecord | undefined> {
  const take = (dead?: string): Promise<ClusterRecord | undefined> =>
    write((now) => {
      const { lease: other } = now.status;
      if (other !== undefined && other.holder !== dead && !isOver(deps, key, other)) return undefined;
      return begin(now);
    });
  let taken = await take();
  const other = taken?.status.lease?.holder;
  if (other !== undefined && other !== holder && (await hasDied(deps, other))) taken = await take(other);
  return taken?.status.lease?.holder === holder ? taken : undefined;
}

type Steps = Readonly<Record<string, StepStatus>>;

function rememberIntents(deps: Pick<Deps, "store">, { id, status }: ClusterRecord, changes: Steps): void {
  for (const [step, { state, intendedMs }] of Object.entries(changes))
    if (state === "intended" && intendedMs !== status.steps[step]?.intendedMs)
      rememberIntent(deps, id, step, intendedMs ?? 0);
}

const traceOf = ({ trace }: Pick<Deps, "trace">) => (trace === undefined ? {} : { trace });

type Change = (now: ClusterRecord) => ClusterRecord;

/**
 * One write at a time, for side by side they would only fail each other's compare-and-set; what comes while one is under way
 * shares the next.
 */
function sharing(write: (change: Change) => Promise<ClusterRecord>): (how: Change) => Promise<ClusterRecord> {
  let waiting: { readonly how: Change; done(after: ClusterRecord): void; fail(error: unknown): void }[] = [];
  let writing = false;
  const flush = async (): Promise<void> => {
    writing = true;
    await null; // what is written in the same moment comes along
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const after = await write((now) => batch.reduce((record, { how }) => how(record), now));
        for (const { done } of batch) done(after);
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    writing = false;
  };
  return (how) =>
    new Promise((done, fail) => {
      waiting.push({ how, done, fail });
      if (!writing) void flush();
    });
}
