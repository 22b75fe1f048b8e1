import { againMs, buried, lateStep, lateSteps, rested } from "../../shared/cluster/grave.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { LeaseLost } from "../../shared/reconcile/journal.ts";
import type { Outcome } from "../../shared/reconcile/outcome.ts";
import type { Kind } from "../../shared/resources/kind.ts";
import type { Node } from "../../shared/resources/node.ts";
import { clusterKey, clusters, graveKey, graves } from "../../shared/state/index.ts";
import { kindOf } from "../views/words.ts";
import { concluded } from "./conclude.ts";
import { sayGone, sayKept, sayStopped } from "./grave-told.ts";
import { type Held, hold } from "./lease.ts";
import { leave } from "./leave.ts";
import { measuredWork } from "./measure.ts";
import { UNKNOWN } from "./pace.ts";
import { tracedGraph } from "./traced-graph.ts";
import { cut, graphOf } from "./walk.ts";

/** Slack did not take what is to be said. */
const UNTOLD_MS = 10_000;

/**
 * A delete that has ended and was told: its name is free, and its grave is looked at for a while. Whoever dies between the two
 * writes leaves both; the record is woken by the sweep and buried once more, where its grave is already.
 */
export async function bury(deps: Deps, record: ClusterRecord): Promise<void> {
  const grave = buried(record, deps.clock.nowMs());
  if (grave !== undefined) await graves(deps.store).add(graveKey(grave), grave);
  await clusters(deps.store).remove(clusterKey(record), (now) => now.id === record.id && now.wish === "absent");
  if (grave !== undefined) await wakeAt(deps, grave);
}

/** What is due later than SQS holds a message is left to the sweep. */
const MESSAGE_MS_MAX = 15 * 60_000;

async function wakeAt({ queue, clock }: Deps, grave: ClusterRecord): Promise<void> {
  const waitMs = (grave.status.dueMs ?? Number.POSITIVE_INFINITY) - clock.nowMs();
  if (waitMs > MESSAGE_MS_MAX) return;
  await queue.enqueue({ is: "grave", cluster: graveKey(grave) }, Math.max(0, waitMs / 1000));
}

/**
 * One look at what has come of a cluster that is gone; by its id alone, for its name may be another's. A message that comes early
 * or twice, or for what was looked at for the last time, is harmless; what no message wakes is the sweep's.
 */
export async function lookAtGrave(key: string, deps: Deps): Promise<void> {
  const all = graves(deps.store);
  const { dueMs } = (await all.get(key))?.status ?? {};
  if (dueMs === undefined || dueMs > deps.clock.nowMs()) return;
  const held = await hold(deps, key, all);
  if (held === undefined) return;
  try {
    let over = false;
    await measuredWork(deps, held.record(), async () => {
      over = await look(deps, held);
    });
    await held.note();
    const { lease } = held.record().status;
    if (over) return void (await all.remove(key, (now) => now.status.lease?.holder === lease?.holder));
    await held.release();
    await wakeAt(deps, held.record());
  } catch (error) {
    await held.release();
    // Whoever has it now goes on with it.
    if (!(error instanceof LeaseLost)) throw error;
  }
}

/** True: it was the last look. */
async function look(deps: Deps, held: Held): Promise<boolean> {
  const before = held.record();
  const { resolved } = before;
  if (resolved === undefined) return true;
  if (deps.config.tenants[before.tenant] === undefined) return goOn(deps, held, unknown(deps, before), new Set());
  const refused = new Set<string>();
  const walk = {
    cloud: deps.cloudOf(before.tenant),
    cluster: { cluster: before.id, name: before.spec.name },
    graph: noted(tracedGraph(graphOf(deps, held, resolved, false), deps.tracing), held, refused),
    journal: held.journal,
    nowMs: () => deps.clock.nowMs(),
  };
  const { outcome, claimed } = await leave(walk, before).catch((error: unknown) =>
    cut(deps, held, walk, before, error),
  );
  return outcome.is === "done" ? end(deps, held, claimed) : goOn(deps, held, outcome, refused);
}

/** Nobody can look there, until somebody puts it into the configuration again. */
function unknown({ clock }: Deps, { tenant }: ClusterRecord): Outcome {
  const text = `the configuration has no tenant ${tenant}`;
  return { is: "blocked", call: { atMs: clock.nowMs(), step: "", trouble: "missing", text } };
}

/**
 * The same graph. What is about to be removed came late: it is in the record, and so in the audit chain, before it goes.
 * `refused` has what is not told to go in the end.
 */
function noted(graph: readonly Node[], { journal }: Held, refused: Set<string>): readonly Node[] {
  const noting = (kind: Kind<unknown>): Kind<unknown> => ({
    ...kind,
    async remove(cloud, seen) {
      const step = `${kind.kind}/${seen.id}`;
      if (journal.step(step) === undefined) await journal.write({ [step]: lateStep(seen.id) });
      refused.add(step);
      await kind.remove(cloud, seen);
      refused.delete(step);
    },
  });
  // Steps of one kind are listed together, so it stays one kind.
  const kinds = new Map([...new Set(graph.map((n) => n.kind))].map((kind) => [kind, noting(kind)]));
  return graph.map((n) => ({ ...n, kind: kinds.get(n.kind) ?? n.kind }));
}

/** Nothing is there any more, but data that is to stay. */
async function end(deps: Deps, held: Held, claimed: readonly string[]): Promise<boolean> {
  const before = held.record();
  const late = lateSteps(before);
  const nowMs = deps.clock.nowMs();
  const gone = before.status.phase !== "blocked" || (await sayGone(deps, before));
  if (!gone || !(await sayKept(deps, held, claimed))) {
    await held.change((now) => ({ ...now, status: { ...now.status, dueMs: nowMs + UNTOLD_MS } }));
    return false;
  }
  const after = rested(before, nowMs);
  if (after !== undefined) await held.change((now) => rested(now, nowMs) ?? now);
  for (const step of late) deps.metrics?.count("kinvirt_late_resources_total", { kind: kindOf(step) });
  if (late.length > 0) deps.log.warn("grave.late", { removed: late });
  return after === undefined;
}

/** What was in the way for so long, also something of a stranger's, does not pass by itself. */
const IN_THE_WAY_MS = 30 * 60_000;

function lasting({ status }: ClusterRecord, passed: Outcome, nowMs: number): Outcome {
  const [call] = passed.is === "waiting" ? passed.troubles : [];
  const sinceMs = Math.max(status.startedMs, status.movedMs ?? 0);
  const lasts = status.phase === "blocked" || nowMs - sinceMs > IN_THE_WAY_MS;
  return call !== undefined && lasts ? { is: "blocked", call } : passed;
}

/** Something is there, or could not be looked at. `refused`: what could not be told to go. */
async function goOn(deps: Deps, held: Held, passed: Outcome, refused: ReadonlySet<string>): Promise<boolean> {
  const nowMs = deps.clock.nowMs();
  const before = held.record();
  const late = lateSteps(before);
  const outcome = late.length === 0 ? passed : lasting(before, passed, nowMs);
  const { blocked: call } = concluded(before, outcome, nowMs, UNKNOWN).status;
  // Of what has stopped people are told once; where nothing was found there is nothing that anybody could remove.
  const isNews = call !== undefined && late.length > 0 && before.status.phase !== "blocked";
  if (call === undefined || isNews) await held.change((now) => concluded(now, outcome, nowMs, UNKNOWN));
  if (call === undefined) return false;
  if (late.length === 0) deps.log.warn("grave.unseen", { step: call.step, why: call.text });
  const left = refused.size > 0 ? [...refused] : late;
  const said = held.record().status.told || (await sayStopped(deps, before, call, left));
  const dueMs = said ? againMs(before, nowMs) : nowMs + UNTOLD_MS;
  if (dueMs === undefined) {
    deps.log.error("grave.left", { left, why: call.text });
    return true;
  }
  // The next look has its own time to see something move.
  await held.change((now) => ({ ...now, status: { ...now.status, told: said, startedMs: dueMs, dueMs } }));
  return false;
}
