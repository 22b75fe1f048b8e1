import { newestFirst } from "../../shared/state/audit.ts";
import { clusters } from "../../shared/state/index.ts";
import { exampleConfig } from "../support/bot.ts";
import { type Desk, desk, intruded } from "./desk.ts";
import { call, NOW_MS, record, step } from "./given.ts";

// Goal: what begins anew begins whole, once, for the cluster that was meant, and is in the audit log before it begins.
const LATER_MS = 60_000;
const WAKE = [{ is: "reconcile", cluster: "team-a/dev" }];

async function holding(...over: Parameters<typeof record>): Promise<Desk> {
  const one = desk();
  await one.hold(record(...over));
  one.clock.pass(LATER_MS);
  return one;
}

async function recorded(one: Desk): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const { what, actor, detail } of newestFirst(one.deps.store, "team-a")) found.push([what, actor, detail]);
  return found;
}

/** The same desk, where the cluster becomes another just before it is written. */
function meanwhile(one: Desk, ...over: Parameters<typeof record>): Desk {
  const { store } = one.deps;
  const other = () => clusters(store).change("team-a/dev", () => record(...over));
  return desk({ store: intruded(store, "cluster/team-a/dev", other), clock: one.clock });
}

const before = {
  startedMs: NOW_MS,
  message: { channel: "C0TEAMA", key: "request:k3m9qz", ts: "77.000000" },
  shown: "hash",
  failures: [call()],
};

test("new logins: an operation of its own, on the message of the last one", async () => {
  const one = await holding({ requester: "U0OTHER" }, { ...before, setbacks: 2, blocked: call() });
  expect(await one.type("renew dev", "U0APPROVER")).toBe(
    ":white_check_mark: Making new logins for the programs of *dev*; the old ones go when nothing uses them any more.",
  );
  const nowMs = NOW_MS + LATER_MS;
  const was = record({ requester: "U0OTHER" }, { ...before, setbacks: 0, told: false, failures: [] });
  const { finishedMs: _ended, ...status } = was.status;
  expect(await one.record()).toEqual({
    ...was,
    actor: "U0APPROVER",
    generation: 3,
    renewals: { count: 1, sinceMs: nowMs },
    status: { ...status, phase: "creating", doing: "renew", startedMs: nowMs, dueMs: nowMs, movedMs: nowMs },
  });
  expect(one.queued()).toEqual(WAKE);
  expect(await recorded(one)).toEqual([["renew.asked", "U0APPROVER", {}]]);
});

test("logins that were renewed before are counted on", async () => {
  const one = await holding({ renewals: { count: 4, sinceMs: NOW_MS } });
  await one.type("renew dev");
  expect((await one.record())?.renewals).toEqual({ count: 5, sinceMs: NOW_MS + LATER_MS });
});

test.each(["creating", "blocked", "deleting"] as const)("a cluster that is %s gets no new logins", async (phase) => {
  const one = await holding({}, { phase });
  expect(await one.type("renew dev")).toBe(
    ":no_entry: *dev* is not ready now: `/k8s status dev` shows what it waits for.",
  );
  expect(await one.record()).toEqual(record({}, { phase }));
  expect(one.queued()).toEqual([]);
  expect(await recorded(one)).toEqual([]);
});

test.each<[string, ...Required<Parameters<typeof record>>]>([
  ["another cluster", { id: "kanother00" }, {}],
  ["one that is not ready", {}, { phase: "blocked" }],
])("in the moment of a renew it becomes %s: nothing begins", async (_what, over, status) => {
  const one = await holding();
  expect(await meanwhile(one, over, status).type("renew dev")).toMatch(/^:no_entry: \*dev\* is not ready now/);
  expect(await one.record()).toEqual(record(over, status));
});

test.each(["present", "absent"] as const)("a retry of what has stopped, wish %s", async (wish) => {
  const steps = { network: step({ recreated: true }), "server/worker-1": step() };
  const { finishedMs: _none, ...stopped } = record({ wish }, { ...before, steps, phase: "blocked" }).status;
  const one = desk();
  await one.hold({ ...record({ wish }), status: { ...stopped, blocked: call() } });
  one.clock.pass(LATER_MS);
  expect(await one.type("retry dev", "U0OTHER")).toMatch(/^:white_check_mark: Going on with \*dev\* where it stopped/);
  const nowMs = NOW_MS + LATER_MS;
  expect((await one.record())?.status).toEqual({
    ...stopped,
    phase: wish === "present" ? "creating" : "deleting",
    steps: { network: step({ recreated: false }), "server/worker-1": step() },
    setbacks: 1,
    told: false,
    dueMs: nowMs,
    movedMs: nowMs,
  });
  expect(one.queued()).toEqual(WAKE);
  expect(await recorded(one)).toEqual([["retry.asked", "U0OTHER", { phase: "blocked" }]]);
});

test("a retry of what is ready is a look, and changes nothing else", async () => {
  const one = await holding();
  expect(await one.type("retry dev")).toMatch(/^:white_check_mark: Comparing \*dev\* with the cloud again/);
  expect(await one.record()).toEqual(record({}, { dueMs: NOW_MS + LATER_MS }));
  expect(one.queued()).toEqual(WAKE);
});

test("a retry of what was not started changes nothing and is not recorded", async () => {
  const one = await holding({}, { phase: "requested" });
  expect(await one.type("retry dev")).toMatch(/^:no_entry: `dev` was not started yet/);
  expect(await one.record()).toEqual(record({}, { phase: "requested" }));
  expect(one.queued()).toEqual([]);
  expect(await recorded(one)).toEqual([]);
});

test("in the moment of a retry another cluster has the name: it is left alone", async () => {
  const one = await holding({}, { phase: "blocked", blocked: call() });
  expect(await meanwhile(one, { id: "kanother00" }).type("retry dev")).toMatch(/^:no_entry: team-a has no cluster/);
  expect(await one.record()).toEqual(record({ id: "kanother00" }));
});

test("who may not begin it changes and records nothing", async () => {
  const config = exampleConfig();
  Object.assign(config.roles, { renew: ["U0NAMED"], retry: ["U0NAMED"] });
  const one = desk({ config });
  await one.hold(record());
  for (const words of ["renew", "retry"]) expect(await one.type(`${words} dev`)).toMatch(/is for <@U0NAMED>\.$/);
  expect(await one.record()).toEqual(record());
  expect(await recorded(one)).toEqual([]);
});
