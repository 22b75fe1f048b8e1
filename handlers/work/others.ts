import { CLOCK_SKEW_MS } from "../../shared/ports/clock.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { StateStore } from "../../shared/ports/store.ts";

// What another process has written is of another clock. A lease's end and an intent's begin are therefore believed only as far as
// two clocks can be apart; what this process has seen or written itself is measured by its own clock alone.

/** How long a cluster stands still after the process that worked on it has died. */
export const LEASE_MS = 30_000;
const INTENTS_MAX = 10_000;

interface Lease {
  readonly holder: string;
  readonly untilMs: number;
}

export const skewOf = ({ clock }: Pick<Deps, "clock">): number => clock.skewMs?.() ?? CLOCK_SKEW_MS;

/** Another's lease, as this process saw it first. */
interface Sight {
  readonly lease: Lease;
  readonly sinceMs: number;
}

interface Memory {
  /** By the cluster's key. */
  readonly sights: Map<string, Sight>;
  /** Intents that this process has written. */
  readonly intents: Set<string>;
}

const memories = new WeakMap<StateStore, Memory>();

/** What this process knows of those with whom it shares this store. */
function memoryOf(store: StateStore): Memory {
  const memory = memories.get(store) ?? { sights: new Map(), intents: new Set() };
  memories.set(store, memory);
  return memory;
}

type Looking = Pick<Deps, "store" | "clock" | "log">;

/**
 * Whether the lease has ended: nobody has renewed it for as long as it lasts while this process looked on, or it has ended by
 * any clock. A process that is new, as functions often are, knows only the second.
 */
export function isOver(deps: Looking, key: string, lease: Lease): boolean {
  const { sights } = memoryOf(deps.store);
  const now = deps.clock.nowMs();
  const skew = skewOf(deps);
  if (lease.untilMs + skew <= now) return true;
  const seen = sights.get(key);
  if (seen?.lease.holder === lease.holder && seen.lease.untilMs === lease.untilMs)
    return now - seen.sinceMs >= LEASE_MS;
  sights.set(key, { lease, sinceMs: now });
  const aheadMs = lease.untilMs - LEASE_MS - now;
  if (aheadMs > skew) deps.log.warn("clock.apart", { cluster: key, seconds: Math.round(aheadMs / 1000) });
  return false;
}

/** It is this process's own now, or nobody's. */
export const forgetLease = ({ store }: Pick<Deps, "store">, key: string): void =>
  void memoryOf(store).sights.delete(key);

const intentOf = (cluster: string, step: string, intendedMs: number): string => `${cluster}/${step}/${intendedMs}`;

export function rememberIntent({ store }: Pick<Deps, "store">, cluster: string, step: string, atMs: number): void {
  const { intents } = memoryOf(store);
  if (intents.size >= INTENTS_MAX) intents.delete(intents.values().next().value ?? "");
  intents.add(intentOf(cluster, step, atMs));
}

/** By how much the time of an intent may be wrong for this process. */
export const doubtOf = (deps: Looking, cluster: string, step: string, atMs: number): number =>
  memoryOf(deps.store).intents.has(intentOf(cluster, step, atMs)) ? 0 : skewOf(deps);
