import * as z from "zod";

/*
 * The fields that we read, and no others. A field that the server leaves out when it is empty has a default here.
 */

/** What every object carries, as far as anybody here asks for it. */
export const metaShape = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string(),
    resourceVersion: z.string(),
    generation: z.int().optional(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});

export type ObjectMeta = z.infer<typeof metaShape>["metadata"];

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  /** RFC 3339. */
  lastTransitionTime: z.string().nullish(),
});

export const nodeShape = metaShape.extend({
  spec: z
    .object({
      providerID: z.string().optional(),
      unschedulable: z.boolean().default(false),
      taints: z.array(z.object({ key: z.string(), value: z.string().optional(), effect: z.string() })).default([]),
    })
    .default({ unschedulable: false, taints: [] }),
  status: z.object({
    conditions: z.array(condition).default([]),
    addresses: z.array(z.object({ type: z.string(), address: z.string() })).default([]),
    nodeInfo: z.object({ kubeletVersion: z.string() }).optional(),
  }),
});

export type KubernetesNode = z.infer<typeof nodeShape>;

export const csrShape = metaShape.extend({
  spec: z.object({
    /** PEM in base64. */
    request: z.string(),
    signerName: z.string(),
    usages: z.array(z.string()).default([]),
    username: z.string().optional(),
    groups: z.array(z.string()).default([]),
  }),
  status: z.object({ conditions: z.array(condition).default([]), certificate: z.string().optional() }).default({
    conditions: [],
  }),
});

export type SigningRequest = z.infer<typeof csrShape>;

export const serviceShape = metaShape.extend({
  spec: z.object({
    type: z.string().default("ClusterIP"),
    /** Whose it is, where it is not the cloud controller's. */
    loadBalancerClass: z.string().nullish(),
  }),
});

export const claimShape = metaShape.extend({
  spec: z.object({ storageClassName: z.string().optional(), volumeName: z.string().optional() }),
  status: z.object({ phase: z.string().optional() }).default({}),
});

export const ingressShape = metaShape.extend({ spec: z.object({ ingressClassName: z.string().optional() }) });

export const podShape = metaShape.extend({
  metadata: metaShape.shape.metadata.extend({
    ownerReferences: z.array(z.object({ kind: z.string(), controller: z.boolean().optional() })).default([]),
  }),
  status: z.object({ phase: z.string().optional() }).default({}),
});

const count = z.int().default(0);

/** A Deployment, DaemonSet or StatefulSet. */
export const workloadShape = metaShape.extend({
  spec: z.object({ replicas: z.int().optional() }),
  status: z
    .object({
      observedGeneration: count,
      updatedReplicas: count,
      availableReplicas: count,
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberAvailable: count,
    })
    .prefault({}),
});

export const versionShape = z.object({ major: z.string(), minor: z.string(), gitVersion: z.string() });

const newListShape = <T>(item: z.ZodType<T>) =>
  z.object({
    metadata: z.object({ continue: z.string().optional() }).default({}),
    items: z.array(item).nullish(),
  });

const lists = new WeakMap<z.ZodType, unknown>();

/** Made once for each item: making a schema costs more than using it. */
export function listShape<T>(item: z.ZodType<T>): ReturnType<typeof newListShape<T>> {
  const made = (lists.get(item) as ReturnType<typeof newListShape<T>> | undefined) ?? newListShape(item);
  lists.set(item, made);
  return made;
}
