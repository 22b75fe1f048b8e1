import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Queue, QueueWorker } from "../ports/queue.ts";
import { memoryQueue } from "./memory-queue.ts";
import { sqliteQueue } from "./sqlite-queue.ts";
import { opened, sqlitePath, unsupported } from "./stores.ts";

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
    const file = path || sqlitePath(options.storeUrl ?? "") || DEFAULT_PATH;
    return opened("KINVIRT_QUEUE", file, () => sqliteQueue(file, options.clock, options.log));
  }
  throw unsupported("KINVIRT_QUEUE", url, "sqlite:PATH, sqlite: or memory:");
}
