import type { FailedCall, StepStatus } from "../cluster/record.ts";
import type { OpenStackError } from "../openstack/errors.ts";
import type { Seen } from "../resources/kind.ts";
import type { Node } from "../resources/node.ts";
import { showDuration } from "../units.ts";

/** What the record keeps of a sighting. */
export function statusOf(seen: Seen, before: StepStatus, nowMs: number): StepStatus {
  const earlier = before.id === seen.id ? before.readyMs : undefined;
  const readyMs = earlier ?? (seen.status === "ready" ? nowMs : undefined);
  return {
    id: seen.id,
    state: seen.status,
    word: seen.state,
    facts: seen.facts,
    recreated: before.recreated,
    ...(seen.fault === undefined ? {} : { fault: seen.fault }),
    ...(before.intendedMs === undefined ? {} : { intendedMs: before.intendedMs }),
    ...(readyMs === undefined ? {} : { readyMs }),
  };
}

/** A refused or lost call, as the record and people keep it. */
export const callOf = (step: string, error: OpenStackError, atMs: number): FailedCall => ({
  atMs,
  step,
  trouble: error.trouble,
  text: error.detail.fault,
  ...(error.detail.requestId === undefined ? {} : { requestId: error.detail.requestId }),
});

/** A resource that the service put into an error state. What has no id but its step is not named twice. */
export const failure = (step: string, seen: Seen, atMs: number): FailedCall => ({
  atMs,
  step,
  trouble: "failed",
  text: `${seen.id === step ? "" : `${seen.id} is in ${seen.state}: `}${seen.fault ?? "the service gives no reason"}`,
});

/** A resource that its service has forgotten to make. The words are the same whenever it is looked at. */
export const unbuilt = (step: string, seen: Seen, patienceMs: number, atMs: number): FailedCall => ({
  atMs,
  step,
  trouble: "unbuilt",
  text: `${seen.id} was not built within ${showDuration(patienceMs / 1000)} (last seen ${seen.state})`,
});

/** What held data or keys is not as it was. */
export function lost(n: Node, what: string, atMs: number): FailedCall {
  const text = `it ${what}, and what it held can't be made again. Bring it back, or delete the cluster.`;
  return { atMs, step: n.step, trouble: "lost", text };
}

/** It bears the mark of a step whose intent was never written: whoever made it knows what is in it. */
export function forged(n: Node, { id, name }: Seen, atMs: number): FailedCall {
  const text = `${id} has the name of this, ${name}, and kinvirt has not made it.`;
  return { atMs, step: n.step, trouble: "forged", text };
}

/** Several bear the mark of one step: nobody but a person knows which one counts. */
export function ambiguous(n: Node, found: readonly Seen[], atMs: number): FailedCall {
  const ids = found.map((seen) => seen.id).join(", ");
  const text = `${found.length} of it exist where one should: ${ids}. Delete all but one.`;
  return { atMs, step: n.step, trouble: "ambiguous", text };
}
