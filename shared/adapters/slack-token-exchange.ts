import { WebClient } from "@slack/web-api";
import type { Clock } from "../ports/clock.ts";
import { SlackError } from "../ports/slack.ts";
import { toSlackError } from "./slack-error.ts";
import type { Pair } from "./slack-token-pairs.ts";
import { quiet } from "./slack-web.ts";

const METHOD = "oauth.v2.access";
const TIMEOUT_MS = 3000;
/** Slack takes a refresh token that was spent for "a short grace period" more: long enough to ask again for a lost answer. */
const TRIES_MAX = 3;

export interface SlackApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Slack's own if left out; ends with `/`. */
  readonly apiUrl?: string;
}

const PAGE = "your Slack app's page";
const WRONG_APP = `Copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET again from ${PAGE}, App Credentials`;
const SPENT = `Install the app again on ${PAGE}, OAuth & Permissions, and set SLACK_REFRESH_TOKEN to the one that is there then`;
const ADVICE: Readonly<Record<string, string>> = {
  invalid_client_id: WRONG_APP,
  bad_client_secret: WRONG_APP,
  invalid_refresh_token: SPENT,
  token_revoked: SPENT,
};

/** What an operator does about Slack's refusal to renew a token. */
function refusal(error: SlackError): SlackError {
  const advice = ADVICE[error.code];
  if (advice === undefined) return error;
  return new SlackError(error.code, `Slack renews the bot's token no more (${error.code}). ${advice}.`);
}

/**
 * Spends a refresh token for the next token and the next refresh token. Source:
 * https://docs.slack.dev/authentication/using-token-rotation#refresh
 */
export function exchange({ clientId, clientSecret, apiUrl }: SlackApp, clock: Clock) {
  const client = new WebClient(undefined, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: TRIES_MAX - 1, minTimeout: 100, maxTimeout: 300 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    allowAbsoluteUrls: false,
    logger: quiet,
  });
  /** @throws SlackError with Slack's code */
  return async (refresh: string): Promise<Pair> => {
    const asked = { client_id: clientId, client_secret: clientSecret, refresh_token: refresh };
    try {
      const answer = await client.oauth.v2.access({ ...asked, grant_type: "refresh_token" });
      const { access_token: token, refresh_token: next, expires_in: seconds } = answer;
      if (token === undefined || next === undefined || seconds === undefined)
        throw new SlackError("no_token", `Slack answered ${METHOD} without a token: is token rotation on?`);
      return { token, refresh: next, endsMs: clock.nowMs() + seconds * 1000 };
    } catch (error) {
      throw refusal(toSlackError(METHOD, error));
    }
  };
}
