import { withDeadline } from "../shared/openstack/deadline.ts";

/** Of the time that a call has left when it begins. */
const LAST_CALL = 2 / 3;
const END = 5 / 6;

/** What AWS says of a call. Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
interface Context {
  getRemainingTimeInMillis?(): number;
}

/**
 * A function that ends before it is ended: in its last third it asks no cloud anything new, and in its last sixth it waits for
 * none. The rest is for the record, for letting go of leases, and for what people are told.
 */
export const timely =
  <Event, Answer>(
    handler: (event: Event, context: object) => Promise<Answer>,
    nowMs: () => number,
  ): ((event: Event, context: object) => Promise<Answer>) =>
  (event, context: Context) => {
    const left = context.getRemainingTimeInMillis?.();
    if (left === undefined) return handler(event, context);
    const now = nowMs();
    return withDeadline({ lastMs: now + left * LAST_CALL, endMs: now + left * END, nowMs }, () =>
      handler(event, context),
    );
  };
