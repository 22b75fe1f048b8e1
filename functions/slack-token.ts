import { lastingToken, type SlackTokens } from "../shared/adapters/slack-token.ts";
import { type Rotation, rotatedTokens } from "../shared/adapters/slack-token-rotation.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { SlackError } from "../shared/ports/slack.ts";
import type { Env } from "./clouds.ts";

const APP = "your Slack app's page";
export const BASIC = `${APP}, Basic Information`;
const OAUTH = `${APP}, OAuth & Permissions`;
const ROTATION = `SLACK_REFRESH_TOKEN (${OAUTH}), SLACK_CLIENT_ID and SLACK_CLIENT_SECRET (Basic Information)`;
const ENDS = "SLACK_BOT_TOKEN ends twelve hours after it was made, because this app has token rotation";
const FORGETS = "SLACK_REFRESH_TOKEN can be spent once, and a store in memory forgets what comes of it";

/** How the bot proves that it is itself: a token that stays, or the first refresh token of an app with token rotation. */
export type BotToken = string | Omit<Rotation, "apiUrl">;

/** A secret's value; what is wrong with it is added to `problems`, which never repeat it. */
export function secretOf(env: Env, name: string, where: string, problems: string[]): string {
  const value = env[name] ?? "";
  if (value === "") problems.push(`${name} is not set: copy it from ${where}.`);
  else if (/\s/.test(value)) problems.push(`${name} has a space or a line's end in it: copy it again from ${where}.`);
  return value;
}

function rotationOf(env: Env, problems: string[]): BotToken {
  const refreshToken = secretOf(env, "SLACK_REFRESH_TOKEN", OAUTH, problems);
  if (!/^xoxe-/.test(refreshToken))
    problems.push(`SLACK_REFRESH_TOKEN is not a refresh token, which begins with xoxe-: copy it from ${OAUTH}.`);
  if (env["KINVIRT_STORE"] === "memory:") problems.push(`${FORGETS}: set KINVIRT_STORE to one that lasts.`);
  const clientId = secretOf(env, "SLACK_CLIENT_ID", BASIC, problems);
  const clientSecret = secretOf(env, "SLACK_CLIENT_SECRET", BASIC, problems);
  return { refreshToken, clientId, clientSecret };
}

/** With SLACK_REFRESH_TOKEN the app has token rotation, and no other token is needed. */
export function botTokenOf(env: Env, problems: string[]): BotToken {
  if ((env["SLACK_REFRESH_TOKEN"] ?? "") !== "") return rotationOf(env, problems);
  const token = secretOf(env, "SLACK_BOT_TOKEN", OAUTH, problems);
  if (token.startsWith("xoxe.")) problems.push(`${ENDS}: set ${ROTATION} in its place.`);
  else if (token !== "" && !token.startsWith("xoxb-"))
    problems.push(`SLACK_BOT_TOKEN is not a bot's token, which begins with xoxb-: copy it from ${OAUTH}.`);
  return token;
}

/** What must be in no log. */
export const secretsIn = (token: BotToken): readonly string[] =>
  typeof token === "string" ? [token] : [token.refreshToken, token.clientSecret];

export const tokensOf = (
  token: BotToken,
  api: Pick<Rotation, "apiUrl">,
  outside: Pick<Deps, "store" | "clock" | "log">,
): SlackTokens => (typeof token === "string" ? lastingToken(token) : rotatedTokens({ ...token, ...api }, outside));

/** Why Slack gives no token; while Slack does not answer there is no reason. */
export async function tokenRefused(tokens: SlackTokens): Promise<readonly string[]> {
  try {
    await tokens.current();
    return [];
  } catch (error) {
    if (error instanceof SlackError && (error.code === "no_answer" || error.code === "ratelimited")) return [];
    return [error instanceof Error ? error.message : String(error)];
  }
}
