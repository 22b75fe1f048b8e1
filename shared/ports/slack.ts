import type { HomeView, KnownBlock, ModalView } from "@slack/types";

export type Block = KnownBlock;

export interface SlackMessage {
  /** What notifications and screen readers say. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Slack said no, or did not answer. `code` is Slack's own (`channel_not_found`, `ratelimited`), or `no_answer`. */
export class SlackError extends Error {
  override readonly name = "SlackError";
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, retryAfterSeconds?: number, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A modal that somebody looks at. `hash` changes with every update of it. */
export interface OpenView {
  readonly id: string;
  readonly hash: string;
}

/** `progress`: it can wait, and SlackError `ratelimited` says that others go first. */
export interface Urgency {
  readonly progress?: boolean;
}

export interface Slack {
  /** `key` is kept in the message's metadata, so that a post whose answer was lost can be found again. */
  post(
    channel: string,
    message: SlackMessage,
    options?: { readonly key?: string; readonly thread?: string } & Urgency,
  ): Promise<{ readonly ts: string }>;
  edit(channel: string, ts: string, message: SlackMessage, urgency?: Urgency): Promise<void>;
  /** The message of ours in this channel (or thread) that was posted with this key, if it is among the newest 100. */
  findPosted(channel: string, key: string, thread?: string, urgency?: Urgency): Promise<string | undefined>;
  /** Seen by one person only. */
  ephemeral(channel: string, user: string, message: SlackMessage): Promise<void>;
  /** Undefined: it is open, and Slack did not say which it is. */
  openModal(triggerId: string, view: ModalView): Promise<OpenView | undefined>;
  /** What is typed in inputs that stay stays. With a hash: SlackError `hash_conflict` when it was updated since. */
  updateModal(id: string, view: ModalView, hash?: string): Promise<OpenView | undefined>;
  /** Of this person alone. */
  publishHome(user: string, view: HomeView): Promise<void>;
  /** Users of a user group (S…). */
  membersOf(userGroup: string): Promise<readonly string[]>;
  /** False: deactivated, a bot, or nobody of this workspace. */
  isReachable(user: string): Promise<boolean>;
}
