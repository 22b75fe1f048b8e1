import type { KnownBlock } from "@slack/types";
import { LogLevel, WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from "@slack/web-api";
import { type Slack, SlackError, type SlackMessage } from "../ports/slack.ts";

const TIMEOUT_MS = 5000;
const NEWEST = 100;
const METADATA_EVENT = "kinvirt";

export interface SlackWebOptions {
  /** `xoxb-…` */
  readonly token: string;
  /** Slack's own if left out; ends with `/`. */
  readonly apiUrl?: string;
}

/** Every failure of Slack as one type, with Slack's own code. Neither it nor its cause holds the token. */
function toSlackError(method: string, error: unknown): SlackError {
  if (error instanceof WebAPIRateLimitedError) {
    return new SlackError("ratelimited", `Slack takes no ${method} for ${error.retryAfter} s`, error.retryAfter);
  }
  if (error instanceof WebAPIPlatformError)
    return new SlackError(error.data.error, `Slack refused ${method}: ${error.data.error}`);
  if (error instanceof WebAPIHTTPError)
    return new SlackError("no_answer", `Slack answered ${method} with HTTP ${error.statusCode}`);
  const why = error instanceof Error ? error.message : String(error);
  return new SlackError("no_answer", `Slack did not answer ${method}: ${why}`);
}

const content = (message: SlackMessage): { text: string; blocks: KnownBlock[] } => ({
  text: message.text,
  blocks: [...message.blocks],
});

interface Posted {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: unknown };
}

function carries(posted: Posted, key: string): boolean {
  const payload = posted.metadata?.event_payload;
  return (
    posted.metadata?.event_type === METADATA_EVENT &&
    typeof payload === "object" &&
    payload !== null &&
    "key" in payload &&
    payload.key === key
  );
}

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** Slack's Web API. Tries once: the caller knows what is safe to repeat, and the store knows what is still to be said. */
export function slackWeb(options: SlackWebOptions): Slack {
  const client = new WebClient(options.token, {
    ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    allowAbsoluteUrls: false,
    logger: quiet,
  });
  const call = async <T>(method: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw toSlackError(method, error);
    }
  };
  return {
    async post(channel, message, { key, thread } = {}) {
      const metadata = key === undefined ? {} : { metadata: { event_type: METADATA_EVENT, event_payload: { key } } };
      const threaded = thread === undefined ? {} : { thread_ts: thread };
      const asked = {
        channel,
        ...content(message),
        ...metadata,
        ...threaded,
        unfurl_links: false,
        unfurl_media: false,
      };
      const { ts } = await call("chat.postMessage", client.chat.postMessage(asked));
      if (ts === undefined) throw new SlackError("no_ts", "Slack took a message and did not say its ts");
      return { ts };
    },
    async edit(channel, ts, message) {
      await call("chat.update", client.chat.update({ channel, ts, ...content(message) }));
    },
    async findPosted(channel, key, thread) {
      const asked = { channel, limit: NEWEST, include_all_metadata: true };
      const { messages = [] } =
        thread === undefined
          ? await call("conversations.history", client.conversations.history(asked))
          : await call("conversations.replies", client.conversations.replies({ ...asked, ts: thread }));
      return (messages as readonly Posted[]).find((posted) => carries(posted, key))?.ts;
    },
    async ephemeral(channel, user, message) {
      await call("chat.postEphemeral", client.chat.postEphemeral({ channel, user, ...content(message) }));
    },
    async openModal(triggerId, view) {
      await call("views.open", client.views.open({ trigger_id: triggerId, view }));
    },
    async membersOf(userGroup) {
      const { users = [] } = await call(
        "usergroups.users.list",
        client.usergroups.users.list({ usergroup: userGroup }),
      );
      return users;
    },
  };
}
