import { isDeepStrictEqual } from "node:util";
import type { FailedCall } from "../cluster/record.ts";
import type { OpenStackError } from "../openstack/errors.ts";
import type { Seen } from "../resources/kind.ts";
import type { Node } from "../resources/node.ts";
import { type Journal, unseen } from "./journal.ts";
import type { Outcome } from "./outcome.ts";
import { callOf, statusOf } from "./status.ts";

/** What one walk through the graph has found out so far. */
export interface Tally {
  readonly ready: ReadonlyMap<string, Seen>;
  /** Those that exist and are of use, ready or not. */
  readonly there: ReadonlyMap<string, Seen>;
  /** It exists: who asked for no more goes on. */
  arrive(n: Node, seen: Seen): void;
  /** It has done what it was made for, and nobody needs it any more. */
  past(n: Node): void;
  wait(n: Pick<Node, "step">): void;
  /** What will pass by itself is waited for; what will not stops the cluster for a person. */
  note(n: Pick<Node, "step">, error: OpenStackError): void;
  trouble(call: FailedCall): void;
  block(call: FailedCall): void;
  /** A sighting, written only when it differs from the one before. */
  take(n: Node, seen: Seen): Promise<void>;
  outcome(): Outcome;
}

export function tally(journal: Journal, nowMs: () => number): Tally {
  const ready = new Map<string, Seen>();
  const there = new Map<string, Seen>();
  const waiting = new Set<string>();
  const troubles: FailedCall[] = [];
  const blocked: FailedCall[] = [];
  const isUnsure = (step: string): boolean => {
    const { state } = journal.step(step) ?? unseen;
    return state === "ready" || state === "leaving";
  };
  return {
    ready,
    there,
    arrive: (n, seen) => void there.set(n.step, seen),
    past: (n) => void ready.set(n.step, { id: "", name: "", status: "ready", state: "", facts: {} }),
    wait: (n) => void waiting.add(n.step),
    note(n, error) {
      const again = ["retry", "conflict", "quota"].includes(error.trouble);
      (again ? troubles : blocked).push(callOf(n.step, error, nowMs()));
      waiting.add(n.step);
    },
    trouble: (call) => void troubles.push(call),
    block: (call) => void blocked.push(call),
    async take(n, seen) {
      const before = journal.step(n.step) ?? unseen;
      const now = statusOf(seen, before, nowMs());
      if (!isDeepStrictEqual(now, before)) await journal.write({ [n.step]: now });
      if (seen.status === "ready") ready.set(n.step, seen);
      else waiting.add(n.step);
    },
    outcome() {
      const [stop] = blocked;
      if (stop !== undefined) return { is: "blocked", call: stop };
      if (waiting.size === 0) return { is: "done" };
      const on = [...waiting];
      return { is: "waiting", on, troubles, ...(on.some(isUnsure) ? { unsure: true } : {}) };
    },
  };
}
