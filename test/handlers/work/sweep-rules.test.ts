import { sweep } from "../../../handlers/work/sweep.ts";
import { clusterKey, graveKey, graves } from "../../../shared/state/index.ts";
import { desk } from "../desk.ts";
import { call, NOW_MS, record, request, spec } from "../given.ts";

// Goal: what a sweep does to each record and request, and what it leaves alone.
const DAY_MS = 86_400_000;
const named = (name: string, ...[over, status]: Parameters<typeof record>) =>
  record({ spec: spec({ name }), ...over }, status);

test("the end of a time to live begins a delete of which nothing is old", async () => {
  const one = desk();
  const left = {
    ...{ blocked: call(), failures: [call()], setbacks: 3, told: true },
    ...{ lease: { holder: "worker", untilMs: NOW_MS + 30_000 }, doing: "renew" as const },
  };
  const old = record({ expiresMs: NOW_MS }, left);
  await one.hold(old);
  await sweep(one.deps);
  const { finishedMs: _f, blocked: _b, lease: _l, doing: _d, ...status } = old.status;
  const begun = { phase: "deleting", startedMs: NOW_MS, dueMs: NOW_MS, failures: [], setbacks: 0, told: false };
  expect(await one.record()).toEqual({ ...old, wish: "absent", generation: 3, status: { ...status, ...begun } });
  expect(one.queued()).toEqual([{ is: "reconcile", cluster: "team-a/dev" }]);
});

test("a cluster that is going already does not begin to go again", async () => {
  const one = desk();
  const going = record({ expiresMs: NOW_MS, wish: "absent" }, { phase: "blocked", blocked: call() });
  await one.hold(going);
  await sweep(one.deps);
  expect(await one.record()).toEqual(going);
  expect(one.queued()).toEqual([]);
});

test("logins are renewed in the name of whoever asked for the cluster, when a month is left", async () => {
  const one = desk();
  const old = named("old", { createdMs: NOW_MS - 335 * DAY_MS - 1, requester: "U0OTHER" });
  const young = named("young", { createdMs: NOW_MS - 335 * DAY_MS });
  await one.hold(old, young);
  await sweep(one.deps);
  expect(await one.record("team-a/old")).toMatchObject({
    actor: "U0OTHER",
    generation: 3,
    renewals: { count: 1, sinceMs: NOW_MS },
    status: { phase: "creating", doing: "renew" },
  });
  expect(await one.record("team-a/young")).toEqual(young);
  expect(one.queued()).toEqual([{ is: "reconcile", cluster: "team-a/old" }]);
});

test("a delete that has ended and was told is woken until its record is gone", async () => {
  const one = desk();
  await one.hold(
    named("told", { wish: "absent" }, { phase: "deleting" }),
    named("under-way", { wish: "absent" }, { phase: "deleting", dueMs: NOW_MS + 1 }),
  );
  await sweep(one.deps);
  expect(one.queued()).toEqual([{ is: "reconcile", cluster: "team-a/told" }]);
});

test("a grave is looked at when it is due, and not before", async () => {
  const one = desk();
  const grave = (id: string, dueMs: number) => record({ id, wish: "absent" }, { phase: "deleting", dueMs });
  for (const each of [grave("kdue000000", NOW_MS), grave("klater0000", NOW_MS + 1)])
    await graves(one.deps.store).add(graveKey(each), each);
  await sweep(one.deps);
  expect(one.queued()).toEqual([{ is: "grave", cluster: "team-a/kdue000000" }]);
});

test.each([
  ["planning", true],
  ["waiting", true],
  ["approved", true],
  ["denied", false],
  ["expired", false],
  ["refused", false],
  ["cancelled", false],
] as const)("a name whose request is %s is held: %s", async (state, held) => {
  const one = desk();
  const kept = record({}, { phase: "requested", steps: {} });
  await one.hold(kept);
  await one.ask(request({ state }));
  one.clock.pass(2 * 3_600_000);
  await sweep(one.deps);
  expect(await one.names()).toEqual(held ? [clusterKey(kept)] : []);
});

test("a name that was taken a moment ago is held while its request may still be written", async () => {
  const one = desk();
  await one.hold(record({}, { phase: "requested", steps: {} }));
  await sweep(one.deps);
  expect(await one.names()).toEqual(["team-a/dev"]);
  expect(one.queued()).toEqual([]);
});

test.each([
  ["a week", 7 * DAY_MS, true],
  ["longer", 7 * DAY_MS + 1, false],
])("a request that has ended is kept for %s", async (_what, ms, kept) => {
  const one = desk();
  await one.ask(request({ state: "denied", createdMs: NOW_MS - ms }));
  await sweep(one.deps);
  expect((await one.request()) !== undefined).toBe(kept);
});

test("a request that waits and lost its mark is in the list again", async () => {
  const one = desk();
  await one.ask(request());
  await one.deps.store.delete("open/team-a/k3m9qz");
  expect(await one.type("requests")).toMatch(/^:white_check_mark: No request/);
  // What this process has written it believes to be there, so it is another that finds out.
  const other = desk({ store: { ...one.deps.store } });
  await sweep(other.deps);
  expect(await one.type("requests")).toMatch(/^:raised_hand: 1 request of/);
});
