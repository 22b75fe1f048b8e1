import type { StepStatus } from "../cluster/record.ts";
import { OpenStackError } from "../openstack/errors.ts";
import type { Seen } from "../resources/kind.ts";
import type { Node } from "../resources/node.ts";
import type { Pass, Walk } from "./converge.ts";
import { type Journal, unseen } from "./journal.ts";
import { attempt } from "./observe.ts";
import { failure, lost, statusOf, unbuilt } from "./status.ts";

const patienceOf = ({ patienceMs }: Pass, { kind }: Node): number =>
  patienceMs?.(kind.kind) ?? Number.POSITIVE_INFINITY;

/**
 * Its service has had many times as long as it needs and still makes it: the message that asked a host for it is lost. Once only,
 * as with an ERROR; the second one is waited for. What was told to go for that goes, whatever became of it meanwhile: that call
 * may be on its way.
 */
export function isForgotten(walk: Walk, n: Node, seen: Seen): boolean {
  const { journal, nowMs } = walk;
  const { id, state, intendedMs, readyMs, recreated } = journal.step(n.step) ?? unseen;
  const { interruptible } = n.kind;
  if (interruptible === undefined || id !== seen.id) return false;
  if (state === "leaving") return true;
  if (recreated || intendedMs === undefined || readyMs !== undefined || seen.state !== interruptible.making)
    return false;
  return nowMs() - intendedMs >= patienceOf(walk, n) + (journal.doubtMs?.(n.step) ?? 0);
}

/** What is leaving is told so again: the message that said so to its host may be lost too. */
export const isToldAgain = ({ again }: Pass, { kind }: Pick<Node, "kind">): boolean =>
  again === true && kind.interruptible !== undefined;

/** It goes; where that stands still it is told so again. */
export async function leaves(walk: Walk, n: Node, seen: Seen): Promise<void> {
  const told = isToldAgain(walk, n) ? await attempt(n.kind.remove(walk.cloud, seen)) : undefined;
  if (told instanceof OpenStackError) walk.tally.note(n, told);
  return walk.tally.take(n, seen);
}

/** An ERROR is seen at once; the resource is made anew once, and a second ERROR is a person's. */
export async function replace(walk: Walk, n: Node, seen: Seen): Promise<void> {
  const { cloud, journal, nowMs, tally } = walk;
  const before: StepStatus = journal.step(n.step) ?? unseen;
  const stillLeaving = before.state === "leaving" && before.id === seen.id;
  if (isIrreplaceable(n, journal)) {
    tally.block(lost(n, `is in ${seen.state}: ${seen.fault ?? "the service gives no reason"}`, nowMs()));
    return tally.take(n, seen);
  }
  if (before.recreated && !stillLeaving) {
    tally.block(failure(n.step, seen, nowMs()));
    return tally.take(n, seen);
  }
  const isFailed = seen.status === "failed";
  tally.trouble(isFailed ? failure(n.step, seen, nowMs()) : unbuilt(n.step, seen, patienceOf(walk, n), nowMs()));
  await journal.write({ [n.step]: { ...statusOf(seen, before, nowMs()), state: "leaving", recreated: true } });
  const removed = (await freed(walk, n)) ?? (await attempt(n.kind.remove(cloud, seen)));
  if (removed instanceof OpenStackError) tally.note(n, removed);
  else tally.wait(n);
}

/** It held data or keys. */
export const isIrreplaceable = (n: Node, journal: Journal): boolean =>
  n.holdsSince !== undefined && journal.step(n.holdsSince)?.readyMs !== undefined;

/** What would be left behind goes first. Undefined: nothing stands in the way. */
async function freed({ cloud, graph, observation, seen }: Walk, n: Node): Promise<OpenStackError | undefined> {
  const others = graph.filter((other) => other.kind.outlives && [...other.needs, ...other.exists].includes(n.step));
  await Promise.all(others.map(({ step }) => seen(step)));
  for (const other of others) {
    // What was not to be seen may be there.
    const trouble = observation.trouble(other.step);
    if (trouble !== undefined) return trouble;
    for (const left of observation.of(other.step)) {
      const gone = await attempt(other.kind.remove(cloud, left));
      if (gone instanceof OpenStackError) return gone;
    }
  }
  return undefined;
}
