import { CLOCK_SKEW_MS, type Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { StateStore } from "../ports/store.ts";

/** Further apart than that one of the two is wrong, and nobody knows which. */
const APART_MS_MAX = 120_000;
/** Two clocks that are so near the store's are left alone. */
const NEAR_MS = 500;
/** An answer that took longer says too little. */
const ROUND_MS_MAX = 1000;
/** What is left between two that follow the same store: half a round of each, and what they drift until they look again. */
const LEFT_MS = 5000;
/** How long a look is good for. */
const FRESH_MS = 300_000;
/** A clock that goes on by so much more or less than time passes was set, or its machine was asleep. */
const STEP_MS = 2000;

export interface StoreClock extends Clock {
  skewMs(): number;
  /** From now on it goes by this store's server, where that has a clock; `alone`: all who share it are on one machine. */
  follow(store: StateStore, alone: boolean): void;
  /** A look at the server's clock. StoreError when it does not answer; until it does, clocks may be as far apart as ever. */
  keepTime(log: Log): Promise<void>;
}

/**
 * The time as all have it who share a store. Each machine's own clock goes on between two looks at the server's; `steadyMs`
 * is one that nobody can set.
 */
export function storeClock(own: Clock, steadyMs: () => number = () => performance.now()): StoreClock {
  let ask: (() => Promise<number>) | undefined;
  let isAlone = false;
  let aheadMs = 0;
  let looked: { readonly ownMs: number; readonly steadyMs: number } | undefined;
  return {
    nowMs: () => own.nowMs() + aheadMs,
    wait: (ms, signal) => own.wait(ms, signal),
    skewMs() {
      if (isAlone) return 0;
      if (looked === undefined) return CLOCK_SKEW_MS;
      const passedMs = steadyMs() - looked.steadyMs;
      const isSet = Math.abs(own.nowMs() - looked.ownMs - passedMs) > STEP_MS;
      return isSet || passedMs > FRESH_MS ? CLOCK_SKEW_MS : LEFT_MS;
    },
    follow(store, alone) {
      ask = store.clockMs;
      isAlone = alone;
    },
    async keepTime(log) {
      if (ask === undefined) return;
      const begunMs = own.nowMs();
      const theirMs = await ask();
      const endedMs = own.nowMs();
      if (endedMs < begunMs || endedMs - begunMs > ROUND_MS_MAX) return;
      const apartMs = Math.round(theirMs - (begunMs + endedMs) / 2);
      const isWrong = Math.abs(apartMs) > APART_MS_MAX;
      if (isWrong) log.warn("clock.apart", { store: true, seconds: Math.round(apartMs / 1000) });
      aheadMs = isWrong || Math.abs(apartMs) < NEAR_MS ? 0 : apartMs;
      looked = isWrong ? undefined : { ownMs: endedMs, steadyMs: steadyMs() };
    },
  };
}
