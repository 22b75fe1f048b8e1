import { createHash } from "node:crypto";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { SlackError, type SlackMessage } from "../../shared/ports/slack.ts";

export type MessageRef = NonNullable<ClusterRecord["status"]["message"]>;

export interface Shown {
  readonly message: MessageRef;
  /** Hash of what the message shows. */
  readonly shown: string;
}

/** No second try can mend these: the channel or the message is gone, or the bot was put out. */
const FINAL = new Set([
  "channel_not_found",
  "not_in_channel",
  "is_archived",
  "message_not_found",
  "cant_update_message",
  "thread_not_found",
]);

/**
 * Brings one live message up to date: nothing is sent when it shows this already (`equal`), and a post whose answer was lost
 * is found by its key before another is made. Slack being down (`silent`) is logged and never stops the work.
 */
export async function show(
  deps: Pick<Deps, "slack" | "log">,
  ref: MessageRef,
  view: SlackMessage,
  before: string | undefined,
): Promise<Shown | "equal" | "silent"> {
  const shown = createHash("sha256").update(JSON.stringify(view)).digest("hex");
  if (ref.ts !== undefined && shown === before) return "equal";
  try {
    const ts = ref.ts ?? (await deps.slack.findPosted(ref.channel, ref.key));
    if (ts === undefined) {
      const posted = await deps.slack.post(ref.channel, view, { key: ref.key });
      return { message: { ...ref, ts: posted.ts }, shown };
    }
    await deps.slack.edit(ref.channel, ts, view);
    return { message: { ...ref, ts }, shown };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    deps.log.warn("slack.show", { channel: ref.channel, key: ref.key, code: error.code });
    return FINAL.has(error.code) ? "equal" : "silent";
  }
}

/** Posts once into the thread of a live message; the key makes a second attempt find the first. False: to be tried again. */
export async function tell(
  deps: Pick<Deps, "slack" | "log">,
  ref: Pick<MessageRef, "channel" | "ts">,
  key: string,
  view: SlackMessage,
): Promise<boolean> {
  // Without the live message there is no thread yet.
  if (ref.ts === undefined) return false;
  try {
    if ((await deps.slack.findPosted(ref.channel, key, ref.ts)) === undefined) {
      await deps.slack.post(ref.channel, view, { key, thread: ref.ts });
    }
    return true;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    deps.log.warn("slack.tell", { channel: ref.channel, key, code: error.code });
    return FINAL.has(error.code);
  }
}
