import { start } from "../../../handlers/work/start.ts";
import { type Desk, desk } from "../desk.ts";
import { NOW_MS, plan, record, request, spec } from "../given.ts";

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
