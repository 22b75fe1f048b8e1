import type { World } from "./core.ts";
import { createPort, deletePort, type Port } from "./neutron-ports.ts";
import { change, firstLook, portOf, reckon } from "./octavia-operating.ts";
import {
  type LoadBalancer,
  type Member,
  type Monitor,
  membersIn,
  membersOn,
  monitorOf,
  type Piece,
  type Tables,
} from "./octavia-rows.ts";
import { Fault } from "./service.ts";

type Verb = "CREATE" | "UPDATE" | "DELETE";

const HM_OWNER = "ovn-lb-hm:distributed";

const subnetOf = (lb: LoadBalancer, member: Member): string => member.subnet_id ?? lb.vip_subnet_id;

function isProbed(world: World, tables: Tables, member: Member, subnet: string): boolean {
  const lb = tables.balancers.get(member.lb);
  if (lb?.provider !== "ovn" || !member.known || subnetOf(lb, member) !== subnet) return false;
  return monitorOf(tables, member.pool)?.known === true && portOf(world, lb, member) !== undefined;
}

export const subnetsOf = (tables: Tables, lb: LoadBalancer): ReadonlySet<string> =>
  new Set(membersOn(tables, lb.id).map((member) => subnetOf(lb, member)));

/** OVN probes from a port of its own in each subnet, for as long as there is something to probe. */
export function probePorts(world: World, tables: Tables, lb: LoadBalancer, subnets: ReadonlySet<string>): void {
  const ports = world.table<Port>("port");
  for (const subnet of subnets) {
    const name = `ovn-lb-hm-${subnet}`;
    const port = ports.all().find((one) => one.device_owner === HM_OWNER && one.name === name);
    const needed = tables.members.all().some((member) => isProbed(world, tables, member, subnet));
    if (!needed && port !== undefined) deletePort(world, port.id);
    if (!needed || port !== undefined) continue;
    const asked = { project: lb.project_id, network: lb.vip_network_id, name, owner: HM_OWNER, device: name };
    try {
      createPort(world, { ...asked, fixedIps: [{ subnet_id: subnet }] });
    } catch (error) {
      // A subnet without a free address has its members probed from nowhere.
      if (!(error instanceof Fault)) throw error;
    }
  }
}

function ovnMember(world: World, tables: Tables, lb: LoadBalancer, member: Member, verb: Verb, toggled: boolean): void {
  const monitored = monitorOf(tables, member.pool)?.known === true;
  if (verb === "CREATE" && monitored) firstLook(world, lb, [member]);
  else if (verb === "CREATE") change(world, member, "NO_MONITOR");
  reckon(world, tables, lb);
  // The driver forgets what it saw of a member whose admin_state_up the update didn't name.
  if (verb === "UPDATE" && !(toggled && monitored)) change(world, member, "NO_MONITOR");
}

function ovnMonitor(world: World, tables: Tables, lb: LoadBalancer, row: Monitor, verb: Verb): void {
  const members = membersIn(tables, row.pool).filter(({ known }) => known);
  if (verb === "DELETE") for (const member of members) change(world, member, "NO_MONITOR");
  if (verb !== "CREATE") return;
  change(world, row, "ONLINE");
  firstLook(world, lb, members);
  reckon(world, tables, lb);
}

export type Effect = Piece & {
  readonly verb: Verb;
  /** An update of admin_state_up, or a pool that is created for a listener. */
  readonly toggled?: boolean;
};

function ovnEffect(world: World, tables: Tables, lb: LoadBalancer, what: Effect): void {
  const { verb, toggled = false } = what;
  if (what.kind === "member") ovnMember(world, tables, lb, what.row, verb, toggled);
  else if (what.kind === "health-monitor") ovnMonitor(world, tables, lb, what.row, verb);
  else if (verb === "DELETE" && what.kind === "pool") reckon(world, tables, lb);
  else if (toggled || (what.kind === "listener" && verb === "CREATE")) change(world, what.row, "ONLINE");
}

/** What a finished change means for operating statuses. An amphora reports its own, but for these. */
export function effect(world: World, tables: Tables, lb: LoadBalancer, what: Effect): void {
  if (lb.provider === "ovn") {
    ovnEffect(world, tables, lb, what);
    return;
  }
  if ((what.kind === "l7policy" || what.kind === "l7rule") && what.verb !== "DELETE") change(world, what.row, "ONLINE");
  if (what.kind !== "health-monitor") return;
  if (what.verb === "CREATE") change(world, what.row, "ONLINE");
  if (what.verb === "DELETE")
    for (const member of membersIn(tables, what.row.pool)) change(world, member, "NO_MONITOR");
}
