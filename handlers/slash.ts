import type { Deps } from "../shared/ports/deps.ts";
import type { SlackMessage } from "../shared/ports/slack.ts";
import { helpEntry, parseWords } from "./command.ts";
import { commands } from "./commands/index.ts";
import { tenantOf } from "./people.ts";
import { refused } from "./views/answers.ts";
import { helpMessage } from "./views/help.ts";
import { code } from "./views/text.ts";
import { splitWords } from "./words.ts";

/** `help`, `help create`, `create --help`, and nothing at all. Undefined: no help was asked for. */
function help(words: readonly string[]): SlackMessage | undefined {
  const [first, second] = words;
  const entries = commands.map(helpEntry);
  if (first === undefined) return helpMessage(entries);
  if (words.includes("--help")) return helpMessage(entries, first);
  if (first !== "help") return undefined;
  if (second === undefined || commands.some((one) => one.name === second)) return helpMessage(entries, second);
  // Parsing a word that is no command gives the "did you mean".
  const guess = parseWords(commands, [second]);
  return guess.misuse === undefined ? helpMessage(entries) : refused(guess.misuse);
}

export const strangersChannel = (channel: string): SlackMessage => {
  const add = `have whoever runs kinvirt add ${code(channel, 30)} to its configuration`;
  return refused(`This channel is not connected to an OpenStack project: use your team's channel, or ${add}.`);
};

/** Opens the form of a command that stands alone. Undefined: it is open. */
async function opened(
  words: readonly string[],
  from: { readonly user: string; readonly channel: string; readonly trigger: string },
  deps: Deps,
): Promise<SlackMessage | "no form" | undefined> {
  const { trigger, ...who } = from;
  const open = words.length === 1 ? commands.find((one) => one.name === words[0])?.open : undefined;
  const tenant = tenantOf(deps.config, from.channel);
  return open === undefined || tenant === undefined ? "no form" : open({ ...who, tenant }, trigger, deps);
}

/** As `slash`, where a form may open instead of an answer: then there is none. */
export async function slashOrForm(
  text: string,
  from: { readonly user: string; readonly channel: string; readonly trigger: string },
  deps: Deps,
): Promise<SlackMessage | undefined> {
  const words = splitWords(text);
  const form = "problem" in words ? "no form" : await opened(words, from, deps);
  return form === "no form" ? slash(text, from, deps) : form;
}

/** What `/k8s` answers, to the person who typed it alone. */
export async function slash(
  text: string,
  from: { readonly user: string; readonly channel: string },
  deps: Deps,
): Promise<SlackMessage> {
  const words = splitWords(text);
  if ("problem" in words) return refused(words.problem);
  const helped = help(words);
  if (helped !== undefined) return helped;
  const tenant = tenantOf(deps.config, from.channel);
  if (tenant === undefined) return strangersChannel(from.channel);
  const parsed = parseWords(commands, words);
  if (parsed.misuse !== undefined) return refused(parsed.misuse);
  return parsed.command.run(parsed.args, { ...from, tenant }, deps);
}
