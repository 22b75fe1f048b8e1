import { stayAlive } from "../../../handlers/work/alive.ts";
import { hold } from "../../../handlers/work/lease.ts";
import { LEASE_MS } from "../../../handlers/work/others.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { LeaseLost } from "../../../shared/reconcile/journal.ts";
import { BEAT_MS, DEAD_MS } from "../../../shared/state/processes.ts";
import { type Desk, desk } from "../desk.ts";
import { record, step } from "../given.ts";

// Goal: nobody waits for what a dead process has held; whoever lives keeps it, whatever its clock says; and where nobody can know
// who is dead, a lease lasts as long as ever.
const KEY = "team-a/dev";

let one: Desk;
beforeEach(async () => {
  one = desk();
  await one.hold(record());
});

/** A process on the same store, whose server has a clock; its own is so far ahead of that. */
function process({ deps }: Desk, aheadMs = 0): Deps {
  const clockMs = async () => deps.clock.nowMs();
  const clock = { ...deps.clock, nowMs: () => deps.clock.nowMs() + aheadMs, skewMs: () => 5000 };
  return { ...deps, store: { ...deps.store, clockMs }, clock };
}

const held = async (deps: Deps) => (await hold(deps, KEY)) !== undefined;

/** Time passes, and those who live say so. */
async function pass(ms: number, ...living: readonly Deps[]): Promise<void> {
  for (let left = ms; left > 0; left -= BEAT_MS) {
    one.clock.pass(Math.min(BEAT_MS, left));
    for (const deps of living) await stayAlive(deps);
  }
}

test.each([
  0, 4000, -4000,
])("what a dead process held is another's as soon as that is known (clock %i ms ahead)", async (aheadMs) => {
  const [dying, other] = [process(one), process(one, aheadMs)];
  await stayAlive(dying);
  expect(await held(dying)).toBe(true);
  await pass(DEAD_MS - 1, other);
  expect(await held(other)).toBe(false);
  await pass(1001, other);
  expect(await held(other)).toBe(true);
});

test("a process that lives keeps what it holds for as long as a lease lasts, however often others look", async () => {
  const [working, other] = [process(one), process(one, 4000)];
  await stayAlive(working);
  const mine = await hold(working, KEY);
  for (let left = 4; left > 0; left -= 1) {
    await pass(LEASE_MS - BEAT_MS, working, other);
    expect(await held(other)).toBe(false);
    await mine?.journal.write({ network: step({ word: `${left} left` }) });
  }
});

test("who only stalled finds that it has lost what it held, and its successor goes on", async () => {
  const [stalled, other] = [process(one), process(one)];
  await stayAlive(stalled);
  const lost = await hold(stalled, KEY);
  await pass(DEAD_MS, other);
  const successor = await hold(other, KEY);
  await stayAlive(stalled);
  await expect(lost?.journal.write({ network: step({ id: "stalled" }) })).rejects.toThrow(LeaseLost);
  await successor?.journal.write({ network: step({ id: "successor" }) });
  await lost?.release();
  expect(await held(stalled)).toBe(false);
  expect((await one.record())?.status.steps["network"]?.id).toBe("successor");
});

test("whose last word is old holds as if it had said none", async () => {
  const [silent, other] = [process(one), process(one)];
  await stayAlive(silent);
  await pass(DEAD_MS - BEAT_MS);
  expect(await held(silent)).toBe(true);
  await pass(DEAD_MS, other);
  expect(await held(other)).toBe(false);
});

test("a store whose clock nobody can ask has no dead, but where all are on one machine", async () => {
  const apart: Deps = { ...one.deps, store: { ...one.deps.store } };
  await stayAlive(apart);
  expect(await held(apart)).toBe(true);
  one.clock.pass(DEAD_MS);
  expect(await held({ ...one.deps, store: { ...one.deps.store } })).toBe(false);
  one.clock.pass(LEASE_MS + 60_000);
  const alone = (): Deps => ({
    ...one.deps,
    store: { ...one.deps.store },
    clock: { ...one.deps.clock, skewMs: () => 0 },
  });
  const here = alone();
  await stayAlive(here);
  expect(await held(here)).toBe(true);
  one.clock.pass(DEAD_MS);
  expect(await held(alone())).toBe(true);
});
