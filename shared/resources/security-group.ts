import type { NewSecurityGroupRule, SecurityGroup, SecurityGroupRule } from "../openstack/network-security.ts";
import type { Kind, Seen } from "./kind.ts";
import { byDescription, labelsOf } from "./listed.ts";

/** One kind of traffic that may come in. */
export interface Rule {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Both or neither; neither is every port. */
  readonly portMin?: number;
  readonly portMax?: number;
  /** An IPv4 CIDR without host bits, or `self`: the group's own members. */
  readonly remote: string;
  readonly ethertype?: "IPv4";
  readonly description: string;
}

export interface SecurityGroupSpec {
  readonly rules: readonly Rule[];
}

export interface SecurityGroupSeen extends Seen {
  readonly rules: readonly SecurityGroupRule[];
}

/** Neutron keeps a protocol as it was asked for, by number or by name. */
const NAMES: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp" };
const ANYWHERE: Readonly<Record<string, string>> = { IPv4: "0.0.0.0/0", IPv6: "::/0" };

/**
 * What makes two rules the same for Neutron: everything but the description, and "no remote" is "anywhere".
 * Source: neutron/db/securitygroups_db.py, _rule_to_key.
 */
function keyOf(rule: Omit<SecurityGroupRule, "id" | "security_group_id" | "description">): string {
  const remote = rule.remote_group_id ?? rule.remote_address_group_id ?? rule.remote_ip_prefix;
  const from = remote ?? ANYWHERE[rule.ethertype ?? "IPv4"];
  const protocol = NAMES[rule.protocol ?? ""] ?? rule.protocol;
  return [rule.direction, rule.ethertype, protocol, rule.port_range_min, rule.port_range_max, from].join();
}

const wireOf = (groupId: string, rule: Rule) => ({
  direction: "ingress" as const,
  ethertype: "IPv4" as const,
  protocol: rule.protocol,
  port_range_min: rule.portMin ?? null,
  port_range_max: rule.portMax ?? null,
  remote_ip_prefix: rule.remote === "self" ? null : rule.remote,
  remote_group_id: rule.remote === "self" ? groupId : null,
});

const asked = (groupId: string, rule: Rule): NewSecurityGroupRule => ({
  ...wireOf(groupId, rule),
  security_group_id: groupId,
  description: rule.description,
});

/** A group that leads nowhere: the cloud has no default rules (extension `security-groups-default-rules`, 2023.2). */
const isClosed = ({ rules }: Pick<SecurityGroupSeen, "rules">): boolean =>
  !rules.some(({ direction, ethertype }) => direction === "egress" && ethertype !== "IPv6");

const wayOut = (groupId: string): NewSecurityGroupRule => ({
  security_group_id: groupId,
  direction: "egress",
  ethertype: "IPv4",
  protocol: null,
  port_range_min: null,
  port_range_max: null,
  remote_ip_prefix: null,
  remote_group_id: null,
  description: "Images, packages and the cloud's own services",
});

const withRules = (now: Omit<SecurityGroupSeen, "rules">, rules: readonly SecurityGroupRule[]) => ({
  ...now,
  rules,
});

/** A group has no status: it is there or not. Whether its rules are the wanted ones only `update` can tell. */
const seen = (item: SecurityGroup): SecurityGroupSeen =>
  withRules({ id: item.id, name: item.name, status: "ready", state: "ACTIVE", facts: {} }, item.security_group_rules);

/** What lacks of the wanted rules, and which ingress rules nobody wants. */
export function differences(
  { rules }: SecurityGroupSpec,
  now: { readonly id: string; readonly rules: readonly SecurityGroupRule[] },
): { readonly lacking: readonly Rule[]; readonly unwanted: readonly SecurityGroupRule[] } {
  const wanted = new Map(rules.map((rule) => [keyOf(wireOf(now.id, rule)), rule]));
  const there = new Set(now.rules.map(keyOf));
  return {
    lacking: [...wanted].filter(([key]) => !there.has(key)).map(([, rule]) => rule),
    unwanted: now.rules.filter((rule) => rule.direction === "ingress" && !wanted.has(keyOf(rule))),
  };
}

/**
 * The firewall of one role. Ingress is exactly the spec: what lacks is made in one call, then what is not wanted is
 * deleted, so that traffic that stays allowed is never cut. Egress rules stay as they are, and where there are none, all
 * may go out.
 */
export const securityGroup: Kind<SecurityGroupSpec, SecurityGroupSeen> = {
  kind: "security-group",
  ...byDescription(
    (cloud, query) => cloud.network.listSecurityGroups(query),
    (cloud, id) => cloud.network.getSecurityGroup(id),
    seen,
  ),
  // The rules come with `update`: a lost answer here leaves an empty group and nothing half open.
  async create(cloud, owner) {
    return { ...seen(await cloud.network.createSecurityGroup(labelsOf(owner))), status: "pending" };
  },
  async update(cloud, _owner, spec, now) {
    const { lacking, unwanted } = differences(spec, now);
    const made = [...lacking.map((rule) => asked(now.id, rule)), ...(isClosed(now) ? [wayOut(now.id)] : [])];
    const added = made.length === 0 ? [] : await cloud.network.createSecurityGroupRules(made);
    for (const rule of unwanted) await cloud.network.deleteSecurityGroupRule(rule.id);
    return { ...withRules(now, [...now.rules.filter((rule) => !unwanted.includes(rule)), ...added]), status: "ready" };
  },
  remove: (cloud, now) => cloud.network.deleteSecurityGroup(now.id),
};
