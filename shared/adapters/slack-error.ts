import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from "@slack/web-api";
import { SlackError } from "../ports/slack.ts";

/**
 * Slack's own troubles, which pass, in its words for what it refuses: whether the call was carried out by then nobody knows.
 * Source: https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const OWN_TROUBLE: ReadonlySet<string> = new Set([
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
]);

/** Every failure of Slack as one type, with Slack's own code. Neither it nor its cause holds the token. */
export function toSlackError(method: string, error: unknown): SlackError {
  if (error instanceof SlackError) return error;
  if (error instanceof WebAPIRateLimitedError) {
    return new SlackError("ratelimited", `Slack takes no ${method} for ${error.retryAfter} s`, error.retryAfter);
  }
  if (error instanceof WebAPIPlatformError) {
    const said = error.data.error;
    if (OWN_TROUBLE.has(said)) return new SlackError("no_answer", `Slack could not carry out ${method}: ${said}`);
    return new SlackError(said === "rate_limited" ? "ratelimited" : said, `Slack refused ${method}: ${said}`);
  }
  if (error instanceof WebAPIHTTPError)
    return new SlackError("no_answer", `Slack answered ${method} with HTTP ${error.statusCode}`);
  const why = error instanceof Error ? error.message : String(error);
  return new SlackError("no_answer", `Slack did not answer ${method}: ${why}`);
}
