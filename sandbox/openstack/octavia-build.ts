import type { World } from "./core.ts";
import { createPort, deletePort } from "./neutron-ports.ts";
import { type Effect, probePorts, subnetsOf } from "./octavia-effects.ts";
import type { Graph } from "./octavia-graph.ts";
import { change } from "./octavia-operating.ts";
import { providerOf } from "./octavia-providers.ts";
import { forgetParts, type LoadBalancer, type Piece, put, type Tables } from "./octavia-rows.ts";
import { enqueue, finish, takesOf } from "./octavia-work.ts";
import { Fault } from "./service.ts";

/** The port of the amphora itself. It belongs to Octavia's own project. */
function vrrpPort(world: World, lb: LoadBalancer): string | undefined {
  try {
    const port = createPort(world, {
      project: "",
      network: lb.vip_network_id,
      name: `octavia-lb-vrrp-${world.uuid()}`,
      owner: "Octavia",
      device: world.uuid(),
      fixedIps: [{ subnet_id: lb.vip_subnet_id }],
    });
    port.allowed_address_pairs = [{ ip_address: lb.vip_address, mac_address: port.mac_address }];
    return port.id;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** False if it ended in ERROR: then nothing of what was asked along with it is ever made. */
function born(world: World, lb: LoadBalancer): boolean {
  const ovn = lb.provider === "ovn";
  if (!ovn) lb.vrrpPort = vrrpPort(world, lb);
  const broken = world.faults.broken("load-balancer", lb.name) !== undefined;
  if (broken || (!ovn && lb.vrrpPort === undefined)) {
    put(world, lb, { provisioning_status: "ERROR", operating_status: ovn ? "ERROR" : "OFFLINE" });
    return false;
  }
  lb.reportedMs = world.nowMs();
  put(world, lb, { provisioning_status: "ACTIVE" });
  if (ovn) change(world, lb, "ONLINE");
  return true;
}

/** In the order in which drivers make them. */
const piecesOf = ({ listeners, pools }: Graph): readonly Piece[] => [
  ...listeners.map((row): Piece => ({ kind: "listener", row })),
  ...pools.flatMap(({ pool, monitor, members }): readonly Piece[] => [
    { kind: "pool", row: pool },
    ...(monitor === undefined ? [] : [{ kind: "health-monitor", row: monitor } as const]),
    ...members.map((row) => ({ kind: "member", row }) as const),
  ]),
];

/** An amphora has everything at once; OVN's load balancer is ACTIVE first, and gets its parts one after the other. */
export function build(world: World, lb: LoadBalancer, graph: Graph): void {
  const pieces = piecesOf(graph).map((piece): Effect => ({ ...piece, verb: "CREATE" }));
  const make = (tables: Tables, piece: Effect) => {
    finish(world, tables, lb, piece);
    if (lb.provider === "ovn") probePorts(world, tables, lb, subnetsOf(tables, lb));
  };
  enqueue(world, lb, providerOf(lb.provider).takes.create, (tables) => {
    if (!born(world, lb)) return;
    if (lb.provider !== "ovn") for (const piece of pieces) make(tables, piece);
    else for (const piece of pieces) enqueue(world, lb, takesOf(lb, piece), (now) => make(now, piece));
  });
}

/** Takes it down with all that hangs on it. A floating IP on its VIP stays, without a port. */
export function demolish(world: World, lb: LoadBalancer): void {
  put(world, lb, { provisioning_status: "PENDING_DELETE" });
  enqueue(world, lb, providerOf(lb.provider).takes.remove, (tables) => {
    const subnets = subnetsOf(tables, lb);
    forgetParts(tables, lb.id);
    tables.balancers.remove(lb.id);
    if (lb.ownsPort) deletePort(world, lb.vip_port_id);
    if (lb.vrrpPort !== undefined) deletePort(world, lb.vrrpPort);
    if (lb.provider === "ovn") probePorts(world, tables, lb, subnets);
  });
}
