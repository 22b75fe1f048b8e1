import type { World } from "./core.ts";
import { type Json, textAt } from "./json.ts";
import { addressOrNull, bad, both, once, required, shown, uuid, uuidOrNull } from "./neutron-attributes.ts";
import { born, type Collection, find, type NeutronRow, relabel, stamps } from "./neutron-collection.ts";
import { networks } from "./neutron-networks.ts";
import { ports } from "./neutron-port-requests.ts";
import { createPort, deletePort, type FixedIp, type Port } from "./neutron-ports.ts";
import { routerBetween } from "./neutron-routers.ts";
import { Fault, type SandboxRequest } from "./service.ts";
import { TAKES } from "./timing.ts";

export interface FloatingIp extends NeutronRow {
  readonly floating_network_id: string;
  readonly floating_ip_address: string;
  /** The port on the external network that holds the address. */
  readonly outer: string;
  port_id: string | null;
  fixed_ip_address: string | null;
  router_id: string | null;
  status: string;
}

const refused = (why: string) => bad(`Bad floatingip request: ${why}`, "BadRequest");

/** The address of the port that is asked for, or its only one. */
function fixedOf(port: Port, wanted: string | undefined): FixedIp {
  const [fixed, ...others] = port.fixed_ips;
  const named = port.fixed_ips.find((ip) => ip.ip_address === wanted);
  if (wanted !== undefined && named === undefined) throw refused(`Port ${port.id} does not have fixed ip ${wanted}.`);
  if (named !== undefined) return named;
  if (fixed === undefined) throw refused(`Cannot add floating IP to port ${port.id} that has no fixed IPv4 addresses.`);
  if (others.length === 0) return fixed;
  const must = "Must provide a specific IPv4 address when assigning a floating IP.";
  throw refused(`Port ${port.id} has multiple fixed IPv4 addresses.  ${must}`);
}

function associate(world: World, request: SandboxRequest, row: FloatingIp, asked: Json): void {
  const wanted = textAt(asked, "fixed_ip_address");
  const portId = wantedPort(asked);
  if (wanted !== undefined && (portId ?? null) === null)
    throw refused("fixed_ip_address cannot be specified without a port_id.");
  if (portId === undefined) {
    // Neutron looks at the port that it has once more, and forgets which of its addresses was chosen.
    if (row.port_id !== null) fixedOf(find(request, ports(world), row.port_id), undefined);
    return;
  }
  if (portId === null) {
    Object.assign(row, { port_id: null, fixed_ip_address: null, router_id: null });
    world.later(world.takes(TAKES.floatingIpAssociated), () => {
      if (row.port_id === null) row.status = "DOWN";
    });
    return;
  }
  const fixed = fixedOf(find(request, ports(world), portId), wanted);
  const router = routerBetween(world, fixed.subnet_id, row.floating_network_id);
  if (router === undefined) {
    const why = `External network ${row.floating_network_id} is not reachable from subnet ${fixed.subnet_id}.`;
    const message = `${why}  Therefore, cannot associate Port ${portId} with a Floating IP.`;
    throw new Fault(404, message, "ExternalGatewayForFloatingIPNotFound");
  }
  if (portId === row.port_id) return void Object.assign(row, { fixed_ip_address: fixed.ip_address });
  const other = world
    .table<FloatingIp>("floating-ip")
    .all()
    .find((one) => one.fixed_ip_address === fixed.ip_address && one.port_id === portId && one.id !== row.id);
  if (other !== undefined) {
    const what = `Cannot associate floating IP ${row.floating_ip_address} (${row.id}) with port ${portId} using fixed IP`;
    const why = `as that fixed IP already has a floating IP on external network ${row.floating_network_id}.`;
    throw new Fault(409, `${what} ${fixed.ip_address}, ${why}`, "FloatingIPPortAlreadyAssociated");
  }
  Object.assign(row, { port_id: portId, fixed_ip_address: fixed.ip_address, router_id: router.id });
  world.later(world.takes(TAKES.floatingIpAssociated), () => {
    if (row.port_id === portId)
      row.status = world.faults.broken("floating-ip", row.description) === undefined ? "ACTIVE" : "ERROR";
  });
}

/** Undefined leaves the port that it has. */
const wantedPort = (asked: Json): string | null | undefined =>
  "port_id" in asked ? (textAt(asked, "port_id") ?? null) : undefined;

function portDetails(world: World, id: string | null): Json | null {
  const port = id === null ? undefined : world.table<Port>("port").get(id);
  if (port === undefined) return null;
  const { name, network_id, mac_address, status, device_id, device_owner } = port;
  return { name, network_id, mac_address, admin_state_up: true, status, device_id, device_owner };
}

const view = (world: World, row: FloatingIp): Json => ({
  id: row.id,
  floating_ip_address: row.floating_ip_address,
  floating_network_id: row.floating_network_id,
  fixed_ip_address: row.fixed_ip_address,
  port_id: row.port_id,
  router_id: row.router_id,
  status: row.status,
  description: row.description,
  dns_domain: "",
  dns_name: "",
  port_details: portDetails(world, row.port_id),
  port_forwardings: [],
  qos_policy_id: null,
  ...stamps(row),
});

export function floatingIps(world: World): Collection<FloatingIp> {
  const table = world.table<FloatingIp>("floating-ip", (row) => ({ name: row.floating_ip_address }));
  const parents = networks(world);
  return {
    one: "floatingip",
    many: "floatingips",
    path: "/floatingips",
    table,
    attributes: {
      floating_network_id: required(uuid),
      port_id: both(uuidOrNull),
      subnet_id: once(uuidOrNull),
      fixed_ip_address: both(addressOrNull),
      floating_ip_address: { ...once(addressOrNull), admin: true },
      router_id: shown,
    },
    missing: (id) => new Fault(404, `Floating IP ${id} could not be found`, "FloatingIPNotFound"),
    view: (row) => view(world, row),
    create(request, asked) {
      const network = find(request, parents, textAt(asked, "floating_network_id") ?? "");
      if (!network.external) throw refused(`Network ${network.id} is not a valid external network.`);
      const [subnet_id, ip_address] = [textAt(asked, "subnet_id"), textAt(asked, "floating_ip_address")];
      const fixed = {
        ...(subnet_id === undefined ? {} : { subnet_id }),
        ...(ip_address === undefined ? {} : { ip_address }),
      };
      const outer = createPort(world, {
        project: "",
        network: network.id,
        owner: "network:floatingip",
        ...(Object.keys(fixed).length === 0 ? {} : { fixedIps: [fixed] }),
      });
      const row: FloatingIp = {
        id: world.uuid(),
        project_id: request.project,
        name: "",
        description: textAt(asked, "description") ?? "",
        floating_network_id: network.id,
        floating_ip_address: outer.fixed_ips[0]?.ip_address ?? "",
        outer: outer.id,
        port_id: null,
        fixed_ip_address: null,
        router_id: null,
        status: "DOWN",
        ...born(world, 0),
      };
      try {
        associate(world, request, row, asked);
      } catch (error) {
        deletePort(world, outer.id);
        throw error;
      }
      return table.add(row);
    },
    update(request, row, asked) {
      associate(world, request, row, asked);
      relabel(world, row, asked);
    },
    remove(_request, row) {
      deletePort(world, row.outer);
      table.remove(row.id);
    },
  };
}
