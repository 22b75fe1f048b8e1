import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Queue, QueueWorker } from "../ports/queue.ts";
import { memoryQueue } from "./memory-queue.ts";
import { sqliteQueue } from "./sqlite-queue.ts";
import { schemeOf, sqlitePath } from "./stores.ts";

const DEFAULT_PATH = "kinvirt-queue.db";

export interface QueueOptions {
  readonly clock: Clock;
  readonly log?: Log;
  /** `KINVIRT_STORE`: `sqlite:` without a path shares the store's file. */
  readonly storeUrl?: string;
}

/**
 * The queue that `KINVIRT_QUEUE` names: `sqlite:PATH`, `sqlite:` or `memory:`.
 * @throws Error that says what is supported, and never repeats a URL that may hold a password.
 */
export function openQueue(url: string, options: QueueOptions): Queue & QueueWorker {
  if (url === "memory:") return memoryQueue(options);
  const path = sqlitePath(url);
  if (path !== undefined) {
    return sqliteQueue(path || sqlitePath(options.storeUrl ?? "") || DEFAULT_PATH, options.clock, options.log);
  }
  throw new Error(`KINVIRT_QUEUE is "${schemeOf(url)}…", which is not supported. Use sqlite:PATH, sqlite: or memory:`);
}
