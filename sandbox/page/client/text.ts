import { type Child, el } from "./dom.ts";
import { EMOJI } from "./emoji.ts";
import { type BlockNode, type Inline, mrkdwn } from "./mrkdwn.ts";
import type { Names } from "./store.ts";

const date = (ms: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(undefined, options).format(ms);
export const nowMs = (): number => performance.timeOrigin + performance.now();
export const timeOf = (ms: number): string => date(ms, { hour: "numeric", minute: "2-digit" });
export const dayOf = (ms: number): string => {
  const day = date(ms, { year: "numeric", month: "numeric", day: "numeric" });
  const same = (other: number) => date(other, { year: "numeric", month: "numeric", day: "numeric" }) === day;
  if (same(nowMs())) return "Today";
  return same(nowMs() - 86_400_000) ? "Yesterday" : date(ms, { weekday: "long", month: "long", day: "numeric" });
};

const pretty = (ms: number, full: string): string =>
  ["Today", "Yesterday"].includes(dayOf(ms)) ? dayOf(ms).toLowerCase() : full;

/** `{date_short_pretty} at {time}` in the reader's own zone. */
function dateWords(seconds: number, format: string): string {
  const ms = seconds * 1000;
  const short = date(ms, { month: "short", day: "numeric", year: "numeric" });
  const long = date(ms, { weekday: "long", month: "long", day: "numeric", year: "numeric" });
  const words: Readonly<Record<string, string>> = {
    date: date(ms, { month: "long", day: "numeric", year: "numeric" }),
    date_short: short,
    date_long: long,
    date_num: date(ms, { year: "numeric", month: "2-digit", day: "2-digit" }),
    date_pretty: pretty(ms, date(ms, { month: "long", day: "numeric", year: "numeric" })),
    date_short_pretty: pretty(ms, short),
    date_long_pretty: pretty(ms, long),
    time: timeOf(ms),
    time_secs: date(ms, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
}

const SAFE_LINK = /^(https?:|mailto:)/;

function link(href: string, nodes: readonly Inline[], names: Names): Node {
  if (!SAFE_LINK.test(href)) return el("span", {}, ...inlineNodes(nodes, names));
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...inlineNodes(nodes, names));
}

function node(part: Inline, names: Names): Child {
  switch (part.is) {
    case "text":
      return part.text;
    case "bold":
      return el("strong", {}, ...inlineNodes(part.nodes, names));
    case "italic":
      return el("em", {}, ...inlineNodes(part.nodes, names));
    case "strike":
      return el("s", {}, ...inlineNodes(part.nodes, names));
    case "code":
      return el("code", {}, part.text);
    case "link":
      return link(part.href, part.nodes, names);
    case "user":
      return el("span", { class: names.me === part.id ? "mention me" : "mention" }, `@${names.person(part.id)}`);
    case "channel":
      return el("span", { class: "mention" }, `#${names.channel(part.id)}`);
    case "group":
    case "special":
      return el("span", { class: "mention me" }, `@${(part.label || part.id).replace(/^@/, "")}`);
    case "date":
      return el("time", { title: part.fallback }, dateWords(part.seconds, part.format));
    case "emoji":
      return emoji(part.name);
  }
}

export function emoji(name: string): Child {
  const sign = EMOJI[name];
  return sign === undefined
    ? `:${name}:`
    : el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, sign);
}

const inlineNodes = (nodes: readonly Inline[], names: Names): readonly Child[] =>
  nodes.map((part) => node(part, names));

const lines = (all: readonly (readonly Inline[])[], names: Names): readonly Child[] =>
  all.flatMap((line, at) => [...(at === 0 ? [] : [el("br")]), ...inlineNodes(line, names)]);

function blockNode(block: BlockNode, names: Names): Node {
  switch (block.is) {
    case "pre":
      return el("pre", { tabindex: 0 }, block.text);
    case "quote":
      return el("blockquote", {}, ...lines(block.lines, names));
    case "list":
      return el("ul", {}, ...block.items.map((item) => el("li", {}, ...inlineNodes(item, names))));
    case "lines":
      return el("p", {}, ...lines(block.lines, names));
  }
}

export const rich = (text: string, names: Names): readonly Node[] =>
  mrkdwn(text).map((block) => blockNode(block, names));

/** Plain text: emoji names become emoji and nothing else is read. */
export const plainText = (text: string): readonly Child[] =>
  text.split(/(:[a-z0-9_+-]+:)/).map((part, at) => (at % 2 === 1 ? emoji(part.slice(1, -1)) : part));

/** A Block Kit text object. */
export function textObject(value: unknown, names: Names): readonly Child[] {
  const { type, text } = value as { readonly type?: string; readonly text?: string };
  return type === "mrkdwn" ? rich(text ?? "", names) : plainText(text ?? "");
}

/** What a screen reader is told of a message. */
export const spoken = (text: string): string =>
  mrkdwn(text)
    .flatMap((block) => (block.is === "pre" ? [] : block.is === "list" ? block.items : block.lines))
    .flat()
    .map((part) =>
      part.is === "text" || part.is === "code"
        ? part.text
        : "nodes" in part
          ? part.nodes.map((n) => ("text" in n ? n.text : "")).join("")
          : "",
    )
    .join("");
