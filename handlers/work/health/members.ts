import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import type { LoadBalancer } from "../../../shared/openstack/load-balancer.ts";
import type { Pool } from "../../../shared/openstack/load-balancer-parts.ts";
import { attempt } from "../../../shared/reconcile/observe.ts";
import type { Looked } from "../../../shared/state/alerts.ts";
import type { Wrong } from "./checks.ts";
import { inTurn } from "./in-turn.ts";
import type { Look } from "./look.ts";

/**
 * Octavia lists members by pool only. It writes down when a pool or a member of it was changed, so a pool is asked for its
 * members when that has moved, and while it is not well.
 */
const ASKED_MAX = 200;
const AT_A_TIME = 4;
/** Its moments have no fractions: what has just changed may change once more in the same second. */
const JUST_MS = 5000;
const AILING = new Set(["DEGRADED", "ERROR"]);

export interface Members {
  /** What is known by now of every pool, for the next pass. */
  readonly looked: Looked;
  /** Load balancers by the id of the cluster that made them for its Services and Ingresses. */
  readonly made: ReadonlyMap<string, readonly LoadBalancer[]>;
  /** Pools by load balancer. */
  readonly pools: ReadonlyMap<string, readonly Pool[]>;
}

const NAMED = /^kube_(?:service|ingress)_([a-z0-9]+)_/;

function grouped<T>(items: Iterable<T>, keysOf: (item: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items)
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  return groups;
}

/** By name, as the cloud controller and the ingress controller call them; Kuryr's carry the id as a tag. */
const balancersOf = (all: Iterable<LoadBalancer>): Members["made"] =>
  grouped(all, ({ name, tags }) => [...new Set([...tags, NAMED.exec(name)?.[1] ?? ""])].filter((one) => one !== ""));

const isFresh = (pool: Pool, before: Looked[string] | undefined): boolean =>
  before !== undefined && before.updated === (pool.updated_at ?? "") && !AILING.has(pool.operating_status);

/** One call for each pool that has changed or is not well, some at a time; the rest is as it was. */
export async function lookAtMembers(cloud: Cloud, look: Look, before: Looked, nowMs: number): Promise<Members> {
  const pools = [...(look.of("pool")?.values() ?? [])];
  const looked: Record<string, Looked[string]> = {};
  for (const pool of pools) {
    const known = before[pool.id];
    if (known !== undefined) looked[pool.id] = known;
  }
  const due = pools.filter((pool) => !isFresh(pool, before[pool.id])).slice(0, ASKED_MAX);
  await inTurn(due, AT_A_TIME, async (pool) => {
    const members = await attempt(cloud.loadBalancer.listMembers(pool.id));
    // It is asked again by the next pass.
    if (members instanceof OpenStackError) return;
    const off = members.filter((one) => one.admin_state_up === false);
    const down = members.filter((one) => !off.includes(one) && one.operating_status === "ERROR");
    const updated = pool.updated_at ?? "";
    const settled = nowMs - Date.parse(`${updated}Z`) > JUST_MS || updated === "";
    const name = (one: (typeof members)[number]) => one.name || one.address;
    looked[pool.id] = { updated: settled ? updated : "changing", down: down.map(name), off: off.map(name) };
  });
  return {
    looked,
    made: balancersOf(look.of("load-balancer")?.values() ?? []),
    pools: grouped(pools, (pool) => pool.loadbalancers.map(({ id }) => id)),
  };
}

/** `wanted`: how many members there should be behind one of our own; undefined: it is not ours. */
function wrongIn(lb: LoadBalancer, { looked, pools }: Members, wanted?: number): Wrong | undefined {
  const ours = wanted !== undefined;
  const all = pools.get(lb.id) ?? [];
  const known = all.flatMap((pool) => looked[pool.id] ?? []);
  const count = all.reduce((sum, pool) => sum + pool.members.length, 0);
  const [off, down] = (["off", "down"] as const).map((what) => [...new Set(known.flatMap((one) => one[what]))]);
  const named = ours ? {} : { name: lb.name };
  if (off !== undefined && off.length > 0)
    return { symptom: "off", mends: ours, facts: { ...named, id: lb.id, what: off.join(", ") } };
  if (ours && all.length > 0 && count < wanted)
    return { symptom: "off", mends: true, facts: { id: lb.id, lack: String(wanted - count) } };
  if (down === undefined || down.length === 0) return undefined;
  // One node is a member of each of a Service's ports, in a pool for each.
  const nobody = all.every(({ id, members: its }) => (looked[id]?.down.length ?? 0) >= its.length);
  const facts = { ...named, id: lb.id, members: down.join(", "), all: nobody ? "true" : "" };
  return { symptom: "down", soft: true, facts, cause: `load-balancer down ${lb.provider}` };
}

/** The members of the cluster's own load balancers, and the state and the members of those that its Services made. */
export function* membersWrong(
  { id, spec, status }: ClusterRecord,
  look: Look,
  members: Members,
): Generator<readonly [string, Wrong | "blind"]> {
  const all = look.of("load-balancer");
  for (const [step, one] of Object.entries(status.steps)) {
    if (!step.startsWith("load-balancer/")) continue;
    const lb = all?.get(one.id ?? "");
    const wrong = lb === undefined ? undefined : wrongIn(lb, members, spec.controlPlane.count);
    if (look.of("pool") === undefined) yield [step, "blind"];
    else if (wrong !== undefined) yield [step, wrong];
  }
  if (all === undefined || look.of("pool") === undefined) yield ["service-balancer", "blind"];
  for (const lb of members.made.get(id) ?? []) {
    const about = `service-balancer/${lb.id}`;
    const facts = { id: lb.id, name: lb.name, provider: lb.provider ?? "", fault: "Octavia gives no reason" };
    const wrong: Wrong | undefined =
      lb.provisioning_status === "ERROR"
        ? { symptom: "error", facts, cause: `load-balancer error ${lb.provider}` }
        : wrongIn(lb, members);
    if (wrong !== undefined) yield [about, wrong];
  }
}
