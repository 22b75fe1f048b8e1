import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { clusters, requests } from "../../shared/state/index.ts";

/** Turns an approved request into a wish of its cluster, once: a generation belongs to one request. */
export async function start(deps: Deps, request: Request): Promise<void> {
  const key = `${request.tenant}/${request.name}`;
  const now = deps.clock.nowMs();
  const { plan } = request;
  if (plan === undefined) return;
  await clusters(deps.store).change(key, (record) => {
    if (record.id !== request.cluster) return undefined;
    const wish = request.action === "create" ? ("present" as const) : ("absent" as const);
    const started = record.wish === wish && record.request === request.id && record.status.phase !== "requested";
    if (started || (request.action === "create" && record.wish === "absent")) return undefined;
    return begun(record, request, wish, now);
  });
  await requests(deps.store).change(request.id, ({ dueMs: _due, ...rest }) => rest);
  await deps.queue.enqueue({ is: "reconcile", cluster: key }, 0);
}

/** Each person once, with the last word on this plan. */
function approvedBy({ plan, decisions }: Request): NonNullable<ClusterRecord["approved"]> {
  const hash = plan?.hash ?? "";
  const yes = decisions.filter((one) => one.verdict === "approve" && one.hash === hash);
  const last = new Map(yes.map(({ user, atMs }) => [user, { user, atMs }]));
  return { plan: hash, by: [...last.values()] };
}

function begun(record: ClusterRecord, request: Request, wish: ClusterRecord["wish"], now: number): ClusterRecord {
  const { finishedMs: _f, blocked: _b, shown: _s, lease: _l, doing: _d, ...status } = record.status;
  const ttl = request.spec.ttlSeconds;
  return {
    ...record,
    wish,
    keepData: request.keepData,
    generation: record.generation + 1,
    approved: approvedBy(request),
    actor: request.requester,
    request: request.id,
    ...(request.action === "create" && request.plan !== undefined ? { resolved: request.plan.resolved } : {}),
    ...(request.action === "create" && ttl !== undefined ? { expiresMs: now + ttl * 1000 } : {}),
    status: {
      ...status,
      phase: wish === "present" ? "creating" : "deleting",
      startedMs: now,
      message: request.message ?? { channel: request.channel, key: `request:${request.id}` },
      failures: [],
      setbacks: 0,
      dueMs: now,
      told: false,
    },
  };
}
