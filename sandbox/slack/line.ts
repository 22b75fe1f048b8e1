import { createHmac } from "node:crypto";
import type { Clock } from "../../shared/ports/clock.ts";
import type { SlackFaults } from "./faults.ts";

const ANSWER_MS = 3_000;

/** What the bot answered, or how it failed to: the words that Slack shows to the person. */
export type Answer =
  | { readonly is: "answer"; readonly text: string; readonly isJson: boolean }
  | { readonly is: "failed"; readonly code: "operation_timeout" | "dispatch_failed" };

export interface LineOptions {
  /** The bot's request URL. */
  readonly url: string;
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly faults: SlackFaults;
}

/** `v0=…` over `v0:<timestamp>:<body>`. Source: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signature = (secret: string, timestamp: string, body: string): string =>
  `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;

/** Signed requests from Slack to the bot, each answered within 3 s or given up. */
export function createLine({ url, signingSecret, clock, faults }: LineOptions) {
  const deliver = async (body: string, headers: Record<string, string>): Promise<Answer> => {
    const answered = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
    const text = await answered.text();
    if (!answered.ok) return { is: "failed", code: "dispatch_failed" };
    return { is: "answer", text, isJson: (answered.headers.get("content-type") ?? "").includes("json") };
  };
  const failure = (error: unknown): Answer => {
    // A DOMException, which is no Error of every realm.
    const late = typeof error === "object" && error !== null && "name" in error && error.name === "TimeoutError";
    return { is: "failed", code: late ? "operation_timeout" : "dispatch_failed" };
  };
  const send = async (body: string, type: string): Promise<Answer> => {
    const timestamp = String(Math.floor(clock.nowMs() / 1000));
    const headers = {
      "content-type": type,
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": signature(signingSecret, timestamp, body),
    };
    const retry = { ...headers, "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" };
    const again = faults.duplicates ? deliver(body, retry).catch(failure) : undefined;
    const answer = await deliver(body, headers).catch(failure);
    await again;
    return answer;
  };
  return {
    send: (form: Readonly<Record<string, string>>): Promise<Answer> =>
      send(new URLSearchParams(form).toString(), "application/x-www-form-urlencoded"),
    /** An event is JSON, where commands and clicks are forms. */
    tell: (event: unknown): Promise<Answer> => send(JSON.stringify(event), "application/json"),
  };
}

export type Line = ReturnType<typeof createLine>;
