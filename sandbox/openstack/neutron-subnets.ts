import { isAdmin, type World } from "./core.ts";
import { rangeOf, showRange } from "./ip.ts";
import { isJson, type Json, listAt, textAt, textsAt } from "./json.ts";
import {
  addressOrNull,
  bad,
  both,
  flag,
  isOn,
  nameservers,
  once,
  oneOf,
  required,
  shown,
  text,
  uuid,
} from "./neutron-attributes.ts";
import { born, type Collection, find, relabel, stamps } from "./neutron-collection.ts";
import { type Network, networks, portsOn, type Subnet } from "./neutron-networks.ts";
import {
  checkOutside,
  checkOverlap,
  checkSubnet,
  gatewayOf,
  hostRoutes,
  pools,
  poolsAround,
  poolsIn,
  rangeIn,
} from "./neutron-subnet-rules.ts";
import { Fault, type SandboxRequest } from "./service.ts";

function parentOf(world: World, request: SandboxRequest, asked: Json): Network {
  const network = find(request, networks(world), textAt(asked, "network_id") ?? "");
  if (network.project_id === request.project || isAdmin(request)) return network;
  throw new Fault(403, `Tenant ${request.project} not allowed to create subnet on this network`, "HTTPForbidden");
}

/** Null empties it. */
const listIn = (asked: Json, key: string) => (asked[key] === null ? [] : listAt(asked, key));
const routesIn = (asked: Json) => listIn(asked, "host_routes")?.filter(isJson);

const view = (row: Subnet, external: boolean): Json => ({
  id: row.id,
  name: row.name,
  description: row.description,
  network_id: row.network_id,
  ip_version: 4,
  cidr: row.cidr,
  gateway_ip: row.gateway_ip,
  enable_dhcp: row.enable_dhcp,
  allocation_pools: row.pools,
  host_routes: row.host_routes,
  dns_nameservers: row.dns_nameservers,
  dns_publish_fixed_ip: false,
  ipv6_address_mode: null,
  ipv6_ra_mode: null,
  service_types: [],
  subnetpool_id: null,
  "router:external": external,
  ...stamps(row),
});

function create(world: World, request: SandboxRequest, asked: Json): Subnet {
  const network = parentOf(world, request, asked);
  if (asked["ip_version"] !== 4) {
    const why = `cidr '${textAt(asked, "cidr")}' does not match the ip_version '${asked["ip_version"]}'.`;
    throw bad(`Invalid input for operation: ${why}`, "InvalidInput");
  }
  const range = rangeIn(asked);
  checkSubnet(world, range, asked);
  const gateway = gatewayOf(asked, range);
  checkOverlap(world, range, network.id);
  const wanted = poolsIn(asked, range);
  if (wanted !== undefined) checkOutside(wanted, gateway);
  return world.table<Subnet>("subnet").add({
    id: world.uuid(),
    project_id: request.project,
    name: textAt(asked, "name") ?? "",
    description: textAt(asked, "description") ?? "",
    network_id: network.id,
    cidr: showRange(range),
    gateway_ip: gateway,
    enable_dhcp: isOn(asked, "enable_dhcp") ?? true,
    pools: wanted ?? poolsAround(range, gateway),
    dns_nameservers: textsAt(asked, "dns_nameservers") ?? [],
    host_routes: routesIn(asked) ?? [],
    ...born(world, 0),
  });
}

function update(world: World, row: Subnet, asked: Json): void {
  const range = rangeOf(row.cidr);
  if (range !== undefined) checkSubnet(world, range, asked, row);
  const wanted = range === undefined ? undefined : poolsIn(asked, range);
  const gateway = "gateway_ip" in asked ? (textAt(asked, "gateway_ip") ?? null) : row.gateway_ip;
  if (gateway !== row.gateway_ip || wanted !== undefined) checkOutside(wanted ?? row.pools, gateway);
  row.gateway_ip = gateway;
  row.pools = wanted ?? row.pools;
  row.enable_dhcp = isOn(asked, "enable_dhcp") ?? row.enable_dhcp;
  row.dns_nameservers = listIn(asked, "dns_nameservers")?.map(String) ?? row.dns_nameservers;
  row.host_routes = routesIn(asked) ?? row.host_routes;
  relabel(world, row, asked);
}

export function subnets(world: World): Collection<Subnet> {
  const table = world.table<Subnet>("subnet");
  const isExternal = (row: Subnet) => world.table<Network>("network").get(row.network_id)?.external === true;
  return {
    one: "subnet",
    many: "subnets",
    path: "/subnets",
    table,
    attributes: {
      name: both(text()),
      network_id: required(uuid),
      ip_version: required(oneOf(4, 6)),
      cidr: once(),
      gateway_ip: both(addressOrNull),
      dns_nameservers: both(nameservers),
      enable_dhcp: both(flag),
      allocation_pools: both(pools),
      host_routes: both(hostRoutes),
      service_types: { ...both(), admin: true },
      segment_id: { ...both(), admin: true },
      "router:external": shown,
    },
    shared: isExternal,
    missing: (id) => new Fault(404, `Subnet ${id} could not be found.`, "SubnetNotFound"),
    view: (row) => view(row, isExternal(row)),
    create: (request, asked) => create(world, request, asked),
    update: (_request, row, asked) => update(world, row, asked),
    remove(_request, row) {
      const used = portsOn(world, row.network_id).some((port) => port.fixed_ips.some((ip) => ip.subnet_id === row.id));
      if (used) {
        const why = "One or more ports have an IP allocation from this subnet.";
        throw new Fault(409, `Unable to complete operation on subnet ${row.id}: ${why}`, "SubnetInUse");
      }
      table.remove(row.id);
    },
  };
}
