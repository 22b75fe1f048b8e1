import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { slackApp } from "../../../handlers/slack/app.ts";
import { signature } from "../../../sandbox/slack/line.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { desk } from "../desk.ts";

export const SECRET = "signing-secret-of-the-test";
export const FORM = "application/x-www-form-urlencoded";

export interface Sent {
  readonly body: string;
  readonly type?: string;
  /** Seconds that the request is older than now. */
  readonly ageSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly secret?: string;
}

/** Signed as Slack signs, unless told otherwise. */
export function signed(body: string, nowMs: number, ageSeconds = 0, secret = SECRET): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000) - ageSeconds);
  return { "x-slack-request-timestamp": timestamp, "x-slack-signature": signature(secret, timestamp, body) };
}

export const command = (text: string, trigger = "t1", channel = "C0TEAMA"): string =>
  new URLSearchParams({
    command: "/k8s",
    text,
    user_id: "U0DEV",
    channel_id: channel,
    team_id: "T1",
    trigger_id: trigger,
    response_url: "http://127.0.0.1:9/none",
  }).toString();

/** The bot's front door over HTTP, with everything behind it at hand. */
export async function front(over: Partial<Deps> = {}) {
  const inside = desk(over);
  const server = slackApp(inside.deps, { signingSecret: SECRET }).express.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  return {
    ...inside,
    url,
    async post({ body, type = FORM, ageSeconds, headers = {}, method = "POST", secret }: Sent) {
      const all = {
        "content-type": type,
        ...signed(body, inside.clock.nowMs(), ageSeconds, secret),
        ...headers,
      };
      const answer = await fetch(url, { method, headers: all, ...(method === "GET" ? {} : { body }) });
      return { status: answer.status, text: await answer.text() };
    },
    async close(): Promise<void> {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export type Front = Awaited<ReturnType<typeof front>>;
