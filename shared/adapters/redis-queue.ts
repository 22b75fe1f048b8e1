import { createHash, randomUUID } from "node:crypto";
import type { Job, Worker } from "bullmq";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Message, Queue, QueueWorker } from "../ports/queue.ts";
import { reasonOf } from "./error-code.ts";
import { lazy } from "./lazy.ts";
import { backoffSeconds, CONCURRENCY } from "./queue-worker.ts";
import { redisConnection } from "./redis.ts";

const NAME = "work";
const PREFIX = "{kinvirt}";
/** How long a message is a dead process's. */
const LOCK_MS = 30_000;

interface Content {
  readonly message: Message;
  readonly failures: number;
}

type Failed = (error: unknown) => void;

/** Equal messages have one name. */
const nameOf = (message: Message): string => createHash("sha1").update(JSON.stringify(message)).digest("base64url");

function sender(url: string, clock: Clock, failed: Failed) {
  const { ask, client, close } = redisConnection(url);
  const load = lazy(async () => {
    const bullmq = await import("bullmq");
    // What BullMQ is given before there is a server, it never gets over.
    await ask((redis) => redis.ping());
    const options = { prefix: PREFIX, connection: await client(), skipWaitingForReady: true, skipVersionCheck: true };
    const queue = new bullmq.Queue<Content>(NAME, options);
    // Each call says itself why it failed.
    queue.on("error", () => undefined);
    return queue;
  });

  /** Equal waiting messages are one, due at the earliest of their times. */
  async function sooner(waiting: Job<Content>, delay: number): Promise<void> {
    if (waiting.timestamp + waiting.delay <= clock.nowMs() + delay) return;
    // It may have begun in this moment, and then there is nothing to bring forward.
    if (await waiting.isDelayed()) await waiting.changeDelay(delay).catch(failed);
  }

  return {
    async put(content: Content, afterSeconds: number): Promise<void> {
      const queue = await load();
      const delay = Math.ceil(Math.max(0, afterSeconds) * 1000);
      const name = nameOf(content.message);
      const id = randomUUID();
      const options = { jobId: id, delay, deduplication: { id: name }, removeOnComplete: true, removeOnFail: true };
      const added = await queue.add(content.message.is, content, options);
      if (added.id === undefined || added.id === id) return;
      const equal = await queue.getJob(added.id);
      if (equal !== undefined && !(await equal.isActive())) return sooner(equal, delay);
      // Taken, perhaps by a process that died before it could say so: what is sent now does not wait until that is noticed.
      await queue.removeDeduplicationKey(name);
      await queue.add(content.message.is, content, options);
    },
    async close(): Promise<void> {
      await load.made()?.then(
        (queue) => queue.close(),
        () => undefined,
      );
      await close();
    },
  };
}

function receiver(url: string, lookMs: number, failed: Failed) {
  const { client, close } = redisConnection(url, "patient");
  let worker: Worker<Content> | undefined;
  /** Counts starts and stops: a start that a stop has overtaken comes to nothing. */
  let turn = 0;
  async function stop(): Promise<void> {
    turn += 1;
    const ending = worker;
    worker = undefined;
    await ending?.close();
  }
  return {
    async start(run: (job: Job<Content>) => Promise<void>): Promise<void> {
      await stop();
      const mine = turn;
      const [bullmq, connection] = await Promise.all([import("bullmq"), client()]);
      await connection.ping();
      if (mine !== turn) return;
      worker = new bullmq.Worker<Content>(NAME, run, {
        prefix: PREFIX,
        connection,
        concurrency: CONCURRENCY,
        lockDuration: LOCK_MS,
        stalledInterval: lookMs,
        // However often processes die over it: giving up is not the queue's.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        skipVersionCheck: true,
      });
      worker.on("error", failed);
    },
    stop,
    close,
  };
}

interface RedisQueueOptions {
  /** How often to look for what dead processes had taken. */
  readonly lookMs?: number;
}

/** A BullMQ queue in Redis 6 or newer, or Valkey: several processes share it. */
export function redisQueue(
  url: string,
  clock: Clock,
  log?: Log,
  { lookMs = LOCK_MS }: RedisQueueOptions = {},
): Queue & QueueWorker {
  let closed = false;
  const failed: Failed = (error) => log?.error("queue failed", { reason: reasonOf(error) });
  const { put, close } = sender(url, clock, failed);
  const taken = receiver(url, lookMs, failed);

  async function run(job: Job<Content>, handle: (message: Message) => Promise<void>): Promise<void> {
    // What is sent from now on says something that this run may not have seen.
    await job.removeDeduplicationKey();
    const { message, failures } = job.data;
    try {
      await handle(message);
    } catch (error) {
      log?.error("message failed", { is: message.is, attempt: failures + 1, reason: reasonOf(error) });
      await put({ message, failures: failures + 1 }, backoffSeconds(failures + 1));
    }
  }

  return {
    async enqueue(message, afterSeconds) {
      if (closed) throw new Error("The queue is closed.");
      await put({ message, failures: 0 }, afterSeconds);
    },
    start: (handle) => void taken.start((job) => run(job, handle)).catch(failed),
    stop: taken.stop,
    async close() {
      if (closed) return;
      await taken.stop();
      closed = true;
      await Promise.all([close(), taken.close()]);
    },
  };
}
