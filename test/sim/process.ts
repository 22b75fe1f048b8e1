import { slackFunction } from "../../functions/slack.ts";
import { dispatch } from "../../handlers/work/dispatch.ts";
import { health } from "../../handlers/work/health/index.ts";
import { sweep } from "../../handlers/work/sweep.ts";
import type { KubernetesDialer } from "../../shared/kubernetes/send.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { connect } from "../../shared/openstack/connect.ts";
import { OpenStackError } from "../../shared/openstack/errors.ts";
import type { Send } from "../../shared/openstack/send.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Log } from "../../shared/ports/log.ts";
import type { Message } from "../../shared/ports/queue.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import { StoreError } from "../../shared/ports/store.ts";
import { type Body, type Effect, effects } from "./effects.ts";
import { Silent, simQueue, simSlackOf, simStore } from "./wires.ts";
import type { World } from "./world.ts";

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

function clockOf(world: World, body: Body): Clock {
  const { time } = world;
  return {
    nowMs: time.nowMs,
    wait: (ms) =>
      new Promise((wake) => {
        const due = (): void => {
          if (!body.alive()) return;
          if (time.nowMs() < body.resumeMs()) time.at(body.resumeMs(), due);
          else wake();
        };
        time.at(time.nowMs() + ms, due);
      }),
  };
}

function logOf(world: World, body: Body): Log {
  const line =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (!body.alive()) return;
      const first = Object.entries(fields).map(([name, value]) => [name, String(value).split("\n")[0]]);
      const text = `${body.name} ${level} ${event} ${JSON.stringify(Object.fromEntries(first))}`;
      world.watch.words("the log", text);
      world.trace.say(text);
    };
  return { info: line("info"), warn: line("warn"), error: line("error") };
}

function cloudsOf(world: World, effect: Effect, clock: Clock): Deps["cloudOf"] {
  const { sandbox, watch, config } = world;
  const sendAs =
    (project: string): Send =>
    (request) =>
      effect({
        kind: "cloud",
        what: `${request.method} ${request.url.replace(/^http:\/\/[^/]+/, "")}`,
        timeoutMs: request.timeoutMs,
        lost: () => new Error("read ECONNRESET"),
        async run() {
          await watch.sending(request);
          const answer = await sandbox.send(request);
          await watch.sent(request, answer, project);
          if (request.method !== "GET" && !request.url.endsWith("/auth/tokens"))
            world.trace.say(`${answer.status} ${JSON.stringify(answer.body.slice(0, 120))}`);
          return answer;
        },
      });
  const made = new Map<string, Cloud>();
  return (tenant) => {
    const name = config.tenants[tenant]?.cloud ?? "";
    const cloud =
      made.get(tenant) ?? connect(sandbox.settings(name), { nowMs: clock.nowMs, wait: clock.wait, send: sendAs(name) });
    made.set(tenant, cloud);
    return cloud;
  };
}

/** The API servers of the clusters, which may be slow, silent and lost as the cloud may. */
function clustersOf(world: World, effect: Effect): KubernetesDialer {
  const { dialer, watch } = world;
  const away = world.draw.fork("api");
  return {
    ...dialer,
    async connect(key, access) {
      const wire = await dialer.connect(key, access);
      return (request) =>
        effect({
          kind: "cloud",
          what: `${request.method} ${key.split(" ")[0]} ${request.path.replace(/\?.*/, "")}`,
          timeoutMs: request.timeoutMs,
          lost: () => new Error("read ECONNRESET"),
          async run() {
            if (away.yes(world.weather.api)) throw new Error("connect ECONNREFUSED");
            if (!request.path.includes("/secrets/")) watch.words("the Kubernetes API", request.body ?? "");
            return wire(request);
          },
        });
    },
  };
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
  const clock = clockOf(world, body);
  const queue = world.openQueue(slot, clock);
  const draws = world.draw.fork(`messages/${name}`);
  const deps: Deps = {
    config: world.config,
    store: simStore(world.openStore(), effect, world.watch),
    queue: simQueue(queue, effect, world, name),
    slack: simSlackOf(world.slack.slack, effect, draws),
    cloudOf: cloudsOf(world, effect, clock),
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
      if (world.watched) await looking();
      await clock.wait(world.sweepMs);
    }
  };
  const looking = (): Promise<void> =>
    health(deps).catch((error: unknown) => {
      if (!isOutside(error)) trace.fail(`the look at everybody's health broke: ${String(error)}`);
    });
  let front: ReturnType<Process["door"]> | undefined;
  void sweeping();
  return {
    deps,
    name,
    alive: body.alive,
    resumeMs: body.resumeMs,
    pump() {
      if (!alive || time.nowMs() < resumeMs) return;
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
