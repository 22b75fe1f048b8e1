import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Message, Queue, QueueWorker } from "../ports/queue.ts";
import { type Backlog, queueOver, type Taken } from "./queue-worker.ts";

export interface Pending {
  readonly message: Message;
  readonly dueMs: number;
}

interface Waiting extends Pending {
  readonly failures: number;
}

export interface MemoryQueue extends Queue, QueueWorker {
  /** What waits and is due by `nowMs`, earliest first; Infinity lists everything that waits. Takes nothing. */
  due(nowMs: number): readonly Pending[];
  /** Takes the message that is due for longest, for a caller that is its own worker; it is not given again. */
  take(): Message | undefined;
}

/** Messages that end with the process. */
export function memoryQueue(options: { readonly clock: Clock; readonly log?: Log }): MemoryQueue {
  const { clock, log } = options;
  const waiting = new Map<string, Waiting>();
  const due = (nowMs: number): readonly Waiting[] =>
    [...waiting.values()].filter((one) => one.dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
  const put = (message: Message, dueMs: number, failures: number): void => {
    const key = JSON.stringify(message);
    const equal = waiting.get(key);
    waiting.set(key, {
      message,
      dueMs: Math.min(dueMs, equal?.dueMs ?? dueMs),
      failures: Math.max(failures, equal?.failures ?? 0),
    });
  };
  const take = (nowMs: number): Taken | undefined => {
    const [first] = due(nowMs);
    if (first === undefined) return undefined;
    waiting.delete(JSON.stringify(first.message));
    return {
      message: first.message,
      attempt: first.failures + 1,
      dueMs: first.dueMs,
      done: () => undefined,
      again: (dueMs) => put(first.message, dueMs, first.failures + 1),
    };
  };
  const backlog: Backlog = {
    put: (message, dueMs) => put(message, dueMs, 0),
    take,
    close: () => waiting.clear(),
  };
  return { ...queueOver(backlog, clock, log), due, take: () => take(clock.nowMs())?.message };
}
