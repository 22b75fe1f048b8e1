import { dueOf, dueOfRequest, isOpen, needsRenewal, ORPHAN_MS } from "../../shared/cluster/due.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import { type Mark, mark, marksUntil, QUARTER_MS, quarterOf, unmark } from "../../shared/state/due-index.ts";
import { clusterKey, clusters, graveKey, graves, requests } from "../../shared/state/index.ts";
import { markOpen } from "../../shared/state/open-requests.ts";
import { Unreadable } from "../../shared/state/versions.ts";
import { unreadable } from "../records.ts";
import { renewing } from "../renew.ts";
import { isDeleted } from "../views/progress.ts";
import { planMessage } from "../wake.ts";
import { inTurn } from "./health/in-turn.ts";
import { census, countAlerts, measuredSweep, PHASES } from "./measure.ts";
import { skewOf } from "./others.ts";

/** How often everything is looked through, and not only what is marked as due: what was lost of the marks costs so much. */
const WHOLE_MS = QUARTER_MS;
/** A request that has ended is kept for so long; the audit chain has it for ever. */
const PAST_MS = 7 * 86_400_000;
const AT_A_TIME = 16;
/** What is changed in these moments has its own message, or comes with the next sweep. */
const LAGS = { mayLag: true };
/** States of a request that lead to nothing any more. */
const ENDED: ReadonlySet<Request["state"]> = new Set(["denied", "expired", "refused", "cancelled"]);

/** Beside the phases: of these nobody knows what is due. */
const UNREADABLE = "unreadable";

type Phases = Map<string, ClusterRecord["status"]["phase"] | typeof UNREADABLE>;

/** When this process looked through everything, and the phase of each cluster since, by its key. */
const looked = new WeakMap<StateStore, { readonly atMs: number; readonly phases: Phases }>();

/** Wakes every record that is due, so a lost message costs a sweep and never a cluster; counts what there is. */
export const sweep = (deps: Deps): Promise<void> =>
  measuredSweep(deps, async () => {
    const [nowMs, before] = [deps.clock.nowMs(), looked.get(deps.store)];
    const isDue = before === undefined || nowMs - before.atMs >= WHOLE_MS;
    const seen = isDue ? { atMs: nowMs, phases: await everything(deps, nowMs) } : before;
    if (!isDue) await marked(deps, nowMs, seen.phases);
    looked.set(deps.store, seen);
    const phases = census([...PHASES, UNREADABLE]);
    for (const phase of seen.phases.values()) phases.add(phase);
    phases.each((phase, count) => deps.metrics?.set("kinvirt_clusters", { phase }, count));
    await countAlerts(deps);
  });

/** Every request and every cluster. What falls due before the next time, and has no mark, gets one. */
async function everything(deps: Deps, now: number): Promise<Phases> {
  const { store } = deps;
  const soon = (dueMs: number | undefined) => (dueMs !== undefined && dueMs < now + 2 * WHOLE_MS ? dueMs : undefined);
  const phases: Phases = new Map();
  await inTurn(requests(store).list("", unreadable(deps), LAGS), AT_A_TIME, async (request) => {
    if (isPast(request, now)) return void (await requests(store).remove(request.id, (one) => isPast(one, now)));
    if (isOpen(request)) await markOpen(store, request);
    await mark(store, "request/", request.id, soon(dueOfRequest(request)));
    await lookAtRequest(deps, request, now);
  });
  // Few: each is there for about an hour.
  await inTurn(graves(store).list("", unreadable(deps), LAGS), AT_A_TIME, async (grave) => {
    await mark(store, "grave/", graveKey(grave), soon(grave.status.dueMs));
    await lookAtGrave(deps, grave, now);
  });
  const unread = (error: Unreadable): void => {
    phases.set(error.key, UNREADABLE);
    unreadable(deps)(error);
  };
  await inTurn(clusters(store).list("", unread, LAGS), AT_A_TIME, async (record) => {
    phases.set(clusterKey(record), record.status.phase);
    await mark(store, "cluster/", clusterKey(record), soon(dueOf(record)));
    await lookAt(deps, record, now);
  });
  return phases;
}

/** What is marked as due by now. A mark says that something may be; the document says whether it is. */
async function marked(deps: Deps, now: number, phases: Phases): Promise<void> {
  const { store } = deps;
  await inTurn(marksUntil(store, now), AT_A_TIME, async (one) => {
    try {
      const dueMs = await dueOfMarked(deps, one, now, phases);
      // By every clock that the quarter is of.
      const passed = one.quarter < quarterOf(now - skewOf(deps));
      if (passed && (dueMs === undefined || quarterOf(dueMs) !== one.quarter)) await unmark(store, one);
    } catch (error) {
      // One that can't be read is told, costs the others nothing, and stays marked.
      if (!(error instanceof Unreadable)) throw error;
      unreadable(deps)(error);
    }
  });
}

function dueOfMarked(deps: Deps, one: Mark, now: number, phases: Phases): Promise<number | undefined> {
  if (one.folder === "request/") return dueRequest(deps, one.key, now);
  return one.folder === "grave/" ? dueGrave(deps, one.key, now) : dueCluster(deps, one, now, phases);
}

async function dueGrave(deps: Deps, key: string, now: number): Promise<number | undefined> {
  const grave = await graves(deps.store).get(key);
  if (grave !== undefined) await lookAtGrave(deps, grave, now);
  return grave?.status.dueMs;
}

async function dueRequest(deps: Deps, id: string, now: number): Promise<number | undefined> {
  const request = await requests(deps.store).get(id);
  if (request === undefined) return undefined;
  await lookAtRequest(deps, request, now);
  return dueOfRequest(request);
}

async function dueCluster(deps: Deps, { key }: Mark, now: number, phases: Phases): Promise<number | undefined> {
  const record = await clusters(deps.store).get(key);
  if (record === undefined) {
    phases.delete(key);
    return undefined;
  }
  phases.set(key, record.status.phase);
  await lookAt(deps, record, now);
  return dueOf(record);
}

/** Nothing comes of it any more, and nobody has to be told. */
const isPast = (request: Request, now: number): boolean =>
  !isOpen(request) && request.dueMs === undefined && now - request.createdMs > PAST_MS;

async function lookAtRequest(deps: Deps, request: Request, now: number): Promise<void> {
  if (request.dueMs !== undefined && request.dueMs <= now) await deps.queue.enqueue(planMessage(request), 0);
}

async function lookAtGrave(deps: Deps, grave: ClusterRecord, now: number): Promise<void> {
  if ((grave.status.dueMs ?? 0) <= now) await deps.queue.enqueue({ is: "grave", cluster: graveKey(grave) }, 0);
}

async function lookAt(deps: Deps, record: ClusterRecord, now: number): Promise<void> {
  if (record.status.phase === "requested") await freeOrphan(deps, record, now);
  else if (record.wish === "present" && record.expiresMs !== undefined && record.expiresMs <= now)
    await end(deps, record, now);
  else if (needsRenewal(record, now)) await startRenewal(deps, record, now);
  else if ((record.status.dueMs ?? Number.POSITIVE_INFINITY) <= now || isFinished(record))
    await deps.queue.enqueue({ is: "reconcile", cluster: clusterKey(record) }, 0);
}

/** Deleted and told: nothing is left to do but to remove the record, which its worker did not live to do. */
const isFinished = (record: ClusterRecord): boolean => isDeleted(record) && record.status.dueMs === undefined;

/**
 * The process died between reserving the name and writing the request, or between the request's end and giving the name
 * back: nobody will ever come back for it.
 */
async function freeOrphan(deps: Deps, record: ClusterRecord, now: number): Promise<void> {
  const request = await requests(deps.store).get(record.request);
  if (request === undefined ? now - record.createdMs < ORPHAN_MS + skewOf(deps) : !ENDED.has(request.state)) return;
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
