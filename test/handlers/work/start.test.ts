import { start } from "../../../handlers/work/start.ts";
import { type Desk, desk } from "../desk.ts";
import { call, HASH, NOW_MS, plan, record, request, resolved, spec } from "../given.ts";

// Goal: an approved request becomes its cluster's wish once, counted from that moment, and an old one brings nothing back.
const DAY_MS = 86_400_000;
const approved = request({ state: "approved", spec: spec({ ttlSeconds: 86_400 }) });

async function asked(
  over: Parameters<typeof record>[0] = {},
  status: Parameters<typeof record>[1] = {},
): Promise<Desk> {
  const one = desk();
  await one.hold(record({ generation: 1, ...over }, { phase: "requested", steps: {}, ...status }));
  await one.ask(approved);
  return one;
}

test("a time to live counts from the approval, however long that took", async () => {
  const one = await asked();
  one.clock.pass(5 * DAY_MS);
  await start(one.deps, approved);
  expect(await one.record()).toMatchObject({
    wish: "present",
    expiresMs: NOW_MS + 6 * DAY_MS,
    resolved: plan().resolved,
    status: { phase: "creating", startedMs: NOW_MS + 5 * DAY_MS, told: false },
  });
  expect(one.queued()).toEqual([{ is: "reconcile", cluster: "team-a/dev" }]);
});

test("a second time it changes nothing", async () => {
  const one = await asked();
  await start(one.deps, approved);
  const begun = await one.record();
  one.clock.pass(1000);
  await start(one.deps, approved);
  expect(await one.record()).toEqual(begun);
});

test("a new wish is a new generation, and takes the lease of whoever works on the old one", async () => {
  const lease = { holder: "worker", untilMs: NOW_MS + 30_000 };
  const one = await asked({ request: "older0", generation: 4 }, { phase: "ready", lease });
  await start(one.deps, { ...approved, action: "delete" });
  expect(await one.record()).toMatchObject({ wish: "absent", generation: 5, status: { phase: "deleting" } });
  expect((await one.record())?.status.lease).toBeUndefined();
});

test("an approved create that comes late brings back nothing that is being deleted", async () => {
  const one = await asked({ wish: "absent", request: "delete" }, { phase: "deleting" });
  const before = await one.record();
  await start(one.deps, approved);
  expect(await one.record()).toEqual(before);
});

test("the cluster that has the name now is left alone", async () => {
  const one = await asked({ id: "kanother00" });
  const before = await one.record();
  await start(one.deps, approved);
  expect(await one.record()).toEqual(before);
});

/** What an earlier operation has left in the record. */
const earlier = {
  blocked: call(),
  shown: "hash",
  doing: "renew" as const,
  lease: { holder: "worker", untilMs: NOW_MS + 30_000 },
  failures: [call()],
  setbacks: 3,
};
const said = (user: string, atMs: number, over: object = {}) => ({
  ...{ user, verdict: "approve" as const, atMs, hash: HASH },
  ...over,
});
const decisions = [
  said("U0APPROVER", 1),
  said("U0SECOND", 2, { hash: "f".repeat(64) }),
  said("U0THIRD", 3, { verdict: "deny" }),
  said("U0APPROVER", 4),
];

test.each([
  "create",
  "delete",
] as const)("a %s begins whole: nothing of the last operation is in it", async (action) => {
  const one = desk();
  const old = record({ request: "older0", keepData: false, resolved: resolved({ region: "Old" }) }, earlier);
  await one.hold(old);
  const wish = { action, decisions, requester: "U0OTHER", keepData: true, dueMs: NOW_MS };
  const asked = { ...approved, ...wish };
  await one.ask(asked);
  one.clock.pass(1000);
  await start(one.deps, asked);
  const nowMs = NOW_MS + 1000;
  const { finishedMs: _f, blocked: _b, shown: _s, doing: _d, lease: _l, ...status } = old.status;
  const creates = action === "create";
  expect(await one.record()).toEqual({
    ...old,
    ...{ wish: creates ? "present" : "absent", keepData: true, generation: 3, actor: "U0OTHER", request: "k3m9qz" },
    approved: { plan: HASH, by: [{ user: "U0APPROVER", atMs: 4 }] },
    ...(creates ? { resolved: plan().resolved, expiresMs: nowMs + DAY_MS } : {}),
    status: {
      ...status,
      ...{ phase: creates ? "creating" : "deleting", startedMs: nowMs, dueMs: nowMs, told: false },
      ...{ failures: [], setbacks: 0, message: approved.message },
    },
  });
  expect((await one.request())?.dueMs).toBeUndefined();
  expect(one.queued()).toEqual([{ is: "reconcile", cluster: "team-a/dev" }]);
});

test("a request without a message is told of where it was asked", async () => {
  const one = await asked();
  const { message: _none, ...untold } = approved;
  await start(one.deps, untold);
  expect((await one.record())?.status.message).toEqual({ channel: "C0TEAMA", key: "request:k3m9qz" });
});
