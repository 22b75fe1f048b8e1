import type { KnownBlock } from "@slack/types";
import { LogLevel, WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from "@slack/web-api";
import type { Metrics } from "../ports/metrics.ts";
import { type OpenView, type Slack, SlackError, type SlackMessage } from "../ports/slack.ts";
import { slackPeople } from "./slack-people.ts";

const TIMEOUT_MS = 5000;
const NEWEST = 100;
const METADATA_EVENT = "kinvirt";

export interface SlackWebOptions {
  /** `xoxb-…` */
  readonly token: string;
  /** Slack's own if left out; ends with `/`. */
  readonly apiUrl?: string;
  readonly metrics?: Metrics;
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

function openView({
  view,
}: {
  readonly view?: { readonly id?: string; readonly hash?: string };
}): OpenView | undefined {
  return view?.id === undefined || view.hash === undefined ? undefined : { id: view.id, hash: view.hash };
}

/** Where a library of Slack's must have a log: its failures are ours to tell. */
export const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** One call, its failure as a SlackError, measured; not made while Slack has said that it takes none. */
function caller(metrics: Metrics | undefined) {
  // Slack's limits are for each method, and of some for each channel: who asks sooner than it said waits longer.
  const rests = new Map<string, number>();
  return async <T>(method: string, work: () => Promise<T>, channel = ""): Promise<T> => {
    const key = `${method}/${channel}`;
    const begunMs = Date.now();
    const tell = (result: "ok" | "ratelimited" | "refused" | "no_answer"): void => {
      const seconds = Math.max(0, Date.now() - begunMs) / 1000;
      metrics?.observe("kinvirt_slack_call_seconds", { method, result }, seconds);
    };
    const left = Math.ceil(((rests.get(key) ?? 0) - Date.now()) / 1000);
    if (left > 0) {
      tell("ratelimited");
      throw new SlackError("ratelimited", `Slack takes no ${method} for ${left} s`, left);
    }
    rests.delete(key);
    try {
      const answer = await work();
      tell("ok");
      return answer;
    } catch (error) {
      const failed = toSlackError(method, error);
      tell(failed.code === "ratelimited" || failed.code === "no_answer" ? failed.code : "refused");
      if (failed.retryAfterSeconds !== undefined) rests.set(key, Date.now() + failed.retryAfterSeconds * 1000);
      throw failed;
    }
  };
}

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
  const call = caller(options.metrics);
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
      const { ts } = await call("chat.postMessage", () => client.chat.postMessage(asked), channel);
      if (ts === undefined) throw new SlackError("no_ts", "Slack took a message and did not say its ts");
      return { ts };
    },
    async edit(channel, ts, message) {
      await call("chat.update", () => client.chat.update({ channel, ts, ...content(message) }));
    },
    async findPosted(channel, key, thread) {
      const asked = { channel, limit: NEWEST, include_all_metadata: true };
      const { messages = [] } =
        thread === undefined
          ? await call("conversations.history", () => client.conversations.history(asked))
          : await call("conversations.replies", () => client.conversations.replies({ ...asked, ts: thread }));
      return (messages as readonly Posted[]).find((posted) => carries(posted, key))?.ts;
    },
    async ephemeral(channel, user, message) {
      await call("chat.postEphemeral", () => client.chat.postEphemeral({ channel, user, ...content(message) }));
    },
    async openModal(triggerId, view) {
      return openView(await call("views.open", () => client.views.open({ trigger_id: triggerId, view })));
    },
    async updateModal(id, view, hash) {
      const asked = { view_id: id, view, ...(hash === undefined ? {} : { hash }) };
      return openView(await call("views.update", () => client.views.update(asked)));
    },
    async publishHome(user, view) {
      await call("views.publish", () => client.views.publish({ user_id: user, view }));
    },
    ...slackPeople(client, call),
  };
}
