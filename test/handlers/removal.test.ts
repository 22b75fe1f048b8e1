import { sweep } from "../../handlers/work/sweep.ts";
import { clusters } from "../../shared/state/index.ts";
import { buttonValue, exampleConfig } from "../support/bot.ts";
import { type Desk, desk, wordsOf } from "./desk.ts";
import { call, record, request, resolved, spec, step } from "./given.ts";

// Goal: nothing is deleted that a person did not confirm as it is now, twice is once, and what is kept is said.
const TARGET = "dev:k7f3m2q9x1:2";

/** What the newest message in a channel says, and the value of its approve button. */
const lastSaid = (one: Desk): string =>
  one.slack.said
    .slice(-1)
    .map(({ message }) => wordsOf(message))
    .join();
const approveValue = (one: Desk): string => buttonValue(one.slack.said.at(-1)?.message, "request:approve") ?? "";

async function standing(...over: Parameters<typeof record>): Promise<Desk> {
  const one = desk();
  await one.hold(record(...over));
  await one.ask(request({ state: "approved" }));
  return one;
}

test("a delete asks first: what goes, what stays, and nothing happens yet", async () => {
  const one = await standing();
  expect(await one.type("delete dev")).toBe(
    [
      ":warning: Delete *dev*? This can't be undone.",
      "*Goes*",
      "• 3 servers and what is on their disks",
      "• all that runs in it, with the load balancers and DNS names that its Services and Ingresses have",
      "• network, addresses, load balancer, DNS names, keys and credentials",
      "• its shared storage of 94 GiB with all data on it",
      "• the volumes that were claimed in it",
      "*Stays*",
      "• nothing",
      "Delete dev",
      "Keep it",
      "To keep the data, type `/k8s delete dev --keep-data`",
    ].join("\n"),
  );
  expect(await one.record()).toEqual(record());
  expect(one.queued()).toEqual([]);
});

test("with --keep-data the storage stays, and the confirmed delete knows it", async () => {
  const one = await standing();
  expect(await one.type("delete dev --keep-data")).toContain(
    "*Stays*\n• its shared storage of 94 GiB with all data on it\n• the volumes that were claimed in it",
  );
  expect(await one.click("delete:confirm", `${TARGET}:keep`, { user: "U0DEV" })).toMatch(
    /^:mag: Planning to delete \*dev\*/,
  );
  expect(await one.request("kkkkk0")).toMatchObject({ action: "delete", keepData: true, requester: "U0DEV" });
});

test("a cluster without shared storage has no data to keep", async () => {
  const { rwxGib: _none, ...plain } = spec();
  const { shareType: _nor, ...without } = resolved();
  const one = await standing({ spec: plain, resolved: without });
  const asked = await one.type("delete dev --keep-data");
  expect(asked).toContain("*Stays*\n• nothing");
  expect(asked).not.toContain("--keep-data");
});

test("a confirmed delete is a request; confirmed twice at the same moment it is one", async () => {
  const one = await standing();
  const answers = await Promise.all([
    one.click("delete:confirm", `${TARGET}:drop`, { user: "U0DEV" }),
    one.click("delete:confirm", `${TARGET}:drop`, { user: "U0OTHER" }),
  ]);
  expect(answers.filter((answer) => answer.startsWith(":mag: Planning to delete *dev*"))).toHaveLength(1);
  expect(one.queued()).toHaveLength(1);
  expect(await one.click("delete:confirm", `${TARGET}:drop`)).toMatch(
    /^:no_entry: The delete of `dev` was asked for already, as request `kkkkk\d`: its message shows how it stands\.$/,
  );
  expect(await one.type("delete dev")).toMatch(/^:no_entry: The delete of `dev` was asked for already/);
});

test("keeping it is an answer too", async () => {
  const one = await standing();
  expect(await one.click("delete:keep", `${TARGET}:drop`)).toBe(":white_check_mark: Nothing was deleted; `dev` stays.");
  expect(one.queued()).toEqual([]);
});

test.each([
  ["another cluster of that name", "dev:kanother00:2:drop"],
  ["another generation", "dev:k7f3m2q9x1:1:drop"],
])("a confirmation of %s deletes nothing", async (_what, value) => {
  const one = await standing();
  expect(await one.click("delete:confirm", value)).toBe(
    ":no_entry: `dev` has changed since you were asked: type `/k8s delete dev` again.",
  );
  expect(await one.record()).toEqual(record());
});

test("a delete of what is being deleted says how far it is", async () => {
  const one = await standing({ wish: "absent" }, { phase: "deleting" });
  expect(await one.type("delete dev")).toBe(
    ":no_entry: `dev` is being deleted already: `/k8s status dev` shows how far it is.",
  );
  expect(await one.click("delete:confirm", `${TARGET}:drop`)).toBe(
    ":no_entry: `dev` has changed since you were asked: type `/k8s delete dev` again.",
  );
});

test("what was not started yet is cancelled instead, by whoever asked", async () => {
  const one = desk();
  await one.hold(record({}, { phase: "requested", steps: {} }));
  await one.ask(request());
  expect(await one.type("delete dev", "U0OTHER")).toMatch(/^:no_entry: Only <@U0DEV>, who asked, may cancel this/);
  expect(await one.type("delete dev")).toBe(":white_check_mark: Cancelled: *dev* was not created.");
  expect(await one.names()).toEqual([]);
});

test.each([
  ["no cluster at all", [], "there is none yet: type `/k8s create dve`."],
  ["one", ["dev"], "there is `dev`."],
  [
    "many",
    Array.from({ length: 12 }, (_, at) => `c${String(at).padStart(2, "0")}`),
    "there is `c00`, `c01`, `c02`, `c03`, `c04`, `c05`, `c06`, `c07` and more.",
  ],
])("a name that is not there, beside %s", async (_what, names, there) => {
  const one = desk();
  await one.hold(record({ tenant: "team-b", spec: spec({ name: "dve" }) }));
  await one.hold(...names.map((name) => record({ spec: spec({ name }) })));
  for (const typed of ["delete dve", "status dve", "retry dve", "lb dve", "dns dve"])
    expect(await one.type(typed)).toBe(`:no_entry: team-a has no cluster \`dve\`; ${there}`);
});

test("one's own delete needs nobody: it begins as soon as it is planned, without a cloud", async () => {
  const one = await standing();
  await one.click("delete:confirm", `${TARGET}:drop`, { user: "U0DEV" });
  const [first] = one.queued();
  expect(first).toEqual({ is: "plan", request: "kkkkk0", tenant: "team-a" });
  await expect(one.work()).rejects.toThrow("the cloud of team-a was asked");
  expect(await one.record()).toMatchObject({ wish: "absent", generation: 3, actor: "U0DEV", request: "kkkkk0" });
});

test("another's delete waits for an approval of exactly what goes, which the approved plan then is", async () => {
  const one = await standing();
  await one.click("delete:confirm", `${TARGET}:drop`, { user: "U0OTHER" });
  await one.work();
  const shown = lastSaid(one);
  expect(shown).toContain(":raised_hand: The delete of *dev* needs an approval.");
  expect(shown).toContain("*Deletes*\n• 1 server\n• 1 floating IP\n• 1 DNS name\n• 1 share\n• 1 network");
  expect(await one.record()).toMatchObject({ wish: "present" });
  await one.click("request:approve", approveValue(one));
  await expect(one.work()).rejects.toThrow("the cloud of team-a was asked");
  expect(await one.record()).toMatchObject({ wish: "absent", actor: "U0OTHER" });
});

test("a cluster that grew after its delete was approved has another plan: the approval is void", async () => {
  const one = await standing();
  await one.click("delete:confirm", `${TARGET}:drop`, { user: "U0OTHER" });
  await one.work();
  const seen = approveValue(one);
  await clusters(one.deps.store).change("team-a/dev", (now) => ({
    ...now,
    status: { ...now.status, steps: { ...now.status.steps, "server/worker-9": step() } },
  }));
  await one.click("request:approve", seen);
  await one.work();
  expect(await one.record()).toMatchObject({ wish: "present" });
  expect(await one.request("kkkkk0")).toMatchObject({ state: "waiting" });
  expect(await one.click("request:approve", seen)).toBe(
    ":no_entry: The plan has changed since you saw it: look at its message again, then decide.",
  );
  expect(lastSaid(one)).toContain("• 2 servers");
});

test("two approvals are needed where the policy says so", async () => {
  const config = exampleConfig();
  config.policy.approvals = 2;
  const one = desk({ config });
  await one.hold(record());
  await one.ask(request({ state: "approved" }));
  await one.click("delete:confirm", `${TARGET}:drop`, { user: "U0OTHER" });
  await one.work();
  await one.click("request:approve", approveValue(one));
  await one.work();
  expect(lastSaid(one)).toMatch(/^Approved so far by <@U0APPROVER> <!date.*>; 1 more is needed\.$/m);
  await one.click("request:approve", approveValue(one), { user: "U0SECOND" });
  await expect(one.work()).rejects.toThrow("the cloud of team-a was asked");
  expect(await one.record()).toMatchObject({ wish: "absent" });
});

test("a request that nobody answers lapses, frees nothing of a delete, and says how to ask again", async () => {
  const one = await standing();
  await one.click("delete:confirm", `${TARGET}:drop`, { user: "U0OTHER" });
  await one.work();
  one.clock.pass(86_400_001);
  await sweep(one.deps);
  await one.work();
  expect(await one.request("kkkkk0")).toMatchObject({ state: "expired" });
  expect(await one.record()).toMatchObject({ wish: "present" });
  expect(lastSaid(one)).toContain(
    ":alarm_clock: The delete of *dev* got no answer in time. Nothing was changed.\nTo ask again, type `/k8s delete dev`",
  );
});

const COMPARING = "Comparing *dev* with the cloud again: `/k8s status dev` shows in a minute what came of it.";
test.each([
  ["blocked", {}, "Going on with *dev* where it stopped; its message follows what happens.", "creating"],
  ["ready", {}, COMPARING, "ready"],
  ["creating", {}, COMPARING, "creating"],
] as const)("retry of a cluster that is %s", async (phase, over, answer, next) => {
  const one = await standing(over, { phase, blocked: call(), told: true });
  expect(await one.type("retry dev")).toBe(`:white_check_mark: ${answer}`);
  expect((await one.record())?.status).toMatchObject({ phase: next, dueMs: one.clock.nowMs() });
  expect(one.queued()).toEqual([{ is: "reconcile", cluster: "team-a/dev" }]);
});

test("a blocked delete that is tried again goes on deleting, and each resource may be made anew once more", async () => {
  const steps = { "server/worker-1": step({ recreated: true }) };
  const one = await standing({ wish: "absent" }, { phase: "blocked", blocked: call(), steps });
  await one.click("cluster:retry", TARGET);
  const status = (await one.record())?.status;
  expect(status).toMatchObject({ phase: "deleting", steps: { "server/worker-1": { recreated: false } } });
  expect(status).not.toHaveProperty("blocked");
});

test("retry of what was not started says what to look at", async () => {
  const one = await standing({}, { phase: "requested" });
  expect(await one.type("retry dev")).toBe(
    ":no_entry: `dev` was not started yet, so there is nothing to retry: `/k8s status dev` shows what it waits for.",
  );
});

test("a retry button of a cluster that is gone does not touch the one that has its name now", async () => {
  const one = await standing({ id: "kanother00" }, { phase: "blocked", blocked: call() });
  expect(await one.click("cluster:retry", TARGET)).toMatch(/^:no_entry: team-a has no cluster `dev`/);
  expect((await one.record())?.status.phase).toBe("blocked");
});
