/** Pairs that keyboards and Slack clients put in for a straight quote. */
const CLOSES: Readonly<Record<string, string>> = {
  '"': '"”“',
  "“": '”"“',
  "”": '”"“',
  "„": '“”"',
  "«": "»",
  "'": "'’‘",
  "‘": "’'‘",
  "’": "’'‘",
};
const INVISIBLE = /[\u200b-\u200d\u2060\ufeff]/g;
/** At a word's start, before a letter: what a client made of `--`. Alone between words a dash is a dash. */
const DASHES = /^(?:[\u2012-\u2015\u2212]-?|-[\u2012-\u2015\u2212])(?=\p{L})/u;

/** Slack escapes these three in what people type. Source: https://docs.slack.dev/messaging/formatting-message-text */
const unescapeText = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** `<@U1|bob>`, `<#C1|ops>`, `<http://a.example|a.example>`: what Slack makes of a name or a link, back to what was typed. */
const unlinked = (text: string): string =>
  text.replace(/<([@#]?)([^<>|]*)(?:\|([^<>]*))?>/g, (_all, sign: string, target: string, label?: string) =>
    label ? (label.startsWith(sign) ? label : sign + label) : sign + target,
  );

/**
 * Splits what a person typed into words: quotes of any kind hold words together, any white space parts them, and a dash
 * that a Slack client made of `--` is `--` again. A quote inside a word (`don't`) is a letter.
 */
export function splitWords(text: string): readonly string[] | { readonly problem: string } {
  const line = unescapeText(unlinked(text)).replace(INVISIBLE, "");
  const words: string[] = [];
  let word = "";
  let open: string | undefined;
  let quoted = false;
  for (const letter of `${line} `) {
    if (open !== undefined) {
      if (CLOSES[open]?.includes(letter) === true) open = undefined;
      else word += letter;
    } else if (letter in CLOSES && (word === "" || word.endsWith("="))) {
      open = letter;
      quoted = true;
    } else if (/\s/.test(letter)) {
      if (word !== "" || quoted) words.push(quoted ? word : word.replace(DASHES, "--"));
      word = "";
      quoted = false;
    } else {
      word += letter;
    }
  }
  return open === undefined
    ? words
    : { problem: `The quote ${open} is opened and never closed: close it, or leave it out.` };
}
