import { type ClusterRecord, clusterRecord } from "../../shared/cluster/record.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import { clusterKey, clusters } from "../../shared/state/index.ts";
import { othersText, type Recorded } from "../health-cloud.ts";
import type { recordOne } from "../health-record.ts";
import type { Assumed } from "./assumptions.ts";

const YEAR_MS = 365 * 86_400_000;

/** A cluster that was made and is ready, and what its cloud answered a look at it. */
export type One = Awaited<ReturnType<typeof recordOne>>;

/** Nothing is due of it for a long time. */
const resting = ({ expiresMs: _never, ...record }: ClusterRecord, nowMs: number): ClusterRecord => ({
  ...record,
  createdMs: nowMs,
  expiresMs: nowMs + YEAR_MS,
});

const tenantOf = (number: number, { tenants }: Assumed): string => `team-${number % tenants}`;

/** Standing clusters, each with ids of its own. Nobody pays for them to be there. */
export async function standing(
  store: StateStore,
  record: ClusterRecord,
  recorded: Recorded,
  assumed: Assumed,
  nowMs: number,
): Promise<void> {
  const as = othersText(recorded);
  const text = JSON.stringify(resting(record, nowMs));
  for (let number = 0; number < assumed.clusters; number += 1) {
    const place = Math.floor(number / assumed.tenants);
    const one = JSON.parse(as(text, place)) as ClusterRecord;
    const made = { ...one, tenant: tenantOf(number, assumed), spec: { ...one.spec, name: `c${place}` } };
    if (number === 0) clusterRecord.parse(made);
    await clusters(store).add(clusterKey(made), made);
  }
}

/** So many records of the same length, of which a tenant's all say the same: what is read is counted, and quickly taken apart. */
export async function crowd(store: StateStore, record: ClusterRecord, assumed: Assumed, nowMs: number): Promise<void> {
  const rested = resting(record, nowMs);
  for (let number = 0; number < assumed.clusters; number += 1) {
    const tenant = tenantOf(number, assumed);
    const text = JSON.stringify({ ...rested, tenant, spec: { ...rested.spec, name: "standing" } });
    await store.putIfAbsent(`cluster/${tenant}/standing-${number}`, text);
  }
}
