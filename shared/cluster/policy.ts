import { showDuration, showSize } from "../units.ts";
import type { Policy } from "./config.ts";
import type { ClusterSpec } from "./spec.ts";

export interface Asked {
  readonly action: "create" | "delete";
  readonly spec: ClusterSpec;
  /** True when the person who asks is the one who asked for the cluster. */
  readonly own: boolean;
}

/** Why this needs approval, each one sentence; empty: it needs nobody. Without a rule for an action, everything asks. */
export function reasonsToAsk(policy: Policy, asked: Asked): readonly string[] {
  if (asked.action === "delete") {
    return asked.own && policy.autoApprove.delete?.own === true
      ? []
      : ["deleting another person's cluster needs approval"];
  }
  const rule = policy.autoApprove.create;
  if (rule === undefined) return ["every new cluster needs approval"];
  const { spec } = asked;
  const over = (what: string, max: number | undefined, actual: number, show: (n: number) => string) =>
    max !== undefined && actual > max
      ? [`${what} of ${show(actual)} is more than the ${show(max)} that need nobody`]
      : [];
  return [
    ...over("a number of workers", rule.workers, spec.workers.count, String),
    ...over("shared storage", rule.rwx, spec.rwxGib ?? 0, showSize),
    ...(rule.ttl !== undefined && spec.ttlSeconds === undefined
      ? [`a cluster that never expires needs approval; with --ttl ${showDuration(rule.ttl)} or less it would not`]
      : over("a time to live", rule.ttl, spec.ttlSeconds ?? 0, showDuration)),
  ];
}
