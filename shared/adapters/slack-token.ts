import { WebAPIPlatformError, type WebClient } from "@slack/web-api";

/** The bot's token, which may be another one tomorrow. */
export interface SlackTokens {
  /** For the next call. @throws SlackError when none is to be had */
  current(): Promise<string>;
  /** After Slack has refused a call over `refused`: another one. Undefined: there is none. @throws SlackError as `current` */
  instead(refused: string): Promise<string | undefined>;
}

/** A token that stays. */
export const lastingToken = (token: string): SlackTokens => ({
  current: async () => token,
  instead: async () => undefined,
});

/**
 * What Slack says of a token that is over. Slack may end a token before its time: of more than two it ends the oldest.
 * Source: https://docs.slack.dev/reference/methods/auth.test#errors
 */
const OVER: ReadonlySet<string> = new Set(["token_expired", "token_revoked", "invalid_auth"]);

/**
 * Makes a call with the token of the moment, and once more with another when that one is over: a call that was refused over
 * its token has done nothing.
 */
export const withToken =
  (tokens: SlackTokens, clientOf: (token: string) => WebClient) =>
  async <T>(work: (client: WebClient) => Promise<T>): Promise<T> => {
    const token = await tokens.current();
    try {
      return await work(clientOf(token));
    } catch (error) {
      if (!(error instanceof WebAPIPlatformError) || !OVER.has(error.data.error)) throw error;
      const other = await tokens.instead(token);
      if (other === undefined) throw error;
      return await work(clientOf(other));
    }
  };
