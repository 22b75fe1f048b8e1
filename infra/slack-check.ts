import { type WebAPICallResult, WebAPIPlatformError, WebClient } from "@slack/web-api";
import { quiet } from "../shared/adapters/slack-web.ts";

const TIMEOUT_MS = 5000;

export interface SlackWish {
  readonly botToken: string;
  readonly appToken?: string;
  readonly apiUrl?: string;
  readonly scopes: readonly string[];
  /** Channel -> the tenant whose it is. */
  readonly channels: Readonly<Record<string, string>>;
}

/** What Slack has against a call: its own code, or that there was no answer. */
async function refusal(call: () => Promise<WebAPICallResult>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof WebAPIPlatformError) return error.data.error;
    return error instanceof Error ? error.message : String(error);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  not_in_channel: "the app is not in it: invite it there",
  channel_not_found:
    "there is no such channel, or it is a private one that the app is not in: correct its id, or invite the app",
  missing_scope: "the scopes above are missing",
};

/** All that is missing in Slack for the bot to work: one sentence each. Writes nothing there. */
export async function missingInSlack(wish: SlackWish): Promise<readonly string[]> {
  const client = (token: string) =>
    new WebClient(token, {
      ...(wish.apiUrl === undefined ? {} : { slackApiUrl: wish.apiUrl }),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: TIMEOUT_MS,
      logger: quiet,
    });
  const bot = client(wish.botToken);
  let granted: readonly string[] = [];
  const refused = await refusal(async () => {
    const answer = await bot.auth.test();
    granted = answer.response_metadata?.scopes ?? [];
    return answer;
  });
  if (refused !== undefined)
    return [
      `SLACK_BOT_TOKEN: Slack refuses it (${refused}). Copy it again from your Slack app's page, OAuth & Permissions.`,
    ];
  const scopes = [
    ...wish.scopes
      .filter((scope) => !granted.includes(scope))
      .map((scope) => `The scope ${scope} is missing: add it on OAuth & Permissions, and install the app again.`),
    ...granted
      .filter((scope) => !wish.scopes.includes(scope))
      .map((scope) => `The scope ${scope} is granted and never used: take it away on OAuth & Permissions.`),
  ];
  const channels: string[] = [];
  for (const [channel, tenant] of Object.entries(wish.channels)) {
    const why = await refusal(() => bot.conversations.history({ channel, limit: 1 }));
    if (why !== undefined) channels.push(`The channel ${channel} of ${tenant}: ${HINTS[why] ?? `Slack says ${why}`}.`);
  }
  if (wish.appToken === undefined) return [...scopes, ...channels];
  const app = client(wish.appToken);
  const closed = await refusal(() => app.apps.connections.open({}));
  const socket = `SLACK_APP_TOKEN: Slack opens no connection (${closed}). Turn on Socket Mode, and make the token with the scope connections:write.`;
  return [...scopes, ...channels, ...(closed === undefined ? [] : [socket])];
}
