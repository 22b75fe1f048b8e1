import type { ModalView } from "@slack/types";
import * as z from "zod";
import type { Deps } from "../../shared/ports/deps.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { decide } from "../decide.ts";
import { channelOf, type Errors, formSent } from "../modals/create.ts";
import type { Filled } from "../modals/fields.ts";
import { tenantOf } from "../people.ts";
import { refused } from "../views/answers.ts";
import { CREATE_MODAL } from "../views/create-modal.ts";
import { PLAN_MODAL, saidModal } from "../views/home-modals.ts";
import { DENY_MODAL, REASON } from "../views/modals.ts";
import { readDecision } from "./index.ts";

/** A modal that was sent. */
export interface Submission {
  readonly callback: string;
  readonly metadata: string;
  readonly user: string;
  /** Text of one input by its block and action. */
  input(block: string, action: string): string;
  /** Text of every input by its block. */
  readonly filled?: Filled;
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

const older = refused("This form is from an older version of kinvirt: type the command instead.");

/** The reason of a deny. Undefined: not a modal of this version, which Slack closes. */
export async function submitted(submission: Submission, deps: Deps): Promise<Submitted | undefined> {
  const parsed = metadata.safeParse(readJson(submission.metadata));
  const seen = parsed.success ? readDecision(parsed.data.value) : undefined;
  if (submission.callback !== DENY_MODAL || !parsed.success) return undefined;
  const { channel } = parsed.data;
  if (seen === undefined) return { channel, message: older };
  const reason = submission.input(REASON.block, REASON.action);
  return { channel, message: await decide(deps, { ...seen, user: submission.user, channel, verdict: "deny", reason }) };
}

/** What the modal shows next, in place of what was sent. */
export interface Next {
  readonly view: ModalView;
}

type Sent = (submission: Submission, deps: Deps) => Promise<Submitted | Errors | Next | undefined>;

const created: Sent = async ({ metadata: text, user, filled = {} }, deps) => {
  const channel = channelOf(text);
  const tenant = channel === undefined ? undefined : tenantOf(deps.config, channel);
  if (channel === undefined || tenant === undefined) return undefined;
  const said = await formSent(deps, { user, channel, tenant }, filled);
  return "errors" in said ? said : { channel, message: said };
};

const approved: Sent = async ({ metadata: text, user }, deps) => {
  const parsed = metadata.safeParse(readJson(text));
  if (!parsed.success) return undefined;
  const { value, channel } = parsed.data;
  const seen = readDecision(value);
  const said = seen === undefined ? older : await decide(deps, { ...seen, user, channel, verdict: "approve" });
  return { view: saidModal(said, channel) };
};

/** Every form. Adding one is its line here and its view. */
const FORMS: Readonly<Record<string, Sent>> = {
  [DENY_MODAL]: submitted,
  [CREATE_MODAL]: created,
  [PLAN_MODAL]: approved,
};

/** What sending a form comes to. Undefined: not a form of this version, which Slack closes. */
export const sent: Sent = async (submission, deps) =>
  Object.hasOwn(FORMS, submission.callback) ? FORMS[submission.callback]?.(submission, deps) : undefined;
