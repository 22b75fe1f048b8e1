import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { clusterKey, clusters, requests } from "../../shared/state/index.ts";
import { unreadable } from "../records.ts";
import { needsRenewal, renewing } from "../renew.ts";
import { isDeleted } from "../views/progress.ts";
import { census, countAlerts, measuredSweep, PHASES } from "./measure.ts";

const ORPHAN_MS = 60_000;
/** States of a request that lead to nothing any more. */
const ENDED: ReadonlySet<Request["state"]> = new Set(["denied", "expired", "refused", "cancelled"]);

/** Wakes every record that is due, so a lost message costs a sweep and never a cluster; counts what there is. */
export const sweep = (deps: Deps): Promise<void> =>
  measuredSweep(deps, async () => {
    await wakeDue(deps);
    await countAlerts(deps);
  });

async function wakeDue(deps: Deps): Promise<void> {
  const phases = census(PHASES);
  const now = deps.clock.nowMs();
  for await (const request of requests(deps.store).list("", unreadable(deps))) {
    if (request.dueMs !== undefined && request.dueMs <= now)
      await deps.queue.enqueue({ is: "plan", request: request.id }, 0);
  }
  for await (const record of clusters(deps.store).list("", unreadable(deps))) {
    phases.add(record.status.phase);
    if (record.status.phase === "requested") await freeOrphan(deps, record, now);
    else if (record.wish === "present" && record.expiresMs !== undefined && record.expiresMs <= now)
      await end(deps, record, now);
    else if (needsRenewal(record, now)) await startRenewal(deps, record, now);
    else if ((record.status.dueMs ?? Number.POSITIVE_INFINITY) <= now || isFinished(record)) {
      await deps.queue.enqueue({ is: "reconcile", cluster: clusterKey(record) }, 0);
    }
  }
  phases.each((phase, count) => deps.metrics?.set("kinvirt_clusters", { phase }, count));
}

/** Deleted and told: nothing is left to do but to remove the record, which its worker did not live to do. */
const isFinished = (record: ClusterRecord): boolean => isDeleted(record) && record.status.dueMs === undefined;

/**
 * The process died between reserving the name and writing the request, or between the request's end and giving the name
 * back: nobody will ever come back for it.
 */
async function freeOrphan(deps: Deps, record: ClusterRecord, now: number): Promise<void> {
  const request = await requests(deps.store).get(record.request);
  if (request === undefined ? now - record.createdMs < ORPHAN_MS : !ENDED.has(request.state)) return;
  await clusters(deps.store).remove(clusterKey(record), (r) => r.id === record.id && r.status.phase === "requested");
}

/** In the name of whoever asked for the cluster. */
async function startRenewal(deps: Deps, record: ClusterRecord, now: number): Promise<void> {
  await clusters(deps.store).change(clusterKey(record), (r) =>
    r.id === record.id && needsRenewal(r, now) ? renewing(r, now, r.requester) : undefined,
  );
  await deps.queue.enqueue({ is: "reconcile", cluster: clusterKey(record) }, 0);
}

/** The time to live that was approved has passed. */
async function end(deps: Deps, record: ClusterRecord, now: number): Promise<void> {
  await clusters(deps.store).change(clusterKey(record), (r) => {
    if (r.id !== record.id || r.wish === "absent") return undefined;
    const { finishedMs: _f, blocked: _b, lease: _l, doing: _d, ...status } = r.status;
    const begun = {
      ...status,
      phase: "deleting" as const,
      startedMs: now,
      dueMs: now,
      failures: [],
      setbacks: 0,
      told: false,
    };
    return { ...r, wish: "absent" as const, generation: r.generation + 1, status: begun };
  });
  await deps.queue.enqueue({ is: "reconcile", cluster: clusterKey(record) }, 0);
}
