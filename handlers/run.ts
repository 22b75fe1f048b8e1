import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { ticker } from "../shared/adapters/ticker.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { QueueWorker } from "../shared/ports/queue.ts";
import { firstTime } from "../shared/state/index.ts";
import { BEAT_MS } from "../shared/state/processes.ts";
import { homesDue } from "./home/publish.ts";
import { stayAlive } from "./work/alive.ts";
import { health } from "./work/health/index.ts";
import { sweep } from "./work/sweep.ts";
import { taken } from "./work/taken.ts";

const ARRIVE_MS_MAX = 10_000;
const SWEEP_MS = 10_000;
/** Where processes die as soon as they begin, not each looks through everything once more. */
const BEGUN_SECONDS = 3;
/** How often the clock is compared with the store's. */
const TIME_MS = 60_000;

export interface Running {
  /** Where it listens: `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Takes nothing new, finishes what runs and lets go of its leases. */
  stop(): Promise<void>;
}

/**
 * Listens on this port (0 takes a free one) and resolves with the server's URL and its end. `arriveMs`: a request that has not
 * arrived by then is cut off, because Slack waits for 3 s, and what is kept of a slow one is memory that it holds.
 */
export function listenOn(web: RequestListener, port: number, host: string, arriveMs = ARRIVE_MS_MAX): Promise<Running> {
  const patience = { headersTimeout: arriveMs, requestTimeout: arriveMs, connectionsCheckingInterval: arriveMs / 4 };
  const server = createServer(patience, web);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const shown = host === "0.0.0.0" ? "localhost" : host;
      resolve({
        url: `http://${shown}:${(server.address() as AddressInfo).port}`,
        async stop() {
          const closed = new Promise<void>((done) => server.close(() => done()));
          server.closeIdleConnections();
          // Streams to pages never end by themselves.
          server.closeAllConnections();
          await closed;
        },
      });
    });
  });
}

/** The half that works: messages as they fall due, and the sweep that finds what no message wakes. */
export function work(deps: Deps, worker: QueueWorker): { stop(): Promise<void> } {
  const living = ticker(
    BEAT_MS,
    () => stayAlive(deps),
    (error) => deps.log.warn("beat.missed", { error: String(error) }),
  );
  worker.start((message, lateMs, traceparent) => taken(message, deps, { lateMs, traceparent }));
  let isFirst = true;
  const sweeping = ticker(
    SWEEP_MS,
    async () => {
      const isDone = isFirst && !(await firstTime(deps.store, "sweep/begun", BEGUN_SECONDS));
      isFirst = false;
      if (!isDone) await sweep(deps);
      await homesDue(deps);
    },
    (error) => deps.log.error("sweep.failed", { error: String(error) }),
  );
  // Twice in each interval, and looked once: so that none of them is left out.
  const looking = ticker(
    (deps.config.health.every * 1000) / 2,
    () => health(deps),
    (error) => deps.log.error("health.failed", { error: String(error) }),
  );
  const keeping = ticker(
    TIME_MS,
    async () => deps.keepTime?.(),
    (error) => deps.log.warn("clock.unknown", { error: String(error) }),
  );
  return {
    async stop() {
      await Promise.all([sweeping.stop(), looking.stop(), keeping.stop()]);
      await worker.stop();
      // What still runs is held until its end.
      await living.stop();
    },
  };
}
