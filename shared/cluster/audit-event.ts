import * as z from "zod";

/** What an audit record can say. The part before the dot is what it is about. */
export const AUDIT_WHATS = [
  "request.asked",
  "request.planned",
  "decision.approve",
  "decision.deny",
  "request.approved",
  "request.refused",
  "request.expired",
  "request.cancelled",
  "operation.started",
  "operation.finished",
  "operation.stopped",
  "resources.changed",
  "kubeconfig.asked",
  "kubeconfig.downloaded",
  "renew.asked",
  "retry.asked",
  "alert.acknowledged",
  "alert.snoozed",
  "repair.begun",
] as const;

export type AuditWhat = (typeof AUDIT_WHATS)[number];

/** One thing that happened to one resource of the cloud, or one call that failed. */
export const resourceChange = z.strictObject({
  /** `found`: it was there without a create of this step, as what a cluster made of its own is when the cluster is deleted. */
  did: z.enum(["created", "found", "changed", "deleted", "failed"]),
  step: z.string(),
  /** The service's own id of the resource. */
  id: z.string().optional(),
  /** The service's own id of the call, where it is known. */
  requestId: z.string().optional(),
  /** Of a failed call: the service's words. */
  fault: z.string().optional(),
});

export type ResourceChange = z.infer<typeof resourceChange>;

/** What happened, before it has its place in the chain. No field may hold a secret. */
export const auditEvent = z.strictObject({
  /** The same event has the same key, however often it is told: it is recorded once. */
  key: z.string(),
  atMs: z.number(),
  /** Slack user, or `kinvirt` for what it does by itself. */
  actor: z.string(),
  what: z.enum(AUDIT_WHATS),
  /** Name and id of the cluster. */
  cluster: z.strictObject({ id: z.string(), name: z.string() }),
  request: z.string().optional(),
  detail: z.record(z.string(), z.string()).optional(),
  changes: z.array(resourceChange).optional(),
});

export type AuditEvent = z.infer<typeof auditEvent>;

/** A place in a tenant's chain: the record with this number, and its hash. `seq` 0 is before the first. */
export const auditPlace = z.strictObject({ seq: z.int().min(0), hash: z.string() });

export type AuditPlace = z.infer<typeof auditPlace>;

/** The operation of what is removed because it came after its cluster's delete had ended. */
export const CLEAN_UP = "clean-up";

/** kinvirt itself, among the actors. */
export const ITSELF = "kinvirt";
