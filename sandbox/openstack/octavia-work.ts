import type { World } from "./core.ts";
import { type Effect, effect, probePorts, subnetsOf } from "./octavia-effects.ts";
import { providerOf } from "./octavia-providers.ts";
import {
  forgetListener,
  forgetPolicy,
  forgetPool,
  type Listener,
  type LoadBalancer,
  listenersTo,
  type OctaviaRow,
  type Piece,
  type Policy,
  type Pool,
  put,
  type Tables,
  tablesOf,
} from "./octavia-rows.ts";
import type { Takes } from "./timing.ts";

/** Work of the provider on one load balancer: one thing after the other, and none on what has gone in the meantime. */
export function enqueue(world: World, lb: LoadBalancer, takes: Takes, run: (tables: Tables) => void): void {
  lb.busyUntilMs = Math.max(lb.busyUntilMs, world.nowMs()) + world.takes(takes);
  world.later(lb.busyUntilMs - world.nowMs(), () => {
    const tables = tablesOf(world);
    if (tables.balancers.get(lb.id) !== undefined) run(tables);
  });
}

/** How long the provider works on a change of this part, or of the load balancer itself. */
export function takesOf(lb: LoadBalancer, what: Effect | undefined): Takes {
  const { takes } = providerOf(lb.provider);
  if (what === undefined || what.verb === "UPDATE" || what.kind === "listener" || what.kind === "pool")
    return takes.change;
  return what.kind === "member" && what.verb === "CREATE" ? takes.joining : takes.wiring;
}

/** What a provider reports once it has done something: what is on its way out, or lost, stays so. */
function activate(world: World, row: OctaviaRow): void {
  if (row.provisioning_status === "PENDING_CREATE" || row.provisioning_status === "PENDING_UPDATE")
    put(world, row, { provisioning_status: "ACTIVE" });
}

const tableOf = (tables: Tables, { kind }: Piece) =>
  ({
    listener: tables.listeners,
    pool: tables.pools,
    member: tables.members,
    "health-monitor": tables.monitors,
    l7policy: tables.policies,
    l7rule: tables.rules,
  })[kind];

const exists = (tables: Tables, piece: Piece): boolean => tableOf(tables, piece).get(piece.row.id) !== undefined;

/** One piece of finished work: the part is there, changed or gone. */
export function finish(world: World, tables: Tables, lb: LoadBalancer, what: Effect): void {
  if (!exists(tables, what)) return;
  const { kind, row, verb } = what;
  if (verb === "DELETE" && kind === "pool") forgetPool(tables, row.id);
  else if (verb === "DELETE" && kind === "listener") forgetListener(tables, row.id);
  else if (verb === "DELETE" && kind === "l7policy") forgetPolicy(tables, row);
  else if (verb === "DELETE") tableOf(tables, what).remove(row.id);
  const broken = verb === "CREATE" && world.faults.broken(kind, row.name) !== undefined;
  if (broken) put<OctaviaRow>(world, row, { provisioning_status: "ERROR", operating_status: "ERROR" });
  else activate(world, row);
  if (kind === "listener" && verb === "DELETE") return;
  row.known = !broken;
  if (!broken) effect(world, tables, lb, what);
}

/** What a change of a part holds up beside the load balancer. */
export const around = (tables: Tables, pool: string): readonly (Listener | Pool)[] => {
  const row = tables.pools.get(pool);
  return [...listenersTo(tables, pool), ...(row === undefined ? [] : [row])];
};

/**
 * Hands changes to the provider. Until it is done neither the load balancer nor `held` takes another one; OVN does them
 * one after the other and is done as soon as the first one is.
 */
export function carry(
  world: World,
  lb: LoadBalancer,
  changes: readonly Effect[],
  held: readonly (Listener | Pool | Policy)[] = [],
  done: () => void = () => undefined,
): void {
  for (const { row, verb } of changes)
    if (verb !== "CREATE") put<OctaviaRow>(world, row, { provisioning_status: `PENDING_${verb}` });
  for (const row of [lb, ...held])
    if (!changes.some((one) => one.row === row)) put<OctaviaRow>(world, row, { provisioning_status: "PENDING_UPDATE" });
  const ovn = lb.provider === "ovn";
  const steps = ovn && changes.length > 1 ? changes.map((one) => [one]) : [changes];
  for (const step of steps)
    enqueue(world, lb, takesOf(lb, step[0]), (tables) => {
      const subnets = subnetsOf(tables, lb);
      for (const one of step) finish(world, tables, lb, one);
      for (const row of [lb, ...held]) activate(world, row);
      done();
      if (ovn) probePorts(world, tables, lb, new Set([...subnets, ...subnetsOf(tables, lb)]));
    });
}
