import { AsyncLocalStorage } from "node:async_hooks";

/** There was no time left for a call, so it was not sent. What asked for it ends here, and goes on later. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/** No call begins after `lastMs`, and each is over by `endMs`: moments of the clock `nowMs`. */
interface Deadline {
  readonly lastMs: number;
  readonly endMs: number;
  nowMs(): number;
}

const deadlines = new AsyncLocalStorage<Deadline>();

/** What `work` asks of a cloud or of a cluster's API keeps to this deadline, and to that of whoever called. */
export function withDeadline<T>({ lastMs, endMs, nowMs }: Deadline, work: () => Promise<T>): Promise<T> {
  const outer = deadlines.getStore();
  const both = {
    lastMs: Math.min(lastMs, outer?.lastMs ?? lastMs),
    endMs: Math.min(endMs, outer?.endMs ?? endMs),
    nowMs,
  };
  return deadlines.run(both, work);
}

/** Whether a call may still begin in `inMs` from now. */
export function mayBegin(inMs = 0): boolean {
  const deadline = deadlines.getStore();
  return deadline === undefined || deadline.nowMs() + inMs <= deadline.lastMs;
}

/**
 * For how long a call that begins now is waited for: `timeoutMs`, or what is left.
 * @throws OutOfTime
 */
export function timeFor(timeoutMs: number, what: string): number {
  const deadline = deadlines.getStore();
  if (deadline === undefined) return timeoutMs;
  if (!mayBegin()) throw new OutOfTime(`no time was left for ${what}`);
  return Math.min(timeoutMs, Math.floor(deadline.endMs - deadline.nowMs()));
}
