import type { Config, Policy } from "../../shared/cluster/config.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";

interface Act {
  readonly request: string;
  readonly user: string;
  /** Undefined: typed, so it means the plan of the moment. */
  readonly hash: string | undefined;
  readonly atMs: number;
}

interface Rule {
  readonly policy: Policy;
  readonly fromMs: number;
  untilMs: number;
}

/** How long a process that began under an older policy may still write by it: it is ended, and what it sent still lands. */
const LATE_MS = 5 * 60_000;
/** How far the clocks of two processes are apart at most. */
export const SKEW_MS = 60_000;

const same = new WeakMap<object, object>();

/** Compared once: a record is written a hundred times, and what it is made from stays the same object. */
function isSame(what: object, as: object | undefined): boolean {
  if (as === undefined) return false;
  if (same.get(what) !== as && JSON.stringify(what) !== JSON.stringify(as)) return false;
  same.set(what, as);
  return true;
}

/**
 * The second opinion on approvals: made from what people did and from the configuration alone, it says which requests may be
 * carried out, whatever the bot thinks.
 */
export function approvals(config: Config, nowMs: () => number) {
  const rules: Rule[] = [{ policy: config.policy, fromMs: 0, untilMs: Number.POSITIVE_INFINITY }];
  const acts: Act[] = [];
  const granted = new Map<string, Request>();
  const requesters = new Map<string, string>();
  /** What held in this moment, and what held a moment ago. */
  const inForce = (atMs: number): readonly Policy[] =>
    rules.filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs + LATE_MS).map(({ policy }) => policy);

  function needsNobody({ autoApprove }: Policy, { action, spec, requester, cluster }: Request): boolean {
    if (action === "delete") return autoApprove.delete?.own === true && requesters.get(cluster) === requester;
    const rule = autoApprove.create;
    const most = (limit: number | undefined, actual: number | undefined) =>
      limit === undefined || (actual !== undefined && actual <= limit);
    return (
      rule !== undefined &&
      most(rule.workers, spec.workers.count) &&
      most(config.templates[spec.template]?.controlPlane.count, spec.controlPlane.count) &&
      most(rule.rwx, spec.rwxGib ?? 0) &&
      most(rule.ttl, spec.ttlSeconds)
    );
  }

  /** Different people, each of whom might when they did, and as many as it takes now. */
  function isApproved(policy: Policy, { id, plan, requester }: Request): boolean {
    const users = acts
      .filter((act) => act.request === id && (act.hash === undefined || act.hash === plan?.hash))
      .filter(({ user, atMs }) => inForce(atMs).some(({ approvers }) => approvers.includes(user)))
      .map(({ user }) => user)
      .filter((user) => user !== requester);
    return new Set(users).size >= policy.approvals;
  }

  return {
    /** From now on this one holds. */
    changed(policy: Policy): void {
      const last = rules.at(-1);
      if (last !== undefined) last.untilMs = nowMs();
      rules.push({ policy, fromMs: nowMs(), untilMs: Number.POSITIVE_INFINITY });
    },
    /** A person tries to approve; whether it counts is looked at when the request is carried out. */
    tried: (act: Omit<Act, "atMs">) => void acts.push({ ...act, atMs: nowMs() }),
    /** What is wrong with this request as it was written. */
    request(now: Request): string | undefined {
      if (now.state !== "approved" || now.dryRun) return undefined;
      const key = `${now.action} ${now.cluster}`;
      if (granted.get(key)?.id === now.id) return undefined;
      granted.set(key, now);
      if (inForce(nowMs()).some((policy) => needsNobody(policy, now) || isApproved(policy, now))) return undefined;
      return `request ${now.id} was approved by nobody who may approve its plan`;
    },
    /** What is wrong with this cluster as it was written. */
    cluster(now: ClusterRecord): string | undefined {
      requesters.set(now.id, requesters.get(now.id) ?? now.requester);
      const plan = granted.get(`create ${now.id}`)?.plan;
      if (now.resolved !== undefined && !isSame(now.resolved, plan?.resolved))
        return `${now.id} is made from another plan than the one that was approved`;
      if (now.resolved !== undefined && !isSame(now.spec, plan?.spec))
        return `${now.id} is made from another spec than the one that was approved`;
      const over = now.expiresMs !== undefined && now.expiresMs <= nowMs() + SKEW_MS;
      if (now.wish === "absent" && !over && !granted.has(`delete ${now.id}`))
        return `${now.id} is deleted although nobody approved that`;
      return undefined;
    },
    mayWrite: (cluster: string): boolean => granted.has(`create ${cluster}`),
  };
}

export type Approvals = ReturnType<typeof approvals>;
