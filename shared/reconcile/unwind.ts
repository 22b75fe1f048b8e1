import type { FailedCall, StepStatus } from "../cluster/record.ts";
import { OpenStackError } from "../openstack/errors.ts";
import { nameOf, type Seen } from "../resources/kind.ts";
import { type Node, namedBy, ownerOf } from "../resources/node.ts";
import { mayAppear, type Pass } from "./converge.ts";
import { unseen } from "./journal.ts";
import { attempt, type Observation, observe, type Recall } from "./observe.ts";
import type { Outcome } from "./outcome.ts";
import { callOf, statusOf } from "./status.ts";

interface Round {
  /** What is still there, or may be. */
  readonly on: readonly string[];
  readonly troubles: readonly FailedCall[];
  /** Something was told to go, or was seen to be gone, that was not before. */
  readonly moved: boolean;
}

/**
 * One walk back: a resource is removed once everything that needed it is seen to be gone, and `done` means that a fresh
 * listing of every kind showed nothing with the cluster's mark but what `keep` names. All copies go: each carries the mark.
 * What has gone may let the next go, so it goes on at once until nothing moves any more.
 */
export async function unwind(pass: Pass, keep: ReadonlySet<string>): Promise<Outcome> {
  const begun = pass.graph.some((n) => pass.journal.step(n.step)?.state === "leaving");
  const slow: Sightings = new Map();
  const none = new Set<string>();
  let recall = begun ? recallOf(pass, slow, none) : undefined;
  for (let proving = false; ; ) {
    const { on, troubles, moved } = await walkBack(pass, keep, { slow, none }, recall);
    const stop = troubles.find((call) => ["denied", "invalid"].includes(call.trouble));
    if (stop !== undefined) return { is: "blocked", call: stop };
    if (on.length === 0 && recall === undefined) return { is: "done" };
    // A listing that is behind may show again and again what is gone: a second look at everything is another pass.
    if (on.length > 0 && (proving || !moved || troubles.length > 0)) return { is: "waiting", on, troubles };
    proving = on.length === 0;
    recall = proving ? undefined : recallOf(pass, slow, none);
  }
}

/**
 * Once a delete has begun, only the end needs a look at everything. Until then what is gone was seen to be gone, and what
 * others still need is as it was: it is listed when its turn has come. `slow`: on its way a moment ago; `none`: made by others,
 * and there was nothing of it a moment ago.
 */
function recallOf({ graph, journal }: Pass, slow: Sightings, none: ReadonlySet<string>): Recall {
  const stays = (other: Node): boolean => {
    const state = journal.step(other.step)?.state ?? "gone";
    return state !== "gone" && !(state === "leaving" && other.kind.goesAlong === true);
  };
  return (status, n) => {
    const isGone = status === undefined || status.state === "gone";
    const making = (n.makers ?? []).some((step) => (journal.step(step)?.state ?? "gone") !== "gone");
    // A look is worth while only when nobody makes any more of it: then all of it is seen at once.
    if (n.kind.foreign === true) return isGone && (making || none.has(n.step)) ? "nothing" : undefined;
    if (isGone) return "nothing";
    const { id, state, word = "", facts } = status;
    const going = slow.get(n.step);
    if (going !== undefined && going.id === id) return going;
    const needed = graph.some((other) => namedBy(other).includes(n.step) && stays(other));
    return needed && id !== undefined && state !== "leaving" ? { id, state: word, facts } : undefined;
  };
}

type Sightings = Map<string, Seen>;

/** It was looked for, and there was nothing. */
const isNone = (observation: Observation, step: string): boolean =>
  !observation.recalled(step) && observation.trouble(step) === undefined && observation.of(step).length === 0;

/** What earlier rounds of the same pass have seen. */
interface Looks {
  readonly slow: Sightings;
  readonly none: Set<string>;
}

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

/** One look at the cloud, and a remove for all that nothing needs any more. */
async function walkBack(pass: Pass, keep: ReadonlySet<string>, { slow, none }: Looks, recall?: Recall): Promise<Round> {
  const { cloud, cluster, graph, journal, nowMs } = pass;
  const observation = await observe(cloud, cluster, graph, journal, {
    ...(recall === undefined ? {} : { recall }),
    gone: true,
  });
  for (const [step, seen] of onTheirWay(graph, observation)) slow.set(step, seen);
  for (const n of graph) if (n.kind.foreign === true && isNone(observation, n.step)) none.add(n.step);
  const open = new Set<string>();
  const troubles: FailedCall[] = [];
  const changes: Record<string, StepStatus> = {};

  const present = (n: Node): boolean => {
    const mayCome = mayAppear(journal.step(n.step), nowMs());
    return mayCome || observation.of(n.step).length > 0 || observation.trouble(n.step) !== undefined;
  };
  const leaving: Record<string, StepStatus> = {};
  const remove = async (n: Pick<Node, "step" | "kind">, seen: Seen): Promise<void> => {
    if (seen.status === "leaving") return;
    const result = await attempt(n.kind.remove(cloud, seen));
    if (result instanceof OpenStackError) troubles.push(callOf(n.step, result, nowMs()));
    // An intent stays one until it is settled: what it made may come twice into sight.
    const before = journal.step(n.step);
    if (result instanceof OpenStackError || before?.id !== seen.id || before.state === "leaving") return;
    leaving[n.step] = { ...statusOf(seen, before, nowMs()), state: "leaving" };
  };

  const held = new Set(graph.filter((n) => keep.has(n.step)).flatMap((n) => [n.step]));
  for (const n of graph.toReversed()) {
    if (held.has(n.step)) continue;
    const before = journal.step(n.step) ?? unseen;
    if (present(n)) open.add(n.step);
    else if (before.state === "gone") continue;
    else if (await cleared(pass, n, before, troubles)) changes[n.step] = unseen;
    else open.add(n.step);
    // What is to be cleared is known from the sighting alone.
    const [seen] = n.kind.clear === undefined ? [] : observation.of(n.step);
    if (seen !== undefined && before.id !== seen.id) changes[n.step] = statusOf(seen, before, nowMs());
  }
  if (Object.keys(changes).length > 0) await journal.write(changes);
  const unknown = (other: Node): boolean =>
    other.kind.foreign === true && observation.recalled(other.step) && !none.has(other.step);
  const holds = (other: Node): boolean => {
    if (unknown(other)) return true;
    const found = observation.of(other.step);
    const going = found.length > 0 && found.every((seen) => seen.status === "leaving");
    return open.has(other.step) && !(other.kind.goesAlong === true && going);
  };
  const free = (n: Node) => !graph.some((other) => namedBy(other).includes(n.step) && holds(other));
  await Promise.all(
    graph
      .filter((n) => open.has(n.step) && free(n))
      .map(async (n) => {
        const trouble = observation.trouble(n.step);
        if (trouble !== undefined) troubles.push(callOf(n.step, trouble, nowMs()));
        await Promise.all(observation.of(n.step).map((seen) => remove(n, seen)));
      }),
  );
  // What carries the mark but belongs to no step of today's graph was left by an earlier one (a worker since removed).
  const names = new Set(graph.map((n) => nameOf(ownerOf(cluster, n))));
  const strays = observation.all.filter(({ seen }) => !names.has(seen.name));
  await Promise.all(strays.map(({ kind, seen }) => remove({ step: seen.name, kind }, seen)));
  if (Object.keys(leaving).length > 0) await journal.write(leaving);
  const gone = Object.values(changes).some(({ state }) => state === "gone");
  const on = [...open, ...strays.map(({ seen }) => seen.name)];
  return { on, troubles, moved: gone || Object.keys(leaving).length > 0 };
}
