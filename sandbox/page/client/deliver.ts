import { act, Refused } from "./api.ts";
import { COMMAND } from "./completion.ts";
import type { State } from "./state.ts";

/** Sends a line as Slack does: a slash command to the bot, everything else as a message. @throws Refused */
export async function deliver({ me: user, channel }: State, text: string, thread: string | undefined): Promise<void> {
  const [, command, words = ""] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (command === undefined) await act("say", { user, channel, text, ...(thread === undefined ? {} : { thread }) });
  else if (thread !== undefined) throw new Refused(`${command} is not supported in threads. Type it in the channel.`);
  else if (command !== COMMAND) throw new Refused(`${command} is not a valid command. Try ${COMMAND} help.`);
  else await act("slash", { user, channel, command, text: words });
}
