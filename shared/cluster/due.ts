import { loginsEndMs } from "./logins-end.ts";
import type { ClusterRecord } from "./record.ts";
import type { Request } from "./request.ts";

/** How long before its logins end a cluster gets new ones by itself. */
const BEFORE_MS = 30 * 86_400_000;
/** A name without its request was taken by a process that has died. */
export const ORPHAN_MS = 60_000;

export const isReady = ({ wish, status }: ClusterRecord): boolean => wish === "present" && status.phase === "ready";

const renewalMs = (record: ClusterRecord): number | undefined => {
  const { createdMs, renewals } = record;
  return isReady(record)
    ? loginsEndMs({ createdMs, ...(renewals === undefined ? {} : { renewals }) }) - BEFORE_MS
    : undefined;
};

export const needsRenewal = (record: ClusterRecord, nowMs: number): boolean =>
  (renewalMs(record) ?? Number.POSITIVE_INFINITY) < nowMs;

/** From when on the sweep has something to do for a cluster: milliseconds. Undefined: never. */
export function dueOf(record: ClusterRecord): number | undefined {
  const { phase, dueMs, finishedMs } = record.status;
  // Whether its request still waits is in the request.
  if (phase === "requested") return record.createdMs + ORPHAN_MS;
  // Of a delete that has ended the record is still to go.
  const ends = record.wish === "present" ? record.expiresMs : finishedMs;
  return earliest(dueMs, ends, renewalMs(record));
}

/** The same of a request. */
export const dueOfRequest = ({ dueMs }: Request): number | undefined => dueMs;

/** Whether somebody may still decide. */
export const isOpen = ({ state, dryRun }: Request): boolean => !dryRun && (state === "planning" || state === "waiting");

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
