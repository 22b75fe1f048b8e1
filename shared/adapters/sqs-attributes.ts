/** Of a message in SQS, as text: what it was sent with and what SQS says of it. */
interface Arrived {
  /** SQS's `SentTimestamp`: milliseconds. */
  readonly sent: string | undefined;
  /** SQS's `ApproximateReceiveCount`. */
  readonly receives: string | undefined;
  /** Our own `delay`: the seconds for which SQS was to hold it back, which SQS does not say. */
  readonly delay: string | undefined;
}

/** What is sent beside the body, where neither older versions nor whoever compares bodies minds it. */
export const attributesOf = (delaySeconds: number, traceparent: string | undefined) => ({
  delay: { DataType: "Number", StringValue: String(delaySeconds) },
  ...(traceparent === undefined ? {} : { traceparent: { DataType: "String", StringValue: traceparent } }),
});

/**
 * How long after its time a message was taken. Undefined where nobody knows: it was sent by an older version, or it comes
 * again, and when that was due is not told.
 */
export function lateMsOf({ sent, receives, delay }: Arrived, nowMs: number): number | undefined {
  if (sent === undefined || delay === undefined || receives !== "1") return undefined;
  const late = nowMs - Number(sent) - Number(delay) * 1000;
  return Number.isNaN(late) ? undefined : Math.max(0, late);
}
