import process from "node:process";
import { readConfig } from "../shared/adapters/config-file.ts";
import { scopes } from "./manifest.ts";
import { missingInSlack } from "./slack-check.ts";

/** `npm run check:slack`: what is missing in Slack. Exit code: 0 nothing, 1 something, 2 nothing could be looked at. */
async function main(): Promise<number> {
  const { SLACK_BOT_TOKEN: botToken = "", SLACK_APP_TOKEN: appToken = "", SLACK_API_URL: apiUrl = "" } = process.env;
  const read = readConfig(process.env["KINVIRT_CONFIG"] || "kinvirt.yaml");
  const problems = [
    ...("problems" in read ? read.problems : []),
    // A refresh token is not spent here: what comes of it is the bot's, in its own store.
    ...(botToken === ""
      ? [
          "SLACK_BOT_TOKEN is not set: copy it from your Slack app's page, OAuth & Permissions (with token rotation too).",
        ]
      : []),
  ];
  if (problems.length > 0 || "problems" in read) {
    process.stderr.write(problems.map((one) => `- ${one}\n`).join(""));
    return 2;
  }
  const channels = Object.entries(read.config.tenants).flatMap(([tenant, { channels: those, oncallChannel }]) =>
    [...those, ...(oncallChannel === undefined ? [] : [oncallChannel])].map((id) => [id, tenant] as const),
  );
  const missing = await missingInSlack({
    botToken,
    ...(appToken === "" ? {} : { appToken }),
    ...(apiUrl === "" ? {} : { apiUrl: apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/` }),
    scopes: scopes(),
    channels: Object.fromEntries(channels),
  });
  process.stdout.write(
    missing.length === 0 ? "Slack has all that kinvirt needs.\n" : missing.map((one) => `- ${one}\n`).join(""),
  );
  return missing.length === 0 ? 0 : 1;
}

process.exitCode = await main();
