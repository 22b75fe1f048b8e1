import * as z from "zod";
import { clusterSpec } from "./spec.ts";

const flavor = z.strictObject({ id: z.string(), name: z.string(), vcpus: z.int(), ramMib: z.int(), diskGib: z.int() });

/** Every name that the spec and the configuration use, looked up in the cloud and proved to exist. */
export const resolved = z.strictObject({
  projectId: z.string(),
  region: z.string(),
  externalNetwork: z.strictObject({ id: z.string(), name: z.string() }),
  image: z.strictObject({ id: z.string(), name: z.string() }),
  controlPlaneFlavor: flavor,
  workerFlavor: flavor,
  /** `name` ends with a dot. */
  zone: z.strictObject({ id: z.string(), name: z.string() }),
  /** For the cluster's own shares too, where the cloud has any. `shareNetwork`: driver_handles_share_servers is true. */
  shareType: z.strictObject({ id: z.string(), name: z.string(), shareNetwork: z.boolean() }).optional(),
  shareProtocol: z.string(),
  loadBalancerProvider: z.enum(["ovn", "amphora"]),
  antiAffinity: z.enum(["soft", "hard"]),
  cidrs: z.strictObject({ nodes: z.string(), pods: z.string(), services: z.string() }),
  dnsNameservers: z.array(z.string()),
  /** Whether Designate keeps PTR records for floating IPs here. */
  reverseDns: z.boolean(),
  /** URL path prefix by service type, from the catalog: access rules match on it. */
  prefixes: z.record(z.string(), z.string()),
  /** Catalog type of Manila that access rules must name: `shared-file-system` or `sharev2`. */
  shareServiceType: z.string(),
  /** The same of Cinder, where the cluster asked for its volumes: `block-storage` or `volumev3`. */
  blockStorageType: z.string().optional(),
  /** Roles of ours that the cluster's own credentials get. */
  roles: z.array(z.string()),
  /** Takes the place of each image's registry. */
  registry: z.string().optional(),
  /** Where https://pkgs.k8s.io is mirrored. */
  packages: z.string().optional(),
});

export type Resolved = z.infer<typeof resolved>;

/** Whether the cloud has shares at all. */
export const hasShares = ({ prefixes }: Pick<Resolved, "prefixes">): boolean =>
  prefixes["shared-file-system"] !== undefined;

/** One line of the plan's quota table. `limit` -1 means none. */
const quotaLine = z.strictObject({
  service: z.string(),
  resource: z.string(),
  needs: z.number(),
  used: z.number(),
  limit: z.number(),
});

export type QuotaLine = z.infer<typeof quotaLine>;

/** What will be created, in words and numbers that an approver can check. */
export const plan = z.strictObject({
  action: z.enum(["create", "delete"]),
  spec: clusterSpec,
  resolved,
  /** `{ kind: "server", count: 3, detail: "1 × m1.medium, 2 × m1.large" }` */
  resources: z.array(z.strictObject({ kind: z.string(), count: z.int(), detail: z.string() })),
  quota: z.array(quotaLine),
  price: z.strictObject({ currency: z.string(), perHour: z.number(), perMonth: z.number() }).optional(),
  /** What is worth knowing and does not stop the plan (retired CNI, no PTR records here). */
  warnings: z.array(z.string()),
  /** SHA-256 in hex of all of the above but what others use of the quota. */
  hash: z.string(),
});

export type Plan = z.infer<typeof plan>;
