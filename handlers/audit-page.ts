import type { Deps } from "../shared/ports/deps.ts";
import type { SlackMessage } from "../shared/ports/slack.ts";
import { type AuditRecord, hashOfRecord, newestFirst } from "../shared/state/audit.ts";
import { AUDIT_PAGE, auditMessage } from "./views/audit.ts";

/** An answer within Slack's time looks no further; the button below it goes on from there. */
const LOOKED_MAX = 500;
/** Records stand in the order of their writing: what they tell may be this much older than the record before. */
const LATE_MS = 3_600_000;

export interface AuditQuestion {
  readonly name?: string;
  readonly sinceMs?: number;
  /** Number of a record: only those before it. */
  readonly before?: number;
}

const VALUE = /^([a-z0-9-]{0,30}):(\d{0,15}):(\d{1,12})$/;

/** The value of the button below a page; undefined: of another version. */
export function readOlder(value: string): AuditQuestion | undefined {
  const [, name = "", sinceMs = "", before] = VALUE.exec(value) ?? [];
  if (before === undefined) return undefined;
  return {
    before: Number(before),
    ...(name === "" ? {} : { name }),
    ...(sinceMs === "" ? {} : { sinceMs: Number(sinceMs) }),
  };
}

/** One page of a tenant's audit log, newest first. */
export async function auditPage(
  deps: Pick<Deps, "store">,
  tenant: string,
  question: AuditQuestion,
): Promise<SlackMessage> {
  const { before, ...asked } = question;
  const { name, sinceMs } = asked;
  const records: AuditRecord[] = [];
  let looked = 0;
  let last: number | undefined;
  for await (const record of newestFirst(deps.store, tenant, before)) {
    if (sinceMs !== undefined && record.atMs < sinceMs - LATE_MS) break;
    if (records.length === AUDIT_PAGE || looked === LOOKED_MAX) {
      last = record.seq + 1;
      break;
    }
    looked += 1;
    const meant = name === undefined || record.cluster.name === name;
    if (meant && (sinceMs === undefined || record.atMs >= sinceMs)) records.push(record);
  }
  const tampered = new Set(records.filter((one) => hashOfRecord(one) !== one.hash).map(({ seq }) => seq));
  return auditMessage({ tenant, ...asked, records, tampered, ...(last === undefined ? {} : { before: last }) });
}
