import { type Json, openSlack, section, sections, type World } from "./api.ts";

// Goal: modals open with a fresh trigger, once, within Slack's limits, and do what their submission is answered with.

let world: World;
beforeEach(async () => {
  world = await openSlack();
});
afterEach(() => world.close());

const plain = (text: string) => ({ type: "plain_text", text });
const input = {
  type: "input",
  block_id: "why",
  label: plain("Why"),
  element: { type: "plain_text_input", action_id: "a" },
};
const modal = { type: "modal", title: plain("Deny"), submit: plain("Deny"), callback_id: "deny", blocks: [input] };
const open = async (view: unknown = modal): Promise<Json> => {
  const { trigger_id } = await world.slash();
  return world.call("views.open", { trigger_id, view });
};
const idOf = (answer: Json): string => String((answer["view"] as Json)["id"]);
const wrong = (...messages: readonly string[]) => ({
  ok: false,
  error: "invalid_arguments",
  response_metadata: { messages: messages.map((one) => `[ERROR] ${one}`) },
});

test("a modal is shown to the person whose trigger it was", async () => {
  const answer = await open({ ...modal, private_metadata: "req-1" });
  const [shown] = world.views.of("U0DEV");
  expect(answer).toEqual({
    ok: true,
    view: {
      id: shown?.id,
      type: "modal",
      hash: shown?.hash,
      callback_id: "deny",
      external_id: "",
      private_metadata: "req-1",
      title: plain("Deny"),
      submit: plain("Deny"),
      close: null,
      blocks: [input],
      notify_on_close: false,
      clear_on_close: false,
      root_view_id: shown?.id,
      previous_view_id: null,
      team_id: "T0SANDBOX",
      app_id: "A0KINVIRT",
      bot_id: "B0KINVIRT",
      app_installed_team_id: "T0SANDBOX",
      state: { values: {} },
    },
  });
  expect(world.views.of("U0APPROVER")).toEqual([]);
});

test("a trigger is good once, for three seconds", async () => {
  const { trigger_id } = await world.slash();
  world.pass(3000);
  expect(await world.call("views.open", { trigger_id, view: modal })).toMatchObject({ ok: true });
  expect(await world.call("views.open", { trigger_id, view: modal })).toEqual({
    ok: false,
    error: "exchanged_trigger_id",
  });
  const late = await world.slash();
  world.pass(3001);
  expect(await world.call("views.open", { trigger_id: late.trigger_id, view: modal })).toEqual({
    ok: false,
    error: "expired_trigger_id",
  });
  expect(await world.call("views.open", { trigger_id: "1.2.3", view: modal })).toEqual({
    ok: false,
    error: "invalid_trigger_id",
  });
  expect(await world.call("views.open", { view: modal })).toEqual(wrong("missing required field: trigger_id"));
});

test.each([
  ["no title", { ...modal, title: undefined }, "missing required field: title [json-pointer:/view]"],
  [
    "a title of 25 characters",
    { ...modal, title: plain("x".repeat(25)) },
    "must be less than 25 characters [json-pointer:/view/title/text]",
  ],
  [
    "an input and no submit",
    { ...modal, submit: undefined },
    "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]",
  ],
  ["101 blocks", { ...modal, blocks: sections(101) }, "no more than 100 items allowed [json-pointer:/view/blocks]"],
  [
    "metadata of 3,001 characters",
    { ...modal, private_metadata: "x".repeat(3001) },
    "must be less than 3001 characters [json-pointer:/view/private_metadata]",
  ],
  [
    "a block that there isn't",
    { ...modal, blocks: [{ type: "carousel" }] },
    "unsupported type: carousel [json-pointer:/view/blocks/0/type]",
  ],
  ["an unknown type", { ...modal, type: "popup" }, "must be a valid enum value [json-pointer:/view/type]"],
])("%s is refused", async (_what, view, message) => {
  expect(await open(view)).toEqual(wrong(message));
  expect(world.views.of("U0DEV")).toEqual([]);
});

test("no view, and one that is none", async () => {
  const { trigger_id } = await world.slash();
  expect(await world.call("views.open", { trigger_id })).toEqual(wrong("missing required field: view"));
  expect(await open(null)).toEqual(wrong("must provide an object [json-pointer:/view]"));
});

test("an update with an old hash is refused", async () => {
  const first = await open();
  const { hash } = first["view"] as { readonly hash: string };
  const update = (more: Json) => world.call("views.update", { view_id: idOf(first), view: modal, ...more });
  expect(await update({ hash })).toMatchObject({ ok: true, view: { id: idOf(first) } });
  expect(await update({ hash })).toEqual({ ok: false, error: "hash_conflict" });
  expect(await update({ view_id: "V0NONE" })).toEqual({ ok: false, error: "not_found" });
});

test("an update may name the view by the bot's own id", async () => {
  const first = await open({ ...modal, external_id: "mine" });
  const view = { ...modal, external_id: "mine", title: plain("Other") };
  expect(await world.call("views.update", { external_id: "mine", view })).toMatchObject({
    ok: true,
    view: { id: idOf(first), title: plain("Other") },
  });
  expect(await world.call("views.update", { external_id: "theirs", view })).toEqual({ ok: false, error: "not_found" });
});

test("a home tab is one per person and keeps its id", async () => {
  const view = { type: "home", blocks: [section("hello")] };
  const publish = (user: string) => world.call("views.publish", { user_id: user, view });
  const [first, again] = [await publish("U0DEV"), await publish("U0DEV")];
  expect(first).toMatchObject({ ok: true, view: { type: "home", title: null } });
  expect(idOf(again)).toBe(idOf(first));
  expect(world.views.of("U0DEV")).toHaveLength(1);
  expect(await publish("U0NOBODY")).toEqual({ ok: false, error: "user_not_found" });
});

describe("a submission", () => {
  const values = { why: { a: { type: "plain_text_input", value: "too big" } } };
  let id: string;
  beforeEach(async () => {
    id = idOf(await open({ ...modal, private_metadata: "req-1" }));
  });
  const shown = () => world.views.of("U0DEV").map((view) => view.title?.["text"]);

  test("carries what was typed, and what the bot had put into the view", async () => {
    await world.acts.submit("U0DEV", id, values);
    expect(world.bot.payload()).toMatchObject({
      type: "view_submission",
      user: { id: "U0DEV", name: "dana" },
      response_urls: [],
      view: { id, callback_id: "deny", private_metadata: "req-1", state: { values } },
    });
  });

  test("that is answered by nothing closes the modal", async () => {
    expect(await world.acts.submit("U0DEV", id, values)).toEqual({});
    expect(shown()).toEqual([]);
  });

  test("that is answered by errors shows them, and the modal stays", async () => {
    world.bot.answers({ response_action: "errors", errors: { why: "Say more." } });
    expect(await world.acts.submit("U0DEV", id, values)).toEqual({ errors: { why: "Say more." } });
    expect(shown()).toEqual(["Deny"]);
  });

  test("that is answered by another view shows that, in place of it or above it", async () => {
    world.bot.answers({ response_action: "update", view: { ...modal, title: plain("Sure?") } });
    await world.acts.submit("U0DEV", id, values);
    expect(shown()).toEqual(["Sure?"]);
    world.bot.answers({ response_action: "push", view: { ...modal, title: plain("Really?") } });
    await world.acts.submit("U0DEV", id, values);
    expect(shown()).toEqual(["Sure?", "Really?"]);
    const [, top] = world.views.of("U0DEV");
    expect([top?.root_view_id, top?.previous_view_id]).toEqual([id, id]);
    world.bot.answers({ response_action: "clear" });
    await world.acts.submit("U0DEV", top?.id ?? "", values);
    expect(shown()).toEqual([]);
  });

  test("that the bot fails at leaves the modal open, with Slack's own words", async () => {
    Object.assign(world.bot.says, { status: 500 });
    expect(await world.acts.submit("U0DEV", id, values)).toEqual({
      failed: "We had some trouble connecting. Try again?",
    });
    expect(shown()).toEqual(["Deny"]);
  });
});

test("the bot hears of a closed modal only where it wanted to", async () => {
  const quiet = idOf(await open());
  const before = world.bot.heard.length;
  await world.acts.close("U0DEV", quiet);
  expect(world.bot.heard).toHaveLength(before);
  const told = idOf(await open({ ...modal, notify_on_close: true }));
  await world.acts.close("U0DEV", told);
  expect(world.bot.payload()).toMatchObject({ type: "view_closed", is_cleared: false, view: { id: told } });
  expect(world.views.of("U0DEV")).toEqual([]);
});
