import type { World } from "./core.ts";
import { isJson, type Json, jsonAt, listAt, textAt } from "./json.ts";
import { invalid, room } from "./octavia-faults.ts";
import { newListener, newMember, newMonitor, newPool } from "./octavia-new.ts";
import { providerOf } from "./octavia-providers.ts";
import type { Listener, LoadBalancer, Member, Monitor, Pool } from "./octavia-rows.ts";
import { addressAllowed, memberNew, monitorFields, monitorFits, poolFits, portFree } from "./octavia-rules.ts";

/** A pool with all below it, not yet in the tables. */
export interface PoolGraph {
  readonly pool: Pool;
  readonly monitor: Monitor | undefined;
  readonly members: readonly Member[];
}

export interface Graph {
  readonly listeners: readonly Listener[];
  readonly pools: readonly PoolGraph[];
}

const objects = (asked: Json, key: string): readonly Json[] => (listAt(asked, key) ?? []).filter(isJson);

/** A pool with nothing but a name refers to another one. */
const isReference = (pool: Json): boolean =>
  Object.keys(pool).every((name) => ["name", "admin_state_up", "tls_enabled"].includes(name));

/** All pools that are told in full, those inside of listeners included. */
function poolsIn(asked: Json): readonly Json[] {
  const inside = objects(asked, "listeners").flatMap((listener): readonly Json[] => {
    const pool = jsonAt(listener, "default_pool");
    return pool === undefined ? [] : [pool];
  });
  if (inside.some((pool) => (textAt(pool, "name") ?? "") === ""))
    throw invalid("Pools must be named when creating a fully populated loadbalancer.");
  const full = [...objects(asked, "pools"), ...inside.filter((pool) => !isReference(pool))];
  const names = full.map((pool) => textAt(pool, "name"));
  if (new Set(names).size < names.length)
    throw invalid("Pool names must be unique when creating a fully populated loadbalancer.");
  const lost = inside.find((pool) => isReference(pool) && !names.includes(textAt(pool, "name")));
  if (lost !== undefined)
    throw invalid(`Pool '${textAt(lost, "name")}' was referenced but no full definition was found.`);
  return full;
}

function poolGraph(world: World, lb: LoadBalancer, asked: Json): PoolGraph {
  const lacks = ["protocol", "lb_algorithm"].find((name) => !(name in asked));
  if (lacks !== undefined)
    throw invalid(`Pool definition for '${textAt(asked, "name")}' missing required attribute: ${lacks}`);
  const pool = newPool(world, lb, asked);
  const monitorAsked = jsonAt(asked, "healthmonitor");
  const monitor = monitorAsked === undefined ? undefined : newMonitor(world, pool, lb, monitorAsked);
  if (monitor !== undefined && monitorAsked !== undefined) {
    monitorFields(monitor, monitorAsked);
    monitorFits(pool, monitor.type);
  }
  const members: Member[] = [];
  for (const one of objects(asked, "members")) {
    addressAllowed(textAt(one, "address") ?? "");
    const member = newMember(world, pool, lb, one, false);
    memberNew(members, member);
    members.push(member);
  }
  return { pool, monitor, members };
}

/** What the driver is asked, in its order. */
function check(world: World, lb: LoadBalancer, asked: Json, pools: readonly Json[]): void {
  const provider = providerOf(lb.provider);
  // Only a pool that is created by itself is checked by the amphora driver.
  if (lb.provider !== "ovn") return;
  for (const listener of objects(asked, "listeners")) provider.listener(listener);
  for (const pool of pools) {
    provider.pool(pool);
    const monitor = jsonAt(pool, "healthmonitor");
    if (monitor !== undefined) provider.monitor(monitor);
    for (const member of objects(pool, "members"))
      provider.member(world, lb, { ...member, subnet_id: textAt(member, "subnet_id") ?? lb.vip_subnet_id });
  }
}

/** All that a create call wants beside the load balancer itself: checked, and not yet anywhere. */
export function graphOf(world: World, lb: LoadBalancer, asked: Json): Graph {
  const full = poolsIn(asked);
  const count = (resource: string, more: number) => {
    if (more > 0) room(world, lb.project_id, resource, more);
  };
  count("pool", full.length);
  const pools = full.map((one) => poolGraph(world, lb, one));
  count("health_monitor", pools.filter(({ monitor }) => monitor !== undefined).length);
  count(
    "member",
    pools.reduce((sum, { members }) => sum + members.length, 0),
  );
  const listeners: Listener[] = [];
  count("listener", objects(asked, "listeners").length);
  for (const one of objects(asked, "listeners")) {
    const name = textAt(jsonAt(one, "default_pool"), "name");
    const pool = pools.find((each) => each.pool.name === name)?.pool;
    const listener = { ...newListener(world, lb, one), ...(pool === undefined ? {} : { default_pool_id: pool.id }) };
    if (pool !== undefined) poolFits(listener, pool);
    portFree(listeners, listener);
    listeners.push(listener);
  }
  check(world, lb, asked, full);
  return { listeners, pools };
}
