export interface Ticker {
  /** Starts no more, and resolves when a running tick has ended. */
  stop(): Promise<void>;
}

/** Calls `tick` at once and then every `ms`, never twice at a time. What it throws goes to `failed`. */
export function ticker(ms: number, tick: () => Promise<void>, failed: (error: unknown) => void): Ticker {
  let running: Promise<void> | undefined;
  const once = () => {
    running ??= tick()
      .catch(failed)
      .finally(() => {
        running = undefined;
      });
  };
  once();
  const timer = setInterval(once, ms);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
