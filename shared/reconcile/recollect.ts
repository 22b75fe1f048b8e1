import type { Seen } from "../resources/kind.ts";
import { type Node, namedBy } from "../resources/node.ts";
import type { Pass } from "./converge.ts";
import type { Recall } from "./observe.ts";

/** What earlier rounds of the same pass have seen. */
export interface Looks {
  readonly slow: Map<string, Seen>;
  readonly none: Set<string>;
  /** Ids of what others made and was told to go. No record says so, and it may be gone at once. */
  readonly told: Set<string>;
}

/** Who would answer for what is in the cluster itself was told to go: a call would find nobody, and wait for that. */
export const isSilent = ({ journal }: Pass, { answerers = [] }: Node): boolean => {
  const states = answerers.map((step) => journal.step(step)?.state);
  return states.length > 0 && (states.includes("leaving") || states.every((state) => state === "gone"));
};

export const onlySilence =
  (pass: Pass): Recall =>
  (_status, n) =>
    isSilent(pass, n) ? "nothing" : undefined;

/**
 * Only the end needs a look at everything. Until then what is gone was seen to be gone, and what others still need is as it
 * was: it is listed when its turn has come. `slow`: on its way a moment ago; `none`: made by others, and there was nothing of
 * it a moment ago.
 */
export function recallOf(pass: Pass, { slow, none }: Looks): Recall {
  const { graph, journal } = pass;
  const stays = (other: Node): boolean => {
    if (other.answerers !== undefined) return !none.has(other.step) && !isSilent(pass, other);
    const state = journal.step(other.step)?.state ?? "gone";
    return state !== "gone" && !(state === "leaving" && other.kind.goesAlong === true);
  };
  return (status, n) => {
    const isGone = status === undefined || status.state === "gone";
    const making = (n.makers ?? []).some((step) => (journal.step(step)?.state ?? "gone") !== "gone");
    if (isSilent(pass, n)) return "nothing";
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
