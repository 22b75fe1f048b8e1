import type { KnownBlock, ModalView } from "@slack/types";

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

export interface Slack {
  /** `key` is kept in the message's metadata, so that a post whose answer was lost can be found again. */
  post(
    channel: string,
    message: SlackMessage,
    options?: { readonly key?: string; readonly thread?: string },
  ): Promise<{ readonly ts: string }>;
  edit(channel: string, ts: string, message: SlackMessage): Promise<void>;
  /** The message of ours in this channel (or thread) that was posted with this key, if it is among the newest 100. */
  findPosted(channel: string, key: string, thread?: string): Promise<string | undefined>;
  /** Seen by one person only. */
  ephemeral(channel: string, user: string, message: SlackMessage): Promise<void>;
  openModal(triggerId: string, view: ModalView): Promise<void>;
  /** Users of a user group (S…). */
  membersOf(userGroup: string): Promise<readonly string[]>;
}
