import { SlackError } from "../../shared/ports/slack.ts";
import { exampleConfig, recordingSlack } from "../support/bot.ts";
import { type Desk, desk, wordsOf } from "./desk.ts";
import { HASH, NOW_MS, plan, record, request, spec } from "./given.ts";

// Goal: who may decide decides, once, on the plan that they saw and on no other, by button as by words; everybody else is
// told why not, and nothing moves.
const BUTTON = `k3m9qz:${HASH}`;
const NAME = "The request `k3m9qz`";
const yes = { user: "U0APPROVER", verdict: "approve" as const, atMs: NOW_MS, hash: HASH };

async function waiting(over: Parameters<typeof request>[0] = {}, deps: Parameters<typeof desk>[0] = {}): Promise<Desk> {
  const one = desk(deps);
  await one.ask(request(over));
  await one.hold(record({ generation: 1 }, { phase: "requested", steps: {} }));
  return one;
}

test.each([
  ["by button", (one: Desk) => one.click("request:approve", BUTTON)],
  ["by words", (one: Desk) => one.type("approve k3m9qz", "U0APPROVER")],
])("an approver approves %s: it is written down and counted by the worker", async (_how, act) => {
  const one = await waiting();
  expect(await act(one)).toBe(":white_check_mark: You approved *dev*; its message follows what happens.");
  expect((await one.request())?.decisions).toEqual([yes]);
  expect(one.queued()).toEqual([{ is: "plan", request: "k3m9qz", tenant: "team-a" }]);
});

const stranger = "Deciding is for approvers: <@U0APPROVER>, <@U0SECOND>.";
const refusals: readonly [string, Parameters<typeof request>[0], Partial<{ user: string; channel: string }>, string][] =
  [
    [
      "the one who asked",
      {},
      { user: "U0DEV" },
      "You asked for this yourself, so somebody else has to decide. You may cancel it.",
    ],
    [
      "an approver who asked",
      { requester: "U0APPROVER" },
      {},
      "You asked for this yourself, so somebody else has to decide. You may cancel it.",
    ],
    ["a stranger", {}, { user: "U0STRANGER" }, stranger],
    ["one who has approved", { decisions: [yes] }, {}, "You have approved this plan already; each person counts once."],
    [
      "another tenant's channel",
      {},
      { channel: "C0TEAMB" },
      "There is no request `k3m9qz` in this channel: its message shows its id at the foot.",
    ],
    [
      "while it is planned",
      { state: "planning" },
      {},
      `${NAME} is still being planned: wait until its message shows the plan.`,
    ],
    ["after an approval", { state: "approved" }, {}, `${NAME} was approved already.`],
    ["after a deny", { state: "denied" }, {}, `${NAME} was denied already.`],
    [
      "after it has lapsed",
      { state: "expired" },
      {},
      `${NAME} got no answer in time and has lapsed: it has to be asked for again.`,
    ],
    [
      "after it was refused",
      { state: "refused" },
      {},
      `${NAME} does not fit and was refused: there is nothing to decide.`,
    ],
    ["after it was cancelled", { state: "cancelled" }, {}, `${NAME} was cancelled by the person who asked.`],
    ["a dry run", { dryRun: true, state: "approved" }, {}, `${NAME} is a dry run: there is nothing to decide.`],
  ];
test.each(refusals)("%s: no decision, by button or by words, and why", async (_what, over, by, why) => {
  const one = await waiting(over);
  const { user = "U0APPROVER", channel = "C0TEAMA" } = by;
  expect(await one.click("request:approve", BUTTON, { user, channel })).toBe(`:no_entry: ${why}`);
  expect(await one.click("request:deny", BUTTON, { user, channel })).toBe(
    over?.decisions === undefined ? `:no_entry: ${why}` : "",
  );
  expect(await one.type("approve k3m9qz", user, channel)).toBe(`:no_entry: ${why}`);
  expect(await one.request()).toEqual(request(over));
  expect(one.queued()).toEqual([]);
});

test("a request lapses at its moment, also when nothing has noticed yet", async () => {
  const one = await waiting();
  one.clock.pass(86_400_000);
  expect(await one.click("request:approve", BUTTON)).toBe(
    `:no_entry: ${NAME} lapsed <!date^1767355200^{date_short_pretty} at {time}|2026-01-02 12:00 UTC>: it has to be asked for again.`,
  );
  expect((await one.request())?.decisions).toEqual([]);
});

test("a button of another plan decides nothing; typed words mean the plan that is shown now", async () => {
  const one = await waiting({ plan: plan({ hash: "f".repeat(64) }) });
  const changed = ":no_entry: The plan has changed since you saw it: look at its message again, then decide.";
  expect(await one.click("request:approve", BUTTON)).toBe(changed);
  expect(await one.click("request:deny", BUTTON)).toBe(changed);
  expect((await one.request())?.decisions).toEqual([]);
  await one.type("approve k3m9qz", "U0APPROVER");
  expect((await one.request())?.decisions).toMatchObject([{ hash: "f".repeat(64) }]);
});

test("who approved another plan may approve this one", async () => {
  const one = await waiting({ decisions: [{ ...yes, hash: "f".repeat(64) }] });
  expect(await one.click("request:approve", BUTTON)).toMatch(/^:white_check_mark: You approved/);
  expect((await one.request())?.decisions).toHaveLength(2);
});

test.each([
  "",
  "k3m9qz",
  "k3m9qz:",
  `K3M9QZ:${HASH}`,
  `k3m9qz:${HASH}:x`,
  "k3m9qz:xyz",
  "../../k3m9qz:0",
  "null",
])("a button with the value %j is of another version, and says so", async (value) => {
  const one = await waiting();
  const stale = ":no_entry: This button is from an older version of kinvirt: type the command instead.";
  expect(await one.click("request:approve", value)).toBe(stale);
  expect(await one.click("request:deny", value)).toBe(stale);
  if (value !== "k3m9qz") expect(await one.click("request:cancel", value)).toBe(stale);
  for (const action of ["cluster:retry", "cluster:delete", "delete:confirm", "delete:keep"])
    expect(await one.click(action, value)).toBe(stale);
  expect(await one.request()).toEqual(request());
});

test.each([
  "request:explode",
  "",
  "toString",
  "__proto__",
])("an unknown action %j is of another version", async (action) => {
  expect(await desk().click(action, BUTTON)).toMatch(/^:no_entry: This button is from an older version/);
});

test("a click in a channel of no tenant", async () => {
  const one = await waiting();
  expect(await one.click("request:approve", BUTTON, { channel: "C0STRANGER" })).toMatch(
    /^:no_entry: This channel is not connected to an OpenStack project/,
  );
});

test("an unknown request, by button and by words", async () => {
  const none = (id: string) =>
    `:no_entry: There is no request \`${id}\` in this channel: its message shows its id at the foot.`;
  const one = await waiting();
  expect(await one.click("request:approve", `zzzzzz:${HASH}`)).toBe(none("zzzzzz"));
  expect(await one.type("deny zzzzzz no", "U0APPROVER")).toBe(none("zzzzzz"));
  expect(await one.type("cancel zzzzzz")).toBe(none("zzzzzz"));
});

test("two approvers at the same moment both count; one approver twice at the same moment counts once", async () => {
  const one = await waiting();
  await Promise.all([
    one.click("request:approve", BUTTON),
    one.click("request:approve", BUTTON, { user: "U0SECOND" }),
    one.click("request:approve", BUTTON, { user: "U0SECOND" }),
  ]);
  expect((await one.request())?.decisions.map((d) => d.user).sort()).toEqual(["U0APPROVER", "U0SECOND"]);
});

test("an approve and a deny at the same moment: the deny stands, or came too late; never both unseen", async () => {
  const one = await waiting();
  const [, denied] = await Promise.all([
    one.click("request:approve", BUTTON, { user: "U0SECOND" }),
    one.type("deny k3m9qz no", "U0APPROVER"),
  ]);
  expect(denied).toBe(":white_check_mark: You denied *dev*; <@U0DEV> gets your reason: no");
  expect((await one.request())?.state).toBe("denied");
});

test("a deny by words reaches the requester in the thread once, and frees the name", async () => {
  const one = await waiting();
  expect(await one.type("deny k3m9qz  too   big", "U0APPROVER")).toBe(
    ":white_check_mark: You denied *dev*; <@U0DEV> gets your reason: too big",
  );
  expect(await one.request()).toMatchObject({ state: "denied", told: true });
  expect(await one.record()).toBeUndefined();
  await one.work();
  expect(one.slack.said.filter((said) => said.thread !== undefined).map((said) => wordsOf(said.message))).toEqual([
    "<@U0DEV> *dev* was denied by <@U0APPROVER>. Nothing was changed.\n*Reason* too big",
  ]);
});

test("a deny while Slack is down stands, and the worker tells the requester later", async () => {
  const slack = recordingSlack();
  let down = true;
  const post: typeof slack.post = (...args) =>
    down ? Promise.reject(new SlackError("no_answer", "Slack did not answer")) : slack.post(...args);
  const one = await waiting({}, { slack: { ...slack, post } });
  await one.type("deny k3m9qz no", "U0APPROVER");
  expect(await one.request()).toMatchObject({ state: "denied", told: false });
  down = false;
  await one.work();
  expect(await one.request()).toMatchObject({ told: true });
  expect(slack.said.map((said) => wordsOf(said.message))).toContain(
    "<@U0DEV> *dev* was denied by <@U0APPROVER>. Nothing was changed.\n*Reason* no",
  );
});

test("a reason is at most what fits, and calls nobody", async () => {
  const one = await waiting();
  await one.type(`deny k3m9qz &lt;!channel&gt; ${"x".repeat(5000)}`, "U0APPROVER");
  const [told] = one.slack.said.map((said) => wordsOf(said.message));
  expect(told).toContain("*Reason* &lt;!channel&gt; xxx");
  expect((await one.request())?.decisions[0]?.reason).toHaveLength(500);
});

test("the deny button asks for the reason in a form that knows its request", async () => {
  const opened: unknown[] = [];
  const openModal = async (trigger: string, view: unknown) => void opened.push([trigger, view]);
  const one = await waiting({}, { slack: { ...recordingSlack(), openModal } });
  expect(await one.click("request:deny", BUTTON, { trigger: "t42" })).toBe("");
  expect(opened).toEqual([
    ["t42", expect.objectContaining({ private_metadata: JSON.stringify({ value: BUTTON, channel: "C0TEAMA" }) })],
  ]);
  expect((await one.request())?.state).toBe("waiting");
});

test("a user group approves: its members may, others may not, and Slack not knowing is no yes", async () => {
  const config = exampleConfig();
  config.policy.approvers = ["S0GROUP"];
  const slack = recordingSlack();
  const one = await waiting({}, { config, slack: { ...slack, membersOf: async () => ["U0MEMBER"] } });
  expect(await one.click("request:approve", BUTTON, { user: "U0STRANGER" })).toBe(
    ":no_entry: Deciding is for approvers: <!subteam^S0GROUP>.",
  );
  expect(await one.click("request:approve", BUTTON, { user: "U0MEMBER" })).toMatch(/^:white_check_mark:/);
  const silent = () => Promise.reject(new SlackError("no_answer", "Slack did not answer"));
  const other = await waiting({}, { config, slack: { ...slack, membersOf: silent } });
  expect(await other.click("request:approve", BUTTON, { user: "U0MEMBER" })).toBe(
    ":no_entry: Slack did not say who is in the approvers' group: try again in a minute.",
  );
});

test("without approvers nobody decides, and it says who can change that", async () => {
  const config = exampleConfig();
  config.policy.approvers = [];
  const one = await waiting({}, { config });
  expect(await one.click("request:approve", BUTTON)).toBe(
    ":no_entry: Nobody may approve here yet: whoever runs kinvirt names approvers in its configuration.",
  );
});

test("whoever asked cancels before it is carried out, and the name is free again", async () => {
  const one = await waiting();
  expect(await one.type("cancel k3m9qz", "U0APPROVER")).toBe(
    ":no_entry: Only <@U0DEV>, who asked, may cancel this; an approver may deny it.",
  );
  expect(await one.click("request:cancel", "k3m9qz", { user: "U0DEV" })).toBe(
    ":white_check_mark: Cancelled: *dev* was not created.",
  );
  expect(await one.request()).toMatchObject({ state: "cancelled" });
  expect(await one.names()).toEqual([]);
  expect(await one.click("request:cancel", "k3m9qz", { user: "U0DEV" })).toBe(
    `:no_entry: ${NAME} was cancelled by the person who asked.`,
  );
});

test("what is under way is not cancelled but deleted, and it says how", async () => {
  const one = await waiting({ state: "approved" });
  expect(await one.type("cancel k3m9qz")).toBe(
    `:no_entry: ${NAME} was approved already. To undo it, type \`/k8s delete dev\`.`,
  );
  expect(await one.names()).toEqual(["team-a/dev"]);
});

test("a cancelled delete leaves the cluster alone", async () => {
  const one = desk();
  await one.hold(record());
  await one.ask(request({ action: "delete" }));
  expect(await one.type("cancel k3m9qz")).toBe(":white_check_mark: Cancelled: *dev* was not deleted.");
  expect(await one.record()).toEqual(record());
});

test("a denied create of a name that another cluster has by now leaves that cluster alone", async () => {
  const one = desk();
  await one.ask(request());
  await one.hold(record({ id: "kanother00", spec: spec() }, { phase: "requested" }));
  await one.type("deny k3m9qz no", "U0APPROVER");
  expect(await one.names()).toEqual(["team-a/dev"]);
});
