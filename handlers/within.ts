import type { Clock } from "../shared/ports/clock.ts";

/** Slack wants its answer within 3 s; the rest is for the way there and back. */
export const ANSWER_MS_MAX = 2500;

/** It may still happen: what is said to a person must not promise that it did not. */
export class TooSlow extends Error {
  override readonly name = "TooSlow";
}

/** What `work` comes to, or TooSlow after `ms`. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  // A deadline that outlives what met it would hold a process back that wants to end.
  const met = new AbortController();
  const late = clock.wait(Math.max(0, ms), met.signal).then((): Promise<never> => {
    if (met.signal.aborted) return new Promise(() => undefined);
    throw new TooSlow(`no answer within ${ms} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    met.abort();
  }
}

/** Several things in turn that must all be done by the same moment. */
export function budget(clock: Clock, untilMs: number): <T>(work: Promise<T>) => Promise<T> {
  return (work) => within(clock, untilMs - clock.nowMs(), work);
}
