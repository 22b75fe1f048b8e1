import { clusterGraph } from "../../shared/cluster/graph.ts";
import type { ClusterRecord, FailedCall } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { converge } from "../../shared/reconcile/converge.ts";
import { LeaseLost } from "../../shared/reconcile/journal.ts";
import type { Outcome } from "../../shared/reconcile/outcome.ts";
import { unwind } from "../../shared/reconcile/unwind.ts";
import type { Node } from "../../shared/resources/node.ts";
import { clusters } from "../../shared/state/index.ts";
import { endMessage, troubleMessage } from "../views/outcome.ts";
import { isDeleted, progressMessage } from "../views/progress.ts";
import { type Held, hold } from "./lease.ts";
import { show, tell } from "./live.ts";

const SECRET_CHARS = 48;
const FAILURES_KEPT = 20;
const BACKOFF_SECONDS_MAX = 60;
const POLL_SECONDS_MAX = 15;

/** One queue message, one pass. A message for a cluster that is gone or held by another is an old copy, and harmless. */
export async function reconcile(key: string, deps: Deps): Promise<void> {
  const held = await hold(deps, key);
  if (held === undefined) return;
  try {
    const after = await pass(deps, held);
    if (after !== undefined) await report(deps, held, after.graph);
    const { status, wish } = held.record();
    if (isDeleted(held.record())) {
      await clusters(deps.store).remove(key, (now) => now.id === held.record().id && now.wish === "absent");
      return;
    }
    await held.release();
    const again =
      status.dueMs !== undefined && status.phase !== "requested" && (wish === "absent" || status.phase !== "ready");
    if (again) await wakeAt(deps, key, status.dueMs ?? 0);
  } catch (error) {
    await held.release();
    if (!(error instanceof LeaseLost)) throw error;
    await deps.queue.enqueue({ is: "reconcile", cluster: key }, 1);
  }
}

const wakeAt = (deps: Deps, key: string, dueMs: number): Promise<void> =>
  deps.queue.enqueue({ is: "reconcile", cluster: key }, Math.max(0, (dueMs - deps.clock.nowMs()) / 1000));

async function pass(deps: Deps, held: Held): Promise<{ graph: readonly Node[] } | undefined> {
  const record = held.record();
  const { resolved } = record;
  if (resolved === undefined || record.status.phase === "requested" || record.status.phase === "blocked")
    return undefined;
  const graph = clusterGraph({
    cluster: record.id,
    spec: record.spec,
    resolved,
    createdMs: record.createdMs,
    token: () => deps.chance.token(SECRET_CHARS),
  });
  const walk = {
    cloud: deps.cloudOf(record.tenant),
    cluster: { cluster: record.id, name: record.spec.name },
    graph,
    journal: held.journal,
    nowMs: () => deps.clock.nowMs(),
  };
  const outcome = record.wish === "present" ? await converge(walk) : await unwind(walk, keptSteps(record, graph));
  await held.change((now) => concluded(now, outcome, deps.clock.nowMs()));
  return { graph };
}

/** A kept share stays with all that it is reached by; who may reach it went with the nodes. */
function keptSteps(record: ClusterRecord, graph: readonly Node[]): ReadonlySet<string> {
  if (!record.keepData) return new Set();
  const kept = new Set(graph.filter((n) => n.kind.kind === "share").map((n) => n.step));
  for (const n of graph.toReversed()) if (kept.has(n.step)) for (const step of n.needs) kept.add(step);
  return kept;
}

/** Fast at first, because most resources take seconds; slower the longer it takes, because then nobody waits for a second. */
function pollSeconds(record: ClusterRecord, nowMs: number): number {
  return Math.min(POLL_SECONDS_MAX, Math.max(1, (nowMs - record.status.startedMs) / 10_000));
}

function concluded(record: ClusterRecord, outcome: Outcome, nowMs: number): ClusterRecord {
  const { dueMs: _due, blocked: _blocked, ...status } = record.status;
  const failures = (calls: readonly FailedCall[]) => [...status.failures, ...calls].slice(-FAILURES_KEPT);
  if (outcome.is === "blocked") {
    const next = { ...status, phase: "blocked" as const, blocked: outcome.call, failures: failures([outcome.call]) };
    return { ...record, status: { ...next, told: false } };
  }
  if (outcome.is === "waiting") {
    const setbacks = outcome.troubles.length === 0 ? 0 : status.setbacks + 1;
    const seconds =
      setbacks === 0 ? pollSeconds(record, nowMs) : Math.min(BACKOFF_SECONDS_MAX, 2 ** Math.min(setbacks, 6));
    const next = { ...status, setbacks, failures: failures(outcome.troubles), dueMs: nowMs + seconds * 1000 };
    return { ...record, status: next };
  }
  const kept = record.wish === "absent" && record.keepData ? keptShares(record) : [];
  const phase = record.wish === "present" ? ("ready" as const) : ("deleting" as const);
  return { ...record, status: { ...status, phase, kept, setbacks: 0, finishedMs: status.finishedMs ?? nowMs } };
}

const keptShares = (record: ClusterRecord): string[] =>
  Object.entries(record.status.steps)
    .filter(([step, { state }]) => step.startsWith("share/") && state !== "gone")
    .flatMap(([, { id, facts }]) =>
      id === undefined ? [] : [facts["exports"] === undefined ? id : `${id} (${facts["exports"]})`],
    );

/** The live message, and once at an end or a stop a word in its thread. */
async function report(deps: Deps, held: Held, graph: readonly Node[]): Promise<void> {
  const record = held.record();
  const { message } = record.status;
  if (message === undefined) return;
  const view = progressMessage(record, { nowMs: deps.clock.nowMs(), order: graph.map((n) => n.step) });
  const shown = await show(deps, message, view, record.status.shown);
  if (shown !== undefined) await held.change((now) => ({ ...now, status: { ...now.status, ...shown } }));
  const ended = record.status.finishedMs !== undefined || record.status.blocked !== undefined;
  if (!ended || record.status.told) return;
  const ref = shown?.message ?? message;
  const word = record.status.blocked === undefined ? endMessage(record) : troubleMessage(record.status.blocked);
  const key = `${record.id}:${record.generation}:${record.status.blocked?.atMs ?? "end"}`;
  if (await tell(deps, ref, key, word)) await held.change((now) => ({ ...now, status: { ...now.status, told: true } }));
}
