import { messageBlocks, viewOf } from "../../sandbox/slack/limits.ts";
import { slackProblems } from "../support/slack-limits.ts";
import { GALLERY, type Picture, WORDS } from "./views.ts";

// Goal: Slack takes every view in every state, whatever words come into it; by its documentation and by the sandbox alike.
const cases = Object.entries(WORDS).flatMap(([what, words]) =>
  Object.entries(GALLERY).flatMap(([part, make]) => make(words).map((picture) => ({ ...picture, part, what }))),
);

test.each(cases)("$part: $name, $what", ({ surface, view }) => {
  expect(slackProblems(surface, view)).toEqual([]);
  // What the bot sends is what is left of it in JSON.
  const sent: Picture["view"] = JSON.parse(JSON.stringify(view));
  const taken = surface === "message" ? messageBlocks(sent.blocks) : viewOf(sent).blocks;
  expect(taken).toHaveLength(view.blocks.length);
});

test("every picture has a name of its own", () => {
  const names = cases.map(({ part, name, what }) => `${part}/${name}/${what}`);
  expect(new Set(names).size).toBe(names.length);
});

const plain = (text: string) => ({ type: "plain_text", text });
const button = { type: "button", action_id: "a", text: plain("Go") };
const option = (value: string) => ({ text: plain(value || "x"), value });
const select = { type: "static_select", action_id: "s", options: [option("one")] };
const line = { type: "section", text: { type: "mrkdwn", text: "words" } };
const field = { type: "input", label: plain("Why"), element: { type: "plain_text_input", action_id: "t" } };
const modal = { type: "modal", title: plain("A form"), submit: plain("Send"), blocks: [field] };
const message = (...blocks: readonly object[]) => ({ text: "words", blocks });
const many = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one);
const act = (...elements: readonly object[]) => ({ type: "actions", elements });

/** Each just beyond one limit. */
test.each<[string, "message" | "modal" | "home", object]>([
  ["51 blocks in a message", "message", message(...many(51, line))],
  ["101 blocks in a modal", "modal", { ...modal, blocks: many(101, line) }],
  ["101 blocks on the home tab", "home", { type: "home", blocks: many(101, line) }],
  ["3,001 characters", "message", message({ type: "section", text: { type: "mrkdwn", text: "x".repeat(3001) } })],
  ["no characters", "message", message({ type: "section", text: { type: "mrkdwn", text: "" } })],
  ["a section of nothing", "message", message({ type: "section" })],
  ["11 fields", "message", message({ type: "section", fields: many(11, plain("x")) })],
  ["a field of 2,001 characters", "message", message({ type: "section", fields: [plain("x".repeat(2001))] })],
  ["a header of 151 characters", "message", message({ type: "header", text: plain("x".repeat(151)) })],
  ["11 elements of a context", "message", message({ type: "context", elements: many(11, plain("x")) })],
  ["a button of 76 characters", "message", message(act({ ...button, text: plain("x".repeat(76)) }))],
  ["a button's value of 2,001 characters", "message", message(act({ ...button, value: "x".repeat(2001) }))],
  ["an action of 256 characters", "message", message(act({ ...button, action_id: "x".repeat(256) }))],
  [
    "26 buttons",
    "message",
    message(act(...Array.from({ length: 26 }, (_, at) => ({ ...button, action_id: `${at}` })))),
  ],
  ["the same action twice", "message", message(act(button, button))],
  ["the same block twice", "message", message({ ...line, block_id: "b" }, { ...line, block_id: "b" })],
  ["a block of 256 characters", "message", message({ ...line, block_id: "x".repeat(256) })],
  ["101 options", "message", message(act({ ...select, options: many(101, option("one")) }))],
  ["no options", "message", message(act({ ...select, options: [] }))],
  [
    "an option of 76 characters",
    "message",
    message(act({ ...select, options: [{ text: plain("x".repeat(76)), value: "v" }] })),
  ],
  [
    "an option's value of 151 characters",
    "message",
    message(act({ ...select, options: [option("x".repeat(151).slice(0, 151))] })),
  ],
  ["an option that is not offered", "message", message(act({ ...select, initial_option: option("two") }))],
  [
    "a confirmation of 31 characters",
    "message",
    message(
      act({
        ...button,
        confirm: { title: plain("t"), text: plain("t"), confirm: plain("x".repeat(31)), deny: plain("n") },
      }),
    ),
  ],
  [
    "an image without words",
    "message",
    message({ type: "context", elements: [{ type: "image", image_url: "https://x.example/i.png", alt_text: "" }] }),
  ],
  ["a title of 25 characters", "modal", { ...modal, title: plain("x".repeat(25)) }],
  ["a submit of 25 characters", "modal", { ...modal, submit: plain("x".repeat(25)) }],
  ["an input and no submit", "modal", { ...modal, submit: undefined }],
  ["metadata of 3,001 characters", "modal", { ...modal, private_metadata: "x".repeat(3001) }],
  ["a callback of 256 characters", "modal", { ...modal, callback_id: "x".repeat(256) }],
  [
    "a placeholder of 151 characters",
    "modal",
    { ...modal, blocks: [{ ...field, element: { ...field.element, placeholder: plain("x".repeat(151)) } }] },
  ],
  ["a label of 2,001 characters", "modal", { ...modal, blocks: [{ ...field, label: plain("x".repeat(2001)) }] }],
])("neither takes %s", (_what, surface, view) => {
  expect(slackProblems(surface, view)).not.toEqual([]);
  const take = () => (surface === "message" ? messageBlocks((view as { blocks: unknown }).blocks) : viewOf(view));
  expect(take).toThrow(/^invalid_(blocks|arguments)$/);
});

test("what is just within every limit is taken by both", () => {
  const views: readonly ["message" | "modal" | "home", object][] = [
    [
      "message",
      message(
        ...many(49, line),
        act(button, select, { type: "overflow", action_id: "o", options: many(5, option("one")) }),
      ),
    ],
    [
      "modal",
      {
        ...modal,
        title: plain("x".repeat(24)),
        private_metadata: "x".repeat(3000),
        blocks: [field, ...many(99, line)],
      },
    ],
    ["home", { type: "home", blocks: [{ type: "header", text: plain("x".repeat(150)) }, ...many(99, line)] }],
  ];
  for (const [surface, view] of views) {
    expect([surface, slackProblems(surface, view)]).toEqual([surface, []]);
    if (surface === "message") messageBlocks((view as { blocks: unknown }).blocks);
    else viewOf(view);
  }
});

test("a field that Slack knows nothing of is a mistake of ours", () => {
  expect(slackProblems("message", message({ ...line, txet: "x" }))).toEqual([expect.stringContaining("blocks.0")]);
  expect(slackProblems("modal", { ...modal, tilte: plain("x") })).toEqual([expect.stringContaining("tilte")]);
});
