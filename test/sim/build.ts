import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { datacenter } from "../../sandbox/datacenter.ts";
import { createSandbox } from "../../sandbox/openstack/index.ts";
import { type MemoryQueue, memoryQueue } from "../../shared/adapters/memory-queue.ts";
import { memoryStore } from "../../shared/adapters/memory-store.ts";
import { sqliteQueue } from "../../shared/adapters/sqlite-queue.ts";
import { sqliteStore } from "../../shared/adapters/sqlite-store.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Queue } from "../../shared/ports/queue.ts";
import { swiftKubernetes } from "../support/swift-kubernetes.ts";
import { approvals, SKEW_MS } from "./approvals.ts";
import { certificates } from "./crypto.ts";
import { draw } from "./draw.ts";
import { configOf } from "./setting.ts";
import { simSlack } from "./slack.ts";
import { strangers } from "./strangers.ts";
import { virtualTime } from "./time.ts";
import { trace as newTrace } from "./trace.ts";
import { watch as newWatch, PROJECTS } from "./watch.ts";
import type { Weather } from "./weather.ts";
import type { World } from "./world.ts";

/** Files there outlive no power failure, which nobody simulates here. */
const MEMORY = "/dev/shm";
/** Often enough to be there in every phase of a life. */
export const HEALTH_MINUTES = 5;

export interface SeedOptions {
  readonly without?: ReadonlySet<string>;
  readonly echo?: (line: string) => void;
}

/** How often a worker looks for what others have left. */
const POLL_MS = 100;

/** One that several processes put messages into: it says nothing by itself. */
function polled<T extends Queue>(queue: T, { nowMs }: Clock): T & { isDue(): boolean } {
  let nextMs = 0;
  return {
    ...queue,
    enqueue(message, afterSeconds) {
      nextMs = 0;
      return queue.enqueue(message, afterSeconds);
    },
    isDue() {
      if (nowMs() < nextMs) return false;
      nextMs = nowMs() + POLL_MS;
      return true;
    },
  };
}

/** Where the state is: in memory, or in one SQLite file that every process opens for itself. */
function state(sqlite: boolean, nowMs: () => number) {
  if (!sqlite) {
    const store = memoryStore(nowMs);
    const queues = new Map<number, MemoryQueue>();
    return {
      store,
      openStore: () => store,
      openQueue(slot: number, clock: Clock) {
        const queue = memoryQueue({ clock });
        for (const { message, dueMs } of queues.get(slot)?.due(Number.POSITIVE_INFINITY) ?? [])
          void queue.enqueue(message, (dueMs - nowMs()) / 1000);
        queues.set(slot, queue);
        return { ...queue, isDue: () => queue.due(clock.nowMs()).length > 0 };
      },
      close: () => undefined,
    };
  }
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "kinvirt-sim-"));
  const path = join(folder, "state.db");
  return {
    store: sqliteStore(path, nowMs),
    openStore: () => sqliteStore(path, nowMs),
    openQueue: (_slot: number, clock: Clock) => polled(sqliteQueue(path, clock), clock),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function newWorld(
  seed: string,
  how: SeedOptions & {
    readonly sqlite: boolean;
    readonly signed: boolean;
    /** Servers really boot. */
    readonly boots: boolean;
    readonly weather: Weather;
    readonly deathAt?: number;
  },
) {
  const time = virtualTime(Date.UTC(2026, 0, 1));
  certificates({ read: how.boots });
  const chances = draw(seed);
  const config = configOf(chances.fork("setting"), 60 * HEALTH_MINUTES);
  const trace = newTrace(time.nowMs, how.echo);
  const secret = chances.fork("token");
  // What is as long as a secret is one, and can be told by its beginning.
  const chance = {
    token: (length: number) => (length < 32 ? secret.text(length) : `s3cr3t${secret.text(length - 6)}`),
  };
  const sandboxSeed = chances.fork("sandbox");
  const setup = {
    clock: time,
    chance: { token: (length: number) => sandboxSeed.text(length) },
    options: { password: "s3cr3t-password", wait: time.wait },
  };
  const booting = how.boots ? datacenter(setup) : undefined;
  const sandbox = booting?.cloud ?? createSandbox(setup);
  const dead = new Set<string>();
  const running = () =>
    PROJECTS.map((project) => sandbox.everything(project, "server").filter(({ id }) => !dead.has(id)));
  const oracle = approvals(config, time.nowMs);
  const others = strangers(sandbox, time, chances.fork("strangers"));
  const watch = newWatch({
    sandbox,
    approvals: oracle,
    fail: trace.fail,
    async born(cluster) {
      if (how.weather.families.has("strangers")) watch.guard(await others.imitate(cluster));
    },
  });
  const slack = simSlack(
    (text) => watch.words("Slack", text),
    (key) => trace.fail(`${key} is posted twice`),
  );
  const kept = state(how.sqlite, time.nowMs);
  const skew = chances.fork("skew").pick([-SKEW_MS, SKEW_MS, chances.fork("skewed").between(-SKEW_MS, SKEW_MS)]);
  // Processes that share a file share a machine and its clock.
  const skews = how.weather.families.has("skew") && !how.sqlite ? [0, skew] : [];
  const swift = swiftKubernetes(running);
  const world: World = {
    time,
    draw: chances,
    sandbox,
    newDialer: booting?.newDialer ?? (() => swift),
    inside: booting?.kubernetes,
    skewOf: (slot) => skews[slot] ?? 0,
    dead,
    slack,
    config,
    chance,
    trace,
    watch,
    counts: { effects: 0, deaths: 0, lost: 0, lives: 0, drifts: 0, services: 0, late: 0 },
    signed: how.signed,
    watched: how.weather.families.has("health"),
    weather: how.weather,
    deathAt: how.deathAt,
    store: kept.store,
    openStore: kept.openStore,
    openQueue: kept.openQueue,
  };
  return { world, oracle, others, close: kept.close };
}
