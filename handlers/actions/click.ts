import type { Deps } from "../../shared/ports/deps.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import type { Filled } from "../modals/fields.ts";

/** The modal or home tab that was clicked in. */
export interface ClickedView {
  readonly type: "modal" | "home";
  readonly id: string;
  readonly hash: string;
  readonly callback: string;
  readonly metadata: string;
  /** What its inputs hold. */
  readonly filled: Filled;
}

/** A click on a button of ours. */
export interface Click {
  readonly action: string;
  readonly value: string;
  readonly user: string;
  /** Empty where it was in a view: views are in no channel. */
  readonly channel: string;
  /** Opens a modal, within 3 s of the click. */
  readonly trigger: string;
  /** Seconds of Slack's clock. */
  readonly at?: number;
  readonly view?: ClickedView;
}

export interface Answer {
  readonly message: SlackMessage;
  /** The message with the button has done its work: the answer takes its place. */
  readonly replaces?: true;
}

/** What a click comes to, for the tenant that the channel speaks for. Undefined: it is answered by what it opened. */
export type Handler = (click: Click, tenant: string, deps: Deps) => Promise<Answer | undefined>;
