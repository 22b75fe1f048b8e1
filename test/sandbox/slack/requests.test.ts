import { createHmac } from "node:crypto";
import { openSlack, SECRET, START_SECONDS, section, stamp, type World } from "./api.ts";

// Goal: what people do reaches the bot as Slack sends it, signed, and the bot's answers are shown as Slack shows them.

let world: World;
beforeEach(async () => {
  world = await openSlack();
});
afterEach(() => world.close());

const channel = "C0TEAMA";
const seen = () => world.workspace.all().map(({ user, text, visibleTo }) => ({ user, text, visibleTo }));

test("a slash command is a signed form with a trigger and a way to answer", async () => {
  await world.acts.slash("U0DEV", channel, "/k8s", "create dev --rwx 100G & more");
  const { response_url, trigger_id, ...form } = world.bot.form();
  expect(form).toEqual({
    token: "unused",
    team_id: "T0SANDBOX",
    team_domain: "sandbox",
    channel_id: channel,
    channel_name: "team-a",
    user_id: "U0DEV",
    user_name: "dana",
    command: "/k8s",
    text: "create dev --rwx 100G & more",
    api_app_id: "A0KINVIRT",
    is_enterprise_install: "false",
  });
  expect(response_url).toMatch(new RegExp(`^${world.url}/slack/response/[a-z0-9]{24}$`));
  expect(trigger_id).toMatch(/^\d+\.[a-z0-9]{10}\.[a-z0-9]{24}$/);
  const [heard] = world.bot.heard;
  const signed = createHmac("sha256", SECRET).update(`v0:${START_SECONDS}:${heard?.body}`).digest("hex");
  expect(heard?.headers).toMatchObject({
    "content-type": "application/x-www-form-urlencoded",
    "x-slack-request-timestamp": String(START_SECONDS),
    "x-slack-signature": `v0=${signed}`,
  });
  expect(heard?.headers).not.toHaveProperty("x-slack-retry-num");
});

test.each([
  ["words", "text/plain", "done", [{ user: "U0KINVIRT", text: "done", visibleTo: "U0DEV" }]],
  ["nothing", "text/plain", "", []],
  [
    "JSON for one person",
    "application/json; charset=utf-8",
    JSON.stringify({ text: "done" }),
    [{ user: "U0KINVIRT", text: "done", visibleTo: "U0DEV" }],
  ],
  [
    "JSON for the channel, which sees the command too",
    "application/json",
    JSON.stringify({ response_type: "in_channel", text: "done" }),
    [
      { user: "U0DEV", text: "/k8s list", visibleTo: undefined },
      { user: "U0KINVIRT", text: "done", visibleTo: undefined },
    ],
  ],
])("a command that is answered by %s", async (_what, type, body, messages) => {
  Object.assign(world.bot.says, { type, body });
  await world.slash();
  expect(seen()).toEqual(messages);
});

test("a command that the bot fails at is Slackbot's to tell, to that person alone", async () => {
  Object.assign(world.bot.says, { status: 500, body: "oops" });
  await world.slash();
  expect(seen()).toEqual([
    { user: "USLACKBOT", text: '/k8s failed with the error "dispatch_failed"', visibleTo: "U0DEV" },
  ]);
});

test("a command that is not answered within three seconds has failed", async () => {
  world.bot.says.silent = true;
  await world.slash();
  expect(seen()).toEqual([
    { user: "USLACKBOT", text: '/k8s failed with the error "operation_timeout"', visibleTo: "U0DEV" },
  ]);
});

const action = { type: "button", action_id: "approve", block_id: "b", value: "req-1" };

test("a press carries the message with its metadata, the inputs and the action", async () => {
  const metadata = { event_type: "kinvirt", event_payload: { key: "k" } };
  await world.call("chat.postMessage", { channel, text: "decide", blocks: [section("decide")], metadata });
  const values = { block: { input: { type: "plain_text_input", value: "typed" } } };
  expect(await world.acts.press("U0APPROVER", channel, stamp(0), action, values)).toEqual({
    is: "answer",
    text: "",
    isJson: false,
  });
  const { response_url, trigger_id, ...payload } = world.bot.payload();
  expect(payload).toEqual({
    type: "block_actions",
    token: "unused",
    team: { id: "T0SANDBOX", domain: "sandbox" },
    enterprise: null,
    api_app_id: "A0KINVIRT",
    is_enterprise_install: false,
    user: { id: "U0APPROVER", username: "avery", name: "avery", team_id: "T0SANDBOX" },
    channel: { id: channel, name: "team-a" },
    container: { type: "message", message_ts: stamp(0), channel_id: channel, is_ephemeral: false },
    message: {
      type: "message",
      user: "U0KINVIRT",
      bot_id: "B0KINVIRT",
      app_id: "A0KINVIRT",
      team: "T0SANDBOX",
      ts: stamp(0),
      text: "decide",
      blocks: [{ ...section("decide"), block_id: "00000" }],
      metadata,
    },
    state: { values },
    actions: [{ ...action, action_ts: stamp(1) }],
  });
  expect([typeof response_url, typeof trigger_id]).toEqual(["string", "string"]);
});

test("a press in an ephemeral message carries no message, and is that person's alone", async () => {
  await world.call("chat.postEphemeral", { channel, user: "U0DEV", text: "sure?" });
  await world.acts.press("U0DEV", channel, stamp(0), action, {});
  expect(world.bot.payload()).toMatchObject({ container: { message_ts: stamp(0), is_ephemeral: true } });
  expect(world.bot.payload()).not.toHaveProperty("message");
  await expect(world.acts.press("U0APPROVER", channel, stamp(0), action, {})).rejects.toThrow("message_not_found");
});

describe("a response URL", () => {
  const whisper = (text: string) => ({ user: "U0KINVIRT", text, visibleTo: "U0DEV" });

  test("answers five times, within half an hour", async () => {
    const { response_url } = await world.slash();
    world.pass(30 * 60_000);
    for (const text of ["1", "2", "3", "4", "5"]) {
      const answer = await world.post(response_url, { text });
      expect([answer.status, answer.body]).toEqual([200, "ok"]);
    }
    const sixth = await world.post(response_url, { text: "6" });
    expect([sixth.status, sixth.body]).toEqual([404, { ok: false, error: "used_url" }]);
    expect(seen()).toEqual(["1", "2", "3", "4", "5"].map(whisper));
  });

  test("is gone afterwards, and needs to have been given", async () => {
    const { response_url } = await world.slash();
    world.pass(30 * 60_000 + 1);
    const late = await world.post(response_url, { text: "late" });
    expect([late.status, late.body]).toEqual([404, { ok: false, error: "expired_url" }]);
    const guessed = await world.post(`${world.url}/slack/response/guessed`, { text: "hello" });
    expect([guessed.status, guessed.body]).toEqual([404, { ok: false, error: "no_such_url" }]);
    expect(seen()).toEqual([]);
  });

  test("of a command answers in the channel where it says so, and refuses what Slack can't show", async () => {
    const { response_url } = await world.slash();
    await world.post(response_url, { response_type: "in_channel", text: "all of you" });
    expect(seen()).toEqual([{ user: "U0KINVIRT", text: "all of you", visibleTo: undefined }]);
    const bad = await world.post(response_url, { blocks: [{ type: "carousel" }] });
    expect([bad.status, bad.body]).toMatchObject([400, { ok: false, error: "invalid_blocks" }]);
  });

  const urlOfPress = async (): Promise<string> => {
    await world.acts.press("U0DEV", channel, stamp(0), action, {});
    return String(world.bot.payload()["response_url"]);
  };

  test("of a press replaces or deletes the message that was pressed", async () => {
    await world.call("chat.postEphemeral", { channel, user: "U0DEV", text: "sure?" });
    await world.post(await urlOfPress(), { replace_original: true, text: "done" });
    expect(seen()).toEqual([whisper("done")]);
    await world.post(await urlOfPress(), { delete_original: true });
    expect(seen()).toEqual([]);
  });

  test("of a press in everybody's message edits that for everybody", async () => {
    await world.call("chat.postMessage", { channel, text: "decide" });
    await world.post(await urlOfPress(), { replace_original: true, text: "decided" });
    expect(world.workspace.all()).toMatchObject([{ text: "decided", edited: { user: "U0KINVIRT" } }]);
  });
});

describe("when Slack is in trouble", () => {
  test("it sends everything twice: the same body and signature, the second as a retry", async () => {
    world.faults.duplicates = true;
    await world.slash();
    const [one, two] = world.bot.heard;
    expect(world.bot.heard).toHaveLength(2);
    expect(one?.body).toBe(two?.body);
    expect(one?.headers["x-slack-signature"]).toBe(two?.headers["x-slack-signature"]);
    const retries = world.bot.heard.map(({ headers }) => headers["x-slack-retry-num"] ?? "0");
    expect([...retries].sort()).toEqual(["0", "1"]);
    world.faults.duplicates = false;
    await world.slash();
    expect(world.bot.heard).toHaveLength(3);
  });

  test("it answers 429 and when to come again, whoever asks, and does nothing", async () => {
    world.faults.retryAfterSeconds = 7;
    const answer = await world.post(`${world.url}/slack/api/chat.postMessage`, { channel, text: "hello" });
    expect([answer.status, answer.headers.get("retry-after"), answer.body]).toEqual([
      429,
      "7",
      { ok: false, error: "ratelimited" },
    ]);
    expect(seen()).toEqual([]);
    world.faults.retryAfterSeconds = 0;
    expect(await world.call("chat.postMessage", { channel, text: "hello" })).toMatchObject({ ok: true });
  });

  test("it does not answer at all, and people still reach the bot", async () => {
    world.faults.down = true;
    await expect(world.call("chat.postMessage", { channel, text: "hello" })).rejects.toThrow("fetch failed");
    expect(seen()).toEqual([]);
    await world.slash();
    expect(world.bot.heard).toHaveLength(1);
    world.faults.down = false;
    expect(await world.call("chat.postMessage", { channel, text: "hello" })).toMatchObject({ ok: true });
  });
});
