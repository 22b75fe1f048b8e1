import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { missingInSlack } from "../../infra/slack-check.ts";

// Goal: whoever installs the app reads what is missing in Slack before anybody types a command, and nothing is written there.
const SCOPES = ["chat:write", "commands"];

async function asked(answers: Readonly<Record<string, object>>, granted: string, appToken?: string) {
  const called: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const method = request.url?.split("/").at(-1) ?? "";
      const channel = new URLSearchParams(body).get("channel");
      const key = channel === null ? method : `${method} ${channel}`;
      called.push(key);
      response.setHeader("content-type", "application/json");
      response.setHeader("x-oauth-scopes", granted);
      response.end(JSON.stringify(answers[key] ?? { ok: true }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const missing = await missingInSlack({
    botToken: "xoxb-5ecret",
    ...(appToken === undefined ? {} : { appToken }),
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    scopes: SCOPES,
    channels: { C0A: "team-a", C0B: "team-b" },
  });
  server.close();
  server.closeAllConnections();
  expect(missing.join()).not.toContain("5ecret");
  return { missing, called };
}
const no = (error: string) => ({ ok: false, error });

test("all is there", async () => {
  expect(await asked({}, "chat:write,commands")).toEqual({
    missing: [],
    called: ["auth.test", "conversations.history C0A", "conversations.history C0B"],
  });
});

test("a token that Slack refuses: nothing else is asked", async () => {
  expect(await asked({ "auth.test": no("invalid_auth") }, "")).toEqual({
    missing: [
      "SLACK_BOT_TOKEN: Slack refuses it (invalid_auth). Copy it again from your Slack app's page, OAuth & Permissions.",
    ],
    called: ["auth.test"],
  });
});

test("scopes too few and too many, a channel without the app, and no Socket Mode", async () => {
  const answers = {
    "conversations.history C0B": no("not_in_channel"),
    "apps.connections.open": no("not_allowed_token_type"),
  };
  expect((await asked(answers, "commands,files:write", "xapp-5ecret")).missing).toEqual([
    "The scope chat:write is missing: add it on OAuth & Permissions, and install the app again.",
    "The scope files:write is granted and never used: take it away on OAuth & Permissions.",
    "The channel C0B of team-b: the app is not in it: invite it there.",
    "SLACK_APP_TOKEN: Slack opens no connection (not_allowed_token_type). Turn on Socket Mode, and make the token with the scope connections:write.",
  ]);
});
