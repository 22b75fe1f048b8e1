import { createHash } from "node:crypto";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { SlackError, type SlackMessage, type Urgency } from "../../shared/ports/slack.ts";
import { firstTime, forget } from "../../shared/state/index.ts";
import { skewOf } from "./others.ts";

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

/** For how long whoever is about to post something is the only one who may. */
const CLAIM_SECONDS = 15;
/** From the claim to the post: Slack takes 5 s at most to refuse or to take it, and the claim outlasts both. */
const POST_MS_MAX = 8000;

type Telling = Pick<Deps, "slack" | "log" | "store" | "clock">;

/**
 * Where the message with this key is. Slack has no "post if absent", and two workers may have the same to say at the same
 * moment, so one of them claims it first; a worker that stalled since posts no more. Undefined: to be tried again.
 */
async function posted(
  deps: Telling,
  channel: string,
  key: string,
  view: SlackMessage,
  { thread, deleted = "", ...urgency }: { readonly thread?: string; readonly deleted?: string } & Urgency = {},
): Promise<{ readonly ts: string; readonly isNew: boolean } | undefined> {
  const { slack, store, clock } = deps;
  const claimedMs = clock.nowMs();
  // To post anew what somebody deleted is another post, which need not wait for the claim of the first.
  const claim = `post/${channel}/${key}${deleted}`;
  // Whoever looks at it by a clock that is ahead must find it too.
  if (!(await firstTime(store, claim, CLAIM_SECONDS + skewOf(deps) / 1000))) return undefined;
  const inTime = () => clock.nowMs() - claimedMs <= POST_MS_MAX;
  try {
    const found = await slack.findPosted(channel, key, thread, urgency);
    if (found !== undefined) return { ts: found, isNew: false };
    if (!inTime()) return undefined;
    const { ts } = await slack.post(channel, view, { key, ...urgency, ...(thread === undefined ? {} : { thread }) });
    return { ts, isNew: true };
  } catch (error) {
    if (inTime()) await forget(store, claim);
    throw error;
  }
}

/**
 * Brings one live message up to date: nothing is sent when it shows this already (`equal`), and a post whose answer was lost
 * is found by its key before another is made. Slack being down (`silent`) is logged and never stops the work. `progress`: an
 * edit of it may be left out, for the next one says more. `deleted`: the message that somebody deleted and that is said anew.
 */
export async function show(
  deps: Telling,
  ref: MessageRef,
  view: SlackMessage,
  before: string | undefined,
  progress = false,
  deleted?: string,
): Promise<Shown | "equal" | "silent"> {
  const shown = createHash("sha256").update(JSON.stringify(view)).digest("hex");
  if (ref.ts !== undefined && shown === before) return "equal";
  try {
    const anew = deleted === undefined ? {} : { deleted };
    const at =
      ref.ts === undefined ? await posted(deps, ref.channel, ref.key, view, anew) : { ts: ref.ts, isNew: false };
    if (at === undefined) return "silent";
    if (!at.isNew) await deps.slack.edit(ref.channel, at.ts, view, { progress });
    return { message: { ...ref, ts: at.ts }, shown };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    // Somebody deleted it, and people still have to see how it stands: it is said anew.
    if (error.code === "message_not_found" && ref.ts !== undefined) {
      const { ts, ...anew } = ref;
      return show(deps, anew, view, undefined, false, ts);
    }
    if (progress && error.code === "ratelimited") return "silent";
    deps.log.warn("slack.show", { channel: ref.channel, key: ref.key, code: error.code });
    return FINAL.has(error.code) ? "equal" : "silent";
  }
}

/**
 * Posts once into the thread of a live message; the key makes a second attempt find the first. False: to be tried again.
 * `progress`: what others have to say goes first.
 */
export async function tell(
  deps: Telling,
  ref: Pick<MessageRef, "channel" | "ts">,
  key: string,
  view: SlackMessage,
  progress = false,
): Promise<boolean> {
  // Without the live message there is no thread yet.
  if (ref.ts === undefined) return false;
  try {
    return (await posted(deps, ref.channel, key, view, { thread: ref.ts, progress })) !== undefined;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    if (progress && error.code === "ratelimited") return false;
    deps.log.warn("slack.tell", { channel: ref.channel, key, code: error.code });
    return FINAL.has(error.code);
  }
}

/** True of what passes by itself; all else of Slack's refusals stays as it is. */
export const isPassing = ({ code }: SlackError): boolean => code === "no_answer" || code === "ratelimited";

/**
 * Answers one person. Who has left the channel, or whose channel is gone, gets no answer however often it is tried.
 * @throws SlackError that passes by itself
 */
export async function whisper(
  deps: Pick<Deps, "slack" | "log">,
  to: { readonly channel: string; readonly user: string },
  view: SlackMessage,
): Promise<void> {
  try {
    await deps.slack.ephemeral(to.channel, to.user, view);
  } catch (error) {
    if (!(error instanceof SlackError) || isPassing(error)) throw error;
    deps.log.warn("slack.whisper", { ...to, code: error.code });
  }
}
