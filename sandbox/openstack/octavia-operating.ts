import type { World } from "./core.ts";
import type { Port } from "./neutron-ports.ts";
import {
  type LoadBalancer,
  listenersOn,
  type Member,
  type Monitor,
  membersIn,
  membersOn,
  monitorOf,
  type OctaviaRow,
  type Pool,
  poolsOn,
  put,
  type Tables,
} from "./octavia-rows.ts";

/** How often an amphora reports, and its load balancer's objects take on what it sees. */
const HEARTBEAT_MS = 10_000;

/** The port that a member's address belongs to. */
export const portOf = (world: World, lb: LoadBalancer, member: Member): Port | undefined =>
  world
    .table<Port>("port")
    .all()
    .find((port) =>
      port.fixed_ips.some(
        (ip) => ip.ip_address === member.address && ip.subnet_id === (member.subnet_id ?? lb.vip_subnet_id),
      ),
    );

/** A member answers where a server runs on its port, unless it is told not to. */
const answers = (world: World, lb: LoadBalancer, member: Member): boolean =>
  portOf(world, lb, member)?.status === "ACTIVE" && !world.faults.sick(member.name);

export function change(world: World, row: OctaviaRow, status: string): void {
  const operating_status = row.admin_state_up ? status : "OFFLINE";
  if (row.operating_status !== operating_status) put(world, row, { operating_status });
}

/** The worst of its members, as far as a monitor tells. */
function seenIn(members: readonly Member[]): string {
  const bad = members.filter((member) => member.operating_status === "ERROR").length;
  if (bad === 0) return "ONLINE";
  return bad === members.length ? "ERROR" : "DEGRADED";
}

const worst = (states: readonly string[]): string =>
  ["ERROR", "DEGRADED"].find((state) => states.includes(state)) ?? "ONLINE";

/** OVN reckons from what it has; without any member a pool is offline. Source: ovn_octavia_provider/helper.py. */
export function reckon(world: World, tables: Tables, lb: LoadBalancer): void {
  const some = membersOn(tables, lb.id).some((member) => member.known);
  const pools = new Map<string, string>();
  for (const pool of poolsOn(tables, lb.id).filter(({ known }) => known)) {
    change(world, pool, some ? seenIn(membersIn(tables, pool.id).filter(({ known }) => known)) : "OFFLINE");
    pools.set(pool.id, pool.operating_status);
  }
  const listeners = listenersOn(tables, lb.id).filter(({ known }) => known);
  for (const listener of listeners) change(world, listener, worst([pools.get(listener.default_pool_id ?? "") ?? ""]));
  change(world, lb, worst(listeners.map(({ operating_status }) => operating_status)));
}

/** One look by a monitor. True if the member's state changed: that takes as many probes as the monitor says. */
function probe(world: World, lb: LoadBalancer, member: Member, monitor: Monitor, first: boolean): boolean {
  const wanted = answers(world, lb, member) ? "ONLINE" : "ERROR";
  const probes = wanted === "ONLINE" ? monitor.max_retries : monitor.max_retries_down;
  const neededMs = (probes * monitor.delay * 1000) / world.options.speed;
  const agrees = member.operating_status === wanted || !member.admin_state_up;
  if (!agrees && !first && world.nowMs() - member.agreedMs < neededMs) return false;
  member.agreedMs = world.nowMs();
  if (agrees) return false;
  change(world, member, wanted);
  return true;
}

/** The monitor of a pool looks at members for the first time: those of OVN are fine while they have a port. */
export function firstLook(world: World, lb: LoadBalancer, members: readonly Member[]): void {
  for (const member of members) {
    member.agreedMs = world.nowMs();
    change(world, member, portOf(world, lb, member) === undefined ? "ERROR" : "ONLINE");
  }
}

/** Source: octavia/amphorae/drivers/health/heartbeat_udp.py. */
function report(world: World, tables: Tables, lb: LoadBalancer, pools: readonly Pool[]): void {
  lb.reportedMs = world.nowMs();
  for (const pool of pools) change(world, pool, seenIn(membersIn(tables, pool.id)));
  for (const listener of listenersOn(tables, lb.id)) change(world, listener, "ONLINE");
  change(world, lb, worst(pools.map(({ operating_status }) => operating_status)));
}

/** Brings a load balancer's operating statuses up to now. Nothing happens in between that anybody could have seen. */
export function look(world: World, tables: Tables, lb: LoadBalancer): void {
  if (lb.provisioning_status !== "ACTIVE") return;
  const amphora = lb.provider !== "ovn";
  if (amphora && world.nowMs() - lb.reportedMs < HEARTBEAT_MS / world.options.speed) return;
  const pools = poolsOn(tables, lb.id).filter(({ known }) => known);
  let changed = false;
  for (const pool of pools) {
    const monitor = monitorOf(tables, pool.id);
    if (monitor?.known !== true || !monitor.admin_state_up) continue;
    for (const member of membersIn(tables, pool.id).filter(({ known }) => known)) {
      const first = amphora && !["ONLINE", "ERROR"].includes(member.operating_status);
      changed = probe(world, lb, member, monitor, first) || changed;
    }
  }
  if (amphora) report(world, tables, lb, pools);
  else if (changed) reckon(world, tables, lb);
}
