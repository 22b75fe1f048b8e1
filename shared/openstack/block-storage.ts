import * as z from "zod";
import { anything, type Endpoint } from "./endpoint.ts";
import { isTrouble, OpenStackError } from "./errors.ts";
import { unlessMissing } from "./network-collection.ts";

const metadata = z.record(z.string(), z.string());

const volume = z.object({
  id: z.string(),
  name: z.string().nullish(),
  /** GiB. */
  size: z.int(),
  status: z.string(),
  metadata,
});

export type Volume = z.infer<typeof volume>;

const snapshot = z.object({
  id: z.string(),
  name: z.string().nullish(),
  status: z.string(),
  volume_id: z.string(),
  metadata,
});

export type VolumeSnapshot = z.infer<typeof snapshot>;

const UNSETTLED = /\bstatus must be\b|\bmust not be migrating\b|\bhave snapshots\b|\bis busy\b/i;

/** Cinder refuses to delete what is attached, busy or has snapshots with 400 and tells the reason in words only. */
async function settled<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!isTrouble(error, "invalid") || !UNSETTLED.test(error.detail.fault)) throw error;
    throw new OpenStackError({ ...error.detail, trouble: "conflict", cause: error });
  }
}

/**
 * Cinder, API v3. Kinvirt makes no volumes itself: it finds and removes those that clusters made.
 * Source: https://docs.openstack.org/api-ref/block-storage/v3/.
 */
export const blockStorage = (endpoint: Endpoint) => ({
  /** The project's volumes that carry all of `carried`: only an admin who asks for them sees those of others. */
  listVolumes: (carried: Readonly<Record<string, string>>) =>
    endpoint.all({
      path: "/volumes/detail",
      key: "volumes",
      item: volume,
      query: { metadata: JSON.stringify(carried) },
    }),
  async deleteVolume(id: string): Promise<void> {
    await unlessMissing(settled(endpoint.call({ method: "DELETE", path: `/volumes/${id}`, answer: anything })));
  },
  listSnapshots: (carried: Readonly<Record<string, string>>) =>
    endpoint.all({
      path: "/snapshots/detail",
      key: "snapshots",
      item: snapshot,
      query: { metadata: JSON.stringify(carried) },
    }),
  async deleteSnapshot(id: string): Promise<void> {
    await unlessMissing(settled(endpoint.call({ method: "DELETE", path: `/snapshots/${id}`, answer: anything })));
  },
});

export type BlockStorage = ReturnType<typeof blockStorage>;
