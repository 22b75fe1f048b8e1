import * as z from "zod";
import type { Endpoint } from "./endpoint.ts";
import { collection, type Labels, tags } from "./network-collection.ts";

const rule = z.object({
  id: z.string(),
  security_group_id: z.string(),
  direction: z.enum(["ingress", "egress"]),
  ethertype: z.string().nullable(),
  /** Name or number; null is any. */
  protocol: z.string().nullable(),
  port_range_min: z.int().nullable(),
  port_range_max: z.int().nullable(),
  remote_ip_prefix: z.string().nullable(),
  remote_group_id: z.string().nullable(),
  remote_address_group_id: z.string().nullish(),
  description: z.string().nullish(),
});

export type SecurityGroupRule = z.infer<typeof rule>;

const group = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  project_id: z.string(),
  security_group_rules: z.array(rule),
  tags,
});

export type SecurityGroup = z.infer<typeof group>;

export type NewSecurityGroupRule = Omit<SecurityGroupRule, "id" | "remote_address_group_id">;

export function securityGroups(endpoint: Endpoint) {
  const groups = collection(endpoint, "/security-groups", "security_group", group);
  const rules = collection(endpoint, "/security-group-rules", "security_group_rule", rule);
  return {
    /** With their rules. */
    listSecurityGroups: groups.list,
    getSecurityGroup: groups.get,
    /** Comes with the cloud's default rules: all egress, on some clouds ingress too, on others nothing. */
    createSecurityGroup: (asked: Labels) => groups.create({ ...asked }),
    updateSecurityGroup: (id: string, change: Partial<Labels>) => groups.update(id, change),
    deleteSecurityGroup: groups.delete,
    /** All or none. A rule that is there already, whatever its description, is a conflict. */
    createSecurityGroupRules: (asked: readonly NewSecurityGroupRule[]) =>
      rules.createAll(asked.map((one) => ({ ...one }))),
    deleteSecurityGroupRule: rules.delete,
  };
}
