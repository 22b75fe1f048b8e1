import type { SectionBlock, Button as SlackButton } from "@slack/types";
import type { Block, SlackMessage } from "../../shared/ports/slack.ts";

/** Slack's limits. Source: https://docs.slack.dev/reference/block-kit/blocks */
const SECTION_CHARS_MAX = 3000;
const BUTTON_CHARS_MAX = 75;
const LIST_CHARS_MAX = 2800; // leaves room for a heading above and "and n more" below

/** Text that is not ours may hold a mention or a link; escaped, Slack shows it as it was typed. */
export const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Half of an escape, of a mention or of a letter at the end: what a cut must not leave. */
const HALF = /(?:&[a-z]*|<[^<>]*|[\ud800-\udbff])$/;
const clip = (text: string, max: number): string =>
  text.length > max ? `${text.slice(0, max - 1).replace(HALF, "")}…` : text;

/** Characters that show nothing and change how what follows is shown. */
const UNSEEN = /(?!\s)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Words of others (faults, reasons): one line, escaped, at most `max` characters, and unable to end our formatting. */
export const quote = (text: string, max = 300): string =>
  clip(escapeText(text.replace(UNSEEN, "").replace(/\s+/g, " ").replaceAll("`", "'").trim()), max);

export const code = (text: string, max = 300): string => `\`${quote(text, max)}\``;
export const mention = (user: string): string => `<@${user}>`;

/** A moment that every reader sees in their own time zone. */
export function moment(ms: number): string {
  const utc = new Date(ms).toISOString();
  return `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} at {time}|${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC>`;
}

/** `verbatim`: an address in a fault becomes no link, and `@channel` calls nobody. */
const mrkdwn = (text: string) => ({ type: "mrkdwn" as const, text: clip(text, SECTION_CHARS_MAX), verbatim: true });

export const section = (text: string): SectionBlock => ({ type: "section", text: mrkdwn(text) });
export const small = (text: string): Block => ({ type: "context", elements: [mrkdwn(text)] });

export interface Button {
  readonly action: string;
  readonly label: string;
  readonly value: string;
  readonly style?: "primary" | "danger";
}

interface ButtonRow {
  readonly type: "actions";
  readonly elements: SlackButton[];
}

export const actions = (...buttons: readonly Button[]): ButtonRow => ({
  type: "actions",
  elements: buttons.map((button) => ({
    type: "button" as const,
    action_id: button.action,
    text: { type: "plain_text" as const, text: clip(button.label, BUTTON_CHARS_MAX) },
    value: button.value,
    ...(button.style === undefined ? {} : { style: button.style }),
  })),
});

/** One line each, cut with "and n more" where Slack would refuse the whole message. */
export function listed(lines: readonly string[], max = 30): string {
  let chars = 0;
  const fits = lines.findIndex((line, at) => {
    chars += line.length + 1;
    return at >= max || chars > LIST_CHARS_MAX;
  });
  if (fits < 0) return lines.join("\n");
  const shown = Math.max(fits, 1);
  return [...lines.slice(0, shown), ...(lines.length > shown ? [`and ${lines.length - shown} more`] : [])].join("\n");
}

export const bullets = (lines: readonly string[], max?: number): string =>
  listed(
    lines.map((line) => `• ${line}`),
    max,
  );

/** Columns of equal width, for numbers that are compared. Cells are plain text. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) => row.map((cell, column) => quote(cell).padEnd(widths[column] ?? 0)).join("  "));
  return `\`\`\`\n${listed(lines.map((line) => line.trimEnd()))}\n\`\`\``;
}

/** Of all that is read in one message; the rest of Slack's 12,000 and 50 is for what a caller puts below. */
const MESSAGE_CHARS_MAX = 11_000;
const MESSAGE_BLOCKS_MAX = 44;

function charsIn(part: unknown): number {
  if (typeof part !== "object" || part === null) return 0;
  const own = "text" in part && typeof part.text === "string" ? part.text.length : 0;
  return Object.values(part).reduce((sum: number, inner: unknown) => sum + charsIn(inner), own);
}

/** Slack refuses a message that is too long as a whole, and then nobody reads any of it; buttons stay in any case. */
function fitting(blocks: readonly Block[]): readonly Block[] {
  let chars = 0;
  let count = 0;
  const kept = blocks.filter((block) => {
    if (block.type === "actions") return true;
    chars += charsIn(block);
    count += 1;
    return chars <= MESSAGE_CHARS_MAX && count <= MESSAGE_BLOCKS_MAX;
  });
  return kept.length === blocks.length
    ? blocks
    : [...kept, small("There is more than one message holds: ask for less")];
}

/** `headline` is the verdict: the first line of the message and all that a notification shows. */
export const message = (headline: string, ...blocks: readonly Block[]): SlackMessage => ({
  text: clip(headline.replaceAll("*", ""), SECTION_CHARS_MAX),
  blocks: fitting([section(headline), ...blocks]),
});

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
