import * as z from "zod";

/** A DNS label that leaves room for the id and the role in a host name of 63 characters. */
const NAME = /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/;

export const isClusterName = (text: string): boolean => NAME.test(text) && !text.includes("--");

const pool = z.strictObject({ count: z.int().min(0).max(100), flavor: z.string().min(1) });

/** What people asked for: complete, with the template's values filled in. */
export const clusterSpec = z.strictObject({
  name: z
    .string()
    .refine(isClusterName, "lower-case letters, digits and single dashes, at most 30, beginning with a letter"),
  template: z.string(),
  /** Kubernetes minor version, `1.36`. */
  version: z.string(),
  /** A Glance name, tag or id. */
  image: z.string(),
  controlPlane: pool,
  workers: pool,
  cni: z.enum(["calico", "cilium", "kuryr"]),
  /** Size of the ReadWriteMany share in GiB. */
  rwxGib: z.int().positive().optional(),
  /** Volumes for one node at a time, of Cinder. Records from before this was known have none. */
  rwo: z.boolean().optional(),
  /** Counted from the approval. */
  ttlSeconds: z.int().positive().optional(),
});

export type ClusterSpec = z.infer<typeof clusterSpec>;
