import type { AuditPlace } from "../cluster/audit-event.ts";
import type { StateStore } from "../ports/store.ts";
import { AUDIT, AUDIT_END, auditEnds, auditKey, GENESIS, hashOfRecord, readLink } from "./audit.ts";

/** What a walk through one tenant's whole chain comes to. */
export interface Verdict {
  readonly tenant: string;
  /** Records that were walked. */
  readonly records: number;
  /** The last record as it stands: kept elsewhere, it shows later whether the end was cut off. */
  readonly end: AuditPlace;
  /** The first record that is not as it was written, and why. */
  readonly broken?: { readonly seq: number; readonly why: string };
}

interface Link {
  readonly key: string;
  readonly value: string;
}

/** Why this can't be the record that comes after `last`; its place when it can. */
function after(last: AuditPlace, tenant: string, { key, value }: Link): AuditPlace | string {
  const seq = last.seq + 1;
  if (key !== auditKey(tenant, seq)) return `the record ${seq} is missing`;
  const record = readLink(value);
  if (record === undefined) return `the record ${seq} can't be read`;
  if (record.seq !== seq || record.tenant !== tenant)
    return `in the place of record ${seq} there is record ${record.seq} of ${record.tenant}`;
  if (hashOfRecord(record) !== record.hash) return `the record ${seq} was changed after it was written`;
  if (record.previous !== last.hash) return `the record ${seq} does not follow the one before it`;
  return { seq, hash: record.hash };
}

/** What was kept of the chain at an earlier time still has to hold. */
function cutOff(hashes: ReadonlyMap<number, string>, end: AuditPlace, kept: AuditPlace): string | undefined {
  if (kept.seq > end.seq) return `the chain ends at ${end.seq}, and it was at ${kept.seq} before: its end was cut off`;
  const there = kept.seq === 0 ? GENESIS.hash : hashes.get(kept.seq);
  return there === kept.hash ? undefined : `the record ${kept.seq} is another one than the one that was kept`;
}

/** How far the walk through one chain has come, and the hashes at the places that are compared with what was kept. */
interface Walk {
  end: AuditPlace;
  broken?: Verdict["broken"];
  readonly hashes: Map<number, string>;
}

function step(walk: Walk, tenant: string, link: Link, kept: readonly AuditPlace[]): void {
  if (walk.broken !== undefined) return;
  const next = after(walk.end, tenant, link);
  if (typeof next === "string") {
    walk.broken = { seq: walk.end.seq + 1, why: next };
    return;
  }
  walk.end = next;
  if (kept.some(({ seq }) => seq === next.seq)) walk.hashes.set(next.seq, next.hash);
}

function verdictOf(tenant: string, { end, broken, hashes }: Walk, kept: readonly AuditPlace[]): Verdict {
  const found = { tenant, records: end.seq, end };
  if (broken !== undefined) return { ...found, broken };
  for (const place of kept) {
    const why = cutOff(hashes, end, place);
    if (why !== undefined) return { ...found, broken: { seq: Math.min(place.seq, end.seq + 1), why } };
  }
  return found;
}

/**
 * Walks every chain of the store. Edited, removed, reordered and inserted records are found by themselves; that the end was
 * cut off is known only from what was kept: the store's own hint, and `anchors` by tenant from outside.
 */
export async function verify(
  store: StateStore,
  anchors: Readonly<Record<string, AuditPlace>> = {},
): Promise<readonly Verdict[]> {
  const kept = new Map(Object.entries(anchors).map(([tenant, place]) => [tenant, [place]]));
  for await (const { key } of store.list(AUDIT_END)) {
    const tenant = key.slice(AUDIT_END.length);
    const end = await auditEnds(store).get(tenant);
    if (end !== undefined) kept.set(tenant, [end, ...(kept.get(tenant) ?? [])]);
  }
  const walks = new Map<string, Walk>();
  const walkOf = (tenant: string): Walk => {
    const walk = walks.get(tenant) ?? { end: GENESIS, hashes: new Map() };
    walks.set(tenant, walk);
    return walk;
  };
  for (const tenant of kept.keys()) walkOf(tenant);
  for await (const entry of store.list(AUDIT)) {
    const [tenant = ""] = entry.key.slice(AUDIT.length).split("/");
    step(walkOf(tenant), tenant, entry, kept.get(tenant) ?? []);
  }
  return [...walks]
    .map(([tenant, walk]) => verdictOf(tenant, walk, kept.get(tenant) ?? []))
    .sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
}
