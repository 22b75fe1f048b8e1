import type { ModalView } from "@slack/types";
import type { Deps } from "../../shared/ports/deps.ts";
import { SlackError, type SlackMessage } from "../../shared/ports/slack.ts";
import { refused } from "../views/answers.ts";
import { code } from "../views/text.ts";

/** Slack did not open a form: its leave for that lasts for 3 s only. `instead` is what to type for the same. */
export const unopened = (error: SlackError, instead: string): SlackMessage =>
  refused(
    `Slack did not open the form (${code(error.code, 60)}), so nothing was done. Try again, or type ${code(instead)}`,
  );

/** Undefined: it is open; else what is said in its place. */
export async function openedOr(
  { slack }: Pick<Deps, "slack">,
  trigger: string,
  form: ModalView,
  instead: string,
): Promise<SlackMessage | undefined> {
  try {
    await slack.openModal(trigger, form);
    return undefined;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return unopened(error, instead);
  }
}
