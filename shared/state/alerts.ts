import * as z from "zod";
import { messageRef } from "../cluster/record.ts";
import type { StateStore } from "../ports/store.ts";
import { type Documents, documents } from "./documents.ts";

/** What may be wrong. People's words for each are in the alert's view. */
export const SYMPTOMS = [
  /** It was deleted, and not by us. */
  "gone",
  /** The same of what holds what can't be made again. */
  "lost",
  /** The service put it into an error state. */
  "error",
  /** A server that does not run. */
  "stopped",
  /** Members of a load balancer that do not answer. */
  "down",
  /** Something was switched off by hand. */
  "off",
  /** It points to something else than it should. */
  "elsewhere",
  /** Firewall rules were changed. */
  "rules",
  "not-ready",
  /** Nobody answers. */
  "silent",
  /** Something is about to end. */
  "ending",
  "quota",
  /** A service of the cloud did not answer, so nobody knows. */
  "unseen",
  /** The same of several clusters. */
  "many",
] as const;

export const alert = z.strictObject({
  schema: z.literal(1),
  tenant: z.string(),
  /** Absent: of the tenant's cloud as a whole. */
  cluster: z.strictObject({ id: z.string(), name: z.string() }).optional(),
  /** What it is about: a step of the cluster (`dns/api`), `end/ttl`, `cloud/dns`. One alert for each. */
  about: z.string(),
  symptom: z.enum(SYMPTOMS),
  /** What the words are filled with. Never a secret. */
  facts: z.record(z.string(), z.string()),
  /** kinvirt puts it right by itself. */
  mends: z.boolean(),
  /**
   * suspected: seen once and told to nobody. open: told. acknowledged: somebody looks at it. snoozed: until `untilMs`.
   * recovered: over, and kept for a while so that one that comes back is known.
   */
  state: z.enum(["suspected", "open", "acknowledged", "snoozed", "recovered"]),
  /** Of the state. */
  sinceMs: z.number(),
  /** When the trouble was seen first, this time. */
  seenMs: z.number(),
  /** Each time that it began, oldest first, as far as that is of interest. */
  openedMs: z.array(z.number()),
  /** Slack user who acknowledged or snoozed it. */
  by: z.string().optional(),
  untilMs: z.number().optional(),
  /** How often kinvirt has set out to put it right, this time. */
  tries: z.int(),
  /** Its cluster is being deleted or has gone. */
  moot: z.boolean(),
  message: messageRef.optional(),
  /** Hash of what the message shows. */
  shown: z.string().optional(),
  /** How many times its thread has told of. */
  threaded: z.int(),
});

export type Alert = z.infer<typeof alert>;

/** Key `<tenant>/<cluster id, or _>/<about>`. */
export const alerts = (store: StateStore): Documents<Alert> => documents(store, "alert/", alert);

export const alertKey = ({ tenant, cluster, about }: Pick<Alert, "tenant" | "cluster" | "about">): string =>
  `${tenant}/${cluster?.id ?? "_"}/${about}`;

const looked = z.record(
  z.string(),
  z.strictObject({ updated: z.string(), down: z.array(z.string()), off: z.array(z.string()) }),
);

/** By pool: what its members were when it changed last, so that nobody asks again until it changes. */
export type Looked = z.infer<typeof looked>;

/** Key: the tenant. */
export const lookedOf = (store: StateStore): Documents<Looked> => documents(store, "looked/", looked);
