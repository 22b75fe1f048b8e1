/** Slack's mrkdwn as a tree. Source: https://docs.slack.dev/messaging/formatting-message-text */
export type Inline =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "bold" | "italic" | "strike"; readonly nodes: readonly Inline[] }
  | { readonly is: "code"; readonly text: string }
  | { readonly is: "link"; readonly href: string; readonly nodes: readonly Inline[] }
  | { readonly is: "user" | "channel" | "group" | "special"; readonly id: string; readonly label: string }
  | { readonly is: "date"; readonly seconds: number; readonly format: string; readonly fallback: string }
  | { readonly is: "emoji"; readonly name: string };

export type BlockNode =
  | { readonly is: "lines"; readonly lines: readonly (readonly Inline[])[] }
  | { readonly is: "pre"; readonly text: string }
  | { readonly is: "quote"; readonly lines: readonly (readonly Inline[])[] }
  | { readonly is: "list"; readonly items: readonly (readonly Inline[])[] };

const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const unescapeText = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);

/** `<@U1>`, `<#C1|name>`, `<!here>`, `<!date^1700000000^{date} {time}|then>`, `<https://x|label>`. */
function angled(inside: string): Inline {
  const [head = "", ...rest] = inside.split("|");
  const label = unescapeText(rest.join("|"));
  const id = head.slice(1);
  if (head.startsWith("@")) return { is: "user", id, label };
  if (head.startsWith("#")) return { is: "channel", id, label };
  if (head.startsWith("!subteam^")) return { is: "group", id: head.slice(9), label };
  if (head.startsWith("!date^")) {
    const [, seconds = "", format = ""] = head.split("^");
    return { is: "date", seconds: Number(seconds), format, fallback: label };
  }
  if (head.startsWith("!")) return { is: "special", id, label };
  return {
    is: "link",
    href: unescapeText(head),
    nodes: label === "" ? [{ is: "text", text: unescapeText(head) }] : inline(rest.join("|")),
  };
}

const RULES: readonly [pattern: RegExp, make: (match: string) => Inline, ofWord: boolean][] = [
  [/<([^<>\n]+)>/y, angled, false],
  [/`([^`\n]+)`/y, (text) => ({ is: "code", text: unescapeText(text) }), false],
  [/\*(\S|\S[^\n]*?\S)\*(?![\w*])/y, (text) => ({ is: "bold", nodes: inline(text) }), true],
  [/_(\S|\S[^\n]*?\S)_(?![\w_])/y, (text) => ({ is: "italic", nodes: inline(text) }), true],
  [/~(\S|\S[^\n]*?\S)~(?![\w~])/y, (text) => ({ is: "strike", nodes: inline(text) }), true],
  [/:([a-z0-9_+-]+):/y, (name) => ({ is: "emoji", name }), true],
  [
    /(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)])/y,
    (href) => ({ is: "link", href: unescapeText(href), nodes: [{ is: "text", text: unescapeText(href) }] }),
    true,
  ],
];

/** One line. Marks inside a word are text: `a_b_c` is no italic. */
export function inline(text: string): readonly Inline[] {
  const nodes: Inline[] = [];
  let plain = "";
  let at = 0;
  const flush = (): void => {
    if (plain !== "") nodes.push({ is: "text", text: unescapeText(plain) });
    plain = "";
  };
  while (at < text.length) {
    const inWord = /\w/.test(text[at - 1] ?? "");
    const hit = RULES.filter(([, , ofWord]) => !(ofWord && inWord))
      .map(([pattern, make]) => {
        pattern.lastIndex = at;
        const match = pattern.exec(text);
        return match === null ? undefined : { length: match[0].length, make, inside: match[1] ?? "" };
      })
      .find((found) => found !== undefined);
    if (hit === undefined) {
      plain += text[at];
      at += 1;
    } else {
      flush();
      nodes.push(hit.make(hit.inside));
      at += hit.length;
    }
  }
  flush();
  return nodes;
}

type Kind = "quote" | "list" | "lines";
const kindOf = (line: string): Kind => (/^(&gt;|>)/.test(line) ? "quote" : /^\s*•\s/.test(line) ? "list" : "lines");
const bare = (kind: Kind, line: string): string => {
  if (kind === "quote") return line.replace(/^(&gt;|>)\s?/, "");
  return kind === "list" ? line.replace(/^\s*•\s+/, "") : line;
};

function paragraphs(text: string): readonly BlockNode[] {
  const runs: { readonly kind: Kind; readonly lines: (readonly Inline[])[] }[] = [];
  for (const line of text.split("\n")) {
    const kind = kindOf(line);
    const last = runs.at(-1);
    const parsed = inline(bare(kind, line));
    if (last?.kind === kind) last.lines.push(parsed);
    else runs.push({ kind, lines: [parsed] });
  }
  return runs.map(({ kind, lines }) => (kind === "list" ? { is: "list", items: lines } : { is: kind, lines }));
}

/** A whole text: code fences, quotes, lists and lines. */
export function mrkdwn(text: string): readonly BlockNode[] {
  return text.split(/```/).flatMap((part, at, all): readonly BlockNode[] => {
    const fenced = at % 2 === 1 && at < all.length - 1;
    if (fenced) return [{ is: "pre", text: unescapeText(part.replace(/^\n|\n$/g, "")) }];
    const trimmed = part.replace(at > 0 ? /^\n/ : /^$/, "").replace(at < all.length - 1 ? /\n$/ : /$^/, "");
    return trimmed === "" ? [] : paragraphs(at % 2 === 1 ? `\`\`\`${trimmed}` : trimmed);
  });
}
