import type { World } from "./core.ts";
import { addressOf, overlap, type Range, rangeOf, showAddress, showRange } from "./ip.ts";
import { type Json, textAt, textsAt } from "./json.ts";
import { bad, born, type Collection, type NeutronRow, relabel, stamps, uuidAt } from "./neutron-collection.ts";
import type { Port } from "./neutron-ports.ts";
import { Fault } from "./service.ts";

export interface Network extends NeutronRow {
  readonly external: boolean;
  readonly mtu: number;
  status: string;
}

export interface Subnet extends NeutronRow {
  readonly network_id: string;
  readonly cidr: string;
  readonly gateway_ip: string | null;
  readonly enable_dhcp: boolean;
  readonly pool: { readonly start: string; readonly end: string };
  dns_nameservers: readonly string[];
}

const onNetwork = (world: World, id: string) =>
  world
    .table<Port>("port")
    .all()
    .filter((port) => port.network_id === id);

export function networks(world: World): Collection<Network> {
  const table = world.table<Network>("network");
  const subnetRows = world.table<Subnet>("subnet");
  return {
    one: "network",
    many: "networks",
    path: "/networks",
    table,
    accepts: [
      "name",
      "description",
      "admin_state_up",
      "mtu",
      "dns_domain",
      "port_security_enabled",
      "tenant_id",
      "project_id",
    ],
    changes: ["name", "description", "admin_state_up", "mtu", "dns_domain", "port_security_enabled"],
    shows: ["router:external", "shared", "subnets"],
    shared: (row) => row.external,
    missing: (id) => new Fault(404, `Network ${id} could not be found.`, "NetworkNotFound"),
    view: (row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      status: row.status,
      admin_state_up: true,
      mtu: row.mtu,
      subnets: subnetRows.all().flatMap((subnet) => (subnet.network_id === row.id ? [subnet.id] : [])),
      shared: false,
      "router:external": row.external,
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
        external: false,
        mtu: 1442,
        status: world.faults.broken("network", name) === undefined ? "ACTIVE" : "ERROR",
        ...born(world),
      });
    },
    update: (_request, row, asked) => relabel(world, row, asked),
    remove(_request, row) {
      const ports = onNetwork(world, row.id).map((port) => port.id);
      if (ports.length > 0) {
        const why = `There are one or more ports still in use on the network, id for these ports is: ${ports.join(",")}.`;
        throw new Fault(409, `Unable to complete operation on network ${row.id}. ${why}`, "NetworkInUse");
      }
      for (const subnet of subnetRows.all()) if (subnet.network_id === row.id) subnetRows.remove(subnet.id);
      table.remove(row.id);
    },
  };
}

function rangeIn(world: World, asked: Json, networkId: string): Range {
  const cidr = textAt(asked, "cidr") ?? "";
  const range = rangeOf(cidr);
  if (range === undefined) throw bad(`Invalid input for cidr. Reason: '${cidr}' is not a valid IP subnet.`);
  const invalid = (why: string) => bad(`Invalid input for operation: ${why}`, "InvalidInput");
  if (range.bits > 30) throw invalid("Subnet has a prefix length that is incompatible with DHCP service enabled.");
  const others = world.table<Subnet>("subnet").all();
  const clash = others.some((other) => {
    const taken = rangeOf(other.cidr);
    return other.network_id === networkId && taken !== undefined && overlap(taken, range);
  });
  if (clash)
    throw invalid(
      `Requested subnet with cidr: ${showRange(range)} for network: ${networkId} overlaps with another subnet.`,
    );
  return range;
}

function gatewayOf(asked: Json, range: Range): string | null {
  if (asked["gateway_ip"] === null) return null;
  const text = textAt(asked, "gateway_ip") ?? showAddress(range.first + 1);
  const address = addressOf(text);
  if (address === undefined || address < range.first || address > range.last) {
    const why = `Gateway is not valid on subnet.`;
    throw bad(`Invalid input for operation: ${why}.`, "InvalidInput");
  }
  return text;
}

export function subnets(world: World): Collection<Subnet> {
  const table = world.table<Subnet>("subnet");
  const parents = networks(world);
  const labels = [
    "name",
    "description",
    "dns_nameservers",
    "gateway_ip",
    "enable_dhcp",
    "allocation_pools",
    "host_routes",
  ];
  return {
    one: "subnet",
    many: "subnets",
    path: "/subnets",
    table,
    accepts: [...labels, "network_id", "ip_version", "cidr", "tenant_id", "project_id"],
    changes: labels,
    shows: ["router:external"],
    shared: (row) => parents.table.get(row.network_id)?.external === true,
    missing: (id) => new Fault(404, `Subnet ${id} could not be found.`, "SubnetNotFound"),
    view: (row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      network_id: row.network_id,
      ip_version: 4,
      cidr: row.cidr,
      gateway_ip: row.gateway_ip,
      enable_dhcp: row.enable_dhcp,
      allocation_pools: [row.pool],
      host_routes: [],
      dns_nameservers: row.dns_nameservers,
      "router:external": parents.table.get(row.network_id)?.external === true,
      ...stamps(row),
    }),
    create(request, asked) {
      const networkId = uuidAt(asked, "network_id");
      if (parents.table.get(networkId, request.project) === undefined) throw parents.missing(networkId);
      if (asked["ip_version"] !== 4) throw bad("Invalid input for ip_version. Reason: the sandbox has IPv4 only.");
      const range = rangeIn(world, asked, networkId);
      const gateway = gatewayOf(asked, range);
      // The pool is what lies behind the gateway, as in every subnet whose gateway is its first address.
      const start = gateway === showAddress(range.first + 1) ? range.first + 2 : range.first + 1;
      return table.add({
        id: world.uuid(),
        project_id: request.project,
        name: textAt(asked, "name") ?? "",
        description: textAt(asked, "description") ?? "",
        network_id: networkId,
        cidr: showRange(range),
        gateway_ip: gateway,
        enable_dhcp: asked["enable_dhcp"] !== false,
        pool: { start: showAddress(start), end: showAddress(range.last - 1) },
        dns_nameservers: textsAt(asked, "dns_nameservers") ?? [],
        ...born(world),
      });
    },
    update(_request, row, asked) {
      row.dns_nameservers = textsAt(asked, "dns_nameservers") ?? row.dns_nameservers;
      relabel(world, row, asked);
    },
    remove(_request, row) {
      const used = onNetwork(world, row.network_id).some((port) =>
        port.fixed_ips.some((ip) => ip.subnet_id === row.id),
      );
      if (used) {
        const why = "One or more ports have an IP allocation from this subnet.";
        throw new Fault(409, `Unable to complete operation on subnet ${row.id}: ${why}`, "SubnetInUse");
      }
      table.remove(row.id);
    },
  };
}
