import type { StepStatus } from "../cluster/record.ts";
import { OpenStackError } from "../openstack/errors.ts";
import { nameOf, type Seen } from "../resources/kind.ts";
import type { Node } from "../resources/node.ts";
import type { Pass } from "./converge.ts";
import { type Journal, unseen } from "./journal.ts";
import { attempt, type Observation } from "./observe.ts";
import type { Tally } from "./tally.ts";

/** What is good for an hour is made anew when it was not used for so long. */
const STALE_MS = 30 * 60_000;
/** The word that people see of a step that is over. */
const USED = "used";

/** There, and of use: what was needed for the making of it is not made again. */
export const isMade = (observation: Observation, step: string): boolean =>
  observation.of(step).some((seen) => seen.status === "pending" || seen.status === "ready");

/** Nobody has used it, and soon nobody could. */
export function isStale(n: Node, observation: Observation, journal: Journal, nowMs: number): boolean {
  const { readyMs } = journal.step(n.step) ?? {};
  if (n.temporary === undefined || readyMs === undefined || isMade(observation, n.temporary.madeFor)) return false;
  return nowMs - readyMs > STALE_MS;
}

type Leaving = Pick<Pass, "cloud" | "journal" | "nowMs"> & { readonly tally: Tally };

/** It goes, and the next pass makes another. */
export async function renew(walk: Leaving, n: Node, seen: Seen): Promise<void> {
  if (await letGo(walk, n, seen)) walk.tally.wait(n);
}

/** False: it was refused, and that is noted. */
async function letGo({ cloud, journal, tally }: Leaving, n: Node, seen: Seen): Promise<boolean> {
  const before = journal.step(n.step) ?? unseen;
  const { readyMs: _was, ...leaving }: StepStatus = { ...before, id: seen.id, facts: seen.facts, state: "leaving" };
  await journal.write({ [n.step]: leaving });
  const removed = await attempt(n.kind.remove(cloud, seen));
  if (removed instanceof OpenStackError) tally.note(n, removed);
  return !(removed instanceof OpenStackError);
}

/** At the end of a walk: what has served its purpose is removed, and a step is over when it was seen to be gone. */
export async function retire(
  walk: Leaving & Pick<Pass, "graph" | "cluster"> & { readonly observation: Observation },
): Promise<void> {
  const { cloud, cluster, graph, journal, observation, tally } = walk;
  const used = graph.filter((n) => n.temporary !== undefined && tally.ready.has(n.temporary.until));
  await Promise.all(
    used.map(async (n) => {
      const before = journal.step(n.step) ?? unseen;
      const [seen] = observation.of(n.step);
      if (seen !== undefined) {
        if (seen.status === "leaving") return tally.wait(n);
        if (!(await letGo(walk, n, seen))) return;
        // Keystone and Barbican have done it when they answer; where one has not, the next pass sees it.
        if ((await attempt(n.kind.get(cloud, cluster, seen.id))) !== undefined) return tally.wait(n);
        return journal.write({ [n.step]: { ...unseen, word: USED } });
      }
      if (before.state === "gone" && before.word === USED) return;
      // Made in this very walk: the next one sees it.
      if (before.state !== "leaving" && before.state !== "gone") return tally.wait(n);
      await over(walk, n, before.facts);
    }),
  );
}

/** It is gone, and now what stays when it is gone itself. */
async function over({ cloud, journal, tally }: Leaving, n: Node, facts: Seen["facts"]): Promise<void> {
  const cleared = await attempt(n.kind.clear?.(cloud, facts) ?? Promise.resolve());
  if (cleared instanceof OpenStackError) return tally.note(n, cleared);
  await journal.write({ [n.step]: { ...unseen, word: USED } });
}

/** Of these kinds an earlier one goes when a later one has taken its place under another name. */
const SUPERSEDED: ReadonlySet<string> = new Set(["credential", "secret"]);

/** What carries the cluster's mark and belongs to no step of today's graph: logins that were made anew. */
export async function prune(
  walk: Leaving & Pick<Pass, "graph" | "cluster"> & { readonly observation: Observation },
): Promise<void> {
  const { cloud, cluster, graph, journal, observation, tally } = walk;
  const names = new Set(graph.map((n) => nameOf({ ...cluster, step: n.step })));
  const left = observation.listed.filter(({ kind, seen }) => SUPERSEDED.has(kind.kind) && !names.has(seen.name));
  await Promise.all(
    left.map(async ({ kind, seen }) => {
      const removed = seen.status === "leaving" ? undefined : await attempt(kind.remove(cloud, seen));
      if (removed instanceof OpenStackError) tally.note({ step: seen.name }, removed);
      else tally.wait({ step: seen.name });
    }),
  );
  const steps = new Set(graph.map((n) => n.step));
  const over = journal
    .steps()
    .filter((step) => SUPERSEDED.has(step.split("/")[0] ?? "") && !steps.has(step))
    .filter((step) => journal.step(step)?.state !== "gone")
    .filter((step) => !left.some(({ seen }) => seen.name === nameOf({ ...cluster, step })));
  if (over.length > 0) await journal.write(Object.fromEntries(over.map((step) => [step, { ...unseen, word: USED }])));
}
