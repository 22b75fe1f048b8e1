import { createHash, randomUUID } from "node:crypto";
import type { Job } from "bullmq";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Handle, Message, Queue, QueueWorker } from "../ports/queue.ts";
import { reasonOf } from "./error-code.ts";
import { isQuick, laneOf, SLOTS_FIRST } from "./lanes.ts";
import { lazy } from "./lazy.ts";
import { backoffSeconds } from "./queue-worker.ts";
import { redisConnection } from "./redis.ts";
import { BEGUN_MS, type Content, type Failed, LOCK_MS, NAME, PREFIX, receiver } from "./redis-receiver.ts";

/** What has no priority goes before all that has one. */
const priorityOf = (message: Message): { readonly priority?: number } =>
  isQuick(laneOf(message)) ? {} : { priority: 1 };

/** A run that could not even say that it has failed, because the server was away, is not the message's last. */
const KEPT = { attempts: Number.MAX_SAFE_INTEGER, backoff: { type: "fixed", delay: 1000 } };

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
    // BullMQ's own times of a message that was brought forward before are not its due time.
    const { dueMs = waiting.timestamp + waiting.delay } = waiting.data;
    if (dueMs <= clock.nowMs() + delay) return;
    // It may have begun in this moment, and then there is nothing to bring forward.
    if (!(await waiting.isDelayed())) return;
    const content = { ...waiting.data, dueMs: clock.nowMs() + delay };
    await waiting
      .updateData(content)
      .then(() => waiting.changeDelay(delay))
      .catch(failed);
  }

  return {
    async put(sent: Content, afterSeconds: number): Promise<void> {
      const queue = await load();
      const delay = Math.ceil(Math.max(0, afterSeconds) * 1000);
      const content = { ...sent, dueMs: clock.nowMs() + delay };
      const name = nameOf(content.message);
      const id = randomUUID();
      const ends = { deduplication: { id: name }, removeOnComplete: true, removeOnFail: true };
      const options = { jobId: id, delay, ...priorityOf(content.message), ...ends, ...KEPT };
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

interface RedisQueueOptions {
  /** How often to look for what dead processes had taken. */
  readonly lookMs?: number;
  /** Handlers at once while it has only begun. */
  readonly slots?: number;
  /** For how long that is. */
  readonly begunMs?: number;
}

/** A BullMQ queue in Redis 6 or newer, or Valkey: several processes share it. */
export function redisQueue(
  url: string,
  clock: Clock,
  log?: Log,
  { lookMs = LOCK_MS, slots = SLOTS_FIRST, begunMs = BEGUN_MS }: RedisQueueOptions = {},
): Queue & QueueWorker {
  let closed = false;
  const failed: Failed = (error) => log?.error("queue.failed", { reason: reasonOf(error) });
  const { put, close } = sender(url, clock, failed);
  const taken = receiver(url, clock, { lookMs, slots, begunMs }, failed);

  async function run(job: Job<Content>, handle: Handle): Promise<void> {
    // What is sent from now on says something that this run may not have seen.
    await job.removeDeduplicationKey();
    const { message, failures, traceparent, dueMs } = job.data;
    try {
      await handle(message, dueMs === undefined ? undefined : Math.max(0, clock.nowMs() - dueMs), traceparent);
    } catch (error) {
      log?.error("message.failed", { is: message.is, attempt: failures + 1, reason: reasonOf(error) });
      await put({ ...job.data, failures: failures + 1 }, backoffSeconds(failures + 1)).catch((unsaid: unknown) => {
        failed(unsaid);
        throw unsaid;
      });
    }
  }

  return {
    async enqueue(message, afterSeconds, traceparent) {
      if (closed) throw new Error("The queue is closed.");
      await put({ message, failures: 0, ...(traceparent === undefined ? {} : { traceparent }) }, afterSeconds);
    },
    start: (handle) => void taken.start((job) => run(job, handle)).catch(failed),
    stop: taken.stop,
    async close() {
      if (closed) return;
      await taken.stop();
      closed = true;
      await close();
    },
  };
}
