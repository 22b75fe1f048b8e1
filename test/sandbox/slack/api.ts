import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { createSlack } from "../../../sandbox/slack/index.ts";

export type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What Slack sent to the bot. */
export interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const TOKEN = "xoxb-right";
export const SECRET = "signing-secret";
export const START_MS = Date.UTC(2026, 0, 1);
export const START_SECONDS = START_MS / 1000;

async function listen(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A bot that says what it is told to and remembers what it heard. */
async function listenAsBot() {
  const heard: Heard[] = [];
  const says = { status: 200, body: "", type: "text/plain", silent: false };
  const at = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      if (!says.silent) response.writeHead(says.status, { "content-type": says.type }).end(says.body);
    });
  });
  return {
    ...at,
    heard,
    says,
    answers(body: Json): void {
      Object.assign(says, { status: 200, body: JSON.stringify(body), type: "application/json" });
    },
    /** The newest request, as its form's fields. */
    form: (): Readonly<Record<string, string>> => Object.fromEntries(new URLSearchParams(heard.at(-1)?.body)),
    /** The newest request's `payload`. */
    payload: (): Json => JSON.parse(new URLSearchParams(heard.at(-1)?.body).get("payload") ?? "{}") as Json,
  };
}

/** One workspace over HTTP, in a time that moves when it is told to, and the bot that it calls. */
export async function openSlack() {
  let nowMs = START_MS;
  let drawn = 0;
  const clock = { nowMs: () => nowMs, wait: async () => undefined };
  const chance = { token: (length: number) => (drawn++).toString(36).padStart(length, "0").slice(-length) };
  const bot = await listenAsBot();
  const web = express();
  const front = await listen(web);
  const slack = createSlack({ clock, chance, origin: front.url, botUrl: bot.url, signingSecret: SECRET, token: TOKEN });
  web.use(slack.router);

  const post = async (url: string, body: unknown, token?: string): Promise<Answer> => {
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text.startsWith("{") ? JSON.parse(text) : text };
  };

  return {
    ...slack,
    url: front.url,
    bot,
    pass(ms: number): void {
      nowMs += ms;
    },
    post,
    /** A Web API method's answer. */
    call: async (method: string, args: Json = {}): Promise<Json> =>
      (await post(`${front.url}/slack/api/${method}`, args, TOKEN)).body as Json,
    /** The trigger and the response URL that come with a slash command of this person. */
    async slash(user = "U0DEV", text = "list") {
      await slack.acts.slash(user, "C0TEAMA", "/k8s", text);
      const { trigger_id = "", response_url = "" } = bot.form();
      return { trigger_id, response_url };
    },
    async close(): Promise<void> {
      await front.close();
      await bot.close();
    },
  };
}

export type World = Awaited<ReturnType<typeof openSlack>>;

export const section = (text: string): Json => ({ type: "section", text: { type: "mrkdwn", text } });
export const sections = (count: number): readonly Json[] => Array.from({ length: count }, (_, at) => section(`${at}`));
/** A ts of this workspace: the microseconds of its start, and then one more each time. */
export const stamp = (nth: number, atMs = START_MS): string => `${atMs / 1000}.${String(nth).padStart(6, "0")}`;
