import type { FailedCall } from "../cluster/record.ts";
import type { Kind } from "../resources/kind.ts";
import { type Node, namedBy } from "../resources/node.ts";
import type { Pass } from "./converge.ts";
import { isNeeded, type Looks, recallOf } from "./recollect.ts";

/** What one look at the cloud has found and done. */
export interface Round {
  /** What is still there, or may be. */
  readonly on: readonly string[];
  readonly troubles: readonly FailedCall[];
  /** Something was told to go, or was seen to be gone, that was not before. */
  readonly moved: boolean;
}

/** A round that looks at one kind alone, and removes what of it nothing needs any more. */
type Turn = (kind: Kind<unknown>) => Promise<Round>;

/** How much is known of what holds others up: it grows with each look that frees something. */
const knowledge = ({ slow, none, told }: Looks): number => slow.size + none.size + told.size;

/**
 * A walk back by the record, each kind at its own pace: one is looked at as soon as some of it may go, whatever other services
 * are busy with, and again while it moves. Ends when nothing moves any more.
 */
export async function unravel(pass: Pass, keep: ReadonlySet<string>, looks: Looks, turn: Turn): Promise<Round> {
  const { graph, journal } = pass;
  const going = graph.filter(({ step }) => !keep.has(step));
  const kinds = [...new Set(going.map(({ kind }) => kind))];
  const recall = recallOf(pass, looks);
  const troubles: FailedCall[] = [];
  const open = new Map<Kind<unknown>, readonly string[]>();
  /** Looked at in vain, until something goes that needs them. */
  const idle = new Set<string>();
  const running = new Map<Kind<unknown>, Promise<void>>();
  const ends: PromiseRejectedResult[] = [];
  let moved = false;

  const isDue = (n: Node): boolean => {
    if (idle.has(n.step)) return false;
    const status = journal.step(n.step);
    if (recall(status, n) === undefined) return true;
    const isRipe = looks.believed.has(n.step) && !["leaving", "gone"].includes(status?.state ?? "gone");
    return isRipe && !isNeeded(pass, looks, n);
  };
  const due = (kind: Kind<unknown>): readonly Node[] => going.filter((n) => n.kind === kind && isDue(n));

  async function strand(kind: Kind<unknown>): Promise<void> {
    for (let mine = due(kind); mine.length > 0 && ends.length === 0; mine = due(kind)) {
      const before = knowledge(looks);
      const round = await turn(kind);
      open.set(kind, round.on);
      troubles.push(...round.troubles);
      moved ||= round.moved;
      for (const { step } of round.moved ? round.troubles : mine) idle.add(step);
      if (round.moved || knowledge(looks) > before)
        for (const n of graph.filter((one) => one.kind === kind)) for (const step of namedBy(n)) idle.delete(step);
      begin();
    }
    running.delete(kind);
  }

  function begin(): void {
    for (const kind of kinds) {
      if (running.has(kind) || due(kind).length === 0) continue;
      running.set(kind, Promise.resolve());
      const run = strand(kind).catch((reason: unknown) => {
        running.delete(kind);
        ends.push({ status: "rejected", reason });
      });
      if (running.has(kind)) running.set(kind, run);
    }
  }

  begin();
  while (running.size > 0) await Promise.all(running.values());
  const [failed] = ends;
  if (failed !== undefined) throw failed.reason;
  const isThere = ({ step }: Node): boolean => (journal.step(step)?.state ?? "gone") !== "gone";
  const unseen = going.filter((n) => !open.has(n.kind) && isThere(n));
  const left = new Set([...[...open.values()].flat(), ...unseen.map(({ step }) => step)]);
  const known = going.toReversed().flatMap(({ step }) => (left.delete(step) ? [step] : []));
  return { on: [...known, ...left], troubles, moved };
}
