import { openSlack, section, sections, stamp, TOKEN, type World } from "./api.ts";

// Goal: messages are taken and refused as Slack takes and refuses them, with its words.

let world: World;
beforeEach(async () => {
  world = await openSlack();
});
afterEach(() => world.close());

const channel = "C0TEAMA";
const posted = {
  type: "message",
  user: "U0KINVIRT",
  bot_id: "B0KINVIRT",
  app_id: "A0KINVIRT",
  team: "T0SANDBOX",
};
const refused = (error: string, ...messages: readonly string[]) => ({
  ok: false,
  error,
  ...(messages.length === 0 ? {} : { response_metadata: { messages: messages.map((one) => `[ERROR] ${one}`) } }),
});
const refusedBlocks = (...errors: readonly string[]) => ({ ...refused("invalid_blocks", ...errors), errors });

test.each([
  ["no token", undefined, "not_authed"],
  ["another token", "xoxb-wrong", "invalid_auth"],
])("%s is refused with 200, before anything else is looked at", async (_what, token, error) => {
  const answer = await world.post(`${world.url}/slack/api/chat.postMessage`, { channel: "C0NONE" }, token);
  expect([answer.status, answer.body]).toEqual([200, { ok: false, error }]);
  expect(world.workspace.all()).toEqual([]);
});

test("a token may stand in a form, with blocks as JSON text", async () => {
  const blocks = JSON.stringify([{ ...section("hello"), block_id: "mine" }]);
  const body = new URLSearchParams({ token: TOKEN, channel, text: "hello", blocks });
  const answer = await fetch(`${world.url}/slack/api/chat.postMessage`, { method: "POST", body });
  expect(await answer.json()).toEqual({
    ok: true,
    channel,
    ts: stamp(0),
    message: { ...posted, ts: stamp(0), text: "hello", blocks: [{ ...section("hello"), block_id: "mine" }] },
  });
});

test("blocks that are no JSON are told from blocks that Slack doesn't take", async () => {
  const body = new URLSearchParams({ token: TOKEN, channel, text: "hello", blocks: "[{" });
  const answer = await fetch(`${world.url}/slack/api/chat.postMessage`, { method: "POST", body });
  expect(await answer.json()).toEqual({ ok: false, error: "invalid_blocks_format" });
});

test("an unknown method", async () => {
  expect(await world.call("chat.shout", { channel })).toEqual({ ok: false, error: "unknown_method" });
});

test("chat.postMessage answers with the message, its blocks named, and a ts of its own", async () => {
  expect(await world.call("chat.postMessage", { channel, text: "one", blocks: [section("one")] })).toEqual({
    ok: true,
    channel,
    ts: stamp(0),
    message: { ...posted, ts: stamp(0), text: "one", blocks: [{ ...section("one"), block_id: "00000" }] },
  });
  expect(await world.call("chat.postMessage", { channel, text: "two" })).toEqual({
    ok: true,
    channel,
    ts: stamp(1),
    message: { ...posted, ts: stamp(1), text: "two" },
  });
});

test("a person's id stands for the direct message with that person", async () => {
  expect(await world.call("chat.postMessage", { channel: "U0DEV", text: "psst" })).toMatchObject({
    ok: true,
    channel: "D00DEV",
  });
  expect(await world.call("conversations.info", { channel: "D00DEV" })).toMatchObject({
    channel: { id: "D00DEV", is_im: true, is_channel: false, user: "U0DEV" },
  });
});

test("a reply to a reply is in the same thread, and a thread needs a parent", async () => {
  await world.call("chat.postMessage", { channel, text: "parent" });
  const first = await world.call("chat.postMessage", { channel, text: "reply", thread_ts: stamp(0) });
  const second = await world.call("chat.postMessage", { channel, text: "again", thread_ts: stamp(1) });
  expect([first, second]).toMatchObject([{ message: { thread_ts: stamp(0) } }, { message: { thread_ts: stamp(0) } }]);
  const lost = { channel, text: "lost", thread_ts: "1.000000" };
  expect(await world.call("chat.postMessage", lost)).toEqual({ ok: false, error: "thread_not_found" });
});

describe.each(["chat.postMessage", "chat.postEphemeral", "chat.update"])("%s refuses", (method) => {
  const common = { channel, user: "U0DEV", ts: stamp(0), text: "text" };
  beforeEach(() => world.call("chat.postMessage", { channel, text: "to be edited" }));

  test.each([
    ["no channel", { channel: undefined }, refused("channel_not_found")],
    ["an unknown channel", { channel: "C0NONE" }, refused("channel_not_found")],
    ["no words", { text: "" }, refused("no_text")],
    ["40,001 characters", { text: "x".repeat(40_001) }, refused("msg_too_long")],
    ["51 blocks", { blocks: sections(51) }, refusedBlocks("no more than 50 items allowed [json-pointer:/blocks]")],
    [
      "a section of 3,001 characters",
      { blocks: [section("fine"), section("x".repeat(3001))] },
      refusedBlocks("must be less than 3001 characters [json-pointer:/blocks/1/text/text]"),
    ],
    [
      "a text without characters",
      { blocks: [section("")] },
      refusedBlocks("must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ],
    [
      "an unknown block",
      { blocks: [{ type: "carousel" }] },
      refusedBlocks("unsupported type: carousel [json-pointer:/blocks/0/type]"),
    ],
    [
      "a block without a type",
      { blocks: [{}] },
      refusedBlocks("missing required field: type [json-pointer:/blocks/0]"),
    ],
    [
      "a header without a text",
      { blocks: [{ type: "header" }] },
      refusedBlocks("missing required field: text [json-pointer:/blocks/0]"),
    ],
    [
      "a bare text where a text object belongs",
      { blocks: [{ type: "header", text: "bare" }] },
      refusedBlocks("must provide an object [json-pointer:/blocks/0/text]"),
    ],
    [
      "actions without elements",
      { blocks: [{ type: "actions", elements: [] }] },
      refusedBlocks("must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    ],
    [
      "blocks of the same name",
      {
        blocks: [
          { ...section("a"), block_id: "same" },
          { ...section("b"), block_id: "same" },
        ],
      },
      refusedBlocks('`block_id` "same" already exists [json-pointer:/blocks/1/block_id]'),
    ],
    [
      "blocks with more than 12,000 characters together",
      { blocks: sections(5).map(() => section("x".repeat(2401))) },
      refused("msg_blocks_too_long"),
    ],
  ])("%s", async (_what, args, answer) => {
    expect(await world.call(method, { ...common, ...args })).toEqual(answer);
    expect(world.workspace.all()).toMatchObject([{ text: "to be edited", blocks: [] }]);
  });

  test("buttons of the same name in one block, and takes them in two", async () => {
    const button = { type: "button", action_id: "go", text: { type: "plain_text", text: "Go" } };
    const actions = (...elements: readonly object[]) => ({ type: "actions", elements });
    expect(await world.call(method, { ...common, blocks: [section("a"), actions(button, button)] })).toEqual(
      refusedBlocks('`action_id` "go" already exists [json-pointer:/blocks/1/elements/1/action_id]'),
    );
    expect(await world.call(method, { ...common, blocks: [actions(button), actions(button)] })).toMatchObject({
      ok: true,
    });
  });
});

test("what is just within the limits is taken", async () => {
  const blocks = sections(50);
  expect(await world.call("chat.postMessage", { channel, text: "x".repeat(40_000), blocks })).toMatchObject({
    ok: true,
  });
  const full = sections(4).map(() => section("x".repeat(3000)));
  expect(await world.call("chat.postMessage", { channel, text: "full", blocks: full })).toMatchObject({ ok: true });
});

test("chat.update changes a message and says so, in less room than a new one has", async () => {
  await world.call("chat.postMessage", { channel, text: "before", blocks: [section("before")] });
  world.pass(1000);
  const edited = { user: "U0KINVIRT", ts: stamp(0, Date.UTC(2026, 0, 1, 0, 0, 1)) };
  expect(await world.call("chat.update", { channel, ts: stamp(0), text: "after", blocks: [] })).toEqual({
    ok: true,
    channel,
    ts: stamp(0),
    text: "after",
    message: { ...posted, ts: stamp(0), text: "after", edited },
  });
  const update = (text: string) => world.call("chat.update", { channel, ts: stamp(0), text });
  expect(await update("x".repeat(4000))).toMatchObject({ ok: true });
  expect(await update("x".repeat(4001))).toEqual({ ok: false, error: "msg_too_long" });
  expect(await update("é".repeat(2001))).toEqual({ ok: false, error: "msg_too_long" });
});

test("a bot changes and deletes its own messages only", async () => {
  world.acts.say("U0DEV", channel, "mine");
  const theirs = { channel, ts: stamp(0), text: "yours" };
  expect(await world.call("chat.update", theirs)).toEqual({ ok: false, error: "cant_update_message" });
  expect(await world.call("chat.delete", theirs)).toEqual({ ok: false, error: "cant_delete_message" });
  const none = { channel, ts: "1.000000", text: "none" };
  expect(await world.call("chat.update", none)).toEqual({ ok: false, error: "message_not_found" });
  expect(await world.call("chat.update", { channel, text: "no ts" })).toEqual(
    refused("invalid_arguments", "missing required field: ts"),
  );
  await world.call("chat.postMessage", { channel, text: "ours" });
  expect(await world.call("chat.delete", { channel, ts: stamp(1) })).toEqual({ ok: true, channel, ts: stamp(1) });
  expect(world.workspace.all().map(({ text }) => text)).toEqual(["mine"]);
});

test("an ephemeral message has a ts, one reader, and no way to be changed", async () => {
  const whisper = { channel, user: "U0DEV", text: "only you" };
  expect(await world.call("chat.postEphemeral", whisper)).toEqual({ ok: true, message_ts: stamp(0) });
  expect(world.workspace.all()).toMatchObject([{ text: "only you", visibleTo: "U0DEV" }]);
  const change = { channel, ts: stamp(0), text: "louder" };
  expect(await world.call("chat.update", change)).toEqual({ ok: false, error: "message_not_found" });
  expect(await world.call("chat.postEphemeral", { ...whisper, user: "U0NOBODY" })).toEqual({
    ok: false,
    error: "user_not_in_channel",
  });
});

test.each([
  ["a text", "kinvirt"],
  ["no payload", { event_type: "kinvirt" }],
])("metadata of %s is refused", async (_what, metadata) => {
  expect(await world.call("chat.postMessage", { channel, text: "x", metadata })).toEqual({
    ok: false,
    error: "invalid_metadata_format",
  });
});
