import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { memoryQueue } from "../../../shared/adapters/memory-queue.ts";
import { memoryStore } from "../../../shared/adapters/memory-store.ts";
import { SlackError } from "../../../shared/ports/slack.ts";
import { StoreError } from "../../../shared/ports/store.ts";
import { recordingSlack } from "../../support/bot.ts";
import { wordsOf } from "../desk.ts";
import { HASH, NOW_MS, record, request } from "../given.ts";
import { command, type Front, front } from "./front.ts";

// Goal: Slack always has its answer in time, an act is done once however often it comes, and a person is told in words
// when something behind the door is down.
let door: Front;
afterEach(() => door.close());

const form = (payload: unknown): string => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const whose = { user: { id: "U0APPROVER" }, team: { id: "T1" } };
const click = (action: string, value: string, trigger = "t1", over: object = {}) =>
  form({
    type: "block_actions",
    ...whose,
    channel: { id: "C0TEAMA" },
    container: { type: "message", channel_id: "C0TEAMA", message_ts: "77.000000" },
    trigger_id: trigger,
    response_url: "http://127.0.0.1:9/none",
    actions: [{ type: "button", action_id: action, block_id: "b", value, action_ts: trigger }],
    ...over,
  });
const submit = (reason: string, metadata = JSON.stringify({ value: `k3m9qz:${HASH}`, channel: "C0TEAMA" })) =>
  form({
    type: "view_submission",
    ...whose,
    trigger_id: "t7",
    view: {
      type: "modal",
      callback_id: "request:deny-reason",
      private_metadata: metadata,
      blocks: [{ type: "input", block_id: "reason" }],
      state: { values: { reason: { text: { type: "plain_text_input", value: reason } } } },
    },
  });

const said = (text: string): string => (JSON.parse(text) as { text: string }).text;

test("a command is answered to its person alone, and its work waits in the queue", async () => {
  door = await front();
  const { status, text } = await door.post({ body: command("create dev --rwx 100G") });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ response_type: "ephemeral" });
  expect(said(text)).toBe(":mag: Planning to create dev; the plan appears here in a moment.");
  expect(door.queued()).toEqual([{ is: "plan", request: "kkkkk0", tenant: "team-a" }]);
  expect(door.slack.said).toEqual([]);
});

test.each(["1", "2", "3"])("Slack's delivery number %s of one command does nothing more", async (retry) => {
  door = await front();
  await door.post({ body: command("create dev") });
  door.clock.pass(10_000);
  const headers = { "x-slack-retry-num": retry, "x-slack-retry-reason": "http_timeout" };
  expect(await door.post({ body: command("create dev"), headers })).toEqual({ status: 200, text: "" });
  expect(await door.names()).toEqual(["team-a/dev"]);
  expect(door.queued()).toHaveLength(1);
});

test("two deliveries at the same moment act once", async () => {
  door = await front();
  const answers = await Promise.all([
    door.post({ body: command("create dev") }),
    door.post({ body: command("create dev"), ageSeconds: 1 }),
  ]);
  expect(answers.map((one) => one.status)).toEqual([200, 200]);
  expect(answers.filter((one) => one.text === "")).toHaveLength(1);
  expect(door.queued()).toHaveLength(1);
});

test("the same words typed again are another act", async () => {
  door = await front();
  await door.post({ body: command("create dev", "t1") });
  const again = await door.post({ body: command("create dev", "t2") });
  expect(said(again.text)).toMatch(/^:no_entry: The name `dev` is taken/);
});

test("an event that nobody waits for is acknowledged", async () => {
  door = await front();
  const body = JSON.stringify({ type: "event_callback", event_id: "Ev1", team_id: "T1", event: { type: "app_home" } });
  expect((await door.post({ body, type: "application/json" })).status).toBe(200);
});

test("a queue that is down costs a create nothing but time: the record is due for the sweep", async () => {
  const queue = { ...memoryQueue({ clock: { nowMs: () => 0, wait: async () => undefined } }) };
  door = await front({ queue: { ...queue, enqueue: () => Promise.reject(new Error("queue: connection refused")) } });
  const { status, text } = await door.post({ body: command("create dev") });
  expect({ status, said: said(text) }).toEqual({
    status: 200,
    said: ":mag: Planning to create dev; the plan appears here in a moment.",
  });
  expect((await door.request("kkkkk0"))?.dueMs).toBe(NOW_MS);
  expect(door.logged.map((one) => one.event)).toEqual(["queue.silent"]);
});

test("a queue that is down leaves a question unasked, and the person is told to ask again", async () => {
  const queue = memoryQueue({ clock: { nowMs: () => 0, wait: async () => undefined } });
  door = await front({ queue: { ...queue, enqueue: () => Promise.reject(new Error("queue: connection refused")) } });
  const { status, text } = await door.post({ body: command("lb") });
  expect(status).toBe(200);
  expect(said(text)).toBe(":no_entry: The queue does not answer, so nobody looks at this now: ask again in a minute.");
});

test("a store that is down: a command gets a sentence, a click is marked by Slack as failed", async () => {
  const store = memoryStore(() => 0);
  const down = () => Promise.reject(new StoreError("store: connection refused"));
  door = await front({ store: { ...store, get: down, putIfAbsent: down } });
  const typed = await door.post({ body: command("create dev") });
  expect({ status: typed.status, said: said(typed.text) }).toEqual({
    status: 200,
    said: "kinvirt's store does not answer, so nothing was done. Try again in a minute.",
  });
  expect((await door.post({ body: click("request:cancel", "k3m9qz") })).status).toBe(503);
  expect(typed.text).not.toContain("connection refused");
});

test("a store that goes down halfway: no promise is made, and the log has the reference", async () => {
  const store = memoryStore(() => 0);
  const replace = (key: string, value: string) =>
    key.startsWith("request/") ? Promise.reject(new StoreError("store: disk full")) : store.putIfAbsent(key, value);
  door = await front({ store: { ...store, putIfAbsent: replace } });
  const { text } = await door.post({ body: command("create dev") });
  const reference = /Reference `(\w+)`/.exec(said(text))?.[1];
  expect(said(text)).toContain("so I can't say whether it was done: look with `/k8s list` before you try again");
  expect(text).not.toContain("disk full");
  expect(door.logged.find((one) => one.event === "slack.broke")?.fields).toMatchObject({ where: "command", reference });
});

test("work that takes too long is answered in time, without a promise", async () => {
  const store = memoryStore(() => 0);
  const get = () => new Promise<undefined>(() => undefined);
  door = await front({ store: { ...store, get } });
  const answer = door.post({ body: command("status dev") });
  while (door.logged.length === 0) {
    door.clock.pass(500);
    await new Promise((tick) => setImmediate(tick));
  }
  expect(said((await answer).text)).toMatch(/^:no_entry: That took too long, so I can't say whether it was done/);
});

test("a machine whose own clock runs ahead ends no answer that is still in time", async () => {
  const [real, store] = [globalThis.setTimeout, memoryStore(() => NOW_MS)];
  // Bolt's own timer is over while the store has just been asked.
  const hasty = ((run: () => void, ms?: number) => real(run, ms === 2600 ? 0 : ms)) as typeof setTimeout;
  const putIfAbsent: typeof store.putIfAbsent = async (...asked) => {
    if (asked[0].startsWith("cluster/")) await new Promise((next) => real(next, 20));
    return store.putIfAbsent(...asked);
  };
  door = await front({ store: { ...store, putIfAbsent } });
  const spied = jest.spyOn(globalThis, "setTimeout").mockImplementation(hasty);
  const { text } = await door.post({ body: command("create dev") }).finally(() => spied.mockRestore());
  expect(said(text)).toBe(":mag: Planning to create dev; the plan appears here in a moment.");
});

test("a click is acknowledged with nothing, and answered to its person alone", async () => {
  door = await front();
  await door.ask(request());
  const answer = await door.post({ body: click("request:approve", `k3m9qz:${HASH}`) });
  expect(answer).toEqual({ status: 200, text: "" });
  expect(door.slack.whispers.map(wordsOf)).toEqual([
    ":white_check_mark: You approved *dev*; its message follows what happens.",
  ]);
  expect((await door.request())?.decisions).toHaveLength(1);
  expect(door.queued()).toEqual([{ is: "plan", request: "k3m9qz", tenant: "team-a" }]);
});

test("the question before a delete is replaced by its answer, for its person alone", async () => {
  const said: unknown[] = [];
  const answering = express().post("/", express.json(), (asked, response) => {
    said.push(asked.body);
    response.json({ ok: true });
  });
  const slack = answering.listen(0, "127.0.0.1");
  await once(slack, "listening");
  door = await front();
  await door.hold(record());
  const response_url = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/`;
  await door.post({ body: click("delete:keep", "dev:k7f3m2q9x1:2:drop", "t1", { response_url }) });
  slack.close();
  slack.closeAllConnections();
  expect(said).toEqual([
    {
      text: ":white_check_mark: Nothing was deleted; `dev` stays.",
      blocks: [expect.objectContaining({ type: "section" })],
      response_type: "ephemeral",
      replace_original: true,
    },
  ]);
  expect(door.slack.whispers).toEqual([]);
});

test("one click that is delivered twice is one decision", async () => {
  door = await front();
  await door.ask(request());
  await door.post({ body: click("request:approve", `k3m9qz:${HASH}`) });
  await door.post({ body: click("request:approve", `k3m9qz:${HASH}`), ageSeconds: 2 });
  expect((await door.request())?.decisions).toHaveLength(1);
  expect(door.slack.whispers).toHaveLength(1);
});

test("Slack being down does not undo a decision, and the click is acknowledged", async () => {
  const silent = () => Promise.reject(new SlackError("no_answer", "Slack did not answer"));
  door = await front({ slack: { ...recordingSlack(), ephemeral: silent } });
  await door.ask(request());
  expect((await door.post({ body: click("request:approve", `k3m9qz:${HASH}`) })).status).toBe(200);
  expect((await door.request())?.decisions).toHaveLength(1);
});

test("a button without a value and one without a channel change nothing", async () => {
  door = await front();
  await door.ask(request());
  const bare = { type: "button", action_id: "request:approve", block_id: "b", action_ts: "1" };
  expect((await door.post({ body: click("", "", "t2", { actions: [bare] }) })).status).toBe(200);
  expect(
    (await door.post({ body: click("request:approve", `k3m9qz:${HASH}`, "t3", { channel: undefined }) })).status,
  ).toBe(200);
  expect((await door.request())?.decisions).toEqual([]);
});

test("a reason that was sent denies, and the form closes", async () => {
  door = await front();
  await door.ask(request());
  expect(await door.post({ body: submit("too many servers for a test") })).toEqual({ status: 200, text: "" });
  expect(await door.request()).toMatchObject({
    state: "denied",
    decisions: [{ reason: "too many servers for a test" }],
  });
  expect(door.slack.said.map((one) => [one.thread, wordsOf(one.message)])).toEqual([
    [
      "77.000000",
      "<@U0DEV> *dev* was denied by <@U0APPROVER>. Nothing was changed.\n*Reason* too many servers for a test",
    ],
  ]);
});

test.each([
  ["no JSON", "{"],
  ["another shape", "{}"],
  ["nothing", ""],
])("a form with metadata of %s closes and changes nothing", async (_what, metadata) => {
  door = await front();
  await door.ask(request());
  expect(await door.post({ body: submit("why", metadata) })).toEqual({ status: 200, text: "" });
  expect(await door.request()).toEqual(request());
});

test("a form whose work breaks keeps the person's words, with the error below them", async () => {
  const store = memoryStore(() => 0);
  door = await front({ store: { ...store, get: () => Promise.reject(new StoreError("store: disk full")) } });
  const { text } = await door.post({ body: submit("too many servers") });
  const { response_action, errors } = JSON.parse(text) as { response_action: string; errors: Record<string, string> };
  expect(response_action).toBe("errors");
  expect(errors["reason"]).toMatch(/^Something broke here, .* look with \/k8s list before/);
});

test.each([
  ["a closed form", { type: "view_closed", view: { type: "modal", callback_id: "request:deny-reason" } }],
  ["a shortcut", { type: "shortcut", callback_id: "x", trigger_id: "t8" }],
  ["a menu that asks for options", { type: "block_suggestion", action_id: "x", block_id: "b", value: "" }],
])("%s is acknowledged at once", async (_what, payload) => {
  door = await front();
  expect((await door.post({ body: form({ ...whose, ...payload }) })).status).toBe(200);
  expect(door.logged).toEqual([]);
});
