import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { exchange } from "../../../shared/adapters/slack-token-exchange.ts";

// Goal: what Slack answers a spent refresh token is a pair that ends when Slack says, or one sentence that says what to do.
const PAGE = "your Slack app's page";
let server: Server;
let asked: string[];
let answer: { readonly status: number; readonly body: object };

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    asked.push(await text(request));
    const headers = { "content-type": "application/json", "retry-after": "30" };
    response.writeHead(answer.status, headers).end(JSON.stringify(answer.body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});
const ask = () => {
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  const clock = { nowMs: () => 1000, wait: async () => undefined };
  return exchange({ clientId: "1.2", clientSecret: "5ecret", apiUrl }, clock)("xoxe-1-first");
};
const PAIR = { ok: true, access_token: "xoxe.xoxb-1", refresh_token: "xoxe-1-next", expires_in: 43_200 };

test("a pair, with its end", async () => {
  answer = { status: 200, body: PAIR };
  expect(await ask()).toEqual({ token: "xoxe.xoxb-1", refresh: "xoxe-1-next", endsMs: 43_201_000 });
  expect(asked).toEqual(["client_id=1.2&client_secret=5ecret&refresh_token=xoxe-1-first&grant_type=refresh_token"]);
});

test.each([
  "access_token",
  "refresh_token",
  "expires_in",
])("without %s it is no answer to go on with", async (field) => {
  answer = { status: 200, body: { ...PAIR, [field]: undefined } };
  const message = "Slack answered oauth.v2.access without a token: is token rotation on?";
  await expect(ask()).rejects.toMatchObject({ code: "no_token", message });
});

const wrong = `Copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET again from ${PAGE}, App Credentials.`;
const spent = `Install the app again on ${PAGE}, OAuth & Permissions, and set SLACK_REFRESH_TOKEN to the one that is there then.`;

test.each([
  ["invalid_client_id", wrong],
  ["bad_client_secret", wrong],
  ["invalid_refresh_token", spent],
  ["token_revoked", spent],
])("%s says what to do", async (error, advice) => {
  answer = { status: 200, body: { ok: false, error } };
  const message = `Slack renews the bot's token no more (${error}). ${advice}`;
  await expect(ask()).rejects.toMatchObject({ code: error, message });
});

test("what passes by itself has no advice, and a rate limit is not waited out", async () => {
  answer = { status: 200, body: { ok: false, error: "internal_error" } };
  const message = "Slack could not carry out oauth.v2.access: internal_error";
  await expect(ask()).rejects.toMatchObject({ code: "no_answer", message });
  answer = { status: 429, body: { ok: false, error: "ratelimited" } };
  await expect(ask()).rejects.toMatchObject({ code: "ratelimited", retryAfterSeconds: 30 });
  expect(asked).toHaveLength(2);
});
