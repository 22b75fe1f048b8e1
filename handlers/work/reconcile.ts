import { clusterGraph } from "../../shared/cluster/graph.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { OutOfTime } from "../../shared/openstack/deadline.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { converge, type Pass } from "../../shared/reconcile/converge.ts";
import { LeaseLost } from "../../shared/reconcile/journal.ts";
import type { Node } from "../../shared/resources/node.ts";
import { clusters } from "../../shared/state/index.ts";
import { isDeleted } from "../views/progress.ts";
import { concluded } from "./conclude.ts";
import { type Held, hold } from "./lease.ts";
import { type Left, leave } from "./leave.ts";
import { measuredPass, measuredWork, measureEnd } from "./measure.ts";
import { type Pace, paceOf, remember, vainSeconds } from "./pace.ts";
import { type Reporter, reporter } from "./report.ts";
import { tracedGraph } from "./traced-graph.ts";

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
    if (isDeleted(record) && record.status.dueMs === undefined) {
      await clusters(deps.store).remove(key, (now) => now.id === record.id && now.wish === "absent");
      return;
    }
    await held.release();
    const { dueMs } = record.status;
    if (dueMs !== undefined) await wakeAt(deps, key, dueMs);
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
  const graph = clusterGraph({
    cluster: record.id,
    spec: record.spec,
    resolved,
    createdMs: record.createdMs,
    ...(record.renewals === undefined ? {} : { renewals: record.renewals }),
    nowMs: () => deps.clock.nowMs(),
    token: (length) => deps.chance.token(length),
    leaving: record.wish === "absent",
    keepData: record.keepData,
    kubernetes: {
      dialer: deps.kubernetes,
      status: (step) => held.journal.step(step),
      repair: !isQuiet(record),
      startedMs: record.status.startedMs,
      nowMs: () => deps.clock.nowMs(),
    },
  });
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
    nowMs: () => deps.clock.nowMs(),
  };
  const before = held.record();
  try {
    const { outcome, claimed } = await measuredPass(deps, record, () =>
      walked(walk, record).catch((error: unknown) => cut(deps, walk, error, held.record() !== before)),
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
  record.wish === "present" ? { outcome: await converge(walk), claimed: [] } : leave(walk, record);

/**
 * Its time was over before its end. What was done is in the record, and the next pass goes on from there; where nothing was done
 * people are told why.
 */
function cut({ log, clock }: Deps, { graph, journal }: Pass, error: unknown, moved: boolean): Left {
  if (!(error instanceof OutOfTime)) throw error;
  log.info("pass.cut", { why: error.message });
  const on = graph.map(({ step }) => step).filter((step) => journal.step(step)?.state !== "ready");
  const text = "the cloud answers so slowly that there was no time to look at everything";
  const slow = { atMs: clock.nowMs(), step: on[0] ?? "", trouble: "slow", text };
  return { outcome: { is: "waiting", on, troubles: moved ? [] : [slow] }, claimed: [] };
}

/** A create that never stumbled. What stumbled, was stopped or is ready is compared with all that is in the cloud. */
const isQuiet = ({ wish, status }: ClusterRecord): boolean =>
  wish === "present" &&
  status.phase === "creating" &&
  status.doing === undefined &&
  status.failures.length === 0 &&
  status.setbacks === 0;

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
