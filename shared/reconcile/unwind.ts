import type { FailedCall, StepStatus } from "../cluster/record.ts";
import { OpenStackError } from "../openstack/errors.ts";
import { nameOf, type Seen } from "../resources/kind.ts";
import { type Node, namedBy, ownerOf } from "../resources/node.ts";
import { isToldAgain } from "./anew.ts";
import { mayAppear, type Pass } from "./converge.ts";
import { unseen } from "./journal.ts";
import { attempt, type Observation, observe, type Recall } from "./observe.ts";
import type { Outcome } from "./outcome.ts";
import { isSilent, type Looks, onlySilence, recallOf, releases, stays } from "./recollect.ts";
import { callOf, statusOf } from "./status.ts";
import { type Round, unravel } from "./strands.ts";

/** Whether a look is at this step. */
type Mine = (n: Node) => boolean;

/**
 * One walk back: a resource is removed once everything that needed it is seen to be gone, and `done` means that a fresh
 * listing of every kind showed nothing with the cluster's mark but what `keep` names. All copies go: each carries the mark.
 */
export async function unwind(pass: Pass, keep: ReadonlySet<string>): Promise<Outcome> {
  const looks: Looks = { slow: new Map(), none: new Set(), believed: new Set(), told: new Set(), again: new Set() };
  for (let whole = false; ; ) {
    const round: Round = whole
      ? await walkBack(pass, keep, looks, onlySilence(pass), () => true)
      : await unravel(pass, keep, looks, (kind) =>
          walkBack(pass, keep, looks, recallOf(pass, looks), (n) => n.kind === kind),
        );
    const { on, troubles, moved } = round;
    const stop = troubles.find((call) => ["denied", "invalid"].includes(call.trouble));
    if (stop !== undefined) return { is: "blocked", call: stop };
    if (on.length === 0 && whole) return { is: "done" };
    // What is in the way may be a copy that came late, which the record does not know.
    const inTheWay: boolean = !whole && !moved && troubles.some((call) => call.trouble === "conflict");
    // A listing that is behind may show again and again what is gone: a second look at everything is another pass.
    if (on.length > 0 && !inTheWay) return { is: "waiting", on, troubles };
    whole = on.length === 0 || inTheWay;
  }
}

/** It was looked for, and there was nothing. */
const isNone = (observation: Observation, step: string): boolean =>
  !observation.recalled(step) && observation.trouble(step) === undefined && observation.of(step).length === 0;

/** What was seen to be leaving, and is the only one of its step. */
const onTheirWay = (graph: readonly Node[], observation: Observation): readonly (readonly [string, Seen])[] =>
  graph.flatMap(({ step }) => {
    const [seen, ...copies] = observation.of(step);
    return seen?.status === "leaving" && copies.length === 0 ? [[step, seen] as const] : [];
  });

/** True: nothing is left of it either. */
async function cleared(
  { cloud, nowMs }: Pass,
  n: Node,
  { facts }: StepStatus,
  troubles: FailedCall[],
): Promise<boolean> {
  const result = await attempt(n.kind.clear?.(cloud, facts) ?? Promise.resolve());
  if (result instanceof OpenStackError) troubles.push(callOf(n.step, result, nowMs()));
  return !(result instanceof OpenStackError);
}

/** What a look says of the steps of a graph. */
interface Standing {
  /** Still there, or may be, or something of theirs is. */
  readonly open: Set<string>;
  /** They are gone, and what stays behind them is still to go. */
  readonly clearing: readonly Node[];
  readonly changes: Readonly<Record<string, StepStatus>>;
}

function standing(pass: Pass, keep: ReadonlySet<string>, observation: Observation, mine: Mine): Standing {
  const { graph, journal, nowMs } = pass;
  const open = new Set<string>();
  const clearing: Node[] = [];
  const changes: Record<string, StepStatus> = {};
  const present = (n: Node): boolean => {
    const mayCome = mayAppear(journal, n.step, nowMs());
    return mayCome || observation.of(n.step).length > 0 || observation.trouble(n.step) !== undefined;
  };
  for (const n of graph.filter((one) => mine(one) && !keep.has(one.step)).toReversed()) {
    const before = journal.step(n.step) ?? unseen;
    if (present(n)) open.add(n.step);
    else if (before.state === "gone") continue;
    else if (n.kind.clear === undefined) changes[n.step] = unseen;
    else {
      clearing.push(n);
      open.add(n.step);
    }
    // What is to be cleared is known from the sighting alone.
    const [seen] = n.kind.clear === undefined ? [] : observation.of(n.step);
    if (seen !== undefined && before.id !== seen.id) changes[n.step] = statusOf(seen, before, nowMs());
  }
  return { open, clearing, changes };
}

/** One look at the cloud, and a remove for all that nothing needs any more. What is not `mine` is as the record says. */
async function walkBack(
  pass: Pass,
  keep: ReadonlySet<string>,
  looks: Looks,
  recall: Recall,
  mine: Mine,
): Promise<Round> {
  const { slow, none, told, again } = looks;
  const { cloud, cluster, graph, journal, nowMs } = pass;
  const belief: Recall = (status, n) => (mine(n) ? recall(status, n) : "nothing");
  const observation = await observe(cloud, cluster, graph, journal, { recall: belief, gone: true });
  for (const [step, seen] of onTheirWay(graph, observation)) slow.set(step, seen);
  for (const n of graph) if (n.kind.foreign === true && isNone(observation, n.step)) none.add(n.step);
  const { open, clearing, changes } = standing(pass, keep, observation, mine);
  if (Object.keys(changes).length > 0) await journal.write(changes);
  const troubles: FailedCall[] = [];
  const after: Record<string, StepStatus> = {};
  const before = told.size;
  const remove = async (n: Pick<Node, "step" | "kind">, seen: Seen): Promise<void> => {
    if (seen.status === "leaving" && (!isToldAgain(pass, n) || again.has(seen.id))) return;
    if (seen.status === "leaving") again.add(seen.id);
    const result = await attempt(n.kind.remove(cloud, seen));
    if (result instanceof OpenStackError) troubles.push(callOf(n.step, result, nowMs()));
    else if (n.kind.foreign === true) told.add(seen.id);
    // An intent stays one until it is settled: what it made may come twice into sight.
    const known = journal.step(n.step);
    if (result instanceof OpenStackError || known?.id !== seen.id || known.state === "leaving") return;
    after[n.step] = { ...statusOf(seen, known, nowMs()), state: "leaving" };
  };
  const clear = async (n: Node): Promise<void> => {
    if (!(await cleared(pass, n, journal.step(n.step) ?? unseen, troubles))) return;
    after[n.step] = unseen;
    open.delete(n.step);
  };

  const unknown = (other: Node): boolean =>
    other.kind.foreign === true && observation.recalled(other.step) && !none.has(other.step) && !isSilent(pass, other);
  const holds = (other: Node, n: Node): boolean => {
    if (unknown(other)) return true;
    if (!mine(other)) return stays(pass, other, n);
    const found = observation.of(other.step);
    const going = found.length > 0 && found.every((seen) => seen.status === "leaving");
    return open.has(other.step) && !(releases(other, n) && going);
  };
  const free = (n: Node) => !graph.some((other) => namedBy(other).includes(n.step) && holds(other, n));
  const unbound = graph.filter((n) => open.has(n.step) && free(n));
  await Promise.all([
    ...unbound.map(async (n) => {
      const trouble = observation.trouble(n.step);
      if (trouble !== undefined) troubles.push(callOf(n.step, trouble, nowMs()));
      await Promise.all(observation.of(n.step).map((seen) => remove(n, seen)));
    }),
    ...clearing.map(clear),
  ]);
  // What carries the mark but belongs to no step of today's graph was left by an earlier one (a worker since removed).
  const names = new Set(graph.map((n) => nameOf(ownerOf(cluster, n))));
  // People may have given what they keep another name, a share above all.
  const kept = new Set(graph.filter(({ step }) => keep.has(step)).map(({ kind }) => kind));
  const strays = observation.listed.filter(({ kind, seen }) => !names.has(seen.name) && !kept.has(kind));
  await Promise.all(strays.map(({ kind, seen }) => remove({ step: seen.name, kind }, seen)));
  if (Object.keys(after).length > 0) await journal.write(after);
  const gone = Object.values(changes).some(({ state }) => state === "gone");
  const on = [...open, ...strays.map(({ seen }) => seen.name)];
  return { on, troubles, moved: gone || told.size > before || Object.keys(after).length > 0 };
}
