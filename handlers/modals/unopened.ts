import type { SlackError, SlackMessage } from "../../shared/ports/slack.ts";
import { refused } from "../views/answers.ts";
import { code } from "../views/text.ts";

/** Slack did not open a form: its leave for that lasts for 3 s only. `instead` is what to type for the same. */
export const unopened = (error: SlackError, instead: string): SlackMessage =>
  refused(
    `Slack did not open the form (${code(error.code, 60)}), so nothing was done. Try again, or type ${code(instead)}`,
  );
