import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Pass } from "../../shared/reconcile/converge.ts";
import { LeaseLost } from "../../shared/reconcile/journal.ts";
import type { Node } from "../../shared/resources/node.ts";
import { isDeleted } from "../views/progress.ts";
import { concluded } from "./conclude.ts";
import { bury } from "./grave.ts";
import { type Held, hold } from "./lease.ts";
import { type Left, leave } from "./leave.ts";
import { measuredPass, measuredWork, measureEnd } from "./measure.ts";
import { type Pace, paceOf, remember, vainSeconds } from "./pace.ts";
import { patience } from "./patience.ts";
import { isQuiet, isShaken, settled } from "./quiet.ts";
import { type Reporter, reporter } from "./report.ts";
import { tracedGraph } from "./traced-graph.ts";
import { cut, graphOf } from "./walk.ts";

const UNTOLD_SECONDS = 10;
/** A person who can't be told that a delete has ended does not keep its name for ever. */
const UNTOLD_MS_MAX = 3_600_000;

/** One queue message, one pass. A message for a cluster that is gone or held by another is an old copy, and harmless. */
export async function reconcile(key: string, deps: Deps): Promise<void> {
  const held = await hold(deps, key);
  if (held === undefined) return;
  try {
    await measuredWork(deps, held.record(), () => work(deps, held));
    await held.note();
    const record = held.record();
    if (isDeleted(record) && record.status.dueMs === undefined) return await bury(deps, record);
    await held.release();
    const { dueMs, phase } = record.status;
    // Before its approval a cluster waits for its request alone: a message for it is one for another that had its name.
    if (dueMs !== undefined && phase !== "requested") await wakeAt(deps, key, dueMs);
  } catch (error) {
    await held.release();
    if (!(error instanceof LeaseLost)) throw error;
    await deps.queue.enqueue({ is: "reconcile", cluster: key }, 1);
  }
}

const wakeAt = (deps: Deps, key: string, dueMs: number): Promise<void> =>
  deps.queue.enqueue({ is: "reconcile", cluster: key }, Math.max(0, (dueMs - deps.clock.nowMs()) / 1000));

async function work(deps: Deps, held: Held): Promise<void> {
  const record = held.record();
  const { resolved } = record;
  if (resolved === undefined || record.status.phase === "requested") return;
  const graph = graphOf(deps, held, resolved, isShaken(record));
  const pace = await paceOf(deps, record);
  const order = graph.map((n) => n.step);
  const tellers = reporter(deps, held, order, pace.usual);
  const waits = record.status.phase !== "blocked" && (await pass(deps, held, graph, tellers, pace));
  const { dueMs } = held.record().status;
  const said = await tellers.tell();
  if (waits) return;
  await held.change((now) => {
    // Somebody has asked for more in the meantime: that is due.
    if (now.status.dueMs !== dueMs) return now;
    return said ? heard(now) : unheard(now, deps.clock.nowMs(), tellers.restSeconds());
  });
}

/**
 * One walk through the graph; true: there is more to do. The first thing that people see of an operation is that it has
 * begun.
 */
async function pass(deps: Deps, held: Held, graph: readonly Node[], tellers: Reporter, pace: Pace): Promise<boolean> {
  const record = held.record();
  if (record.status.shown === undefined) await tellers.show();
  const followed = tellers.following(held.journal);
  const walk = {
    cloud: deps.cloudOf(record.tenant),
    cluster: { cluster: record.id, name: record.spec.name },
    graph: tracedGraph(graph, deps.tracing),
    journal: followed.journal,
    quiet: isQuiet(record),
    never: vainSeconds(pace),
    ...patience(record, pace, deps.clock.nowMs()),
    nowMs: () => deps.clock.nowMs(),
  };
  const before = held.record();
  try {
    const { outcome, claimed } = await measuredPass(deps, record, () =>
      walked(walk, record).catch((error: unknown) => cut(deps, held, walk, before, error)),
    );
    const after = await held.change((now) => concluded(now, outcome, deps.clock.nowMs(), pace, claimed));
    if (record.status.finishedMs === undefined && after.status.finishedMs !== undefined) {
      measureEnd(deps, after);
      await remember(deps, after);
    }
    return outcome.is === "waiting";
  } finally {
    await followed.end();
  }
}

const walked = async (walk: Pass, record: ClusterRecord): Promise<Left> =>
  record.wish === "present" ? { outcome: await settled(walk, record), claimed: [] } : leave(walk, record);

/** What has stopped or ended is due only while it was not told. */
function heard(record: ClusterRecord): ClusterRecord {
  const { dueMs: _due, ...status } = record.status;
  return { ...record, status };
}

/** Slack did not take the last word: it is said again when Slack says so, also of an operation that has ended. */
function unheard(record: ClusterRecord, nowMs: number, afterSeconds = UNTOLD_SECONDS): ClusterRecord {
  const { status } = record;
  if (status.finishedMs !== undefined && nowMs - status.finishedMs > UNTOLD_MS_MAX) return heard(record);
  return { ...record, status: { ...status, dueMs: nowMs + afterSeconds * 1000 } };
}
