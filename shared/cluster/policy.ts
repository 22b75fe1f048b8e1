import { showDuration, showSize, typedDuration } from "../units.ts";
import type { Config, Policy } from "./config.ts";
import type { ClusterSpec } from "./spec.ts";

/** What holds for one action of one tenant. */
export type Rules = Omit<Policy, "actions">;

/**
 * A tenant's word counts more than the top's, and at each of the two what is said of this action more than what is said of
 * all.
 */
export function rulesOf(config: Config, tenant: string, action: Asked["action"]): Rules {
  const top = config.policy;
  const own = config.tenants[tenant]?.policy;
  const said = [own?.actions?.[action], own, top.actions[action]];
  return {
    approvers: said.find((one) => one?.approvers !== undefined)?.approvers ?? top.approvers,
    approvals: said.find((one) => one?.approvals !== undefined)?.approvals ?? top.approvals,
    expiresAfter: said.find((one) => one?.expiresAfter !== undefined)?.expiresAfter ?? top.expiresAfter,
    autoApprove: { ...top.autoApprove, ...own?.autoApprove },
  };
}

const ACTIONS = ["create", "delete"] as const;

/** Rules that nobody can ever meet: more approvals than there are approvers, where no user group is among them. */
export function unmeetable(config: Config): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const found = Object.keys(config.tenants).flatMap((tenant) =>
    ACTIONS.flatMap((action) => {
      const { approvers, approvals } = rulesOf(config, tenant, action);
      const counted = new Set(approvers);
      if (counted.size === 0 || approvers.some((one) => one.startsWith("S")) || approvals <= counted.size) return [];
      const own = config.tenants[tenant]?.policy !== undefined;
      const path = own ? ["tenants", tenant, "policy"] : ["policy", "approvals"];
      return [{ path, message: `to ${action} takes ${approvals} approvals, and ${counted.size} people may give one` }];
    }),
  );
  return found.filter((one, at) => found.findIndex(({ path }) => path.join() === one.path.join()) === at);
}

export interface Asked {
  readonly action: "create" | "delete";
  readonly spec: ClusterSpec;
  /** True when the person who asks is the one who asked for the cluster. */
  readonly own: boolean;
  /** How many control planes the template has: no rule allows a person more. */
  readonly planes: number;
}

/** Zero, where the configuration has that template no more. */
export const planesOf = ({ templates }: Pick<Config, "templates">, { template }: ClusterSpec): number =>
  templates[template]?.controlPlane.count ?? 0;

/** Why this needs an approval, each one reason; empty: it needs nobody. Without a rule for an action, everything asks. */
export function reasonsToAsk(policy: Pick<Policy, "autoApprove">, asked: Asked): readonly string[] {
  if (asked.action === "delete") {
    if (asked.own && policy.autoApprove.delete?.own === true) return [];
    return [asked.own ? "every delete needs an approval" : "another person asked for this cluster"];
  }
  const rule = policy.autoApprove.create;
  if (rule === undefined) return ["every new cluster needs an approval"];
  const { spec } = asked;
  const planes = spec.controlPlane.count;
  const over = (what: string, max: number | undefined, actual: number, show: (n: number) => string) =>
    max !== undefined && actual > max ? [`${show(actual)} ${what}: up to ${show(max)} would need no approval`] : [];
  return [
    ...over(spec.workers.count === 1 ? "worker" : "workers", rule.workers, spec.workers.count, String),
    ...over(planes === 1 ? "control plane" : "control planes", asked.planes, planes, String),
    ...over("of shared storage", rule.rwx, spec.rwxGib ?? 0, showSize),
    ...(rule.ttl !== undefined && spec.ttlSeconds === undefined
      ? [`a cluster that never ends: with --ttl ${typedDuration(rule.ttl)} or less it would need no approval`]
      : over("to live", rule.ttl, spec.ttlSeconds ?? 0, showDuration)),
  ];
}
