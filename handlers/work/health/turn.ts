import type { Alert } from "../../../shared/state/alerts.ts";
import type { Finding } from "./finding.ts";

/** What may pass by itself has lasted from one pass to the next. */
const SOFT_MS = 20_000;
/** What comes back within this is the same trouble again: one message, and its thread. */
export const AGAIN_MS = 3_600_000;

type Place = Pick<Alert, "tenant" | "cluster">;

const fresh = (place: Place, { about, symptom, facts, mends }: Finding, nowMs: number): Alert => ({
  schema: 1,
  ...place,
  ...{ about, symptom, facts, mends },
  state: "suspected",
  ...{ sinceMs: nowMs, seenMs: nowMs },
  openedMs: [],
  tries: 0,
  moot: false,
  threaded: 0,
});

/** Nobody has it in hand any more. */
function loose({ by: _by, untilMs: _until, ...rest }: Alert): Alert {
  return rest;
}

function opened(alert: Alert, seenMs: number, nowMs: number): Alert {
  const openedMs = [...alert.openedMs.filter((ms) => nowMs - ms < AGAIN_MS), nowMs];
  const threaded = openedMs.length < alert.threaded ? 0 : alert.threaded;
  return { ...loose(alert), state: "open", sinceMs: nowMs, seenMs, openedMs, threaded, tries: 0, moot: false };
}

/** It is so. */
function present(before: Alert, finding: Finding, nowMs: number): Alert {
  const { symptom, facts, mends } = finding;
  const now = { ...before, symptom, facts, mends };
  switch (before.state) {
    case "suspected":
      return finding.soft === true && nowMs - before.seenMs < SOFT_MS ? now : opened(now, before.seenMs, nowMs);
    case "recovered":
      return opened(now, nowMs, nowMs);
    case "snoozed":
      // `untilMs` stays until its thread has told that it is still so.
      return (before.untilMs ?? 0) <= nowMs ? { ...now, state: "open", sinceMs: nowMs } : now;
    case "open":
    case "acknowledged":
      return now;
  }
}

/**
 * What becomes of an alert when a pass has looked: pure, so that it can be worked out again for every try to write it.
 * Undefined: there is none (any more).
 */
export function turn(
  before: Alert | undefined,
  finding: Finding | undefined,
  at: Place & { readonly nowMs: number; readonly moot?: boolean },
): Alert | undefined {
  const { tenant, cluster, nowMs, moot = false } = at;
  if (finding !== undefined) {
    const place = { tenant, ...(cluster === undefined ? {} : { cluster }) };
    const known = before ?? fresh(place, finding, nowMs);
    if (before === undefined && finding.soft === true) return known;
    return present(known, finding, nowMs);
  }
  if (before === undefined || before.state === "suspected") return undefined;
  if (before.state !== "recovered") return { ...loose(before), state: "recovered", sinceMs: nowMs, moot };
  return nowMs - before.sinceMs < AGAIN_MS && !moot ? before : undefined;
}

export const isAlive = ({ state }: Alert): boolean => state !== "suspected" && state !== "recovered";
