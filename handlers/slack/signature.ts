import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const AGE_SECONDS_MAX = 300;

export interface Signed {
  /** `X-Slack-Request-Timestamp`: seconds. */
  readonly timestamp: string;
  /** `X-Slack-Signature`: `v0=<hex>`. */
  readonly signature: string;
  /** As it came, byte for byte. */
  readonly body: Uint8Array;
}

/**
 * True if Slack signed this, not more than five minutes ago and not for the future. Compares in constant time.
 * Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function signed(secret: string, request: Signed, nowSeconds: number): boolean {
  if (!/^\d{1,12}$/.test(request.timestamp)) return false;
  if (Math.abs(nowSeconds - Number(request.timestamp)) > AGE_SECONDS_MAX) return false;
  const digest = createHmac("sha256", secret).update(`v0:${request.timestamp}:`).update(request.body).digest("hex");
  const expected = Buffer.from(`v0=${digest}`);
  const actual = Buffer.from(request.signature);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** What is kept of a signature to know it again: never itself. */
export const fingerprint = (signature: string): string => createHash("sha256").update(signature).digest("hex");
