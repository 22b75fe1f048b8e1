import { planRequest } from "../../../handlers/work/plan-request.ts";
import { sweep } from "../../../handlers/work/sweep.ts";
import { SlackError } from "../../../shared/ports/slack.ts";
import { requests } from "../../../shared/state/index.ts";
import { desk } from "../desk.ts";
import { HASH, NOW_MS, record, request } from "../given.ts";

// Goal: between two writes a process may die, so whatever is still to be done or said is due, and the sweep finds it.

const planning = () => {
  const { plan: _plan, expiresMs: _expires, message: _message, ...rest } = request();
  return { ...rest, action: "delete" as const, state: "planning" as const, requester: "U0OTHER", dueMs: NOW_MS };
};

test.each([
  "cancelled",
  "denied",
  "expired",
  "refused",
] as const)("the name of a request that was %s is free after a sweep", async (state) => {
  const one = desk();
  await one.hold(record({}, { phase: "requested" }));
  await one.ask(request({ state }));
  await sweep(one.deps);
  expect(await one.names()).toEqual([]);
});

test("the name of a request that waits is not", async () => {
  const one = desk();
  await one.hold(record({}, { phase: "requested" }));
  await one.ask(request());
  one.clock.pass(3_600_000);
  await sweep(one.deps);
  expect(await one.names()).toEqual(["team-a/dev"]);
});

test("a record that was only to be removed is woken, one that is ready is not", async () => {
  const one = desk();
  await one.hold(record({ wish: "absent" }, { phase: "deleting" }), record({ tenant: "team-b" }));
  await sweep(one.deps);
  expect(one.queued()).toEqual([{ is: "reconcile", cluster: "team-a/dev" }]);
});

test("a plan that nobody has seen is due", async () => {
  const one = desk();
  await one.hold(record({ request: "k3m9qz" }));
  await one.ask(planning());
  one.deps.slack.findPosted = async () => {
    throw new Error("the process dies");
  };
  await expect(planRequest("k3m9qz", one.deps)).rejects.toThrow("the process dies");
  expect(await one.request()).toMatchObject({ state: "waiting", dueMs: NOW_MS });
});

test("a decision that comes while the plan is shown stays due", async () => {
  const one = desk();
  await one.hold(record({ request: "k3m9qz" }));
  await one.ask(planning());
  const { post } = one.slack;
  one.deps.slack.post = async (...message) => {
    one.clock.pass(1000);
    const decision = { user: "U0APPROVER", verdict: "approve" as const, atMs: NOW_MS + 1000, hash: HASH };
    await requests(one.deps.store).change("k3m9qz", (now) => ({ ...now, decisions: [decision], dueMs: NOW_MS + 1000 }));
    return post(...message);
  };
  await planRequest("k3m9qz", one.deps);
  expect(await one.request()).toMatchObject({ state: "waiting", dueMs: NOW_MS + 1000, message: { ts: "1.000000" } });
});

test("a denied request is due until its requester was told", async () => {
  const one = desk();
  const decision = { user: "U0APPROVER", verdict: "deny" as const, atMs: NOW_MS, hash: HASH, reason: "no" };
  await one.ask(request({ state: "denied", decisions: [decision], dueMs: NOW_MS }));
  const { post } = one.slack;
  one.deps.slack.post = async () => {
    throw new SlackError("no_answer", "Slack did not answer");
  };
  await planRequest("k3m9qz", one.deps);
  expect(await one.request()).toMatchObject({ told: false, dueMs: NOW_MS + 10_000 });
  one.deps.slack.post = post;
  await planRequest("k3m9qz", one.deps);
  expect(await one.request()).toMatchObject({ told: true });
  expect(await one.request()).not.toHaveProperty("dueMs");
});
