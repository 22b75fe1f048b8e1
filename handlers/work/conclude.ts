import type { ClusterRecord, FailedCall } from "../../shared/cluster/record.ts";
import type { Outcome } from "../../shared/reconcile/outcome.ts";
import type { KindName } from "../../shared/resources/kind.ts";
import { kindOf, stepWords } from "../views/words.ts";
import { lookSeconds, type Pace } from "./pace.ts";

const FAILURES_KEPT = 20;
const BACKOFF_SECONDS_MAX = 60;
/** Longer than a working service takes for any one step: Octavia itself gives up on an amphora after 25 minutes. */
const STILL_MS_MAX = 30 * 60_000;

/** What a pass makes of the record: its phase, its failures, and when it is due again. `claimed`: data that stays, in words. */
export function concluded(
  record: ClusterRecord,
  passed: Outcome,
  nowMs: number,
  pace: Pace,
  claimed: readonly string[] = [],
): ClusterRecord {
  const outcome = standstill(record, passed, nowMs) ?? passed;
  const { dueMs: _due, blocked: _blocked, ...status } = record.status;
  const failures = (calls: readonly FailedCall[]) => calls.reduce(counted, status.failures).slice(-FAILURES_KEPT);
  if (outcome.is === "blocked") {
    const next = {
      ...status,
      phase: "blocked" as const,
      // Until somebody was told: the process may die before it is.
      dueMs: nowMs,
      blocked: outcome.call,
      failures: failures([{ ...outcome.call, told: true }]),
    };
    return { ...record, status: { ...next, told: false } };
  }
  if (outcome.is === "waiting") {
    const settled = outcome.unsure === true ? status.setbacks : 0;
    const setbacks = outcome.troubles.length === 0 ? settled : status.setbacks + 1;
    const seconds =
      outcome.troubles.length === 0
        ? lookSeconds(record, outcome.on, nowMs, pace)
        : Math.min(BACKOFF_SECONDS_MAX, 2 ** Math.min(setbacks, 6));
    const next = { ...status, setbacks, failures: failures(outcome.troubles), dueMs: nowMs + seconds * 1000 };
    return { ...record, status: next };
  }
  const kept = record.wish === "absent" && record.keepData ? [...keptSteps(record), ...claimed] : [];
  const phase = record.wish === "present" ? ("ready" as const) : ("deleting" as const);
  const finishedMs = status.finishedMs ?? nowMs;
  return { ...record, status: { ...status, phase, kept, setbacks: 0, finishedMs, dueMs: nowMs } };
}

/** For how long nothing has moved. */
export const stillMs = ({ status }: ClusterRecord, nowMs: number): number =>
  nowMs - Math.max(status.startedMs, status.movedMs ?? 0);

/**
 * A service that died over a request may leave a resource in `creating` or `deleting` for ever, without an error and deaf to
 * further calls: only its operators can mend that, so it is no longer waited for in silence.
 */
function standstill(record: ClusterRecord, outcome: Outcome, nowMs: number): Outcome | undefined {
  const { status } = record;
  if (outcome.is !== "waiting" || outcome.troubles.length > 0) return undefined;
  if (stillMs(record, nowMs) < STILL_MS_MAX) return undefined;
  const moves = (step: string) => ["pending", "leaving"].includes(status.steps[step]?.state ?? "");
  const step = outcome.on.find(moves) ?? outcome.on[0] ?? "";
  const { id, word, state } = status.steps[step] ?? {};
  // The word of what leaves is the one that it had when it was told to.
  const seen = state === "leaving" ? "being deleted" : `last seen ${word ?? "nowhere"}`;
  const text = `${id ?? "it"} has not moved for ${STILL_MS_MAX / 60_000} minutes (${seen})`;
  return { is: "blocked", call: { atMs: nowMs, step, trouble: "still", text } };
}

/** What a step said before is counted, so that a service that is down for an hour fills no list. */
function counted(before: readonly FailedCall[], call: FailedCall): FailedCall[] {
  const same = before.find((one) => one.step === call.step && one.text === call.text);
  if (same === undefined) return [...before, call];
  return before.map((one) => (one === same ? { ...one, times: (one.times ?? 1) + 1 } : one));
}

const KEPT: readonly string[] = ["share", "share-network", "subnet", "network"] satisfies KindName[];

/** All else has gone by then: the share that was asked for with the cluster, and what kept shares are reached by. */
const keptSteps = (record: ClusterRecord): string[] =>
  Object.entries(record.status.steps)
    .filter(([step, { id, state }]) => KEPT.includes(kindOf(step)) && id !== undefined && state !== "gone")
    .map(([step, { id = "", facts }]) => {
      if (!step.startsWith("share/")) return `${stepWords(step)} ${id}, which shares are reached by`;
      return facts["exports"] === undefined ? id : `${id} (${facts["exports"]})`;
    });
