import type { KubernetesDialer } from "../../shared/kubernetes/send.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { Send } from "../../shared/openstack/send.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Log } from "../../shared/ports/log.ts";
import type { Body, Effect } from "./effects.ts";
import { hangs } from "./late.ts";
import type { World } from "./world.ts";

/** Its own clock, which may go ahead of the others or behind. */
export function clockOf(world: World, body: Body, skewMs: number): Clock {
  const { time } = world;
  return {
    nowMs: () => time.nowMs() + skewMs,
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

export function logOf(world: World, body: Body): Log {
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

export function cloudsOf(world: World, body: Body, effect: Effect, clock: Clock): Deps["cloudOf"] {
  const { sandbox, watch, config } = world;
  const creates = world.draw.fork(`late/${body.name}`);
  const send: Send = (request) =>
    effect({
      kind: "cloud",
      what: `${request.method} ${request.url.slice(request.url.indexOf("/", 8))}`,
      timeoutMs: request.timeoutMs,
      lost: () => new Error("read ECONNRESET"),
      async run() {
        watch.sending(request);
        if (hangs(world, creates, request)) throw new Error("read ECONNRESET");
        const answer = await sandbox.send(request);
        watch.sent(request, answer);
        if (request.method !== "GET" && !request.url.endsWith("/auth/tokens"))
          world.trace.say(`${answer.status} ${JSON.stringify(answer.body.slice(0, 120))}`);
        return answer;
      },
    });
  const made = new Map<string, Cloud>();
  return (tenant) => {
    const name = config.tenants[tenant]?.cloud ?? "";
    const cloud = made.get(tenant) ?? connect(sandbox.settings(name), { nowMs: clock.nowMs, wait: clock.wait, send });
    made.set(tenant, cloud);
    return cloud;
  };
}

/** The API servers of the clusters, which may be slow, silent and lost as the cloud may. */
export function clustersOf(world: World, effect: Effect): KubernetesDialer {
  const { watch } = world;
  const dialer = world.newDialer();
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
