import { type Json, openSlack, section, type World } from "./api.ts";

// Goal: the home tab and what is pressed in views reach the bot as Slack sends them, and channels that are no more refuse.

let world: World;
beforeEach(async () => {
  world = await openSlack();
});
afterEach(() => world.close());

const home = { type: "home", blocks: [section("hello")] };
const publish = (user: string): Promise<Json> => world.call("views.publish", { user_id: user, view: home });

test("opening the tab is a signed event in JSON, with what the tab shows", async () => {
  await world.acts.openHome("U0DEV");
  const [heard] = world.bot.heard;
  expect(heard?.headers).toMatchObject({ "content-type": "application/json" });
  expect(heard?.headers["x-slack-signature"]).toMatch(/^v0=[0-9a-f]{64}$/);
  const first = JSON.parse(heard?.body ?? "") as Json;
  expect(first).toMatchObject({
    type: "event_callback",
    team_id: "T0SANDBOX",
    event: { type: "app_home_opened", user: "U0DEV", tab: "home" },
  });
  expect(first["event"]).not.toHaveProperty("view");
  await publish("U0DEV");
  await world.acts.openHome("U0DEV");
  const again = JSON.parse(world.bot.heard.at(-1)?.body ?? "") as Json;
  expect(again["event"]).toMatchObject({ view: { type: "home" } });
  expect(again["event_id"]).not.toBe(first["event_id"]);
});

test("a press on the tab is in a view and in no channel, and its trigger opens a modal", async () => {
  const view = (await publish("U0DEV"))["view"] as Json;
  const action = { type: "button", action_id: "go", block_id: "b", value: "1" };
  await world.acts.pressView("U0DEV", String(view["id"]), action, {
    why: { a: { type: "plain_text_input", value: "x" } },
  });
  const sent = world.bot.payload();
  expect(sent).toMatchObject({
    type: "block_actions",
    user: { id: "U0DEV" },
    container: { type: "view", view_id: view["id"] },
    view: { type: "home", hash: view["hash"], state: { values: { why: { a: { value: "x" } } } } },
    actions: [{ action_id: "go", value: "1" }],
  });
  expect(sent).not.toHaveProperty("channel");
  expect(sent).not.toHaveProperty("response_url");
  const modal = { type: "modal", title: { type: "plain_text", text: "Here" }, blocks: [section("hello")] };
  expect(await world.call("views.open", { trigger_id: sent["trigger_id"], view: modal })).toMatchObject({ ok: true });
});

test("nobody presses in another's view", async () => {
  const view = (await publish("U0DEV"))["view"] as Json;
  await expect(world.acts.pressView("U0SECOND", String(view["id"]), {}, {})).rejects.toThrow("not_found");
});

const channel = "C0TEAMA";
const post = () => world.call("chat.postMessage", { channel, text: "hello" });

test("an archived channel can be read, and nothing is written there", async () => {
  const { ts } = await post();
  world.workspace.changeChannel(channel, { archived: true });
  const no = { ok: false, error: "is_archived" };
  expect(await post()).toEqual(no);
  expect(await world.call("chat.update", { channel, ts, text: "other" })).toEqual(no);
  expect(await world.call("chat.postEphemeral", { channel, user: "U0DEV", text: "hello" })).toEqual(no);
  expect(await world.call("conversations.history", { channel })).toMatchObject({ ok: true });
});

test("a channel that was deleted never was, and who was put out is no member", async () => {
  world.workspace.changeChannel(channel, { botIsMember: false });
  expect(await post()).toEqual({ ok: false, error: "not_in_channel" });
  world.workspace.dropChannel(channel);
  expect(await post()).toEqual({ ok: false, error: "channel_not_found" });
});

test("nothing is whispered to whoever has left", async () => {
  world.workspace.removeFrom("U0DEV", channel);
  const whisper = (user: string) => world.call("chat.postEphemeral", { channel, user, text: "hello" });
  expect(await whisper("U0DEV")).toEqual({ ok: false, error: "user_not_in_channel" });
  expect(await whisper("U0SECOND")).toMatchObject({ ok: true });
});
