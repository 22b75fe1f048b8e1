import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Queue, QueueWorker } from "../ports/queue.ts";
import { memoryQueue } from "./memory-queue.ts";
import { redisQueue } from "./redis-queue.ts";
import { sqliteQueue } from "./sqlite-queue.ts";
import { sqsQueue } from "./sqs-queue.ts";
import { isServer, opened, sqlitePath, unsupported } from "./stores.ts";

const QUEUES = "sqlite:PATH, sqlite:, redis://HOST:PORT, sqs://HOST/ACCOUNT/NAME or memory:";
const DEFAULT_PATH = ".kinvirt/queue.db";

export interface QueueOptions {
  readonly clock: Clock;
  readonly log?: Log;
  /** `KINVIRT_STORE`: `sqlite:` without a path shares the store's file. */
  readonly storeUrl?: string;
}

/**
 * Where nothing is said: beside the state in its file or in Redis. PostgreSQL has no queue, so each process keeps its own;
 * what a dead one had in it is found by the others' sweeps.
 */
export const defaultQueue = (storeUrl: string): string => {
  if (isServer(storeUrl, ["redis:", "rediss:"])) return storeUrl;
  return isServer(storeUrl, ["postgres:", "postgresql:"]) ? "memory:" : "sqlite:";
};

/**
 * The queue that `KINVIRT_QUEUE` names: `sqlite:PATH`, `sqlite:`, `redis://` and `rediss://` (Redis or Valkey), `sqs://` and
 * the rest of an SQS queue's URL, or `memory:`. Servers are not asked yet.
 * @throws Error that says what is supported, and never repeats a URL that may hold a password.
 */
export function openQueue(url: string, options: QueueOptions): Queue & QueueWorker {
  const { clock, log, storeUrl = "" } = options;
  if (url === "memory:") return memoryQueue(options);
  const path = sqlitePath(url);
  if (path !== undefined) {
    const file = path || sqlitePath(storeUrl) || DEFAULT_PATH;
    return opened("KINVIRT_QUEUE", file, () => sqliteQueue(file, clock, log));
  }
  if (isServer(url, ["redis:", "rediss:"])) return redisQueue(url, clock, log);
  const sqs = /^sqs:\/\/([^/@]+\/\d+\/[\w-]+)$/.exec(url)?.[1];
  if (sqs !== undefined) return sqsQueue(`https://${sqs}`, clock, log);
  throw unsupported("KINVIRT_QUEUE", url, QUEUES);
}
