import { slackWeb } from "../../../shared/adapters/slack-web.ts";
import { openSlack, stamp, TOKEN, type World } from "./api.ts";

// Goal: what was said is found again as Slack lists it: newest first, page by page, with metadata only on request.

let world: World;
beforeEach(async () => {
  world = await openSlack();
});
afterEach(() => world.close());

const channel = "C0TEAMA";
const say = (text: string, more = {}) => world.call("chat.postMessage", { channel, text, ...more });
const history = (more = {}) => world.call("conversations.history", { channel, ...more });
const texts = (answer: Readonly<Record<string, unknown>>): readonly unknown[] =>
  (answer["messages"] as readonly { readonly text: string }[]).map(({ text }) => text);

test("a history is newest first, without replies and without what one person alone sees", async () => {
  await say("first");
  await say("second");
  await say("reply", { thread_ts: stamp(0) });
  await world.call("chat.postEphemeral", { channel, user: "U0DEV", text: "whisper" });
  world.acts.say("U0DEV", channel, "a person's");
  const bot = { type: "message", user: "U0KINVIRT", bot_id: "B0KINVIRT", app_id: "A0KINVIRT", team: "T0SANDBOX" };
  expect(await history()).toEqual({
    ok: true,
    messages: [
      { type: "message", user: "U0DEV", team: "T0SANDBOX", ts: stamp(4), text: "a person's" },
      { ...bot, ts: stamp(1), text: "second" },
      { ...bot, ts: stamp(0), text: "first", thread_ts: stamp(0), reply_count: 1, latest_reply: stamp(2) },
    ],
    has_more: false,
    response_metadata: { next_cursor: "" },
  });
});

test("metadata is in a history only when it is asked for", async () => {
  const metadata = { event_type: "kinvirt", event_payload: { key: "k1/live" } };
  await say("with", { metadata });
  await say("without");
  expect(await history()).toMatchObject({ messages: [{ text: "without" }, { text: "with" }] });
  expect(JSON.stringify(await history())).not.toContain("k1/live");
  const found = await history({ include_all_metadata: true });
  expect(found["messages"]).toMatchObject([{ text: "without" }, { text: "with", metadata }]);
  expect(JSON.stringify(found["messages"])).toContain('"metadata":{"event_type":"kinvirt"');
});

test("metadata stays through an edit that does not speak of it, and is that of one that does", async () => {
  const metadata = { event_type: "kinvirt", event_payload: { key: "first" } };
  await say("one", { metadata });
  await world.call("chat.update", { channel, ts: stamp(0), text: "two" });
  expect(await history({ include_all_metadata: true })).toMatchObject({ messages: [{ text: "two", metadata }] });
  const other = { event_type: "kinvirt", event_payload: { key: "second" } };
  await world.call("chat.update", { channel, ts: stamp(0), text: "three", metadata: other });
  expect(await history({ include_all_metadata: true })).toMatchObject({
    messages: [{ text: "three", metadata: other }],
  });
});

test("pages follow each other by the cursor, and an unknown cursor is refused", async () => {
  for (const text of ["1", "2", "3"]) await say(text);
  const first = await history({ limit: 2 });
  expect([texts(first), first["has_more"]]).toEqual([["3", "2"], true]);
  const { next_cursor: cursor } = first["response_metadata"] as { readonly next_cursor: string };
  const second = await history({ limit: 2, cursor });
  expect([texts(second), second["has_more"], second["response_metadata"]]).toEqual([["1"], false, { next_cursor: "" }]);
  expect(await history({ cursor: "9.000000" })).toEqual({ ok: false, error: "invalid_cursor" });
});

test("oldest and latest leave out their own ends unless they are inclusive", async () => {
  for (const text of ["1", "2", "3"]) await say(text);
  const ends = { oldest: stamp(0), latest: stamp(2) };
  expect(texts(await history(ends))).toEqual(["2"]);
  expect(texts(await history({ ...ends, inclusive: true }))).toEqual(["3", "2", "1"]);
});

test("replies are the parent and then what was said below it, oldest first", async () => {
  await say("parent");
  await say("one", { thread_ts: stamp(0) });
  await say("two", { thread_ts: stamp(0), metadata: { event_type: "kinvirt", event_payload: { key: "k" } } });
  const replies = await world.call("conversations.replies", { channel, ts: stamp(0), include_all_metadata: true });
  expect(replies["messages"]).toMatchObject([
    { text: "parent", thread_ts: stamp(0), reply_count: 2, latest_reply: stamp(2) },
    { text: "one", thread_ts: stamp(0) },
    { text: "two", metadata: { event_payload: { key: "k" } } },
  ]);
  expect(await world.call("conversations.replies", { channel, ts: "1.000000" })).toEqual({
    ok: false,
    error: "thread_not_found",
  });
});

test.each([
  "conversations.history",
  "conversations.replies",
  "conversations.info",
])("%s of an unknown channel", async (method) => {
  const answer = await world.call(method, { channel: "C0NONE", ts: stamp(0) });
  expect(answer).toEqual({ ok: false, error: "channel_not_found" });
});

test("conversations.open gives the one direct message with a person", async () => {
  const open = () => world.call("conversations.open", { users: "U0DEV" });
  expect(await open()).toMatchObject({ ok: true, channel: { id: "D00DEV", is_im: true, user: "U0DEV" } });
  expect(await open()).toMatchObject({ ok: true, channel: { id: "D00DEV" } });
  expect(world.workspace.channels().filter(({ user }) => user !== undefined)).toHaveLength(1);
  expect(await world.call("conversations.open", { users: "U0NOBODY" })).toEqual({ ok: false, error: "user_not_found" });
});

test("the members of a user group, and of one that there isn't", async () => {
  expect(await world.call("usergroups.users.list", { usergroup: "S0APPROVERS" })).toEqual({
    ok: true,
    users: ["U0APPROVER", "U0SECOND"],
  });
  expect(await world.call("usergroups.users.list", { usergroup: "S0NONE" })).toEqual({
    ok: false,
    error: "no_such_subteam",
  });
  expect(await world.call("usergroups.users.list")).toEqual({
    ok: false,
    error: "invalid_arguments",
    response_metadata: { messages: ["[ERROR] missing required field: usergroup"] },
  });
});

test("who the bot is, and who a person is", async () => {
  expect(await world.call("auth.test")).toEqual({
    ok: true,
    url: `${world.url}/`,
    team: "kinvirt sandbox",
    user: "kinvirt",
    team_id: "T0SANDBOX",
    user_id: "U0KINVIRT",
    bot_id: "B0KINVIRT",
    is_enterprise_install: false,
  });
  expect(await world.call("users.info", { user: "U0ONCALL" })).toMatchObject({
    user: { id: "U0ONCALL", name: "oli", real_name: "Oli", profile: { title: "on-call", email: "oli@example.org" } },
  });
  expect(await world.call("users.info", { user: "U0NOBODY" })).toEqual({ ok: false, error: "user_not_found" });
});

test("who has left is still known, and the bot's client can tell", async () => {
  const slack = slackWeb({ token: TOKEN, apiUrl: `${world.url}/slack/api/` });
  expect(await slack.isReachable("U0SECOND")).toBe(true);
  world.workspace.deactivate("U0SECOND");
  expect(await world.call("users.info", { user: "U0SECOND" })).toMatchObject({ ok: true, user: { deleted: true } });
  expect(await slack.isReachable("U0SECOND")).toBe(false);
  expect(await slack.isReachable("U0NOBODY")).toBe(false);
  const other = slackWeb({ token: "xoxb-wrong", apiUrl: `${world.url}/slack/api/` });
  await expect(other.isReachable("U0ONCALL")).rejects.toMatchObject({ code: "invalid_auth" });
});

test("a reaction is given once", async () => {
  await say("hello");
  const react = () => world.call("reactions.add", { channel, timestamp: stamp(0), name: "eyes" });
  expect(await react()).toEqual({ ok: true });
  expect(await react()).toEqual({ ok: false, error: "already_reacted" });
  expect(await history()).toMatchObject({
    messages: [{ reactions: [{ name: "eyes", users: ["U0KINVIRT"], count: 1 }] }],
  });
});

test("a permalink leads to the page at this message", async () => {
  await say("hello");
  expect(await world.call("chat.getPermalink", { channel, message_ts: stamp(0) })).toEqual({
    ok: true,
    channel,
    permalink: `${world.url}/?in=C0TEAMA&message=${stamp(0)}`,
  });
});
