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
/** For how long a server that is away may hold up the end of a worker whose handlers have all ended. */
const LAST_WORDS_MS = 2000;
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
function sharing(run: Run, Delayed: typeof DelayedError): Run {
  const held = occupancy();
  return async (job, token) => {
    const lane = laneOf(job.data.message);
    if (!hasRoom(lane, held.running)) {
      // BullMQ goes by the machine's own clock.
      const isPutOff = job.moveToDelayed(Date.now() + NO_ROOM_MS, token).then(
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

/** What is taken from one start to its stop: few at once at first, and SLOTS once it is clear that the process goes on. */
function shift(url: string, clock: Clock, { lookMs, slots, begunMs }: Limits, failed: Failed) {
  const { client, close } = redisConnection(url, "patient");
  const workers: Worker<Content>[] = [];
  const running = new Set<Promise<void>>();
  let begun: NodeJS.Timeout | undefined;
  let isOver = false;

  const counted =
    (run: Run): Run =>
    (job, token) => {
      const ran = run(job, token).finally(() => running.delete(ran));
      running.add(ran);
      return ran;
    };

  /** The server may stay away: what it has not been told when the handlers have ended comes again. */
  async function lastWords(signal: AbortSignal): Promise<void> {
    while (running.size > 0) await Promise.allSettled(running);
    await clock.wait(LAST_WORDS_MS, signal);
  }

  return {
    async begin(run: Run): Promise<void> {
      const [bullmq, connection] = await Promise.all([import("bullmq"), client()]);
      // What waits for a server that is away is refused when its connection ends.
      await connection.ping().catch((error: unknown) => {
        if (!isOver) throw error;
      });
      if (isOver) return;
      const shared = counted(sharing(run, bullmq.DelayedError));
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
    async end(): Promise<void> {
      isOver = true;
      clearTimeout(begun);
      const told = new AbortController();
      const closed = Promise.all(workers.map((worker) => worker.close()));
      await Promise.race([closed, lastWords(told.signal)]);
      told.abort();
      await close();
      await closed;
    },
  };
}

/** Takes messages from a start to the next stop. */
export function receiver(url: string, clock: Clock, limits: Limits, failed: Failed) {
  let current: ReturnType<typeof shift> | undefined;
  async function stop(): Promise<void> {
    const ending = current;
    current = undefined;
    await ending?.end();
  }
  return {
    async start(run: Run): Promise<void> {
      const ended = stop();
      const mine = shift(url, clock, limits, failed);
      current = mine;
      await ended;
      await mine.begin(run);
    },
    stop,
  };
}
