/** What can go wrong with Slack, switched by a test or by a person on the page. */
export interface SlackFaults {
  /** No Web API call is answered. */
  down: boolean;
  /** Every Web API call is answered 429 with this Retry-After; 0 is off. */
  retryAfterSeconds: number;
  /** Each method takes as many calls as Slack's documentation says, and answers 429 to the rest. */
  limits: boolean;
  /** Every request to the bot is sent twice, as Slack does when it saw no answer. */
  duplicates: boolean;
}

export const noFaults = (): SlackFaults => ({ down: false, retryAfterSeconds: 0, limits: false, duplicates: false });
