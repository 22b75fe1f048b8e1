import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Pass } from "../../shared/reconcile/converge.ts";
import { stillMs } from "./conclude.ts";
import type { Pace } from "./pace.ts";

/** A create that takes this many times the median has been forgotten. */
const TIMES = 10;
const PATIENCE_MS_MIN = 5 * 60_000;
/** Where nothing is known of this cloud: bare metal takes that long. Less than what stands still is waited for in all. */
const PATIENCE_MS_UNKNOWN = 25 * 60_000;
/** What is leaving is told so again each time that it has stood still for so long, */
const AGAIN_MS = 5 * 60_000;
/** in the passes of this time: two of them, as far apart as they may be then, so that one is never missed. */
const AGAIN_WITHIN_MS = 30_000;

/** A person's Retry makes a record due in the moment from which it stands still. */
const isAsked = ({ status: { dueMs, movedMs } }: ClusterRecord): boolean => movedMs !== undefined && movedMs === dueMs;

/** When a pass gives up what its service seems to have forgotten. */
export function patience(
  record: ClusterRecord,
  { kinds }: Pace,
  nowMs: number,
): Required<Pick<Pass, "patienceMs" | "again">> {
  const still = stillMs(record, nowMs);
  return {
    patienceMs(kind) {
      const usual = kinds.get(kind);
      return usual === undefined ? PATIENCE_MS_UNKNOWN : Math.max(PATIENCE_MS_MIN, TIMES * usual * 1000);
    },
    again: isAsked(record) || (still >= AGAIN_MS && still % AGAIN_MS < AGAIN_WITHIN_MS),
  };
}
