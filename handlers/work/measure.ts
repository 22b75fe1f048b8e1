import { type ClusterRecord, clusterRecord } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { during, type Fields } from "../../shared/ports/log.ts";
import type { Message } from "../../shared/ports/queue.ts";
import { inSpan, type Past } from "../../shared/ports/tracing.ts";
import type { Outcome } from "../../shared/reconcile/outcome.ts";
import { type Alert, alerts } from "../../shared/state/alerts.ts";
import { unreadable } from "../records.ts";
import { kindOf } from "../views/words.ts";

type Measuring = Pick<Deps, "clock" | "metrics" | "tracing">;

const operationOf = ({ wish, status }: ClusterRecord): string =>
  status.doing ?? (wish === "present" ? "create" : "delete");

/** Whom a message is about, for the lines that it causes. */
function about(message: Message): Fields {
  const { is } = message;
  if (is === "plan") return { message: is, request: message.request };
  if (is === "reconcile" || is === "grave" || is === "ask") return { message: is, cluster: message.cluster };
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

/**
 * Where the operation that is under way is traced: with the request that began it, and by itself where nobody asked for it
 * (new logins, the end of a time to live), because the request of long ago has another trace's time.
 */
function traceOf(record: ClusterRecord): Omit<Past, "name" | "endMs"> {
  const { id, generation, wish, expiresMs, status } = record;
  const { doing, startedMs, message } = status;
  const span = `${id}/${generation}`;
  // The record names the request that waits, and this is the one whose message shows the operation.
  const [, request = record.request] = /^request:(.+)$/.exec(message?.key ?? "") ?? [];
  const facts = { "kinvirt.cluster": id, "kinvirt.request": request };
  const byItself = doing !== undefined || (wish === "absent" && expiresMs !== undefined && expiresMs <= startedMs);
  return { span, startMs: startedMs, facts, ...(byItself ? { trace: span } : { trace: request, inside: request }) };
}

/** What goes on is a part of the operation that is under way; a look at a cluster that has none is of whatever caused it. */
export function partOf({ tracing }: Pick<Deps, "tracing">, record: ClusterRecord): void {
  const { trace, span } = traceOf(record);
  if (record.status.finishedMs === undefined) tracing?.belongs({ trace, inside: span });
}

/** Work for one cluster: all of its lines name it, and its spans are where those of its operation are. */
export function measuredWork(deps: Pick<Deps, "log" | "tracing">, record: ClusterRecord, work: () => Promise<void>) {
  const { id, request } = record;
  partOf(deps, record);
  return during(deps.log, { id, request }, work);
}

/** One walk through a cluster's graph. */
export function measuredPass<T extends { readonly outcome: Outcome }>(
  deps: Measuring,
  record: ClusterRecord,
  work: () => Promise<T>,
): Promise<T> {
  const operation = operationOf(record);
  const facts = { "kinvirt.operation": operation, "kinvirt.tenant": record.tenant, ...traceOf(record).facts };
  const tell = (seconds: number, ended?: { readonly with: T }): void => {
    const outcome = ended?.with.outcome.is ?? "failed";
    deps.metrics?.observe("kinvirt_reconcile_seconds", { operation, outcome }, seconds);
  };
  return inSpan(
    deps,
    { name: "pass", facts },
    () => timed(deps, work, tell),
    ({ outcome }) => ({ "kinvirt.outcome": outcome.is }),
  );
}

/** A sweep that finds nothing to do leaves no trace. */
export const measuredSweep = <T>(deps: Measuring, work: () => Promise<T>): Promise<T> =>
  inSpan(deps, { name: "sweep", ifBusy: true }, () =>
    timed(deps, work, (seconds) => deps.metrics?.observe("kinvirt_sweep_seconds", {}, seconds)),
  );

/** An operation that has just ended: how long it took, and of a create each of its resources. */
export function measureEnd({ metrics, tracing }: Pick<Deps, "metrics" | "tracing">, record: ClusterRecord): void {
  const { startedMs, finishedMs = startedMs, steps } = record.status;
  const operation = operationOf(record);
  metrics?.observe("kinvirt_operation_seconds", { operation }, (finishedMs - startedMs) / 1000);
  tracing?.past({ ...traceOf(record), name: operation, endMs: finishedMs });
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
