import type { Clock } from "../shared/ports/clock.ts";

/** Slack wants its answer within 3 s; the rest is for the way there and back. */
export const ANSWER_MS_MAX = 2500;

/** It may still happen: what is said to a person must not promise that it did not. */
export class TooSlow extends Error {
  override readonly name = "TooSlow";
}

/** What `work` comes to, or TooSlow after `ms`. */
export function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  const late = clock.wait(ms).then((): never => {
    throw new TooSlow(`no answer within ${ms} ms`);
  });
  return Promise.race([work, late]);
}
