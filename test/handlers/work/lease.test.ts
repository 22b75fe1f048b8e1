import { hold } from "../../../handlers/work/lease.ts";
import { LEASE_MS } from "../../../handlers/work/others.ts";
import { CLOCK_SKEW_MS } from "../../../shared/ports/clock.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { LeaseLost } from "../../../shared/reconcile/journal.ts";
import { clusters } from "../../../shared/state/index.ts";
import { type Desk, desk } from "../desk.ts";
import { NOW_MS, record, step } from "../given.ts";

// Goal: one works on a cluster at a time, for as long as it lives and no longer; whoever lost the lease writes nothing more. What
// the clocks of two processes say of each other is believed only as far as they can be apart.
const KEY = "team-a/dev";

async function there(): Promise<Desk> {
  const one = desk();
  await one.hold(record());
  return one;
}

async function taken(one: Desk) {
  const held = await hold(one.deps, KEY);
  if (held === undefined) throw new Error("the lease is another's");
  return held;
}

const leaseOf = async (one: Desk) => (await one.record())?.status.lease;

test("a second worker finds it held, and may have it once it was given back", async () => {
  const one = await there();
  const held = await taken(one);
  expect(await leaseOf(one)).toMatchObject({ untilMs: NOW_MS + LEASE_MS });
  expect(await hold(one.deps, KEY)).toBeUndefined();
  await held.release();
  expect(await leaseOf(one)).toBeUndefined();
  await taken(one);
});

/** Another process on the same store, whose clock is so far ahead of the first one's. */
const another = ({ deps }: Desk, aheadMs = 0): Deps => ({
  ...deps,
  store: { ...deps.store },
  clock: { ...deps.clock, nowMs: () => deps.clock.nowMs() + aheadMs },
});

test.each([
  [0, 5000 + LEASE_MS],
  [-CLOCK_SKEW_MS, 5000 + LEASE_MS],
  // By this clock it has ended by any clock a little sooner.
  [CLOCK_SKEW_MS, LEASE_MS],
])("a clock that is %i ms ahead sees a dead worker's lease after 5 s, and has it after %i ms", async (aheadMs, endMs) => {
  const one = await there();
  await taken(one);
  const other = another(one, aheadMs);
  one.clock.pass(5000);
  expect(await hold(other, KEY)).toBeUndefined();
  one.clock.pass(endMs - 5000 - 1);
  expect(await hold(other, KEY)).toBeUndefined();
  one.clock.pass(1);
  expect(await hold(other, KEY)).toBeDefined();
});

test("whoever remembers nothing has it when it has ended by any clock, to the millisecond", async () => {
  const one = await there();
  await taken(one);
  one.clock.pass(LEASE_MS + CLOCK_SKEW_MS - 1);
  expect(await hold(another(one), KEY)).toBeUndefined();
  one.clock.pass(1);
  expect(await hold(another(one), KEY)).toBeDefined();
});

test("where all share one machine's clock it ends by that, to the millisecond", async () => {
  const one = await there();
  await taken(one);
  const neighbour = () => {
    const deps = another(one);
    return { ...deps, clock: { ...deps.clock, skewMs: () => 0 } };
  };
  one.clock.pass(LEASE_MS - 1);
  expect(await hold(neighbour(), KEY)).toBeUndefined();
  one.clock.pass(1);
  expect(await hold(neighbour(), KEY)).toBeDefined();
});

test("a worker that lives keeps its lease before a clock that is a minute ahead, however often that looks", async () => {
  const one = await there();
  const held = await taken(one);
  const ahead = another(one, CLOCK_SKEW_MS);
  for (let left = 6; left > 0; left -= 1) {
    expect(await hold(ahead, KEY)).toBeUndefined();
    one.clock.pass(LEASE_MS - 1);
    await held.journal.write({ network: step({ word: `${left} left` }) });
  }
});

test("clocks that are further apart are told to whoever runs it", async () => {
  const one = await there();
  await hold(another(one, 90_000), KEY);
  expect(await hold(one.deps, KEY)).toBeUndefined();
  expect(one.logged).toEqual([{ event: "clock.apart", fields: { cluster: KEY, seconds: 90 } }]);
});

test("an intent of another's clock is doubted for as long as that may be ahead; one's own is not", async () => {
  const one = await there();
  const held = await taken(one);
  await held.journal.write({ "port/a": { state: "intended", facts: {}, recreated: false, intendedMs: NOW_MS } });
  expect(held.journal.doubtMs?.("port/a")).toBe(0);
  await held.release();
  const other = await hold(another(one), KEY);
  expect(other?.journal.doubtMs?.("port/a")).toBe(CLOCK_SKEW_MS);
  await other?.release();
  expect((await taken(one)).journal.doubtMs?.("port/a")).toBe(0);
});

test("every write makes the lease last longer, so a long pass keeps it", async () => {
  const one = await there();
  const held = await taken(one);
  for (let left = 3; left > 0; left -= 1) {
    one.clock.pass(LEASE_MS - 1000);
    await held.journal.write({ network: step({ word: `${left} left` }) });
  }
  expect(await hold(one.deps, KEY)).toBeUndefined();
});

test("a worker that stalled past its lease writes nothing, and leaves its successor the lease", async () => {
  const one = await there();
  const stalled = await taken(one);
  one.clock.pass(LEASE_MS + CLOCK_SKEW_MS);
  const successor = await taken(one);
  await successor.journal.write({ network: step({ id: "successor" }) });
  await expect(stalled.journal.write({ network: step({ id: "stalled" }) })).rejects.toThrow(LeaseLost);
  const lease = await leaseOf(one);
  await stalled.release();
  expect(await leaseOf(one)).toEqual(lease);
  expect((await one.record())?.status.steps["network"]?.id).toBe("successor");
});

test("a pass ends when people have changed their mind meanwhile", async () => {
  const one = await there();
  const held = await taken(one);
  await clusters(one.deps.store).change(KEY, (now) => ({ ...now, wish: "absent", generation: now.generation + 1 }));
  await expect(held.journal.write({ network: step({ id: "late" }) })).rejects.toThrow(LeaseLost);
  expect((await one.record())?.status.steps["network"]?.id).toBe("5f0c");
});

test("writes of one pass that come at the same moment are all kept", async () => {
  const one = await there();
  const held = await taken(one);
  await Promise.all(["a", "b", "c"].map((name) => held.journal.write({ [`port/${name}`]: step({ id: name }) })));
  expect(["a", "b", "c"].map((name) => held.journal.step(`port/${name}`)?.id)).toEqual(["a", "b", "c"]);
  expect(Object.keys((await one.record())?.status.steps ?? {})).toEqual(expect.arrayContaining(["port/a", "port/c"]));
});

test("of a cluster that is gone there is nothing to hold", async () => {
  expect(await hold(desk().deps, KEY)).toBeUndefined();
});
