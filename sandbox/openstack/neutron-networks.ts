import type { World } from "./core.ts";
import { textAt } from "./json.ts";
import { both, flag, once, shown, size, text } from "./neutron-attributes.ts";
import { born, type Collection, type NeutronRow, relabel, stamps } from "./neutron-collection.ts";
import type { Port } from "./neutron-ports.ts";
import { Fault } from "./service.ts";

export interface Network extends NeutronRow {
  readonly external: boolean;
  readonly mtu: number;
  status: string;
}

/** Where addresses come from unless one is asked for. */
export interface Pool {
  readonly start: string;
  readonly end: string;
}

export interface Subnet extends NeutronRow {
  readonly network_id: string;
  readonly cidr: string;
  readonly gateway_ip: string | null;
  readonly enable_dhcp: boolean;
  readonly pools: readonly Pool[];
  dns_nameservers: readonly string[];
}

export const portsOn = (world: World, network: string): readonly Port[] =>
  world
    .table<Port>("port")
    .all()
    .filter((port) => port.network_id === network);

export function networks(world: World): Collection<Network> {
  const table = world.table<Network>("network");
  const subnetRows = world.table<Subnet>("subnet");
  return {
    one: "network",
    many: "networks",
    path: "/networks",
    table,
    attributes: {
      name: both(text()),
      admin_state_up: both(flag),
      mtu: both(size),
      dns_domain: both(),
      port_security_enabled: both(flag),
      shared: { ...once(flag), admin: true },
      "router:external": { ...once(flag), admin: true },
      subnets: shown,
    },
    shared: (row) => row.external,
    missing: (id) => new Fault(404, `Network ${id} could not be found.`, "NetworkNotFound"),
    view: (row, verb) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      status: row.status,
      admin_state_up: true,
      mtu: row.mtu,
      subnets: subnetRows.all().flatMap((subnet) => (subnet.network_id === row.id ? [subnet.id] : [])),
      shared: false,
      "router:external": row.external,
      ...(row.external || verb === "POST" ? { is_default: false } : {}),
      availability_zone_hints: [],
      availability_zones: [],
      ipv4_address_scope: null,
      ipv6_address_scope: null,
      l2_adjacency: true,
      qos_policy_id: null,
      port_security_enabled: true,
      dns_domain: "",
      ...stamps(row),
    }),
    create(request, asked) {
      const name = textAt(asked, "name") ?? "";
      return table.add({
        id: world.uuid(),
        project_id: request.project,
        name,
        description: textAt(asked, "description") ?? "",
        external: asked["router:external"] === true,
        mtu: 1442,
        status: world.faults.broken("network", name) === undefined ? "ACTIVE" : "ERROR",
        ...born(world),
      });
    },
    update: (_request, row, asked) => relabel(world, row, asked),
    remove(_request, row) {
      const ports = portsOn(world, row.id).map((port) => port.id);
      if (ports.length > 0) {
        const why = `There are one or more ports still in use on the network, id for these ports is: ${ports.join(",")}.`;
        throw new Fault(409, `Unable to complete operation on network ${row.id}. ${why}`, "NetworkInUse");
      }
      for (const subnet of subnetRows.all()) if (subnet.network_id === row.id) subnetRows.remove(subnet.id);
      table.remove(row.id);
    },
  };
}
