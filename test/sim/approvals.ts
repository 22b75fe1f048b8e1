import type { Config } from "../../shared/cluster/config.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";

interface Act {
  readonly request: string;
  readonly user: string;
  /** Undefined: typed, so it means the plan of the moment. */
  readonly hash: string | undefined;
}

/**
 * The second opinion on approvals: made from what people did and from the configuration alone, it says which requests may be
 * carried out, whatever the bot thinks.
 */
export function approvals(config: Config) {
  const { policy } = config;
  const acts: Act[] = [];
  const granted = new Map<string, Request>();
  const requesters = new Map<string, string>();

  function needsNobody({ action, spec, requester, cluster }: Request): boolean {
    if (action === "delete") return policy.autoApprove.delete?.own === true && requesters.get(cluster) === requester;
    const rule = policy.autoApprove.create;
    const most = (limit: number | undefined, actual: number | undefined) =>
      limit === undefined || (actual !== undefined && actual <= limit);
    return (
      rule !== undefined &&
      most(rule.workers, spec.workers.count) &&
      most(rule.rwx, spec.rwxGib ?? 0) &&
      most(rule.ttl, spec.ttlSeconds)
    );
  }

  function isApproved({ id, plan, requester }: Request): boolean {
    const users = acts
      .filter((act) => act.request === id && (act.hash === undefined || act.hash === plan?.hash))
      .map((act) => act.user)
      .filter((user) => policy.approvers.includes(user) && user !== requester);
    return new Set(users).size >= policy.approvals;
  }

  return {
    /** A person tries to approve; whether it counts is looked at when the request is carried out. */
    tried: (act: Act) => void acts.push(act),
    /** What is wrong with this request as it was written. */
    request(now: Request): string | undefined {
      if (now.state !== "approved" || now.dryRun) return undefined;
      const key = `${now.action} ${now.cluster}`;
      if (granted.get(key)?.id === now.id) return undefined;
      granted.set(key, now);
      if (needsNobody(now) || isApproved(now)) return undefined;
      return `request ${now.id} was approved by nobody who may approve its plan`;
    },
    /** What is wrong with this cluster as it was written. */
    cluster(now: ClusterRecord, nowMs: number): string | undefined {
      requesters.set(now.id, requesters.get(now.id) ?? now.requester);
      const plan = granted.get(`create ${now.id}`)?.plan;
      if (now.resolved !== undefined && JSON.stringify(now.resolved) !== JSON.stringify(plan?.resolved))
        return `${now.id} is made from another plan than the one that was approved`;
      if (now.resolved !== undefined && JSON.stringify(now.spec) !== JSON.stringify(plan?.spec))
        return `${now.id} is made from another spec than the one that was approved`;
      const over = now.expiresMs !== undefined && now.expiresMs <= nowMs;
      if (now.wish === "absent" && !over && !granted.has(`delete ${now.id}`))
        return `${now.id} is deleted although nobody approved that`;
      return undefined;
    },
    mayWrite: (cluster: string): boolean => granted.has(`create ${cluster}`),
  };
}

export type Approvals = ReturnType<typeof approvals>;
