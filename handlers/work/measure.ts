import { type ClusterRecord, clusterRecord } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { during, type Fields } from "../../shared/ports/log.ts";
import type { Message } from "../../shared/ports/queue.ts";
import type { Outcome } from "../../shared/reconcile/outcome.ts";
import { type Alert, alerts } from "../../shared/state/alerts.ts";
import { unreadable } from "../records.ts";
import { kindOf } from "../views/words.ts";

type Measuring = Pick<Deps, "clock" | "metrics">;

const operationOf = ({ wish, status }: ClusterRecord): string =>
  status.doing ?? (wish === "present" ? "create" : "delete");

/** Whom a message is about, for the lines that it causes. */
function about(message: Message): Fields {
  const { is } = message;
  if (is === "plan") return { message: is, request: message.request };
  if (is === "reconcile" || is === "ask") return { message: is, cluster: message.cluster };
  if (is === "health") return { message: is, tenant: message.tenant };
  return { message: is };
}

/** `tell` hears how many seconds it took, and what came of it unless it threw. */
async function timed<T>(
  { clock }: Pick<Deps, "clock">,
  work: () => Promise<T>,
  tell: (seconds: number, ended?: { readonly with: T }) => void,
): Promise<T> {
  const begunMs = clock.nowMs();
  const seconds = (): number => Math.max(0, clock.nowMs() - begunMs) / 1000;
  try {
    const answer = await work();
    tell(seconds(), { with: answer });
    return answer;
  } catch (error) {
    tell(seconds());
    throw error;
  }
}

/** The work of one message: how long it took, and all of its lines name what it is about. */
export const measuredMessage = (deps: Measuring & Pick<Deps, "log">, message: Message, work: () => Promise<void>) =>
  during(deps.log, about(message), () =>
    timed(deps, work, (seconds, ended) =>
      deps.metrics?.observe(
        "kinvirt_message_seconds",
        { message: message.is, result: ended === undefined ? "failed" : "ok" },
        seconds,
      ),
    ),
  );

/** One walk through a cluster's graph. */
export const measuredPass = <T extends { readonly outcome: Outcome }>(
  deps: Measuring,
  record: ClusterRecord,
  work: () => Promise<T>,
): Promise<T> =>
  timed(deps, work, (seconds, ended) =>
    deps.metrics?.observe(
      "kinvirt_reconcile_seconds",
      { operation: operationOf(record), outcome: ended?.with.outcome.is ?? "failed" },
      seconds,
    ),
  );

export const measuredSweep = <T>(deps: Measuring, work: () => Promise<T>): Promise<T> =>
  timed(deps, work, (seconds) => deps.metrics?.observe("kinvirt_sweep_seconds", {}, seconds));

/** An operation that has just ended: how long it took, and of a create each of its resources. */
export function measureEnd({ metrics }: Pick<Deps, "metrics">, record: ClusterRecord): void {
  const { startedMs, finishedMs = startedMs, steps } = record.status;
  const operation = operationOf(record);
  metrics?.observe("kinvirt_operation_seconds", { operation }, (finishedMs - startedMs) / 1000);
  if (operation !== "create") return;
  for (const [step, { intendedMs, readyMs }] of Object.entries(steps))
    if (intendedMs !== undefined && readyMs !== undefined)
      metrics?.observe("kinvirt_step_seconds", { kind: kindOf(step) }, Math.max(0, readyMs - intendedMs) / 1000);
}

export const PHASES = clusterRecord.shape.status.shape.phase.options;
const TOLD = ["open", "acknowledged", "snoozed"] as const satisfies readonly Alert["state"][];

/** How many there are of each; of none too, so that a figure does not stay when its last one has gone. */
export function census<T extends string>(of: readonly T[]) {
  const counts = new Map<string, number>(of.map((one) => [one, 0]));
  return {
    add(one: string): void {
      const before = counts.get(one);
      if (before !== undefined) counts.set(one, before + 1);
    },
    each: (tell: (one: string, count: number) => void): void => counts.forEach((count, one) => void tell(one, count)),
  };
}

/** Not listed where nobody wants to know. */
export async function countAlerts(deps: Deps): Promise<void> {
  if (deps.metrics === undefined) return;
  const states = census(TOLD);
  for await (const { state } of alerts(deps.store).list("", unreadable(deps))) states.add(state);
  states.each((state, count) => deps.metrics?.set("kinvirt_alerts", { state }, count));
}
