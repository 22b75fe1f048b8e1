import { memoryStore } from "../../../shared/adapters/memory-store.ts";
import { storeClock } from "../../../shared/adapters/store-clock.ts";
import { CLOCK_SKEW_MS } from "../../../shared/ports/clock.ts";
import { StoreError } from "../../../shared/ports/store.ts";

// Goal: processes on several machines go by the clock of the store that they share, and know how far they may be off: a little
// after a look at it, a minute without one, after the own clock was set, and when one of the two is plainly wrong.
const LEFT_MS = 5000;

/** A machine whose clock is so far ahead of the store's, and where a look takes so long. */
function machine({ aheadMs = 0, roundMs = 10 } = {}) {
  let trueMs = 1_000_000_000;
  let ahead = aheadMs;
  const warned: unknown[] = [];
  const quiet = () => undefined;
  const log = {
    info: quiet,
    warn: (event: string, fields: object = {}) => void warned.push([event, fields]),
    error: quiet,
  };
  let isAway = false;
  const store = {
    ...memoryStore(() => trueMs),
    async clockMs() {
      if (isAway) throw new StoreError("The store cannot answer");
      trueMs += roundMs / 2;
      const told = trueMs;
      trueMs += roundMs / 2;
      return told;
    },
  };
  const own = { nowMs: () => trueMs + ahead, wait: async () => undefined };
  const clock = storeClock(own, () => trueMs);
  clock.follow(store, false);
  return {
    clock,
    warned,
    look: () => clock.keepTime(log),
    offBy: () => clock.nowMs() - trueMs,
    pass: (ms: number) => {
      trueMs += ms;
    },
    set: (ms: number) => {
      ahead = ms;
    },
    away: (is: boolean) => {
      isAway = is;
    },
  };
}

test.each([60_000, -60_000, 119_000])("a clock that is %i ms ahead goes by the store's", async (aheadMs) => {
  const one = machine({ aheadMs });
  expect([one.offBy(), one.clock.skewMs()]).toEqual([aheadMs, CLOCK_SKEW_MS]);
  await one.look();
  expect([one.offBy(), one.clock.skewMs(), one.warned]).toEqual([0, LEFT_MS, []]);
});

test("one that is near enough is left alone, and known to be", async () => {
  const one = machine({ aheadMs: 499 });
  await one.look();
  expect([one.offBy(), one.clock.skewMs()]).toEqual([499, LEFT_MS]);
});

test("one of two that are far apart is wrong: neither is believed, and whoever runs it is told", async () => {
  const one = machine({ aheadMs: 600_000 });
  await one.look();
  expect([one.offBy(), one.clock.skewMs()]).toEqual([600_000, CLOCK_SKEW_MS]);
  expect(one.warned).toEqual([["clock.apart", { store: true, seconds: -600 }]]);
});

test("a look that takes long teaches nothing, and one is good for five minutes", async () => {
  const slow = machine({ aheadMs: 60_000, roundMs: 1001 });
  await slow.look();
  expect([slow.offBy(), slow.clock.skewMs()]).toEqual([60_000, CLOCK_SKEW_MS]);
  const one = machine();
  await one.look();
  one.away(true);
  await expect(one.look()).rejects.toThrow(StoreError);
  one.pass(300_000);
  expect(one.clock.skewMs()).toBe(LEFT_MS);
  one.pass(1);
  expect(one.clock.skewMs()).toBe(CLOCK_SKEW_MS);
});

test("a clock that somebody sets is doubted at once, and follows with the next look", async () => {
  const one = machine();
  await one.look();
  one.set(40_000);
  expect(one.clock.skewMs()).toBe(CLOCK_SKEW_MS);
  await one.look();
  expect([one.offBy(), one.clock.skewMs()]).toEqual([0, LEFT_MS]);
});

test("where all are on one machine there is nothing to follow", async () => {
  const one = machine({ aheadMs: 60_000 });
  one.clock.follow(
    memoryStore(() => 0),
    true,
  );
  await one.look();
  expect([one.offBy(), one.clock.skewMs()]).toEqual([60_000, 0]);
});
