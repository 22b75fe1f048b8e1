import { SlackError } from "../../shared/ports/slack.ts";
import { exampleConfig, recordingSlack } from "../support/bot.ts";
import { type Desk, desk } from "./desk.ts";
import { HASH, NOW_MS, record, request } from "./given.ts";

// Goal: one list says who may do what, by button as by words; whoever may not is told who may, and nothing has happened.
type Roles = ReturnType<typeof exampleConfig>["roles"];

async function office(roles: Partial<Roles>, deps: Parameters<typeof desk>[0] = {}, tenants = true): Promise<Desk> {
  const config = exampleConfig();
  const team = config.tenants["team-a"];
  if (tenants && team !== undefined) team.roles = roles;
  else config.roles = { ...config.roles, ...roles };
  const one = desk({ config, publicUrl: "https://links.example.org", ...deps });
  const steps = { "kubernetes-api": { id: "a", state: "ready" as const, facts: {}, recreated: false } };
  await one.hold(record({}, { steps }));
  return one;
}

const TARGET = "dev:k7f3m2q9x1:2";
const asked: readonly [keyof Roles, string, (one: Desk, user: string) => Promise<string>, string][] = [
  ["create", "by words", (one, user) => one.type("create new", user), "Asking for a cluster"],
  ["delete", "by words", (one, user) => one.type("delete dev", user), "Asking for the delete of *dev*"],
  [
    "delete",
    "by button",
    (one, user) => one.click("cluster:delete", TARGET, { user }),
    "Asking for the delete of *dev*",
  ],
  [
    "delete",
    "by the second button",
    (one, user) => one.click("delete:confirm", TARGET, { user }),
    "Asking for the delete of *dev*",
  ],
  ["kubeconfig", "by words", (one, user) => one.type("kubeconfig dev", user), "A kubeconfig of *dev*"],
  [
    "kubeconfigAdmin",
    "by words",
    (one, user) => one.type("kubeconfig dev --role admin", user),
    "A kubeconfig with the role admin of *dev*",
  ],
  ["renew", "by words", (one, user) => one.type("renew dev", user), "Making new logins for *dev*"],
  ["retry", "by words", (one, user) => one.type("retry dev", user), "Retrying *dev*"],
  ["retry", "by button", (one, user) => one.click("cluster:retry", TARGET, { user }), "Retrying *dev*"],
];

test.each(
  asked,
)("%s %s is for those who are named, and whoever may not is told who", async (deed, _how, act, words) => {
  const one = await office({ [deed]: ["U0NAMED", "S0GROUP"] });
  const before = await one.record();
  expect(await act(one, "U0DEV")).toMatch(`:no_entry: ${words} is for <@U0NAMED> and <!subteam^S0GROUP>.`);
  expect(await one.record()).toEqual(before);
  expect(one.queued()).toEqual([]);
  expect(await act(one, "U0NAMED")).not.toMatch(":no_entry:");
});

test.each([
  ["in the group", "U0MEMBER", true],
  ["not in the group", "U0OTHER", false],
])("a user group: somebody who is %s", async (_what, user, may) => {
  const slack = { ...recordingSlack(), membersOf: async () => ["U0MEMBER"] };
  const one = await office({ retry: ["S0GROUP"] }, { slack }, false);
  expect((await one.type("retry dev", user)).startsWith(":no_entry:")).toBe(!may);
});

test("Slack not knowing who is in a group is no yes", async () => {
  const membersOf = () => Promise.reject(new SlackError("no_answer", "Slack did not answer"));
  const one = await office({ retry: ["S0GROUP"] }, { slack: { ...recordingSlack(), membersOf } });
  expect(await one.type("retry dev")).toBe(
    ":no_entry: Slack did not say who is in the user group that this is for: try again in a minute.",
  );
});

test("an empty list is nobody, and it says where that is written", async () => {
  const one = await office({ create: [] });
  expect(await one.type("create new")).toBe(
    ":no_entry: Asking for a cluster is for nobody here: whoever runs kinvirt names people in its configuration, under `roles.create`.",
  );
  expect(await one.names()).toEqual(["team-a/dev"]);
});

test.each([
  ["U0DEV", true],
  ["U0APPROVER", true],
  ["U0OTHER", false],
])("requester and approvers: %s", async (user, may) => {
  const one = await office({ delete: ["requester", "approvers"] });
  const said = await one.type("delete dev", user);
  if (may) expect(said).toContain(":warning: Delete *dev*?");
  else
    expect(said).toBe(
      ":no_entry: Asking for the delete of *dev* is for whoever asked for it, <@U0APPROVER> and <@U0SECOND>.",
    );
});

test("what holds in one team holds in no other", async () => {
  const one = await office({ create: [] });
  expect(await one.type("create new", "U0DEV", "C0TEAMB")).toMatch(/^:mag: Planning to create \*new\*/);
});

test("approvers of one action only decide on that action", async () => {
  const config = exampleConfig();
  const team = config.tenants["team-a"];
  if (team !== undefined) team.policy = { actions: { delete: { approvers: ["U0BOSS"] } } };
  const one = desk({ config });
  await one.ask(request(), request({ id: "d3m9qz", action: "delete" }));
  const said = (id: string, user: string) => one.click("request:approve", `${id}:${HASH}`, { user });
  expect(await said("d3m9qz", "U0APPROVER")).toBe(":no_entry: Deciding is for approvers: <@U0BOSS>.");
  expect(await said("k3m9qz", "U0BOSS")).toBe(":no_entry: Deciding is for approvers: <@U0APPROVER>, <@U0SECOND>.");
  expect(await said("d3m9qz", "U0BOSS")).toMatch(/^:white_check_mark:/);
  expect(await said("k3m9qz", "U0APPROVER")).toMatch(/^:white_check_mark:/);
});

test("each action waits for as many as its own rule says", async () => {
  const config = exampleConfig();
  config.policy.actions = { delete: { approvals: 2, expiresAfter: 3600 } };
  const one = desk({ config });
  await one.hold(record());
  await one.ask(request({ action: "delete", requester: "U0OTHER", state: "planning", dueMs: NOW_MS }));
  await one.deps.queue.enqueue({ is: "plan", request: "k3m9qz" }, 0);
  await one.work();
  const asks = await one.request();
  expect(asks).toMatchObject({
    state: "waiting",
    expiresMs: NOW_MS + 3_600_000,
    remindMs: NOW_MS + 2_700_000,
  });
  const button = `k3m9qz:${asks?.plan?.hash}`;
  await one.click("request:approve", button);
  await one.work();
  expect(await one.request()).toMatchObject({ state: "waiting" });
  await one.click("request:approve", button, { user: "U0SECOND" });
  await one.work().catch(() => undefined);
  expect(await one.request()).toMatchObject({ state: "approved" });
});
