import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Handle, Message, Queue, QueueWorker } from "../ports/queue.ts";
import { reasonOf } from "./error-code.ts";
import { type DueLane, nextLane, occupancy, SLOTS } from "./lanes.ts";

const POLL_MS = 100;
/** What is due sooner than this has people waiting for it: it is not left to the next look at the backlog. */
const EXACT_SECONDS_MAX = 10;
const BACKOFF_MAX_SECONDS = 60;

export interface Taken {
  readonly message: Message;
  readonly lane: string;
  /** 1 when it is taken for the first time. */
  readonly attempt: number;
  readonly dueMs: number;
  readonly traceparent: string | undefined;
  /** It was handled: it is gone for good. */
  done(): void;
  /** It failed: it comes again at `dueMs`. */
  again(dueMs: number): void;
}

/** Where messages wait. Equal messages that nobody has taken yet are one, due at the earliest of their times. */
export interface Backlog {
  put(message: Message, dueMs: number, traceparent?: string): void;
  /** Of the lane that is chosen of those that have something due, the message that is due for longest. */
  take(nowMs: number, choose: (due: readonly DueLane[]) => string | undefined): Taken | undefined;
  close(): void;
}

/**
 * A queue inside the process: some handlers at once, shared out among those who have something due, woken by `enqueue` and by
 * a look at the backlog every 100 ms.
 */
export function queueOver(backlog: Backlog, clock: Clock, log: Log | undefined): Queue & QueueWorker {
  let handle: Handle | undefined;
  let open = true;
  let timer: NodeJS.Timeout | undefined;
  const running = new Set<Promise<void>>();
  const held = occupancy();

  const run = async (taken: Taken, handleOne: Handle): Promise<void> => {
    try {
      await handleOne(taken.message, Math.max(0, clock.nowMs() - taken.dueMs), taken.traceparent);
      taken.done();
    } catch (error) {
      log?.error("message.failed", { is: taken.message.is, attempt: taken.attempt, reason: reasonOf(error) });
      taken.again(clock.nowMs() + backoffSeconds(taken.attempt) * 1000);
    }
  };
  const fill = (): void => {
    while (handle !== undefined && running.size < SLOTS) {
      const taken = backlog.take(clock.nowMs(), (due) => nextLane(due, held.running));
      if (taken === undefined) return;
      held.enter(taken.lane);
      const one = run(taken, handle)
        // The backlog itself failed: what it still holds is taken again after its timeout.
        .catch((error: unknown) => log?.error("queue.failed", { reason: reasonOf(error) }))
        .finally(() => {
          running.delete(one);
          held.leave(taken.lane);
          wake();
        });
      running.add(one);
    }
  };
  const wake = (): void => {
    try {
      fill();
    } catch (error) {
      log?.error("queue.failed", { reason: reasonOf(error) });
    }
  };
  const stop = async (): Promise<void> => {
    handle = undefined;
    clearInterval(timer);
    await Promise.all(running);
  };
  return {
    enqueue: async (message, afterSeconds, traceparent) => {
      if (!open) throw new Error("The queue is closed.");
      backlog.put(message, clock.nowMs() + afterSeconds * 1000, traceparent);
      if (afterSeconds > 0 && afterSeconds < EXACT_SECONDS_MAX)
        setTimeout(wake, Math.ceil(afterSeconds * 1000)).unref();
      wake();
    },
    start: (handleOne) => {
      handle = handleOne;
      clearInterval(timer);
      timer = setInterval(wake, POLL_MS).unref();
      wake();
    },
    stop,
    close: async () => {
      open = false;
      await stop();
      backlog.close();
    },
  };
}

/** 1 s, 2 s, 4 s … at most a minute. */
export const backoffSeconds = (attempt: number): number => Math.min(2 ** (attempt - 1), BACKOFF_MAX_SECONDS);
