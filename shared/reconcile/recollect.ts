import type { Seen } from "../resources/kind.ts";
import { type Node, namedBy } from "../resources/node.ts";
import type { Pass } from "./converge.ts";
import type { Recall } from "./observe.ts";

/** What earlier rounds of the same pass have seen. */
export interface Looks {
  readonly slow: Map<string, Seen>;
  readonly none: Set<string>;
  /** Steps that others needed: as the record has them they go when that is over. */
  readonly believed: Set<string>;
  /** Ids of what others made and was told to go. No record says so, and it may be gone at once. */
  readonly told: Set<string>;
  /** Ids of what was leaving already and was told so once more. */
  readonly again: Set<string>;
}

/** Who would answer for what is in the cluster itself was told to go: a call would find nobody, and wait for that. */
export const isSilent = ({ journal }: Pass, { answerers = [] }: Node): boolean => {
  const states = answerers.map((step) => journal.step(step)?.state ?? "gone");
  return states.length > 0 && (states.includes("leaving") || states.every((state) => state === "gone"));
};

export const onlySilence =
  (pass: Pass): Recall =>
  (_status, n) =>
    isSilent(pass, n) ? "nothing" : undefined;

/** What it needs of that kind goes while it is on its way itself. */
export const releases = ({ kind }: Node, needed: Node): boolean => kind.releases?.includes(needed.kind.kind) === true;

/** By the record: it is there, and keeps what it needs. */
export function stays({ journal }: Pass, n: Node, needed: Node): boolean {
  const state = journal.step(n.step)?.state ?? "gone";
  return state !== "gone" && !(state === "leaving" && releases(n, needed));
}

/**
 * Only the end needs a look at everything. Until then what is gone was seen to be gone, and what others still need is as it
 * was: it is listed when its turn has come. `slow`: on its way a moment ago; `none`: made by others, and there was nothing of
 * it a moment ago.
 */
export function recallOf(pass: Pass, looks: Looks): Recall {
  const { journal } = pass;
  const { slow, none, believed } = looks;
  return (status, n) => {
    const isGone = status === undefined || status.state === "gone";
    const making = (n.makers ?? []).some((step) => (journal.step(step)?.state ?? "gone") !== "gone");
    if (isSilent(pass, n)) return "nothing";
    // A look is worth while only when nobody makes any more of it: then all of it is seen at once.
    if (n.kind.foreign === true)
      return isGone && (making || none.has(n.step) || isIdle(pass, n)) ? "nothing" : undefined;
    if (isGone) return "nothing";
    const { id, state, word = "", facts } = status;
    const going = slow.get(n.step);
    if (going !== undefined && going.id === id) return going;
    if (id === undefined || state === "leaving") return undefined;
    if (isNeeded(pass, looks, n)) believed.add(n.step);
    return believed.has(n.step) ? { id, state: word, facts } : undefined;
  };
}

/** All that it could be in the way of has gone: the end sees whether there is any. */
const isIdle = ({ journal }: Pass, n: Node): boolean =>
  namedBy(n).length > 0 && namedBy(n).every((step) => (journal.step(step)?.state ?? "gone") === "gone");

/** By the record: others are there that it can't go before. */
export function isNeeded(pass: Pass, { none }: Looks, n: Node): boolean {
  const keeps = (other: Node): boolean =>
    other.kind.foreign === true ? !none.has(other.step) && !isSilent(pass, other) : stays(pass, other, n);
  return pass.graph.some((other) => namedBy(other).includes(n.step) && keeps(other));
}
