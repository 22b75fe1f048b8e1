import { hold } from "../../../handlers/work/lease.ts";
import { LEASE_MS } from "../../../handlers/work/others.ts";
import { CLOCK_SKEW_MS } from "../../../shared/ports/clock.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { StoreError } from "../../../shared/ports/store.ts";
import { LeaseLost } from "../../../shared/reconcile/journal.ts";
import { clusters } from "../../../shared/state/index.ts";
import { desk } from "../desk.ts";
import { record, step } from "../given.ts";

// Goal: a write of whoever holds a cluster costs one call, and nothing is lost for that: neither what others have written in
// between, nor one's own write whose answer never came; and a lease that is another's is given up at the next write, as ever.
const KEY = "team-a/dev";

/** A cluster that somebody holds. `calls`: what is asked of its record from now on; `lose`: the answer of the next write is lost. */
async function held() {
  const one = desk();
  await one.hold(record());
  const { store } = one.deps;
  const calls: string[] = [];
  let lost = false;
  const deps: Deps = {
    ...one.deps,
    store: {
      ...store,
      get(key) {
        if (key === `cluster/${KEY}`) calls.push("get");
        return store.get(key);
      },
      async replace(...write) {
        calls.push("replace");
        const written = await store.replace(...write);
        if (!lost) return written;
        lost = false;
        throw new StoreError("The store cannot answer: connection lost");
      },
    },
  };
  const lease = await hold(deps, KEY);
  if (lease === undefined) throw new Error("the lease is another's");
  return {
    one,
    lease,
    calls: () => calls.splice(0),
    writes: (name: string) => lease.journal.write({ [name]: step({ id: name }) }),
    status: async () => (await one.record())?.status,
    others: clusters(store),
    lose: () => {
      lost = true;
    },
  };
}

test("whoever holds it reads the record once, and each write after that is one call", async () => {
  const { lease, writes, calls, status } = await held();
  for (const name of ["a", "b", "c"]) await writes(name);
  await lease.release();
  expect(calls()).toEqual(["get", "replace", "replace", "replace", "replace", "replace"]);
  expect(await status()).toMatchObject({ steps: { a: { id: "a" }, b: { id: "b" }, c: { id: "c" } } });
  expect((await status())?.lease).toBeUndefined();
});

test("what another has written in between stays, and is known from then on", async () => {
  const { lease, writes, calls, status, others } = await held();
  await others.change(KEY, (now) => ({ ...now, status: { ...now.status, dueMs: 7 } }));
  calls();
  await writes("a");
  await writes("b");
  expect(calls()).toEqual(["replace", "get", "replace", "replace"]);
  expect(await status()).toMatchObject({ dueMs: 7, steps: { a: { id: "a" }, b: { id: "b" } } });
  expect(lease.record().status.dueMs).toBe(7);
});

test("after a write whose answer was lost the next one looks, and goes on from there", async () => {
  const { writes, calls, status, lose } = await held();
  await writes("a");
  lose();
  await expect(writes("b")).rejects.toThrow(StoreError);
  calls();
  await writes("c");
  expect(calls()).toEqual(["get", "replace"]);
  expect((await status())?.steps).toMatchObject({ a: { id: "a" }, b: { id: "b" }, c: { id: "c" } });
});

test("a lease whose end was written, and the answer lost, has ended", async () => {
  const { lease, writes, calls, status, lose } = await held();
  await writes("a");
  lose();
  await expect(lease.release()).rejects.toThrow(StoreError);
  expect((await status())?.lease).toBeUndefined();
  calls();
  await lease.release();
  expect(calls()).toEqual(["get"]);
});

test.each([
  ["a person's change of mind", (now: ReturnType<typeof record>) => ({ ...now, generation: now.generation + 1 })],
  ["a new cluster of that name", (now: ReturnType<typeof record>) => ({ ...now, id: "zzzzzz" })],
])("%s is seen by the next write, which does nothing else", async (_what, how) => {
  const { lease, writes, calls, status, others } = await held();
  await writes("a");
  await others.change(KEY, how);
  const before = await status();
  calls();
  await expect(writes("b")).rejects.toThrow(LeaseLost);
  expect(calls()).toEqual(["replace", "get"]);
  expect(await status()).toEqual(before);
  // Nor does the next: what is there now is not ours.
  await expect(writes("c")).rejects.toThrow(LeaseLost);
  expect(calls()).toEqual(["get"]);
  expect(lease.record().status.steps).not.toHaveProperty("b");
});

test("whoever has lost it to another leaves all that is the other's", async () => {
  const { one, lease, writes, calls, status } = await held();
  one.clock.pass(LEASE_MS + CLOCK_SKEW_MS);
  const other = await hold(one.deps, KEY);
  await other?.journal.write({ subnet: step({ id: "other" }) });
  const before = await status();
  calls();
  await expect(writes("late")).rejects.toThrow(LeaseLost);
  await lease.release();
  expect(calls()).toEqual(["replace", "get", "get"]);
  expect(await status()).toEqual(before);
});

test("of a record that has gone nothing comes back", async () => {
  const { lease, writes, others } = await held();
  await others.remove(KEY, () => true);
  await expect(writes("a")).rejects.toThrow(LeaseLost);
  await lease.release();
  expect(await others.get(KEY)).toBeUndefined();
});
