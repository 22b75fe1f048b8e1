import type { DelayedError, Job, Worker } from "bullmq";
import type { Clock } from "../ports/clock.ts";
import type { Message } from "../ports/queue.ts";
import { hasRoom, laneOf, occupancy, SLOTS } from "./lanes.ts";
import { redisConnection } from "./redis.ts";

export const NAME = "work";
export const PREFIX = "{kinvirt}";
/** How long a message is a dead process's. */
export const LOCK_MS = 30_000;
/** When a message comes again whose lane had no room: what is behind it is others'. */
const NO_ROOM_MS = 1000;
/** A process that lives for so long has begun. */
export const BEGUN_MS = 5000;

export interface Content {
  readonly message: Message;
  readonly failures: number;
  readonly traceparent?: string;
  /** Unknown of what an older version has sent. */
  readonly dueMs?: number;
}

export type Failed = (error: unknown) => void;
type Run = (job: Job<Content>, token?: string) => Promise<void>;

/** Puts off what would hold more than its share of this process. BullMQ has groups of its own in its paid edition only. */
function sharing(run: Run, clock: Clock, Delayed: typeof DelayedError): Run {
  const held = occupancy();
  return async (job, token) => {
    const lane = laneOf(job.data.message);
    if (!hasRoom(lane, held.running)) {
      const isPutOff = job.moveToDelayed(clock.nowMs() + NO_ROOM_MS, token).then(
        () => true,
        () => false,
      );
      if (await isPutOff) throw new Delayed();
    }
    held.enter(lane);
    try {
      await run(job);
    } finally {
      held.leave(lane);
    }
  };
}

interface Limits {
  /** How often to look for what dead processes had taken. */
  readonly lookMs: number;
  /** Handlers at once while it has only begun. */
  readonly slots: number;
  readonly begunMs: number;
}

/** Takes messages: few at once at first, and SLOTS as soon as it is clear that the process goes on. */
export function receiver(url: string, clock: Clock, { lookMs, slots, begunMs }: Limits, failed: Failed) {
  const { client, close } = redisConnection(url, "patient");
  let workers: Worker<Content>[] = [];
  let begun: NodeJS.Timeout | undefined;
  /** Counts starts and stops: a start that a stop has overtaken comes to nothing. */
  let turn = 0;
  async function stop(): Promise<void> {
    turn += 1;
    clearTimeout(begun);
    const ending = workers;
    workers = [];
    await Promise.all(ending.map((worker) => worker.close()));
  }
  return {
    async start(run: Run): Promise<void> {
      await stop();
      const mine = turn;
      const [bullmq, connection] = await Promise.all([import("bullmq"), client()]);
      await connection.ping();
      if (mine !== turn) return;
      const shared = sharing(run, clock, bullmq.DelayedError);
      // One of its own for the rest: BullMQ does not see that it may take more while all that it has taken goes on.
      const take = (concurrency: number): void => {
        const worker = new bullmq.Worker<Content>(NAME, shared, {
          prefix: PREFIX,
          connection,
          concurrency,
          lockDuration: LOCK_MS,
          stalledInterval: lookMs,
          skipStalledCheck: workers.length > 0,
          // However often processes die over it: giving up is not the queue's.
          maxStalledCount: Number.MAX_SAFE_INTEGER,
          skipVersionCheck: true,
        });
        worker.on("error", failed);
        workers.push(worker);
      };
      take(slots);
      if (slots < SLOTS) begun = setTimeout(() => take(SLOTS - slots), begunMs).unref();
    },
    stop,
    close,
  };
}
