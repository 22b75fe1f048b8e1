import { z } from "zod";
import type { Deps } from "../../shared/ports/deps.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { decide } from "../decide.ts";
import { refused } from "../views/answers.ts";
import { DENY_MODAL, REASON } from "../views/modals.ts";
import { readDecision } from "./index.ts";

/** A modal that was sent. */
export interface Submission {
  readonly callback: string;
  readonly metadata: string;
  readonly user: string;
  /** Text of one input by its block and action. */
  input(block: string, action: string): string;
}

const metadata = z.object({ value: z.string(), channel: z.string() });

export interface Submitted {
  readonly channel: string;
  readonly message: SlackMessage;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The reason of a deny. Undefined: not a modal of this version, which Slack closes. */
export async function submitted(submission: Submission, deps: Deps): Promise<Submitted | undefined> {
  const parsed = metadata.safeParse(readJson(submission.metadata));
  const seen = parsed.success ? readDecision(parsed.data.value) : undefined;
  if (submission.callback !== DENY_MODAL || !parsed.success) return undefined;
  const { channel } = parsed.data;
  if (seen === undefined)
    return { channel, message: refused("This form is from an older version of kinvirt: type the command instead.") };
  const reason = submission.input(REASON.block, REASON.action);
  return { channel, message: await decide(deps, { ...seen, user: submission.user, channel, verdict: "deny", reason }) };
}
