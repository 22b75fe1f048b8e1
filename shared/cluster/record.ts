import * as z from "zod";
import { auditEvent, auditPlace } from "./audit-event.ts";
import { resolved } from "./plan.ts";
import { clusterSpec } from "./spec.ts";

/** A Slack message of ours; `ts` is absent between the decision to post and Slack's answer. */
export const messageRef = z.strictObject({ channel: z.string(), key: z.string(), ts: z.string().optional() });

/** What was seen of one step of the graph. */
const stepStatus = z.strictObject({
  /** Set with the id's first sighting; kept until the resource is seen to be gone. */
  id: z.string().optional(),
  state: z.enum(["intended", "pending", "ready", "failed", "leaving", "gone"]),
  /** The service's own status word. */
  word: z.string().optional(),
  fault: z.string().optional(),
  facts: z.record(z.string(), z.string()),
  /** When a create was about to be sent: until it has settled, a missing resource may still appear. */
  intendedMs: z.number().optional(),
  /** From when on it can no longer appear, where that is known better than by the longest that a service may take. */
  settledMs: z.number().optional(),
  /** When it was ready for the first time. */
  readyMs: z.number().optional(),
  /** A resource in ERROR is recreated once before a person is asked. */
  recreated: z.boolean(),
});

export type StepStatus = z.infer<typeof stepStatus>;

/** A failed call, as on-call people need it. */
const failedCall = z.strictObject({
  atMs: z.number(),
  step: z.string(),
  trouble: z.string(),
  text: z.string(),
  requestId: z.string().optional(),
  /** How often this step said this in one operation; `atMs` is the first time. */
  times: z.int().optional(),
  /** Set once people have read it in the operation's thread. */
  told: z.boolean().optional(),
});

export type FailedCall = z.infer<typeof failedCall>;

const approvedBy = z.strictObject({
  plan: z.string(),
  by: z.array(z.strictObject({ user: z.string(), atMs: z.number() })),
});

const phase = z.enum(["requested", "creating", "ready", "blocked", "deleting"]);

export const SCHEMA = 1;

/** One per cluster: `spec` and `wish` are what people asked for, `status` what was seen. */
export const clusterRecord = z.strictObject({
  schema: z.literal(SCHEMA),
  /** Short, unique for ever, `[a-z0-9]{10}`: the owner mark. */
  id: z.string(),
  tenant: z.string(),
  spec: clusterSpec,
  /** From the approved plan; absent while the request is planned or waits for approval. */
  resolved: resolved.optional(),
  wish: z.enum(["present", "absent"]),
  keepData: z.boolean(),
  /** Counts what people asked for; a change of mind is a new generation. */
  generation: z.int(),
  /** Slack user who asked for the cluster. */
  requester: z.string(),
  /** Slack user who asked for what is being done now. */
  actor: z.string(),
  /** The request that is being carried out or waits. */
  request: z.string(),
  createdMs: z.number(),
  /** How often the cluster's own logins were made anew, and when last. */
  renewals: z.strictObject({ count: z.int(), sinceMs: z.number() }).optional(),
  /** Time to live ends here; set at approval. */
  expiresMs: z.number().optional(),
  /** Who approved what is being done or was done last, and which plan; nobody: it was within the policy. */
  approved: approvedBy.optional(),
  /** What is still to be written into the audit chain, and the last generation whose begin was. */
  audit: z
    .strictObject({
      generation: z.int(),
      /** The chain had come to here when the first of these events happened. */
      from: auditPlace.optional(),
      events: z.array(auditEvent),
    })
    .optional(),
  status: z.strictObject({
    phase,
    /** What is being done, or was done last, where it is neither a create nor a delete. */
    doing: z.enum(["renew"]).optional(),
    /** Start of the operation that is being carried out. */
    startedMs: z.number(),
    finishedMs: z.number().optional(),
    /** When something of a step was written last: as long as nothing is, the operation stands still. */
    movedMs: z.number().optional(),
    steps: z.record(z.string(), stepStatus),
    /** The live message of this operation. */
    message: messageRef.optional(),
    /** Hash of what the live message shows, so that an equal view is not sent again. */
    shown: z.string().optional(),
    blocked: failedCall.optional(),
    failures: z.array(failedCall),
    /** Passes that ended in trouble since one has last seen and compared everything: the backoff's exponent. */
    setbacks: z.int(),
    /** The sweep wakes the record from then on; absent: nothing is due. */
    dueMs: z.number().optional(),
    lease: z.strictObject({ holder: z.string(), untilMs: z.number() }).optional(),
    /** Set once the end of the operation has been told to the actor. */
    told: z.boolean(),
    /** Kept shares, told to the person at the end of a delete with `--keep-data`. */
    kept: z.array(z.string()),
  }),
});

export type ClusterRecord = z.infer<typeof clusterRecord>;
