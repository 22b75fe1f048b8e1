import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Message, Queue, QueueWorker } from "../ports/queue.ts";
import { laneOf } from "./lanes.ts";
import { type Backlog, queueOver, type Taken } from "./queue-worker.ts";

export interface Pending {
  readonly message: Message;
  readonly dueMs: number;
  readonly traceparent: string | undefined;
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
  const put = ({ message, dueMs, failures, traceparent }: Waiting): void => {
    const key = JSON.stringify(message);
    const equal = waiting.get(key);
    waiting.set(key, {
      message,
      dueMs: Math.min(dueMs, equal?.dueMs ?? dueMs),
      failures: Math.max(failures, equal?.failures ?? 0),
      traceparent: equal?.traceparent ?? traceparent,
    });
  };
  /** Of each lane the message that is due for longest. */
  const firsts = (nowMs: number): ReadonlyMap<string, Waiting> => {
    const found = new Map<string, Waiting>();
    for (const one of waiting.values()) {
      const lane = laneOf(one.message);
      if (one.dueMs <= nowMs && one.dueMs < (found.get(lane)?.dueMs ?? Number.POSITIVE_INFINITY)) found.set(lane, one);
    }
    return found;
  };
  const take: Backlog["take"] = (nowMs, choose): Taken | undefined => {
    const found = firsts(nowMs);
    const lane = choose([...found].map(([of, { dueMs }]) => ({ lane: of, dueMs }))) ?? "";
    const first = found.get(lane);
    if (first === undefined) return undefined;
    waiting.delete(JSON.stringify(first.message));
    return {
      message: first.message,
      lane,
      attempt: first.failures + 1,
      dueMs: first.dueMs,
      traceparent: first.traceparent,
      done: () => undefined,
      again: (dueMs) => put({ ...first, dueMs, failures: first.failures + 1 }),
    };
  };
  const backlog: Backlog = {
    put: (message, dueMs, traceparent) => put({ message, dueMs, failures: 0, traceparent }),
    take,
    close: () => waiting.clear(),
  };
  const oldest = (): Message | undefined => {
    const [first] = due(clock.nowMs());
    if (first !== undefined) waiting.delete(JSON.stringify(first.message));
    return first?.message;
  };
  return { ...queueOver(backlog, clock, log), due, take: oldest };
}
