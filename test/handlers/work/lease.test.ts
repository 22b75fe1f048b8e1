import { hold, LEASE_MS } from "../../../handlers/work/lease.ts";
import { LeaseLost } from "../../../shared/reconcile/journal.ts";
import { clusters } from "../../../shared/state/index.ts";
import { type Desk, desk } from "../desk.ts";
import { NOW_MS, record, step } from "../given.ts";

// Goal: one works on a cluster at a time, for as long as it lives and no longer; whoever lost the lease writes nothing more.
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

test("a dead worker's lease ends by itself, to the millisecond", async () => {
  const one = await there();
  await taken(one);
  one.clock.pass(LEASE_MS - 1);
  expect(await hold(one.deps, KEY)).toBeUndefined();
  one.clock.pass(1);
  await taken(one);
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
  one.clock.pass(LEASE_MS);
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
