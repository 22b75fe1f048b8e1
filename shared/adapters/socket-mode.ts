import { SocketModeClient } from "@slack/socket-mode";
import { EnvHttpProxyAgent } from "undici";
import type { Log } from "../ports/log.ts";
import { reasonOf } from "./error-code.ts";
import type { Proxies } from "./proxies.ts";
import { quiet } from "./slack-web.ts";

/** One of Slack's requests as Socket Mode delivers it. Source: https://docs.slack.dev/apis/events-api/using-socket-mode */
export interface Envelope {
  readonly type: "slash_commands" | "interactive" | "events_api";
  readonly payload: Readonly<Record<string, unknown>>;
  /** How often Slack has sent it before. */
  readonly retries: number;
}

const TYPES: readonly string[] = ["slash_commands", "interactive", "events_api"] satisfies Envelope["type"][];

/** How long a pong may take, and a new connection waits after the end of one. */
const PING_MS = 2000;

interface SocketModeOptions {
  /** `xapp-…` */
  readonly appToken: string;
  readonly apiUrl?: string;
  readonly proxies?: Proxies | undefined;
  readonly log: Log;
}

interface Delivered {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retry_num?: number;
  ack(answer?: Record<string, unknown>): Promise<void>;
}

/**
 * A connection to Slack, made anew whenever it ends. `handle` answers what Slack shall be answered ({}: nothing); what it
 * throws leaves the request unanswered, and Slack sends it again. Resolves when connected.
 */
export async function socketMode(
  { appToken, apiUrl, proxies, log }: SocketModeOptions,
  handle: (envelope: Envelope) => Promise<Record<string, unknown>>,
): Promise<{ stop(): Promise<void> }> {
  const client = new SocketModeClient({
    appToken,
    logger: quiet,
    clientPingTimeout: PING_MS,
    clientOptions: apiUrl === undefined ? {} : { slackApiUrl: apiUrl },
    // A WebSocket needs a connection of its own: HTTP/2 would share it, and a proxy without a tunnel would read it.
    ...(proxies === undefined
      ? {}
      : { dispatcher: new EnvHttpProxyAgent({ ...proxies, allowH2: false, proxyTunnel: true }) }),
  });
  const running = new Set<Promise<void>>();
  const one = async ({ type, body, retry_num: retries = 0, ack }: Delivered): Promise<void> => {
    if (!TYPES.includes(type)) return;
    try {
      await ack(await handle({ type: type as Envelope["type"], payload: body, retries }));
    } catch (error) {
      log.error("socket.unanswered", { type, error: reasonOf(error) });
    }
  };
  client.on("slack_event", (delivered: Delivered) => {
    const work = one(delivered).finally(() => running.delete(work));
    running.add(work);
  });
  client.on("error", (error: unknown) => log.warn("socket.error", { error: reasonOf(error) }));
  client.on("connected", () => log.info("socket.connected"));
  client.on("reconnecting", () => log.info("socket.reconnecting"));
  await client.start();
  return {
    async stop() {
      // What is being answered still needs the connection.
      await Promise.all(running);
      await client.disconnect();
    },
  };
}
