import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { timingsOf } from "../../shared/state/index.ts";

const KEPT = 15;
const POLL_SECONDS_MAX = 15;
/** While an operation takes no longer than usual, it is looked at about this often in all. */
const LOOKS = 12;

/** Operations of one size take about as long as each other on one cloud: `create/3` is a create with three servers. */
function operationOf({ wish, spec }: ClusterRecord): string {
  return `${wish === "present" ? "create" : "delete"}/${spec.controlPlane.count + spec.workers.count}`;
}

/** The median of what this operation took lately on this tenant's cloud, in seconds; undefined: never seen. */
export async function usualSeconds(deps: Pick<Deps, "store">, record: ClusterRecord): Promise<number | undefined> {
  const took = (await timingsOf(deps.store).get(record.tenant))?.[operationOf(record)] ?? [];
  return took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)];
}

/** Keeps how long an operation took. One that stumbled says nothing about the next, so it is left out. */
export async function remember(deps: Pick<Deps, "store">, record: ClusterRecord): Promise<void> {
  const { startedMs, finishedMs, failures } = record.status;
  if (finishedMs === undefined || failures.length > 0 || record.status.doing !== undefined) return;
  const operation = operationOf(record);
  const seconds = (finishedMs - startedMs) / 1000;
  const all = timingsOf(deps.store);
  if (await all.add(record.tenant, { [operation]: [seconds] })) return;
  await all.change(record.tenant, (now) => ({
    ...now,
    [operation]: [seconds, ...(now[operation] ?? [])].slice(0, KEPT),
  }));
}

/**
 * Fast while people wait for seconds; slower the longer it takes, because then nobody waits for a second. When something has
 * just moved, what comes next may be due at once, however long it took until then.
 */
export function pollSeconds(elapsedSeconds: number, stillSeconds: number, usual: number | undefined): number {
  const late = Math.min(elapsedSeconds / 10, stillSeconds / 2);
  const wanted = usual !== undefined && elapsedSeconds < usual ? usual / LOOKS : late;
  return Math.min(POLL_SECONDS_MAX, Math.max(1, wanted));
}
