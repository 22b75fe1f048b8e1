import { submitted } from "../../handlers/actions/submit.ts";
import { readTarget } from "../../handlers/removal.ts";
import { DENY_MODAL } from "../../handlers/views/modals.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { exampleConfig, recordingSlack } from "../support/bot.ts";
import { type Desk, desk, intruded } from "./desk.ts";
import { HASH, NOW_MS, record, request, spec } from "./given.ts";

// Goal: decisions at their edges: what comes in between, what is told and woken, and whose rules they are.
const BUTTON = `k3m9qz:${HASH}`;
const PLAN = { is: "plan", request: "k3m9qz", tenant: "team-a" };

async function waiting(over: Parameters<typeof request>[0] = {}, deps: Parameters<typeof desk>[0] = {}): Promise<Desk> {
  const one = desk(deps);
  await one.ask(request(over));
  await one.hold(record({ generation: 1 }, { phase: "requested", steps: {} }));
  return one;
}

test("a request that waits without a plan can't be decided", async () => {
  const { plan: _none, ...bare } = request();
  const one = desk();
  await one.ask(bare);
  expect(await one.type("approve k3m9qz", "U0APPROVER")).toMatch(/^:no_entry: The plan has changed since you saw it/);
});

test.each([
  ["an approval", (one: Desk) => one.click("request:approve", BUTTON)],
  ["a deny", (one: Desk) => one.type("deny k3m9qz no", "U0APPROVER")],
  ["a cancel", (one: Desk) => one.type("cancel k3m9qz")],
])("%s wakes the worker at once, and is due where the queue loses that", async (_what, act) => {
  const one = await waiting();
  one.clock.pass(5000);
  await act(one);
  expect(await one.request()).toMatchObject({ dueMs: NOW_MS + 5000 });
  expect(one.queued()).toEqual([PLAN]);
});

test("a request is cancelled while it is planned", async () => {
  const one = await waiting({ state: "planning" });
  expect(await one.type("cancel k3m9qz")).toBe(":white_check_mark: Cancelled: *dev* was not created.");
  expect(await one.names()).toEqual([]);
});

test("an approved delete can't be cancelled, and there is no advice to delete it", async () => {
  const one = await waiting({ action: "delete", state: "approved" });
  expect(await one.type("cancel k3m9qz")).toBe(":no_entry: The request `k3m9qz` was approved already.");
});

test("a deny that was told is not told again", async () => {
  const one = await waiting({ state: "denied", told: true });
  await one.deps.queue.enqueue({ is: "plan", request: "k3m9qz" }, 0);
  await one.work();
  expect(one.slack.said.filter(({ thread }) => thread !== undefined)).toEqual([]);
});

test("a reason from the form is kept without the blanks around it", async () => {
  const one = await waiting();
  const form = {
    callback: DENY_MODAL,
    metadata: JSON.stringify({ value: BUTTON, channel: "C0TEAMA" }),
    user: "U0APPROVER",
    input: () => "  too big \n",
  };
  expect((await submitted(form, one.deps))?.channel).toBe("C0TEAMA");
  expect((await one.request())?.decisions[0]?.reason).toBe("too big");
});

test("a Slack that says nothing costs whoever denies one second", async () => {
  const post = () => new Promise<never>(() => undefined);
  const one = await waiting({}, { slack: { ...recordingSlack(), post } });
  const answer = one.type("deny k3m9qz no", "U0APPROVER");
  const ended = answer.then(() => "ended");
  const soon = () => new Promise((done) => setImmediate(done, "under way"));
  await soon();
  one.clock.pass(999);
  expect(await Promise.race([ended, soon()])).toBe("under way");
  one.clock.pass(1);
  for (let turns = 0; turns < 10; turns += 1) await soon();
  expect(await Promise.race([answer, soon()])).toBe(
    ":white_check_mark: You denied *dev*; <@U0DEV> gets your reason: no",
  );
  expect(await one.request()).toMatchObject({ state: "denied", told: false });
});

test("what breaks while a deny is told is no answer", async () => {
  const post = () => Promise.reject(new TypeError("broken"));
  const one = await waiting({}, { slack: { ...recordingSlack(), post } });
  await expect(one.type("deny k3m9qz no", "U0APPROVER")).rejects.toThrow("broken");
});

test("a request that goes while it is decided on is gone", async () => {
  const config = exampleConfig();
  config.policy.approvers = ["S0GROUP"];
  const slack = recordingSlack();
  const one = await waiting({}, { config, slack: { ...slack, membersOf: async () => gone() } });
  const gone = async () => {
    await requests(one.deps.store).remove("k3m9qz", () => true);
    return ["U0APPROVER"];
  };
  expect(await one.click("request:approve", BUTTON)).toBe(":no_entry: The request `k3m9qz` is gone.");
});

test.each(["U0BOSS", "U0APPROVER"])("approvers are those of any action: %s", async (user) => {
  const config = exampleConfig();
  config.policy.actions = { delete: { approvers: ["U0BOSS"] } };
  config.roles.create = ["approvers"];
  expect(await desk({ config }).type("create new", user)).toMatch(/^:mag: Planning to create \*new\*/);
  expect(await desk({ config }).type("create new", "U0OTHER")).toMatch(/^:no_entry: Asking for a cluster is for/);
});

test("approvers are the team's own", async () => {
  const config = exampleConfig();
  const team = config.tenants["team-b"];
  if (team !== undefined) team.policy = { approvers: ["U0BOSS"] };
  config.roles.create = ["approvers"];
  const one = desk({ config });
  await one.ask(request({ tenant: "team-b", channel: "C0TEAMB" }));
  expect(await one.type("create new", "U0APPROVER", "C0TEAMB")).toMatch(/^:no_entry:/);
  expect(await one.type("create new", "U0BOSS", "C0TEAMB")).toMatch(/^:mag: Planning to create \*new\*/);
  const said = (user: string) => one.click("request:approve", BUTTON, { user, channel: "C0TEAMB" });
  expect(await said("U0APPROVER")).toBe(":no_entry: Deciding is for approvers: <@U0BOSS>.");
  expect(await said("U0BOSS")).toMatch(/^:white_check_mark:/);
});

test("what breaks while Slack is asked for a group is neither yes nor no", async () => {
  const config = exampleConfig();
  config.roles.create = ["S0GROUP"];
  config.policy.approvers = ["S0GROUP"];
  const membersOf = () => Promise.reject(new TypeError("broken"));
  const one = await waiting({}, { config, slack: { ...recordingSlack(), membersOf } });
  await expect(one.type("create new")).rejects.toThrow("broken");
  await expect(one.click("request:approve", BUTTON)).rejects.toThrow("broken");
});

test("whoever asks for a cluster is its requester", async () => {
  const config = exampleConfig();
  config.roles.create = ["requester"];
  expect(await desk({ config }).type("create new")).toMatch(/^:mag: Planning to create \*new\*/);
});

test("a team's channel reaches no other team's cluster", async () => {
  const one = desk({ publicUrl: "https://links.example.org" });
  const steps = { "kubernetes-api": { id: "a", state: "ready" as const, facts: {}, recreated: false } };
  const theirs = record({}, { steps });
  await one.hold(theirs);
  const none = ":no_entry: team-b has no cluster `dev`; there is none yet: type `/k8s create dev`.";
  for (const words of ["delete", "retry", "renew", "kubeconfig", "status", "lb", "nodes", "storage", "kms", "events"])
    expect(await one.type(`${words} dev`, "U0DEV", "C0TEAMB")).toBe(none);
  const target = "dev:k7f3m2q9x1:2:drop";
  for (const action of ["cluster:delete", "cluster:retry", "delete:confirm"])
    expect(await one.click(action, target, { user: "U0DEV", channel: "C0TEAMB" })).toBe(none);
  expect(await one.record()).toEqual(theirs);
  expect(one.queued()).toEqual([]);
});

test("a button's cluster, read with care", () => {
  const target = { name: "dev", id: "k1", generation: 2 };
  expect(readTarget("dev:k1:2:keep")).toEqual({ ...target, keepData: true });
  expect(readTarget("dev:k1:2:drop")).toEqual({ ...target, keepData: false });
  expect(readTarget("dev:k1:2")).toEqual({ ...target, keepData: false });
  for (const wrong of ["Dev:k1:2", "../dev:k1:2", "dev::2", "dev:k1:", "dev:k1:-2", "dev"])
    expect(readTarget(wrong)).toBeUndefined();
});

test("a cluster that is changed in the moment of the confirmation is not deleted", async () => {
  const one = desk();
  await one.hold(record());
  await one.ask(request({ state: "approved" }));
  const changed = (now: ClusterRecord) => ({ ...now, generation: 3 });
  const store = intruded(one.deps.store, "cluster/team-a/dev", () =>
    clusters(one.deps.store).change("team-a/dev", changed),
  );
  const other = desk({ store });
  expect(await other.click("delete:confirm", "dev:k7f3m2q9x1:2:drop", { user: "U0DEV" })).toBe(
    ":no_entry: `dev` was just changed by somebody else: look at it, then try again.",
  );
  expect(await one.record()).toEqual(record({ generation: 3 }));
  expect(other.queued()).toEqual([]);
});

test("whoever comes second for a name leaves no request behind", async () => {
  const one = desk();
  await Promise.all([one.type("create dev"), one.type("create dev", "U0OTHER")]);
  const left: string[] = [];
  for await (const { requester } of requests(one.deps.store).list()) left.push(requester);
  expect(left).toEqual([(await one.record())?.requester]);
});

test("what is typed goes over the template, and all else is the template's", async () => {
  const config = exampleConfig();
  const { small } = config.templates;
  if (small !== undefined) small.rwo = true;
  const one = desk({ config });
  await one.type("create dev");
  await one.type("create own --cni cilium --control-plane 3 --workers 4 --version 1.35 --rwx 100G --ttl 1d");
  const { rwxGib: _none, ...plain } = spec({ ttlSeconds: 30 * 86_400, rwo: true });
  expect((await one.record())?.spec).toEqual(plain);
  expect((await one.record("team-a/own"))?.spec).toEqual({
    ...plain,
    ...{ name: "own", cni: "cilium", version: "1.35", rwxGib: 94, ttlSeconds: 86_400 },
    controlPlane: { ...plain.controlPlane, count: 3 },
    workers: { ...plain.workers, count: 4 },
  });
});

test("a request's id is nobody else's, and chance that is broken is no id", async () => {
  const one = desk();
  await one.ask(request({ id: "kkkkk0" }));
  await one.type("create new");
  expect(await one.request("kkkkk1")).toMatchObject({ name: "new" });
  const stuck = desk({ chance: { token: () => "kkkkk0" }, store: one.deps.store });
  await expect(stuck.type("create other")).rejects.toThrow("no free request id was found: chance is broken");
});

test("the end of another's request leaves a cluster of that name alone", async () => {
  const one = await waiting({ action: "delete", cluster: "kanother00" });
  await one.type("cancel k3m9qz");
  expect(await one.names()).toEqual(["team-a/dev"]);
});
