import * as z from "zod";
import { plan } from "./plan.ts";
import { messageRef } from "./record.ts";
import { clusterSpec } from "./spec.ts";

/**
 * planning: waits for its plan; waiting: needs approvals; approved: being carried out or done; denied, expired, refused (does
 * not fit), cancelled: ended, nothing was created.
 */
const requestState = z.enum(["planning", "waiting", "approved", "denied", "expired", "refused", "cancelled"]);

const decision = z.strictObject({
  user: z.string(),
  verdict: z.enum(["approve", "deny"]),
  atMs: z.number(),
  /** The plan that the person saw. A decision on another plan is void. */
  hash: z.string(),
  reason: z.string().optional(),
});

export type Decision = z.infer<typeof decision>;

/** What a person asked for and what became of it. */
export const request = z.strictObject({
  schema: z.literal(1),
  /** `[a-z0-9]{6}`, typed by approvers. */
  id: z.string(),
  tenant: z.string(),
  action: z.enum(["create", "delete"]),
  /** Name and id of the cluster. */
  name: z.string(),
  cluster: z.string(),
  keepData: z.boolean(),
  /** Plans and shows, and does nothing else. */
  dryRun: z.boolean(),
  /** What was asked for; for a delete, what the cluster was made from. */
  spec: clusterSpec,
  requester: z.string(),
  /** Where it was asked, and where its live message is. */
  channel: z.string(),
  createdMs: z.number(),
  state: requestState,
  plan: plan.optional(),
  decisions: z.array(decision),
  /** Why policy asks for approval; empty when it does not. */
  reasons: z.array(z.string()),
  /** Why it was refused: each one sentence that says what to change. */
  problems: z.array(z.string()),
  expiresMs: z.number().optional(),
  /** When it was approved for the last time. */
  approvedMs: z.number().optional(),
  /** When those who may decide are reminded; absent once they were. */
  remindMs: z.number().optional(),
  /** When Slack is asked next who of them can still be reached. */
  reachMs: z.number().optional(),
  /** How many approvals can't be given any more, because too few of those who may decide can be reached. */
  short: z.int().optional(),
  /** Set once people know that. */
  warned: z.boolean().optional(),
  /** Keys of its events that are in the audit chain. */
  audited: z.array(z.string()).optional(),
  message: messageRef.optional(),
  shown: z.string().optional(),
  told: z.boolean(),
  /** The sweep wakes it from then on; absent: nothing is due. */
  dueMs: z.number().optional(),
});

export type Request = z.infer<typeof request>;
