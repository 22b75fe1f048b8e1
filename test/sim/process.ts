import { slackFunction } from "../../functions/slack.ts";
import { dispatch } from "../../handlers/work/dispatch.ts";
import { health } from "../../handlers/work/health/index.ts";
import { sweep } from "../../handlers/work/sweep.ts";
import { OpenStackError } from "../../shared/openstack/errors.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Message } from "../../shared/ports/queue.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import { StoreError } from "../../shared/ports/store.ts";
import { type Body, effects } from "./effects.ts";
import { clockOf, cloudsOf, clustersOf, logOf } from "./outside.ts";
import { Silent, simQueue, simSlackOf, simStore } from "./wires.ts";
import type { World } from "./world.ts";

const SWEEP_MS = 120_000;
export const SECRET = "s3cr3t-of-the-simulation";

/** A process of the bot: what it does ends with it. */
export interface Process {
  readonly deps: Deps;
  readonly name: string;
  alive(): boolean;
  resumeMs(): number;
  /** Takes what is due from its queue. */
  pump(): void;
  /** As `kill -9` does. */
  die(): void;
  /** The front door, as a function's event. */
  readonly door: () => (event: object, context: object) => Promise<object>;
}

/** What a handler may let through to its queue: the outside failed. Anything else is a mistake of ours. */
const isOutside = (error: unknown): boolean =>
  error instanceof SlackError ||
  error instanceof StoreError ||
  error instanceof OpenStackError ||
  error instanceof Silent;

async function handle(world: World, deps: Deps, message: Message, times: number): Promise<void> {
  const ends = await Promise.allSettled(Array.from({ length: times }, () => dispatch(message, deps)));
  for (const end of ends) {
    if (end.status === "fulfilled") continue;
    if (!isOutside(end.reason)) world.trace.fail(`a handler broke: ${end.reason?.stack ?? String(end.reason)}`);
    throw end.reason;
  }
}

/** Starts a process in its slot. `died` hears of its end. */
export function start(world: World, slot: number, name: string, died: () => void): Process {
  let alive = true;
  let resumeMs = 0;
  const { time, trace, counts } = world;
  const body: Body = {
    name,
    alive: () => alive,
    resumeMs: () => resumeMs,
    stall(untilMs) {
      resumeMs = Math.max(resumeMs, untilMs);
      trace.say(`${name} stalls until ${untilMs - time.nowMs()} ms from now`);
    },
    die() {
      if (!alive) return;
      alive = false;
      counts.deaths += 1;
      trace.say(`${name} dies`);
      void queue.stop();
      died();
    },
  };
  const effect = effects(world, body);
  const clock = clockOf(world, body, world.skewOf(slot));
  const queue = world.openQueue(slot, clock);
  const draws = world.draw.fork(`messages/${name}`);
  const deps: Deps = {
    config: world.config,
    store: simStore(world.openStore(), effect, world.watch),
    queue: simQueue(queue, effect, world, name),
    slack: simSlackOf(world.slack.slack, effect, draws),
    cloudOf: cloudsOf(world, body, effect, clock),
    kubernetes: clustersOf(world, effect),
    clock,
    chance: world.chance,
    log: logOf(world, body),
  };
  const work = async (message: Message): Promise<void> => {
    trace.say(`${name} takes ${JSON.stringify(message)}`);
    await handle(world, deps, message, draws.yes(world.weather.message / 4) ? 2 : 1);
    // What is acknowledged by a dead process was not.
    if (!alive) await new Promise(() => undefined);
  };
  const sweeping = async (): Promise<void> => {
    while (alive && trace.failure() === undefined) {
      await sweep(deps).catch((error: unknown) => {
        if (!isOutside(error)) trace.fail(`the sweep broke: ${String(error)}`);
      });
      await clock.wait(SWEEP_MS);
    }
  };
  const looking = async (): Promise<void> => {
    while (alive && trace.failure() === undefined) {
      await health(deps).catch((error: unknown) => {
        if (!isOutside(error)) trace.fail(`the look at everybody's health broke: ${String(error)}`);
      });
      await clock.wait(deps.config.health.every * 1000);
    }
  };
  let front: ReturnType<Process["door"]> | undefined;
  void sweeping();
  if (world.watched) void looking();
  return {
    deps,
    name,
    alive: body.alive,
    resumeMs: body.resumeMs,
    pump() {
      if (!alive || time.nowMs() < resumeMs || !queue.isDue()) return;
      // Started for a moment: its own timer knows nothing of this time.
      queue.start(work);
      void queue.stop();
    },
    die: body.die,
    door() {
      front ??= slackFunction(deps, SECRET) as unknown as ReturnType<Process["door"]>;
      return front;
    },
  };
}
