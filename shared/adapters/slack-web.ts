import type { KnownBlock } from "@slack/types";
import { LogLevel, WebClient } from "@slack/web-api";
import type { Metrics } from "../ports/metrics.ts";
import { type OpenView, type Slack, SlackError, type SlackMessage } from "../ports/slack.ts";
import type { Tracing } from "../ports/tracing.ts";
import type { Wanted } from "./slack-budget.ts";
import { toSlackError } from "./slack-error.ts";
import { slackPeople } from "./slack-people.ts";
import { lastingToken, type SlackTokens, withToken } from "./slack-token.ts";

const TIMEOUT_MS = 5000;
const NEWEST = 100;
/**
 * Of a thread Slack lists the oldest first, so all of it is asked for, which is the most that one call may.
 * Source: https://docs.slack.dev/reference/methods/conversations.replies
 */
const OF_THREAD = 999;
const METADATA_EVENT = "kinvirt";

export interface SlackWebOptions {
  /** `xoxb-…`, or where the token of the moment is to be had. */
  readonly token: string | SlackTokens;
  /** Slack's own if left out; ends with `/`. */
  readonly apiUrl?: string;
  readonly metrics?: Metrics;
  readonly tracing?: Tracing;
  /** Seconds that a call has to wait, so that Slack need not say so; 0: it is made. Without it Slack alone says no. */
  readonly budget?: (wanted: Wanted) => number;
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

/** One call with the token of the moment. */
type Work<T> = (client: WebClient) => Promise<T>;
/** `progressOf`: the message whose progress the call shows. */
export type Call = <T>(method: string, work: Work<T>, channel?: string, progressOf?: string) => Promise<T>;

/** One call, its failure as a SlackError, measured; not made while Slack has said that it takes none. */
function caller(
  authorised: <T>(work: Work<T>) => Promise<T>,
  { metrics, tracing, budget = () => 0 }: Pick<SlackWebOptions, "metrics" | "tracing" | "budget">,
): Call {
  // Slack's limits are for each method, and of some for each channel: who asks sooner than it said waits longer.
  const rests = new Map<string, number>();
  return async (method, work, channel = "", progressOf) => {
    const key = `${method}/${channel}`;
    const begunMs = Date.now();
    const tell = (result: "ok" | "ratelimited" | "refused" | "no_answer"): void => {
      const seconds = Math.max(0, Date.now() - begunMs) / 1000;
      metrics?.observe("kinvirt_slack_call_seconds", { method, result }, seconds);
      const facts = { "slack.method": method, "slack.result": result };
      tracing?.call({ name: `slack ${method}`, seconds, facts, error: result === "ok" ? undefined : result });
    };
    const rest = ((rests.get(key) ?? 0) - Date.now()) / 1000;
    const left = Math.ceil(rest > 0 ? rest : budget({ method, channel, progressOf }));
    if (left > 0) {
      // That progress is shown more seldom is no trouble.
      if (progressOf === undefined) tell("ratelimited");
      throw new SlackError("ratelimited", `Slack takes no ${method} for ${left} s`, left);
    }
    rests.delete(key);
    try {
      const answer = await authorised(work);
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

/** One client, until the token is another. */
function clientsFor(apiUrl: string | undefined): (token: string) => WebClient {
  let made: WebClient | undefined;
  return (token) => {
    if (made?.token === token) return made;
    made = new WebClient(token, {
      ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: TIMEOUT_MS,
      allowAbsoluteUrls: false,
      logger: quiet,
    });
    return made;
  };
}

/** Slack's Web API. Tries once: the caller knows what is safe to repeat, and the store knows what is still to be said. */
export function slackWeb({ token, apiUrl, ...told }: SlackWebOptions): Slack {
  const tokens = typeof token === "string" ? lastingToken(token) : token;
  const call = caller(withToken(tokens, clientsFor(apiUrl)), told);
  return {
    async post(channel, message, { key, thread, progress } = {}) {
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
      const of = progress === true ? `${channel}/${thread}` : undefined;
      const { ts } = await call("chat.postMessage", (client) => client.chat.postMessage(asked), channel, of);
      if (ts === undefined) throw new SlackError("no_ts", "Slack took a message and did not say its ts");
      return { ts };
    },
    async edit(channel, ts, message, { progress } = {}) {
      const update = (client: WebClient) => client.chat.update({ channel, ts, ...content(message) });
      await call("chat.update", update, "", progress === true ? `${channel}/${ts}` : undefined);
    },
    async findPosted(channel, key, thread, { progress } = {}) {
      const asked = { channel, limit: thread === undefined ? NEWEST : OF_THREAD, include_all_metadata: true };
      const of = progress === true ? `${channel}/${thread}` : undefined;
      const { messages = [] } =
        thread === undefined
          ? await call("conversations.history", (client) => client.conversations.history(asked), "", of)
          : await call(
              "conversations.replies",
              (client) => client.conversations.replies({ ...asked, ts: thread }),
              "",
              of,
            );
      return (messages as readonly Posted[]).find((posted) => carries(posted, key))?.ts;
    },
    async ephemeral(channel, user, message) {
      await call("chat.postEphemeral", (client) => client.chat.postEphemeral({ channel, user, ...content(message) }));
    },
    async openModal(triggerId, view) {
      return openView(await call("views.open", (client) => client.views.open({ trigger_id: triggerId, view })));
    },
    async updateModal(id, view, hash) {
      const asked = { view_id: id, view, ...(hash === undefined ? {} : { hash }) };
      return openView(await call("views.update", (client) => client.views.update(asked)));
    },
    async publishHome(user, view) {
      await call("views.publish", (client) => client.views.publish({ user_id: user, view }));
    },
    ...slackPeople(call),
  };
}
