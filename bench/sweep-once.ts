import process from "node:process";
import { sweep } from "../handlers/work/sweep.ts";
import { memoryQueue } from "../shared/adapters/memory-queue.ts";
import { openStore } from "../shared/adapters/stores.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import type { Deps } from "../shared/ports/deps.ts";

/** One sweep of the store at a URL, in a process that has done nothing else; prints what it took as JSON. */
const clock = systemClock();
const quiet = () => undefined;
const log = { info: quiet, warn: quiet, error: quiet };
const store = openStore(process.argv[2] ?? "", clock.nowMs);
const queue = memoryQueue({ clock });
let calls = 0;
const cloudOf = (): never => {
  calls += 1;
  throw new Error("a sweep asks no cloud");
};
const begun = performance.now();
// A sweep uses the store, the queue and the clock.
await sweep({ store, queue, clock, log, cloudOf } as unknown as Deps);
const seconds = (performance.now() - begun) / 1000;
const woken = queue.due(Number.POSITIVE_INFINITY).length;
await store.close();
// The most that it ever had, in KiB.
const mib = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ seconds, woken, calls, mib })}\n`);
process.exit(0);
