import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { type Timings, timingsOf } from "../../shared/state/index.ts";
import { kindOf } from "../views/words.ts";

const KEPT = 15;
const POLL_SECONDS_MAX = 15;
/** While an operation takes no longer than usual, it is looked at about this often in all. */
const LOOKS = 12;
/** The same from when a look is worth while, of what takes long: that is what all else waits for in the end. */
const NEAR_LOOKS = 20;
const NEAR_SECONDS_MIN = 0.5;
const LONG_SECONDS = 5;
/** Of what a delete usually takes in all this part passes before anything can be its last step. */
const LEAVING_VAIN = 0.6;
/** Of the median of a kind's creates this part is not looked at: an ERROR that comes earlier is seen a little later. */
const VAIN = 0.8;
const VAIN_SECONDS_MAX = 10;
/** People see that it is alive. */
const WAIT_SECONDS_MAX = 5;
const KIND = "kind/";

/** Operations of one size take about as long as each other on one cloud: `create/3` is a create with three servers. */
function operationOf({ wish, spec }: ClusterRecord): string {
  return `${wish === "present" ? "create" : "delete"}/${spec.controlPlane.count + spec.workers.count}`;
}

/** How fast this tenant's cloud is, as far as it was seen. */
export interface Pace {
  /** The median of what this operation took lately, in seconds; undefined: never seen. */
  readonly usual: number | undefined;
  /** The median of the seconds from a resource's create until it could be used, by kind. */
  readonly kinds: ReadonlyMap<string, number>;
}

export const UNKNOWN: Pace = { usual: undefined, kinds: new Map() };

const median = (took: readonly number[]): number | undefined =>
  took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)];

export async function paceOf(deps: Pick<Deps, "store">, record: ClusterRecord): Promise<Pace> {
  const { took = {} } = (await timingsOf(deps.store).get(record.tenant)) ?? {};
  const kinds = Object.entries(took).flatMap(([what, seconds]) => {
    const usual = median(seconds);
    return usual === undefined || !what.startsWith(KIND) ? [] : [[what.slice(KIND.length), usual] as const];
  });
  return { usual: median(took[operationOf(record)] ?? []), kinds: new Map(kinds) };
}

const vain = (usual: number): number => Math.min(VAIN_SECONDS_MAX, usual * VAIN);

/** By kind: the seconds after its create in which a look is in vain. */
export const vainSeconds = ({ kinds }: Pace): ReadonlyMap<string, number> =>
  new Map([...kinds].map(([kind, usual]) => [kind, vain(usual)]));

/** What each kind of resource took in this create, its fastest, in seconds. What was there at once teaches nothing. */
function kindSeconds({ status }: ClusterRecord): Readonly<Record<string, number>> {
  const took: Record<string, number> = {};
  for (const [step, { intendedMs, readyMs }] of Object.entries(status.steps)) {
    const seconds = ((readyMs ?? 0) - (intendedMs ?? 0)) / 1000;
    if (intendedMs === undefined || readyMs === undefined || seconds < 1) continue;
    const what = KIND + kindOf(step);
    took[what] = Math.min(took[what] ?? Number.POSITIVE_INFINITY, seconds);
  }
  return took;
}

/** Keeps how long an operation took. One that stumbled says nothing about the next, so it is left out. */
export async function remember(deps: Pick<Deps, "store">, record: ClusterRecord): Promise<void> {
  const { startedMs, finishedMs, failures } = record.status;
  if (finishedMs === undefined || failures.length > 0 || record.status.doing !== undefined) return;
  const took = {
    [operationOf(record)]: (finishedMs - startedMs) / 1000,
    ...(record.wish === "present" ? kindSeconds(record) : {}),
  };
  const all = timingsOf(deps.store);
  const added = (now: Timings) => ({
    schema: 2 as const,
    took: {
      ...now,
      ...Object.fromEntries(Object.entries(took).map(([what, s]) => [what, [s, ...(now[what] ?? [])].slice(0, KEPT)])),
    },
  });
  if (await all.add(record.tenant, added({}))) return;
  await all.change(record.tenant, (now) => added(now.took));
}

const within = (seconds: number, least = 1): number => Math.min(POLL_SECONDS_MAX, Math.max(least, seconds));

/**
 * How long it may wait until the next look. Fast while people wait for seconds; slower the longer it takes, because then nobody
 * waits for a second. When something has just moved, what comes next may be due at once, however long it took until then.
 */
function pollSeconds(elapsedSeconds: number, stillSeconds: number, usual: number | undefined): number {
  const late = Math.min(elapsedSeconds / 10, stillSeconds / 2);
  return within(usual !== undefined && elapsedSeconds < usual ? usual / LOOKS : late);
}

/** The same where it is known how long each step under way, or a whole delete, takes here: a part of that is not noticed. */
export function lookSeconds(record: ClusterRecord, on: readonly string[], nowMs: number, pace: Pace): number {
  const { startedMs, movedMs, steps } = record.status;
  const elapsed = (nowMs - startedMs) / 1000;
  const leaving = record.wish === "absent" ? untilNear(elapsed, pace.usual, LEAVING_VAIN) : undefined;
  if (leaving !== undefined) return within(leaving, NEAR_SECONDS_MIN);
  const still = (nowMs - Math.max(startedMs, movedMs ?? 0)) / 1000;
  const moving = on.filter((step) => steps[step]?.state === "pending" && steps[step].intendedMs !== undefined);
  const known = moving.map((step) =>
    untilLook((nowMs - (steps[step]?.intendedMs ?? 0)) / 1000, pace.kinds.get(kindOf(step))),
  );
  const usually = pollSeconds(elapsed, still, pace.usual);
  if (moving.length === 0) return usually;
  return within(Math.min(...known.map((seconds) => seconds ?? usually)), NEAR_SECONDS_MIN);
}

/** Undefined: nobody can tell, or it is late already. What is a little late may be as much later again. */
function untilNear(age: number, usual: number | undefined, vainPart: number): number | undefined {
  if (usual === undefined || age > usual * 2) return undefined;
  const early = usual * vainPart - age;
  if (early > 0) return Math.min(WAIT_SECONDS_MAX, early);
  return Math.max(usual < LONG_SECONDS ? 1 : 0, usual / NEAR_LOOKS, (age - usual) / 3);
}

function untilLook(age: number, usual: number | undefined): number | undefined {
  const part = usual === undefined || usual === 0 ? VAIN : vain(usual) / usual;
  return untilNear(age, usual, part);
}
