import { denyModal } from "../../../handlers/views/modals.ts";
import { messageBlocks, viewOf } from "../../../sandbox/slack/limits.ts";
import { wordsOf } from "../desk.ts";
import { HASH } from "../given.ts";
import { shown } from "./shown.ts";

// Goal: whatever is in it, Slack takes every view, nobody is called by words of others, and no sign stands for a word.
const NASTY = "<!channel> <@U0BOSS> <http://evil.example|docs> @here & `code` ``` *bold* 🚀";

const fills: readonly [string, string, number][] = [
  ["plain words", "worker", 1],
  ["nothing much", "x", 0],
  ["signs of mrkdwn", NASTY, 1],
  ["a lot of everything", NASTY, 60],
  ["long words", "&".repeat(400), 30],
  ["letters of four bytes", "🚀".repeat(200), 30],
  ["many lines", "a\nb\r\nc\u0000\u202egnp.exe", 60],
];
const cases = fills.flatMap(([what, words, times]) =>
  shown(words, times).map(([name, view]) => ({ what, name, view })),
);

test.each(cases)("Slack takes it: $name with $what", ({ view }) => {
  expect(messageBlocks(view.blocks)).toHaveLength(view.blocks.length);
  expect(view.blocks.length).toBeGreaterThan(0);
  expect(view.text.trim()).not.toBe("");
  expect(view.text.length).toBeLessThanOrEqual(4000);
  for (const button of buttonsOf(view.blocks)) {
    expect(button.text.text.trim()).not.toBe("");
    expect(button.action_id.length).toBeLessThanOrEqual(255);
    expect(button.value.length).toBeLessThanOrEqual(2000);
  }
});

interface Button {
  readonly type: "button";
  readonly action_id: string;
  readonly value: string;
  readonly text: { readonly text: string };
}
const isButton = (part: object): part is Button => "type" in part && part.type === "button";
function buttonsOf(part: unknown): readonly Button[] {
  if (typeof part !== "object" || part === null) return [];
  return isButton(part) ? [part] : Object.values(part).flatMap(buttonsOf);
}

/** What Slack would act on in a text: everything between raw angle brackets. */
const acted = (text: string): readonly string[] => [...text.matchAll(/<[^>]*>?/g)].map(([all]) => all);
const OURS = /^<(@U0[A-Z0-9]+|#C0[A-Z0-9]+|!date\^\d+\^\{date_short_pretty\} at \{time\}\|[0-9: -]+UTC)>$/;

test.each(cases)("nobody else's words act: $name with $what", ({ view }) => {
  for (const text of [view.text, ...texts(view.blocks)]) {
    for (const token of acted(text)) {
      expect(token).toMatch(OURS);
      expect(token).not.toBe("<@U0BOSS>");
    }
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect(text.isWellFormed()).toBe(true);
  }
});

function texts(part: unknown): readonly string[] {
  if (typeof part !== "object" || part === null) return [];
  const here = "type" in part && part.type === "mrkdwn" && "text" in part ? [String(part.text)] : [];
  return [...here, ...Object.values(part).flatMap(texts)];
}

test.each(cases)("words of others stay words: $name with $what", ({ view }) => {
  const parts = JSON.stringify(view.blocks).match(/"type":"mrkdwn"/g) ?? [];
  const verbatim = JSON.stringify(view.blocks).match(/"verbatim":true/g) ?? [];
  expect(verbatim).toHaveLength(parts.length);
});

const EMOJI = /:[a-z_]+:/g;

test.each(shown("worker").map(([name, view]) => ({ name, view })))("without its signs it says the same: $name", ({
  view,
}) => {
  const lines = [view.text, ...wordsOf(view).split("\n")].filter((line) => line !== "```");
  for (const line of lines) expect(line.replace(EMOJI, "")).toMatch(/\p{L}{2}/u);
  const labels = buttonsOf(view.blocks).map((button) => button.text.text);
  expect(new Set(labels).size).toBe(labels.length);
  for (const label of labels) expect(label).toMatch(/^[A-Z][a-z]+/);
});

test("what differs by its sign differs by its words too", () => {
  const plain = shown("worker").map(([, view]) => wordsOf(view).replace(EMOJI, ""));
  const signed = shown("worker").map(([, view]) => wordsOf(view));
  expect(new Set(plain).size).toBe(new Set(signed).size);
});

test("the first line of every view is its text: notifications and screen readers get the verdict", () => {
  for (const [name, view] of shown("worker")) {
    expect([name, view.text]).toEqual([name, wordsOf(view).split("\n")[0]?.replaceAll("*", "")]);
  }
});

test("the deny form is within Slack's limits, and holds no more than it must", () => {
  const modal = denyModal(`k3m9qz:${HASH}`, "C0TEAMA");
  expect(viewOf(modal).blocks).toHaveLength(1);
  expect([modal.title.text, modal.submit?.text, modal.close?.text]).toEqual(["Deny the request", "Deny", "Back"]);
  expect(modal.private_metadata).toBe(JSON.stringify({ value: `k3m9qz:${HASH}`, channel: "C0TEAMA" }));
});
