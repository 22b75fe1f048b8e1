/** For calls that somebody waits for: Slack gives an answer three seconds. */
export const PROMPT = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
} as const;

/** AWS's name of what went wrong (`ConditionalCheckFailedException`). */
export const awsError = (error: unknown): string => (error instanceof Error ? error.name : "");
