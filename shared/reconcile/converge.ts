import type { FailedCall, StepStatus } from "../cluster/record.ts";
import type { Cloud } from "../openstack/cloud.ts";
import { OpenStackError } from "../openstack/errors.ts";
import type { Seen } from "../resources/kind.ts";
import { lookup, type Node, ownerOf } from "../resources/node.ts";
import { creator } from "./creator.ts";
import { type Journal, unseen } from "./journal.ts";
import { attempt, type ClusterRef, observe } from "./observe.ts";
import type { Outcome } from "./outcome.ts";
import { callOf, failure, statusOf } from "./status.ts";

export interface Pass {
  readonly cloud: Cloud;
  readonly cluster: ClusterRef;
  /** Ordered: every node after all it names. */
  readonly graph: readonly Node[];
  readonly journal: Journal;
  nowMs(): number;
}

/**
 * How long after a lost answer a resource may still turn up in a listing. Longer than any API's own request timeout seen
 * (haproxy's default in front of OpenStack is 60 s), because the service works on after we stopped listening.
 */
export const SETTLE_MS = 90_000;

/**
 * One walk towards the wish: what is missing is made, what differs is changed, and nothing is waited for but calls. Every
 * node starts the moment that its own needs are ready, so the slowest chain alone decides how long a create takes.
 */
export async function converge(pass: Pass): Promise<Outcome> {
  const { cloud, cluster, graph, journal, nowMs } = pass;
  const observation = await observe(cloud, cluster, graph, journal);
  const create = creator(cloud, cluster, journal, nowMs);
  const ready = new Map<string, Seen>();
  const waiting = new Set<string>();
  const troubles: FailedCall[] = [];
  const blocked: FailedCall[] = [];
  const walks = new Map<string, Promise<void>>();

  const note = (n: Node, error: OpenStackError): void => {
    const call = callOf(n.step, error, nowMs());
    const again = ["retry", "conflict", "quota"].includes(error.trouble);
    (again ? troubles : blocked).push(call);
    waiting.add(n.step);
  };

  const take = async (n: Node, seen: Seen): Promise<void> => {
    const before = journal.step(n.step) ?? unseen;
    const now = statusOf(seen, before, nowMs());
    if (JSON.stringify(now) !== JSON.stringify(before)) await journal.write({ [n.step]: now });
    if (seen.status === "ready") ready.set(n.step, seen);
    else waiting.add(n.step);
  };

  /** An ERROR is seen at once; the resource is made anew once, and a second ERROR is a person's. */
  const replace = async (n: Node, seen: Seen): Promise<void> => {
    const before: StepStatus = journal.step(n.step) ?? unseen;
    const stillLeaving = before.state === "leaving" && before.id === seen.id;
    if (before.recreated && !stillLeaving) {
      blocked.push(failure(n.step, seen, nowMs()));
      return take(n, seen);
    }
    troubles.push(failure(n.step, seen, nowMs()));
    await journal.write({ [n.step]: { ...statusOf(seen, before, nowMs()), state: "leaving", recreated: true } });
    const removed = await attempt(n.kind.remove(cloud, seen));
    if (removed instanceof OpenStackError) note(n, removed);
    else waiting.add(n.step);
  };

  const settle = async (n: Node, found: Seen): Promise<void> => {
    if (found.status === "failed") return replace(n, found);
    if (found.status === "leaving") return take(n, found);
    const before = journal.step(n.step);
    if (before?.id !== found.id) await journal.write({ [n.step]: statusOf(found, before ?? unseen, nowMs()) });
    await Promise.all(n.later.map((step) => walks.get(step)));
    const updated = await attempt(n.kind.update(cloud, ownerOf(cluster, n), n.spec(lookup(n, ready)), found));
    if (updated instanceof OpenStackError) return note(n, updated);
    return updated.status === "failed" ? replace(n, updated) : take(n, updated);
  };

  const make = async (n: Node): Promise<void> => {
    const before = journal.step(n.step);
    const unsettled = before?.state === "intended" && nowMs() - (before.intendedMs ?? 0) < SETTLE_MS;
    if (unsettled) {
      waiting.add(n.step);
      return;
    }
    const made = await create(n, n.spec(lookup(n, ready)));
    if (!(made instanceof OpenStackError)) return settle(n, made);
    // An answer that says no has made nothing, so the intent ends with it; silence leaves it open.
    if (made.trouble !== "retry")
      await journal.write({ [n.step]: { ...unseen, recreated: before?.recreated ?? false } });
    note(n, made);
  };

  const walk = async (n: Node): Promise<void> => {
    await Promise.all(n.needs.map((step) => walks.get(step)));
    const trouble = observation.trouble(n.step);
    const found = observation.of(n.step);
    const usable = found.filter((seen) => seen.status !== "leaving");
    const [first = found[0]] = usable;
    if (trouble !== undefined) note(n, trouble);
    else if (usable.length > 1) blocked.push(ambiguous(n, usable, nowMs()));
    else if (!n.needs.every((step) => ready.has(step))) waiting.add(n.step);
    else if (first === undefined) await make(n);
    else await settle(n, first);
  };

  for (const n of graph) walks.set(n.step, walk(n));
  const ends = await Promise.allSettled(walks.values());
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  const [stop] = blocked;
  if (stop !== undefined) return { is: "blocked", call: stop };
  return waiting.size === 0 ? { is: "done" } : { is: "waiting", on: [...waiting], troubles };
}

function ambiguous(n: Node, found: readonly Seen[], atMs: number): FailedCall {
  const ids = found.map((seen) => seen.id).join(", ");
  const text = `${found.length} of ${n.kind.kind} carry the mark of ${n.step}: ${ids}. Delete all but one, then retry.`;
  return { atMs, step: n.step, trouble: "ambiguous", text };
}
