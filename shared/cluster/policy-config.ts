import * as z from "zod";
import { count, duration, size, slackId } from "./config-parts.ts";

const approvers = z.array(slackId("UWS", "a Slack user (U…) or user group (S…)"));
const approvals = z.int().min(1);

const autoApprove = z.strictObject({
  create: z.strictObject({ workers: count.optional(), rwx: size.optional(), ttl: duration.optional() }).optional(),
  scale: z.strictObject({ workers: count.optional() }).optional(),
  delete: z.strictObject({ own: z.boolean().default(false) }).optional(),
});

/** What differs for one action from what holds for all. */
const rule = z.strictObject({
  approvers: approvers.optional(),
  approvals: approvals.optional(),
  expiresAfter: duration.optional(),
});
const actions = z.strictObject({ create: rule.optional(), scale: rule.optional(), delete: rule.optional() });

/** `policy` at the top of the configuration. */
export const policy = z.strictObject({
  approvers: approvers.default([]),
  approvals: approvals.default(1),
  expiresAfter: duration.prefault("24h"),
  autoApprove: autoApprove.prefault({}),
  actions: actions.prefault({}),
});

/** `tenants.X.policy`: what is written here takes the place of the same setting at the top. */
export const tenantPolicy = rule.extend({
  autoApprove: autoApprove.optional(),
  actions: actions.optional(),
});

/** Everybody in the channel; whoever asked for the cluster; whoever may approve; or Slack users and user groups. */
const who = z
  .string()
  .regex(
    /^(everyone|requester|approvers|[UWS][A-Z0-9]+)$/,
    "must be everyone, requester, approvers, a Slack user (U…) or user group (S…)",
  );
const those = z.array(who);

/** `roles` at the top: who may do what. As it stands, what was always so. */
export const roles = z.strictObject({
  create: those.default(["everyone"]),
  /** To ask for it: whether it needs an approval is the policy's. */
  delete: those.default(["everyone"]),
  kubeconfig: those.default(["everyone"]),
  kubeconfigAdmin: those.default(["requester", "approvers"]),
  renew: those.default(["requester", "approvers"]),
  retry: those.default(["everyone"]),
});

/** `tenants.X.roles`: who may do it there instead. */
export const tenantRoles = z.strictObject({
  create: those.optional(),
  delete: those.optional(),
  kubeconfig: those.optional(),
  kubeconfigAdmin: those.optional(),
  renew: those.optional(),
  retry: those.optional(),
});

export type Roles = z.infer<typeof roles>;
export type Deed = keyof Roles;
