import { progressMessage } from "../../handlers/views/progress.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import { exampleConfig, recordingSlack } from "../support/bot.ts";
import { type Desk, desk, wordsOf } from "./desk.ts";
import { HASH, NOW_MS, record, request } from "./given.ts";

// Goal: a request that waits is remembered once before it lapses, and people learn when nobody is left who can decide.
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const yes = { user: "U0APPROVER", verdict: "approve" as const, atMs: NOW_MS, hash: HASH };
const waits = { expiresMs: NOW_MS + DAY_MS, remindMs: NOW_MS + 18 * HOUR_MS, reachMs: NOW_MS, dueMs: NOW_MS };

async function waiting(over: Parameters<typeof request>[0] = {}, deps: Parameters<typeof desk>[0] = {}): Promise<Desk> {
  const one = desk(deps);
  await one.ask(request({ ...waits, ...over }));
  await one.hold(record({ generation: 1 }, { phase: "requested", steps: {} }));
  return one;
}

/** What the sweep does at this moment. */
async function at(one: Desk, ms: number): Promise<void> {
  one.clock.pass(NOW_MS + ms - one.clock.nowMs());
  await one.deps.queue.enqueue({ is: "sweep" }, 0);
  await one.work();
}

const threads = (one: Desk): readonly string[] =>
  one.slack.said.filter(({ thread }) => thread !== undefined).map(({ message }) => wordsOf(message));

test("approvers are reminded once, at three quarters of its time", async () => {
  const one = await waiting();
  await at(one, 0);
  await at(one, 17 * HOUR_MS);
  expect(threads(one)).toEqual([]);
  await at(one, 18 * HOUR_MS);
  await at(one, 18 * HOUR_MS + 60_000);
  await at(one, 23 * HOUR_MS);
  const until = "It lapses <!date^1767355200^{date_short_pretty} at {time}|2026-01-02 12:00 UTC>.";
  expect(threads(one)).toEqual([
    `:alarm_clock: <@U0APPROVER> and <@U0SECOND> *dev* still needs 1 approval. ${until}\n` +
      "Decide with the buttons above, or type `/k8s approve k3m9qz` or `/k8s deny k3m9qz REASON`.",
  ]);
  expect((await one.request())?.remindMs).toBeUndefined();
  expect((await one.request())?.dueMs).toBe(NOW_MS + DAY_MS);
  await at(one, DAY_MS);
  expect(await one.request()).toMatchObject({ state: "expired" });
});

test("who has approved already is not reminded", async () => {
  const config = exampleConfig();
  config.policy.approvals = 2;
  const one = await waiting({ decisions: [yes] }, { config });
  await at(one, 18 * HOUR_MS);
  expect(threads(one)[0]).toMatch(/^:alarm_clock: <@U0SECOND> \*dev\* still needs 1 approval\./);
});

test("a reminder that Slack does not take comes later, once", async () => {
  const slack = recordingSlack();
  let down = true;
  const post: typeof slack.post = (...args) =>
    down ? Promise.reject(new SlackError("no_answer", "Slack did not answer")) : slack.post(...args);
  const one = await waiting({}, { slack: { ...slack, post } });
  await at(one, 18 * HOUR_MS);
  expect(slack.said).toEqual([]);
  expect((await one.request())?.dueMs).toBe(NOW_MS + 18 * HOUR_MS + 10_000);
  down = false;
  await at(one, 18 * HOUR_MS + 20_000);
  await at(one, 18 * HOUR_MS + 40_000);
  expect(slack.said).toHaveLength(1);
});

test.each([
  ["the first approver is asked about and no more", ["U0APPROVER"], 1, 0],
  ["nobody is left", [], 1, 1],
  ["one of two is left", ["U0SECOND"], 2, 1],
])("reachable: %s", async (_what, left, approvals, short) => {
  const config = exampleConfig();
  config.policy.approvals = approvals;
  const asked: string[] = [];
  const isReachable = async (user: string) => {
    asked.push(user);
    return left.includes(user);
  };
  const one = await waiting({}, { config, slack: { ...recordingSlack(), isReachable } });
  await at(one, 0);
  expect((await one.request())?.short ?? 0).toBe(short);
  expect(asked).toEqual(short === 0 ? ["U0APPROVER"] : ["U0APPROVER", "U0SECOND"]);
});

test("when nobody is left, requester and on-call hear it once with what to do, and the message shows it", async () => {
  const slack = recordingSlack();
  const there = new Set<string>();
  const one = await waiting({}, { slack: { ...slack, isReachable: async (user) => there.has(user) } });
  await at(one, 0);
  await at(one, 2 * HOUR_MS);
  const until = "It lapses <!date^1767355200^{date_short_pretty} at {time}|2026-01-02 12:00 UTC>.";
  const cause =
    "1 approval can't be given by anybody: too few of those who may approve are left in Slack; bots and whoever asked don't count.";
  const told = slack.said.map(({ channel, message }) => [channel, wordsOf(message)]);
  expect(told).toEqual([
    [
      "C0TEAMA",
      ":warning: <@U0DEV> *dev* can't be approved as things are.\n" +
        `${cause} Named are <@U0APPROVER> and <@U0SECOND>.\n` +
        `Have whoever runs kinvirt name others in its configuration (\`policy.approvers\`); the request goes on from there. ${until}\n` +
        "To take it back, type `/k8s cancel k3m9qz`.",
    ],
    [
      "C0ONCALL",
      ":warning: *dev* of team-a waits for an approval that nobody can give.\n" +
        `${cause}\n` +
        `Name others in the configuration (\`policy.approvers\`, or \`tenants.team-a.policy.approvers\`) and start kinvirt anew. ${until}\n` +
        "asked for by <@U0DEV> in <#C0TEAMA> · request `k3m9qz`",
    ],
  ]);
  there.add("U0SECOND");
  await at(one, 4 * HOUR_MS);
  expect((await one.request())?.short).toBeUndefined();
  expect(slack.said).toHaveLength(2);
});

test("the requester is nobody's approver, also through a group", async () => {
  const config = exampleConfig();
  config.policy.approvers = ["S0GROUP"];
  const slack = recordingSlack();
  const one = await waiting({}, { config, slack: { ...slack, membersOf: async () => ["U0DEV"] } });
  await at(one, 0);
  expect((await one.request())?.short).toBe(1);
  expect(await one.click("request:approve", `k3m9qz:${HASH}`, { user: "U0DEV" })).toMatch(
    /^:no_entry: You asked for this yourself/,
  );
});

test("Slack not answering says nothing about who is left", async () => {
  const isReachable = () => Promise.reject(new SlackError("missing_scope", "Slack refused users.info"));
  const one = await waiting({ short: 1, warned: true }, { slack: { ...recordingSlack(), isReachable } });
  await at(one, 0);
  expect(await one.request()).toMatchObject({ short: 1, reachMs: NOW_MS + HOUR_MS });
  expect(one.logged).toContainEqual({
    event: "approvers.unknown",
    fields: { request: "k3m9qz", code: "missing_scope" },
  });
});

test("the message says how many approvals are needed, who gave one and when, and what is missing", async () => {
  const config = exampleConfig();
  config.policy.approvals = 3;
  const one = await waiting({ decisions: [yes], message: { channel: "C0TEAMA", key: "request:k3m9qz" } }, { config });
  await at(one, 0);
  const shown = wordsOf(one.slack.said[0]?.message ?? { text: "", blocks: [] });
  expect(shown).toContain(":raised_hand: *dev* needs 3 approvals.");
  expect(shown).toContain("For <@U0SECOND> to decide; the person who asked may cancel");
  expect(shown).toContain(
    "Approved so far by <@U0APPROVER> <!date^1767268800^{date_short_pretty} at {time}|2026-01-01 12:00 UTC>; 2 more are needed.",
  );
  expect(shown).toContain(":warning: 1 approval can't be given any more: too few of those who may are left.");
});

const other = { action: "delete" as const, requester: "U0OTHER", state: "approved" as const, decisions: [yes] };

test("an approval that was not carried out for a minute is checked again: another plan waits for another approval", async () => {
  const one = desk();
  await one.ask(request({ ...other, approvedMs: NOW_MS - 61_000, dueMs: NOW_MS }));
  await one.hold(record());
  await at(one, 0);
  expect(await one.request()).toMatchObject({ state: "waiting", expiresMs: NOW_MS + DAY_MS });
  expect((await one.request())?.plan?.hash).not.toBe(HASH);
  expect(await one.record()).toMatchObject({ wish: "present", generation: 2 });
});

test("a fresh approval is carried out as it is", async () => {
  const one = desk();
  await one.ask(request({ ...other, approvedMs: NOW_MS - 59_000, dueMs: NOW_MS }));
  await one.hold(record());
  await one.deps.queue.enqueue({ is: "plan", request: "k3m9qz" }, 0);
  await one.work().catch(() => undefined);
  expect(await one.record()).toMatchObject({
    wish: "absent",
    approved: { plan: HASH, by: [{ user: "U0APPROVER", atMs: NOW_MS }] },
  });
});

const MOMENT = "<!date^1767268800^{date_short_pretty} at {time}|2026-01-01 12:00 UTC>";
test.each([
  [
    "two people",
    [yes, { ...yes, user: "U0SECOND" }],
    `approved by <@U0APPROVER> ${MOMENT}, <@U0SECOND> ${MOMENT} · plan \`01234567\``,
  ],
  ["nobody, for it had not to be", [], "within the policy, so nobody had to approve it · plan `01234567`"],
])("who approved stays on the cluster's message and in its status: %s", async (_what, by, words) => {
  const one = desk();
  const approved = { plan: HASH, by: by.map(({ user, atMs }) => ({ user, atMs })) };
  await one.hold(record({ approved }));
  expect(await one.type("status dev")).toContain(` · ${words} · cluster`);
  for (const phase of ["creating", "ready", "blocked"] as const) {
    const shown = progressMessage(record({ approved }, { phase }), { nowMs: NOW_MS, order: [] });
    expect(wordsOf(shown)).toContain(` · ${words} · cluster`);
  }
});

test("while it waits, the status says who has approved so far", async () => {
  const one = await waiting({ decisions: [yes] });
  expect(await one.type("status dev")).toContain(`approved so far by <@U0APPROVER> ${MOMENT}`);
});
