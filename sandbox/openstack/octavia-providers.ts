import type { World } from "./core.ts";
import { addressOf, rangeOf } from "./ip.ts";
import { type Json, textAt } from "./json.ts";
import type { Subnet } from "./neutron-networks.ts";
import type { NewPort } from "./neutron-ports.ts";
import { defaultGroup } from "./neutron-security.ts";
import { unsupported } from "./octavia-faults.ts";
import type { LoadBalancer } from "./octavia-rows.ts";
import { Fault } from "./service.ts";
import { TAKES, type Takes } from "./timing.ts";

type Check = (asked: Json) => void;

/** What the drivers of Octavia do differently. The checks refuse what a driver can't do, before anything is written. */
export interface Provider {
  readonly takes: {
    readonly create: Takes;
    readonly remove: Takes;
    readonly change: Takes;
    /** A monitor that comes or goes, and a member that goes. */
    readonly wiring: Takes;
    /** A member that comes. */
    readonly joining: Takes;
  };
  /** Of a port for the VIP, which it makes before it checks anything. */
  vipPort(world: World, id: string, project: string): Omit<NewPort, "project" | "network">;
  /** What a caller hears of Neutron's refusal to make that port. */
  portFault(fault: Fault): Fault;
  readonly listener: Check;
  readonly pool: Check;
  readonly monitor: Check;
  member(world: World, lb: Pick<LoadBalancer, "vip_subnet_id">, asked: Json): void;
}

const OVN_PROTOCOLS = ["TCP", "UDP", "SCTP"];
const OVN_MONITORS = ["UDP-CONNECT", "TCP"];
const refuse = (why: string) => unsupported("ovn", why);

function ovnProtocol(asked: Json): void {
  const protocol = textAt(asked, "protocol");
  if (protocol !== undefined && !OVN_PROTOCOLS.includes(protocol))
    throw refuse(`OVN provider does not support ${protocol} protocol`);
}

const inside = (subnet: Subnet | undefined, address: string): boolean => {
  const range = rangeOf(subnet?.cidr ?? "");
  const at = addressOf(address) ?? -1;
  return range !== undefined && at >= range.first && at <= range.last;
};

export const reports = (provider: string, what: string) =>
  new Fault(500, `Provider '${provider}' reports error: ${what}`);

const ovn: Provider = {
  takes: TAKES.ovn,
  vipPort: (world, id, project) => ({ name: `ovn-lb-vip-${id}`, groups: [defaultGroup(world, project).id] }),
  portFault: (fault) => reports("ovn", fault.message),
  listener(asked) {
    ovnProtocol(asked);
    const cidrs = asked["allowed_cidrs"];
    if (Array.isArray(cidrs) && cidrs.length > 0) throw refuse("OVN provider does not support allowed_cidrs option");
  },
  pool(asked) {
    ovnProtocol(asked);
    const algorithm = textAt(asked, "lb_algorithm");
    if (algorithm !== undefined && algorithm !== "SOURCE_IP_PORT")
      throw refuse(`OVN provider does not support ${algorithm} algorithm`);
    const persistence = textAt(asked["session_persistence"], "type");
    // The driver fails while it says that it supports no other type.
    if (persistence !== undefined && persistence !== "SOURCE_IP")
      throw reports("ovn", "'dict' object has no attribute 'type'");
  },
  monitor(asked) {
    const type = textAt(asked, "type");
    if (type === undefined || OVN_MONITORS.includes(type)) return;
    const known = `Supported types: ${OVN_MONITORS.join(", ")}`;
    throw refuse(`OVN provider does not support ${type} health monitor type. ${known}`);
  },
  member(world, lb, asked) {
    if ((asked["monitor_address"] ?? asked["monitor_port"] ?? null) !== null)
      throw refuse("OVN Load Balancer does not support different member monitor address or port.");
    const address = textAt(asked, "address");
    if (address === undefined || textAt(asked, "subnet_id") !== undefined) return;
    if (inside(world.table<Subnet>("subnet").get(lb.vip_subnet_id), address)) return;
    const when = "for Member creation with OVN Provider Driver if it is not the same as LB VIP subnet";
    throw refuse(`Subnet is required, or Loadbalancer associated with Pool must have a subnet, ${when}`);
  },
};

const anything = () => undefined;

const amphora: Provider = {
  takes: TAKES.amphora,
  vipPort: (world, id) => ({
    name: `octavia-lb-${id}`,
    owner: "Octavia",
    device: `lb-${id}`,
    // A group that belongs to Octavia: its id is all that a tenant sees of it.
    groups: [world.uuid()],
  }),
  portFault: (fault) =>
    reports("amphora", fault.status === 400 ? "BadRequestException: 400" : `ConflictException: ${fault.status}`),
  listener: anything,
  pool(asked) {
    if (asked["lb_algorithm"] === "SOURCE_IP_PORT")
      throw unsupported("amphora", "Amphora provider does not support SOURCE_IP_PORT algorithm.");
  },
  monitor: anything,
  member: anything,
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  amphora: "'The Octavia Amphora driver.'",
  octavia: "'Deprecated alias of the Octavia Amphora driver.'",
  ovn: "'Octavia OVN driver.'",
};

/** Those that are enabled, by name; an alias goes with its driver. */
export const providersOf = ({ options: { without } }: World): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(DESCRIPTIONS).filter(
      ([name]) => !without.some((one) => one === (name === "octavia" ? "amphora" : name)),
    ),
  );

export const providerOf = (name: string): Provider => (name === "ovn" ? ovn : amphora);
