import type { Policy } from "../../shared/cluster/config.ts";
import type { ServiceType } from "../../shared/openstack/errors.ts";
import { drift } from "./drift.ts";
import { latecomers } from "./late.ts";
import { alive, services } from "./services.ts";
import type { Weather } from "./weather.ts";
import type { World } from "./world.ts";

export const SERVICES: readonly [ServiceType, ...ServiceType[]] = [
  "identity",
  "compute",
  "network",
  "load-balancer",
  "dns",
  "key-manager",
  "shared-file-system",
  "image",
];
const BREAKABLE = [
  "server",
  "load-balancer",
  "share",
  "recordset",
  "network",
  "router",
  "order",
  "secret",
  "floating-ip",
];
const QUOTAS: readonly (readonly [ServiceType, string, number, number])[] = [
  ["compute", "instances", 2, 8],
  ["compute", "cores", 4, 24],
  ["network", "floatingip", 1, 5],
  ["network", "port", 12, 40],
  ["load-balancer", "load_balancer", 1, 2],
];

const APPROVERS: readonly [readonly string[], ...(readonly string[])[]] = [
  ["U0APPROVER", "U0SECOND"],
  ["U0SECOND", "U0THIRD"],
  ["U0APPROVER", "U0SECOND", "U0THIRD"],
];

/** Hears of a policy that holds from now on. */
type Changed = (policy: Policy) => void;

/** A service is away for a while, several times over; sometimes it flaps. */
function outages(world: World, untilMs: number): void {
  const { time, sandbox, trace } = world;
  const draw = world.draw.fork("storms/down");
  for (let left = draw.between(1, 3); left > 0; left -= 1) {
    const service = draw.pick(SERVICES);
    const how = draw.pick(["503", "refused"] as const);
    const flaps = draw.yes(0.3) ? draw.between(2, 6) : 1;
    let fromMs = time.nowMs() + draw.between(0, Math.max(1, untilMs - time.nowMs()));
    for (let flap = 0; flap < flaps; flap += 1) {
      const ms = draw.between(5000, flaps > 1 ? 20_000 : 300_000);
      time.at(fromMs, () => {
        if (!world.weather.families.has("down")) return;
        trace.say(`${service} is away (${how})`);
        const back = sandbox.faults.down(service, how);
        time.at(time.nowMs() + ms, () => {
          trace.say(`${service} is back`);
          back();
        });
      });
      fromMs += ms + draw.between(1000, 20_000);
    }
  }
}

/** API servers that do not answer for a while, and machines that die under Nova's eyes. */
function inside(world: World, untilMs: number, usual: Weather): void {
  const { time, sandbox, trace } = world;
  const draw = world.draw.fork("storms/inside");
  const soon = () => time.nowMs() + draw.between(0, Math.max(1, untilMs - time.nowMs()));
  if (usual.families.has("api"))
    time.at(soon(), () => {
      trace.say("no API server answers");
      world.weather = { ...world.weather, api: 1 };
      time.at(time.nowMs() + draw.between(20_000, 400_000), () => {
        if (world.weather.api === 1) world.weather = { ...world.weather, api: usual.api };
      });
    });
  if (usual.families.has("nodes"))
    for (let left = draw.between(1, 3); left > 0; left -= 1)
      time.at(soon(), () => {
        const servers = sandbox.everything(draw.pick(["team-a", "team-b"])).filter(({ type }) => type === "server");
        const one = servers[draw.between(0, Math.max(0, servers.length - 1))];
        if (one === undefined) return;
        trace.say(`the machine of ${one.name} dies`);
        world.dead.add(one.id);
      });
}

function slackAway(world: World, untilMs: number, usual: Weather): void {
  const { time } = world;
  const draw = world.draw.fork("storms/slack");
  for (let left = draw.between(0, 2); left > 0; left -= 1) {
    time.at(time.nowMs() + draw.between(0, Math.max(1, untilMs - time.nowMs())), () => {
      if (!world.weather.families.has("slack")) return;
      world.trace.say("Slack is away");
      world.weather = { ...world.weather, slack: 1 };
      time.at(time.nowMs() + draw.between(20_000, 400_000), () => {
        if (!world.weather.families.has("slack")) return;
        world.weather = { ...world.weather, slack: usual.slack };
      });
    });
  }
}

/** The store takes little for a while, and of what it takes it does not always say so. */
function throttled(world: World, untilMs: number, usual: Weather): void {
  const { time, trace } = world;
  const draw = world.draw.fork("storms/throttled");
  for (let left = draw.between(1, 3); left > 0; left -= 1)
    time.at(time.nowMs() + draw.between(0, Math.max(1, untilMs - time.nowMs())), () => {
      if (!world.weather.families.has("throttled")) return;
      trace.say("the store is throttled");
      world.weather = { ...world.weather, store: draw.pick([0.2, 0.5, 0.9]) };
      time.at(time.nowMs() + draw.between(5000, 90_000), () => {
        if (world.weather.families.has("throttled")) world.weather = { ...world.weather, store: usual.store };
      });
    });
}

/** Whoever runs the bot changes who has to approve, and starts its processes anew, one after the other. */
function policies(world: World, untilMs: number, changed: Changed): void {
  const { time, trace } = world;
  const draw = world.draw.fork("storms/policy");
  for (let left = draw.between(1, 3); left > 0; left -= 1)
    time.at(time.nowMs() + draw.between(0, Math.max(1, untilMs - time.nowMs())), () => {
      const policy = { ...world.config.policy, approvals: draw.between(1, 2), approvers: [...draw.pick(APPROVERS)] };
      trace.say(`${policy.approvals} of ${policy.approvers} have to approve`);
      world.config = { ...world.config, policy };
      changed(policy);
    });
}

/** What goes wrong in the cloud and around it until `untilMs`; `calm` ends it. */
export function storms(world: World, untilMs: number, changed: Changed): void {
  const { sandbox, weather } = world;
  const draw = world.draw.fork("storms");
  const on = (family: Parameters<typeof weather.families.has>[0]) => weather.families.has(family);
  if (on("down")) outages(world, untilMs);
  if (on("slack")) slackAway(world, untilMs, weather);
  inside(world, untilMs, weather);
  if (on("errors"))
    for (const type of BREAKABLE) {
      const own = draw.fork(type);
      if (own.yes(0.5)) sandbox.faults.breakSome(type, 0.3 * own.next(), `No valid ${type} was found.`);
    }
  if (on("errors")) forgotten(world);
  if (on("lag")) sandbox.faults.lag(draw.fork("lag").between(500, 20_000));
  if (on("slow")) sandbox.faults.stretch(draw.fork("slow").pick(["server", "load-balancer", "share"]), 10);
  if (on("throttled")) throttled(world, untilMs, weather);
  if (on("policy")) policies(world, untilMs, changed);
  if (on("drift") && on("health")) drift(world, untilMs);
  if (on("services")) services(world, untilMs);
  if (on("late")) latecomers(world, untilMs);
  alive(world, untilMs);
  if (on("quota")) quotas(world, (least, most, name) => draw.fork(name).between(least, most));
}

/** Messages to hosts that die with RabbitMQ, or with the host. */
function forgotten({ sandbox, draw }: World): void {
  const own = draw.fork("storms/forgotten");
  if (own.yes(0.7)) sandbox.faults.forget({ build: 0.6 * own.next(), remove: 0.6 * own.next() });
}

function quotas(world: World, limit: (least: number, most: number, name: string) => number): void {
  for (const name of ["team-a", "team-b"])
    for (const [service, resource, least, most] of QUOTAS) {
      if (limit(0, 2, `${name}/${resource}/is`) > 0) continue;
      world.sandbox.quotas.set(world.sandbox.project(name).id, service, resource, limit(least, most, name + resource));
    }
}

/** All faults off: nothing goes wrong from here on. */
export function calm(world: World, weather: Weather): void {
  world.trace.say("calm");
  world.weather = weather;
  world.sandbox.faults.clear();
  for (const name of ["team-a", "team-b"]) {
    const { id } = world.sandbox.project(name);
    for (const [service] of QUOTAS)
      for (const { resource } of world.sandbox.quotas.of(id, service))
        world.sandbox.quotas.set(id, service, resource, -1);
  }
}
