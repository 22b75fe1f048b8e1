import type { Cloud } from "../openstack/cloud.ts";
import { OpenStackError, remainsOf } from "../openstack/errors.ts";
import type { KindName, Seen } from "../resources/kind.ts";
import { lookup, type Node, ownerOf } from "../resources/node.ts";
import { isForgotten, isIrreplaceable, leaves, replace } from "./anew.ts";
import { creator } from "./creator.ts";
import { type Journal, unseen } from "./journal.ts";
import { attempt, type ClusterRef, look, type Observation, type Recall } from "./observe.ts";
import type { Outcome } from "./outcome.ts";
import { ambiguous, forged, lost, statusOf } from "./status.ts";
import { type Tally, tally } from "./tally.ts";
import { isMade, isStale, prune, renew, retire } from "./temporary.ts";

export interface Pass {
  readonly cloud: Cloud;
  readonly cluster: ClusterRef;
  /** Ordered: every node after all it names. */
  readonly graph: readonly Node[];
  readonly journal: Journal;
  /**
   * Nothing has gone wrong so far, so the record may be believed: what it calls ready is not looked at again, and what it
   * never meant to make does not exist. A poll then costs no more than a listing of each kind that is still under way.
   */
  readonly quiet?: boolean;
  /** Seconds for which a create of this kind never comes to its end on this cloud: nobody looks before. */
  readonly never?: ReadonlyMap<string, number>;
  /** After so long a create of this kind that has not come to its end here never will; left out: nobody can say. */
  patienceMs?(kind: KindName): number;
  /** A delete has stood still for long, or a person asks: what is leaving is told so once more. */
  readonly again?: boolean;
  nowMs(): number;
}

/** An intent is written before its call, so a step without one has made nothing. */
const recallOf =
  ({ never, nowMs }: Pass): Recall =>
  (status, { kind }) => {
    if (status === undefined || status.state === "gone") return "nothing";
    const { id, state, word = "", facts, intendedMs } = status;
    if (id === undefined) return undefined;
    if (state === "ready") return { id, state: word, facts };
    const early = intendedMs !== undefined && nowMs() - intendedMs < (never?.get(kind.kind) ?? 0) * 1000;
    return state === "pending" && (kind.passive === true || early)
      ? { id, state: word, facts, status: state }
      : undefined;
  };

/**
 * How long after a lost answer a resource may still turn up in a listing. Longer than any API's own request timeout seen
 * (haproxy's default in front of OpenStack is 60 s), because the service works on after we stopped listening.
 */
export const SETTLE_MS = 90_000;
/** The same after an answer that says that the service has failed and ended its work: how far a listing may be behind. */
const LISTED_MS = 10_000;

/** A create was sent, and what became of it is neither listed nor known to be nothing. */
export function mayAppear(journal: Journal, step: string, nowMs: number): boolean {
  const { state, settledMs, intendedMs = 0 } = journal.step(step) ?? unseen;
  if (state !== "intended") return false;
  return nowMs < (settledMs ?? intendedMs + SETTLE_MS) + (journal.doubtMs?.(step) ?? 0);
}

interface Arrival {
  readonly promise: Promise<void>;
  resolve(): void;
}

/** A walk under way: what it knows, and the promise of every node. */
export interface Walk extends Pass {
  readonly observation: Observation;
  /** Ends when it is known what there is of a step. */
  seen(step: string): Promise<void>;
  readonly tally: Tally;
  readonly walks: ReadonlyMap<string, Promise<void>>;
  /** Each ends when its node exists, or at the end of its walk. */
  readonly arrivals: ReadonlyMap<string, Arrival>;
  create(n: Node, spec: unknown): Promise<Seen | OpenStackError>;
}

/**
 * One walk towards the wish: what is missing is made, what differs is changed, and nothing is waited for but calls. Every
 * node starts the moment that its own needs are ready, so the slowest chain alone decides how long a create takes.
 */
export async function converge(pass: Pass): Promise<Outcome> {
  const { cloud, cluster, graph, journal, nowMs } = pass;
  const belief = pass.quiet === true ? { recall: recallOf(pass), gone: true, near: true } : {};
  const { observation, seen, whole } = look(cloud, cluster, graph, journal, belief);
  // What is believed to be well needs no look at all the rest before it goes on.
  if (pass.quiet !== true) await whole;
  const walks = new Map<string, Promise<void>>();
  const arrivals = new Map(graph.map((n) => [n.step, Promise.withResolvers<void>()]));
  const counted = tally(journal, nowMs);
  const create = creator(cloud, cluster, journal, nowMs);
  const walk: Walk = { ...pass, observation, seen, tally: counted, walks, arrivals, create };
  for (const n of graph) {
    const visited = visit(walk, n);
    walks.set(
      n.step,
      visited.finally(() => arrivals.get(n.step)?.resolve()),
    );
  }
  const ends = await Promise.allSettled(walks.values());
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  await retire({ ...pass, observation, tally: counted });
  // Not before all else is as it should be: what is in use may be known by no other name yet.
  if (pass.quiet !== true && counted.outcome().is === "done") await prune({ ...pass, observation, tally: counted });
  return counted.outcome();
}

async function visit(walk: Walk, n: Node): Promise<void> {
  const { journal, observation, tally, walks, arrivals, nowMs } = walk;
  await Promise.all([
    ...n.needs.map((step) => walks.get(step)),
    ...n.exists.map((step) => arrivals.get(step)?.promise),
    walk.seen(n.step),
    ...(n.temporary === undefined ? [] : [walk.seen(n.temporary.madeFor)]),
  ]);
  const trouble = observation.trouble(n.step);
  const found = observation.of(n.step);
  const usable = found.filter((seen) => seen.status !== "leaving");
  const [first = found[0]] = usable;
  if (trouble !== undefined) tally.note(n, trouble);
  else if (usable.length > 1) tally.block(ambiguous(n, usable, nowMs()));
  else if (first !== undefined && n.kind.secretive === true && journal.step(n.step) === undefined)
    tally.block(forged(n, first, nowMs()));
  else if (n.temporary !== undefined && usable.length === 0 && isMade(observation, n.temporary.madeFor)) tally.past(n);
  else if (!n.needs.every((step) => tally.ready.has(step)) || !n.exists.every((step) => tally.there.has(step)))
    tally.wait(n);
  else if (first === undefined) await make(walk, n);
  else if (isStale(n, observation, journal, nowMs())) await renew(walk, n, first);
  else if (observation.recalled(n.step) && (first.status === "ready" || n.kind.passive !== true)) {
    tally.arrive(n, first);
    await tally.take(n, first);
  } else await settle(walk, n, first);
}

async function make(walk: Walk, n: Node): Promise<void> {
  const { journal, nowMs, tally } = walk;
  if (mayAppear(journal, n.step, nowMs())) return tally.wait(n);
  if (isIrreplaceable(n, journal)) return tally.block(lost(n, "is gone", nowMs()));
  const made = await walk.create(n, n.spec(lookup(n, tally.ready, tally.there)));
  if (!(made instanceof OpenStackError)) return settle(walk, n, made);
  // An answer that says no has made nothing, so the intent ends with it; silence leaves it open.
  const remains = remainsOf(made);
  const intent = journal.step(n.step) ?? unseen;
  if (remains === "nothing") await journal.write({ [n.step]: { ...unseen, recreated: intent.recreated } });
  if (remains === "listed") await journal.write({ [n.step]: { ...intent, settledMs: nowMs() + LISTED_MS } });
  tally.note(n, made);
}

async function settle(walk: Walk, n: Node, found: Seen): Promise<void> {
  const { cloud, cluster, journal, nowMs, tally, walks } = walk;
  if (found.status === "failed") return replace(walk, n, found);
  if (found.status === "leaving") return leaves(walk, n, found);
  if (isForgotten(walk, n, found)) return replace(walk, n, found);
  const before = journal.step(n.step);
  if (before?.id !== found.id) await journal.write({ [n.step]: statusOf(found, before ?? unseen, nowMs()) });
  tally.arrive(n, found);
  walk.arrivals.get(n.step)?.resolve();
  await Promise.all(n.later.map((step) => walks.get(step)));
  const updated = await attempt(
    n.kind.update(cloud, ownerOf(cluster, n), n.spec(lookup(n, tally.ready, tally.there)), found),
  );
  if (updated instanceof OpenStackError) return tally.note(n, updated);
  return updated.status === "failed" ? replace(walk, n, updated) : tally.take(n, updated);
}
