import { release } from "./cinder-model.ts";
import type { World } from "./core.ts";
import { isoOf } from "./json.ts";
import { groupTable, hostsOf, membersOf, type Server, serverTable } from "./nova-model.ts";
import { bindPorts, releasePorts } from "./nova-ports.ts";
import { TAKES, WATCHED } from "./timing.ts";

/** How far into the build a server has its network and is handed to the hypervisor. */
const SPAWNED = 0.4;
/** `[scheduler] max_attempts` */
const ATTEMPTS_MAX = 3;
/** `service_down_time`: what a compute service that says nothing any more is taken for dead after. */
const DOWN_MS = 60_000;
const NO_HOST = "No valid host was found. There are not enough hosts available.";

export interface Builder {
  /** Takes a new server to ACTIVE or ERROR. */
  build(server: Server): void;
  remove(server: Server): void;
  /** To `ACTIVE` or `SHUTOFF`, from the other one. */
  power(server: Server, on: boolean): void;
  /** Off and on again. */
  reboot(server: Server, soft: boolean): void;
}

const retriesFault = (server: Server, hosts: number, why: string): string => {
  const head = "Exceeded maximum number of retries.";
  return hosts < ATTEMPTS_MAX
    ? `${head} Exhausted all hosts available for retrying build failures for instance ${server.id}.`
    : `${head} Exceeded max scheduling attempts ${ATTEMPTS_MAX} for instance ${server.id}. Last exception: ${why}`;
};

/** The host for a server, by the policy of its group; among those that will do, the emptiest. */
function choose(world: World, server: Server): string | undefined {
  const group = server.group === undefined ? undefined : groupTable(world).get(server.group);
  const count = (servers: readonly Server[], host: string) => servers.filter((one) => one.host === host).length;
  const members = group === undefined ? [] : membersOf(world, group.id);
  const everyone = serverTable(world).all();
  const inUse = members.some((one) => one.host !== undefined);
  const fits = (host: string): boolean => {
    if (group?.policy === "anti-affinity") return count(members, host) < (group.rules.max_server_per_host ?? 1);
    return group?.policy !== "affinity" || !inUse || count(members, host) > 0;
  };
  const liked = { "soft-anti-affinity": 1, "soft-affinity": -1 }[group?.policy ?? ""] ?? 0;
  const load = (host: string) => liked * count(members, host) * (everyone.length + 1) + count(everyone, host);
  return hostsOf(world)
    .filter(fits)
    .sort((a, b) => load(a) - load(b))[0];
}

const switchOn = (world: World, { id, name, user_data }: Server): void =>
  world.machines.on({ id, name, userData: user_data });

/** The steps of a server's state that nobody asks for. */
function states(world: World) {
  const set = (server: Server, fields: Partial<Server>): void =>
    void Object.assign(server, fields, { updated_ms: world.nowMs() });
  function fail(server: Server, message: string): void {
    releasePorts(world, server, true);
    const fault = { code: 500, created: isoOf(world.nowMs()), message };
    const left = { host: undefined, made_ports: [], task_state: null };
    set(server, { status: "ERROR", vm_state: "error", ...left, fault });
  }
  return {
    set,
    fail,
    /** Undefined once somebody has deleted it. */
    building(id: string): Server | undefined {
      const server = serverTable(world).get(id);
      return server?.status === "BUILD" && server.task_state !== "deleting" ? server : undefined;
    },
    finish(server: Server): void {
      const broken = world.faults.broken("server", server.name);
      const launched_ms = world.nowMs();
      if (broken === undefined) {
        set(server, { status: "ACTIVE", vm_state: "active", task_state: null, power_state: 1, launched_ms });
        switchOn(world, server);
      } else fail(server, broken);
    },
  };
}

type States = ReturnType<typeof states>;

/** Each host builds one server at a time, in the order in which they come. */
function hosts(world: World, { set, fail, building, finish }: States) {
  const queues = new Map(hostsOf(world).map((host) => [host, { waiting: [] as string[], busy: false }]));

  function next(host: string): void {
    const queue = queues.get(host);
    if (queue === undefined || queue.busy) return;
    const at = queue.waiting.findIndex((id) => building(id) !== undefined);
    const server = building(queue.waiting[at] ?? "");
    queue.waiting.splice(0, at < 0 ? queue.waiting.length : at + 1);
    if (server === undefined) return;
    queue.busy = true;
    const why = bindPorts(world, server);
    const attempts = why === undefined ? 1 : Math.min(ATTEMPTS_MAX, queues.size);
    const takes = attempts * world.takes(TAKES.serverBuilt) * world.faults.stretched("server");
    set(server, { task_state: "networking", busy_until_ms: world.nowMs() + takes });
    world.later(SPAWNED * takes, () => {
      const now = building(server.id);
      if (now !== undefined && why === undefined) set(now, { task_state: "spawning" });
    });
    world.later(takes, () => {
      const now = building(server.id);
      if (now !== undefined) why === undefined ? finish(now) : fail(now, retriesFault(now, queues.size, why));
      queue.busy = false;
      next(host);
    });
  }

  return {
    build(host: string, id: string): void {
      queues.get(host)?.waiting.push(id);
      next(host);
    },
  };
}

export function builder(world: World): Builder {
  const servers = serverTable(world);
  const state = states(world);
  const { set } = state;
  const queue = hosts(world, state);
  function end(server: Server): void {
    releasePorts(world, server, server.launched_ms !== undefined);
    release(world, server.id);
    world.machines.off(server.id);
    const gone = { status: "DELETED", vm_state: "deleted", task_state: null, power_state: 0 };
    set(server, { ...gone, terminated_ms: world.nowMs() });
    world.later(world.takes(TAKES.serverForgotten), () => void servers.remove(server.id));
  }
  return {
    build(server) {
      world.later(world.takes(TAKES.serverScheduled), () => {
        const now = state.building(server.id);
        if (now === undefined || world.faults.forgets("build")) return;
        const host = choose(world, now);
        if (host === undefined) return state.fail(now, NO_HOST);
        set(now, { host, task_state: null });
        queue.build(host, now.id);
      });
    },
    remove(server) {
      if (server.status === "DELETED") return;
      if (server.task_state === "deleting") {
        // Where its host's service is down Nova does it itself; where it is up the second DELETE is ignored.
        if (world.nowMs() - (server.deaf_ms ?? Infinity) >= DOWN_MS) end(server);
        return;
      }
      if (server.host === undefined) return void servers.remove(server.id);
      set(server, { task_state: "deleting" });
      if (world.faults.forgets("remove")) {
        world.machines.off(server.id);
        return set(server, { deaf_ms: world.nowMs() });
      }
      const busyMs = Math.max(0, server.busy_until_ms - world.nowMs());
      world.later(busyMs + world.takes(TAKES.serverRemoved), () => end(server));
    },
    reboot(server, soft) {
      const task = soft ? "rebooting" : "rebooting_hard";
      set(server, { task_state: task, status: soft ? "REBOOT" : "HARD_REBOOT" });
      world.later(world.takes(WATCHED.serverStopped), () => {
        if (server.task_state !== task) return;
        world.machines.off(server.id);
        set(server, { status: "ACTIVE", vm_state: "active", task_state: null, power_state: 1 });
        switchOn(world, server);
      });
    },
    power(server, on) {
      const task = on ? "powering-on" : "powering-off";
      set(server, { task_state: task });
      world.later(world.takes(WATCHED.serverStopped), () => {
        if (server.task_state !== task) return;
        const now = on ? { status: "ACTIVE", vm_state: "active" } : { status: "SHUTOFF", vm_state: "stopped" };
        set(server, { ...now, task_state: null, power_state: on ? 1 : 4 });
        if (on) switchOn(world, server);
        else world.machines.off(server.id);
      });
    },
  };
}
