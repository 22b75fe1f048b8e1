import { createHash } from "node:crypto";
import * as z from "zod";
import { type AuditEvent, type AuditPlace, auditEvent, auditPlace } from "../cluster/audit-event.ts";
import type { StateStore } from "../ports/store.ts";
import { documents } from "./documents.ts";

/** For how long an event that is told again is known to be the same: longer than any queue keeps a message. */
const MARK_SECONDS = 14 * 86_400;
/** The kept end is a hint, so it need not be written each time. */
const HINT_EVERY = 8;
const SEQ_DIGITS = 12;

export const GENESIS: AuditPlace = { seq: 0, hash: "0".repeat(64) };

/** One link of a tenant's chain, written once and never again. */
export const auditRecord = auditEvent.extend({
  schema: z.literal(1),
  tenant: z.string(),
  /** From 1, without a gap. */
  seq: z.int().min(1),
  /** Hash of the record before; of the first: 64 zeros. */
  previous: z.string(),
  /** SHA-256 in hex of all other fields as canonical JSON. */
  hash: z.string(),
});

export type AuditRecord = z.infer<typeof auditRecord>;

/** What makes a record a link, whichever version of kinvirt wrote it: the chain and its proof go on over newer ones. */
const auditLink = z.looseObject({
  key: z.string(),
  tenant: z.string(),
  seq: z.int(),
  previous: z.string(),
  hash: z.string(),
});
type AuditLink = z.infer<typeof auditLink>;

/** JSON of which there is only one text: keys sorted, no blanks. As RFC 8785, for the texts and whole numbers that we have. */
export function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const fields = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export const hashOfRecord = ({ hash: _own, ...rest }: AuditLink): string => sha256(canonical(rest));

export const AUDIT = "audit/";
export const auditKey = (tenant: string, seq: number): string =>
  `${AUDIT}${tenant}/${String(seq).padStart(SEQ_DIGITS, "0")}`;

/** Key: the tenant. Where its chain ended lately: never later than its true end. */
export const AUDIT_END = "audit-end/";
export const auditEnds = (store: StateStore) => documents(store, AUDIT_END, auditPlace);

/** Ends that this process has seen, so that a chain is not looked through from its last hint each time. */
const seen = new WeakMap<StateStore, Map<string, AuditPlace>>();

function remember(store: StateStore, tenant: string, place: AuditPlace): void {
  const ends = seen.get(store) ?? new Map<string, AuditPlace>();
  if ((ends.get(tenant)?.seq ?? 0) < place.seq) ends.set(tenant, place);
  seen.set(store, ends);
}

/** A place that the chain has reached already; its true end is there or later. */
export async function knownEnd(store: StateStore, tenant: string): Promise<AuditPlace> {
  const known = seen.get(store)?.get(tenant);
  if (known !== undefined) return known;
  const end = (await auditEnds(store).get(tenant)) ?? GENESIS;
  remember(store, tenant, end);
  return end;
}

interface Link {
  /** Of its event. */
  readonly key: string;
  readonly place: AuditPlace;
}

/** Links that this process has passed. Whoever was away for long, or begins, passes them for many events at once. */
const passed = new WeakMap<StateStore, Map<string, Link>>();
const PASSED_MAX = 20_000;

/** What is at a place. A text that is no link counts as one by its own hash: the chain goes on, and `verify` names it. */
async function linkAt(store: StateStore, tenant: string, seq: number): Promise<Link | undefined> {
  const known = passed.get(store) ?? new Map<string, Link>();
  passed.set(store, known);
  const before = known.get(auditKey(tenant, seq));
  if (before !== undefined) return before;
  const entry = await store.get(auditKey(tenant, seq));
  if (entry === undefined) return undefined;
  const link = readLink(entry.value);
  const found = { key: link?.key ?? "", place: { seq, hash: link?.hash ?? sha256(entry.value) } };
  if (known.size >= PASSED_MAX) known.clear();
  known.set(auditKey(tenant, seq), found);
  return found;
}

const AT_ONCE = 25;
/** The end is near mostly, and a look beyond it is in vain: more are read at once where it is not. */
const NEAR = 8;

/** Every link behind this place, to the chain's end. */
async function* linksAfter(store: StateStore, tenant: string, after: number): AsyncIterable<Link> {
  for (let next = after + 1; ; ) {
    const count = next - after > NEAR ? AT_ONCE : 1;
    const links = await Promise.all(Array.from({ length: count }, (_, at) => linkAt(store, tenant, next + at)));
    for (const link of links) {
      if (link === undefined) return;
      remember(store, tenant, link.place);
      yield link;
    }
    next += count;
  }
}

function read<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export const readRecord = (text: string): AuditRecord | undefined => read(auditRecord, text);
export const readLink = (text: string): AuditLink | undefined => read(auditLink, text);

/**
 * Where the chain was when this event was told for the first time: it is not recorded before that place. A mark that expires
 * is enough, and costs no wait for a disk.
 */
async function firstTold(store: StateStore, tenant: string, key: string): Promise<AuditPlace> {
  const end = await knownEnd(store, tenant);
  const mark = `audit-mark/${tenant}/${sha256(key)}`;
  if (await store.putIfAbsent(mark, JSON.stringify(end), MARK_SECONDS)) return end;
  const entry = await store.get(mark);
  return entry === undefined ? end : auditPlace.parse(JSON.parse(entry.value));
}

/**
 * Adds an event to its tenant's chain, once, and resolves with its place. It walks from a place where the event was not yet
 * told (`from`, when the caller has kept one) to the first free number and passes every link on its way, so an event that is
 * told twice, also at the same moment, finds itself. Who is first at a number has it: there are no forks. It throws StoreError
 * when the store does not answer, and may be called again with the same event.
 */
export async function append(
  store: StateStore,
  tenant: string,
  event: AuditEvent,
  from?: AuditPlace,
): Promise<AuditPlace> {
  let last = from ?? (await firstTold(store, tenant, event.key));
  for (;;) {
    for await (const there of linksAfter(store, tenant, last.seq)) {
      if (there.key === event.key) return there.place;
      last = there.place;
    }
    const seq = last.seq + 1;
    const open = { ...event, schema: 1 as const, tenant, seq, previous: last.hash, hash: "" };
    const record: AuditRecord = { ...open, hash: hashOfRecord(open) };
    if (!(await store.putIfAbsent(auditKey(tenant, seq), JSON.stringify(record)))) continue;
    const place = { seq, hash: record.hash };
    remember(store, tenant, place);
    if (seq % HINT_EVERY === 0) await keepEnd(store, tenant, place);
    return place;
  }
}

async function keepEnd(store: StateStore, tenant: string, place: AuditPlace): Promise<void> {
  const ends = auditEnds(store);
  if (await ends.add(tenant, place)) return;
  await ends.change(tenant, (now) => (now.seq < place.seq ? place : undefined));
}

/** The chain's true end at this moment. */
export async function endOf(store: StateStore, tenant: string): Promise<AuditPlace> {
  let end = await knownEnd(store, tenant);
  for await (const { place } of linksAfter(store, tenant, end.seq)) end = place;
  return end;
}

/** Records with a number below `before` (all, if left out), newest first; those that can't be read are left out. */
export async function* newestFirst(store: StateStore, tenant: string, before?: number): AsyncIterable<AuditRecord> {
  const last = (await endOf(store, tenant)).seq;
  for (let top = Math.min(last, (before ?? last + 1) - 1); top >= 1; top -= AT_ONCE) {
    const seqs = Array.from({ length: Math.min(AT_ONCE, top) }, (_, at) => top - at);
    for (const entry of await Promise.all(seqs.map((seq) => store.get(auditKey(tenant, seq))))) {
      const record = entry === undefined ? undefined : readRecord(entry.value);
      if (record !== undefined) yield record;
    }
  }
}
