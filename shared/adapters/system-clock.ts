import type { Clock } from "../ports/clock.ts";

/** The machine's clock. */
export const systemClock = (): Clock => ({
  nowMs: () => Date.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      if (signal?.aborted) end();
      else signal?.addEventListener("abort", end, { once: true });
    }),
});
