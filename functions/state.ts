import { defaultQueue, openQueue } from "../shared/adapters/queues.ts";
import type { StoreClock } from "../shared/adapters/store-clock.ts";
import { isOnOneMachine, openStore } from "../shared/adapters/stores.ts";
import type { Log } from "../shared/ports/log.ts";
import type { Queue, QueueWorker } from "../shared/ports/queue.ts";
import type { StateStore } from "../shared/ports/store.ts";
import { type Env, tried } from "./clouds.ts";

interface State {
  readonly store: StateStore;
  readonly queue: Queue & QueueWorker;
}

export const storeUrlOf = (env: Env): string => env["KINVIRT_STORE"] || "sqlite://.kinvirt/state.db";

/**
 * The store and the queue that the environment names; the clock goes by that store. What keeps them from being opened is added
 * to `problems`.
 */
export function openState(env: Env, clock: StoreClock, log: Log, problems: string[]): State | undefined {
  const storeUrl = storeUrlOf(env);
  const store = tried(problems, () => openStore(storeUrl, () => clock.nowMs()));
  const queue = tried(problems, () =>
    openQueue(env["KINVIRT_QUEUE"] || defaultQueue(storeUrl), { clock, log, storeUrl }),
  );
  // Something else may be wrong too: whoever starts it is told of all of it, and nothing stays open meanwhile.
  if (problems.length > 0 || store === undefined || queue === undefined) {
    void Promise.allSettled([store?.close(), queue?.close()]);
    return undefined;
  }
  clock.follow(store, isOnOneMachine(storeUrl));
  return { store, queue };
}
