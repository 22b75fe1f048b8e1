import { createHmac } from "node:crypto";
import { SLACK_PATH } from "../handlers/slack/app.ts";
import { type Envelope, socketMode } from "../shared/adapters/socket-mode.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { Composed } from "./compose.ts";
import { slackFunction } from "./slack.ts";

const FORM = "application/x-www-form-urlencoded";

/** The same as Slack would have sent over HTTP. */
function requestOf({ type, payload }: Envelope): { readonly body: string; readonly contentType: string } {
  if (type === "events_api") return { body: JSON.stringify(payload), contentType: "application/json" };
  if (type === "interactive")
    return { body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), contentType: FORM };
  const fields = Object.entries(payload).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
  return { body: new URLSearchParams(fields).toString(), contentType: FORM };
}

function signature(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

/**
 * Slack's requests over Socket Mode, through the same front door as over HTTP: what comes twice acts once, and each is answered
 * in time. The signature is our own, since the connection itself is Slack's word.
 */
export function socketFront(
  deps: Deps,
  signingSecret: string,
  socket: NonNullable<Composed["socket"]>,
): Promise<{ stop(): Promise<void> }> {
  const front = slackFunction(deps, signingSecret) as unknown as (event: object, context: object) => Promise<Answer>;
  return socketMode({ ...socket, log: deps.log }, async (envelope) => {
    const { body, contentType } = requestOf(envelope);
    const timestamp = String(Math.floor(deps.clock.nowMs() / 1000));
    const headers = {
      "content-type": contentType,
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": signature(signingSecret, timestamp, body),
      ...(envelope.retries > 0 ? { "x-slack-retry-num": String(envelope.retries) } : {}),
    };
    const http = { method: "POST", path: SLACK_PATH, protocol: "HTTP/1.1", sourceIp: "127.0.0.1" };
    const answer = await front(
      { version: "2.0", rawPath: SLACK_PATH, rawQueryString: "", headers, requestContext: { http }, body },
      {},
    );
    const taken = answer.statusCode >= 200 && answer.statusCode < 300;
    if (!taken) throw new Error(`the front door answered ${answer.statusCode}`);
    return answer.body.startsWith("{") ? (JSON.parse(answer.body) as Record<string, unknown>) : {};
  });
}

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}
