import { isAdmin, type World } from "./core.ts";
import { addressOf, overlap, type Range, rangeOf, showAddress, showRange } from "./ip.ts";
import { type Json, listAt, textAt, textsAt } from "./json.ts";
import {
  addressOrNull,
  bad,
  both,
  flag,
  invalid,
  nameservers,
  once,
  oneOf,
  required,
  shown,
  text,
  uuid,
} from "./neutron-attributes.ts";
import { born, type Collection, find, relabel, stamps } from "./neutron-collection.ts";
import { type Network, networks, type Pool, portsOn, type Subnet } from "./neutron-networks.ts";
import { Fault, type SandboxRequest } from "./service.ts";

function rangeIn(asked: Json): Range {
  const cidr = textAt(asked, "cidr");
  if (cidr === undefined)
    throw bad("Bad subnets request: a subnetpool must be specified in the absence of a cidr.", "BadRequest");
  const range = rangeOf(cidr);
  if (range === undefined) throw invalid(`${cidr} is not in a CIDR format.`);
  if (range.bits > 30) throw invalid("Subnet has a prefix length that is incompatible with DHCP service enabled.");
  return range;
}

function checkOverlap(world: World, range: Range, networkId: string): void {
  const clash = world
    .table<Subnet>("subnet")
    .all()
    .some((other) => {
      const taken = rangeOf(other.cidr);
      return other.network_id === networkId && taken !== undefined && overlap(taken, range);
    });
  if (!clash) return;
  const where = `with cidr: ${showRange(range)} for network: ${networkId}`;
  throw invalid(`Requested subnet ${where} overlaps with another subnet.`);
}

/** It may be outside the subnet, but not be the subnet's own address or its broadcast. */
function gatewayOf(asked: Json, range: Range): string | null {
  if (asked["gateway_ip"] === null) return null;
  const gateway = textAt(asked, "gateway_ip") ?? showAddress(range.first + 1);
  const number = addressOf(gateway);
  if (number === range.first || number === range.last) throw invalid("Gateway is not valid on subnet.");
  return gateway;
}

/** All addresses but the gateway's, unless pools are asked for. */
function poolsOf(asked: Json, range: Range, gateway: string | null): readonly Pool[] {
  const wanted = listAt(asked, "allocation_pools")?.map((pool) => ({
    start: textAt(pool, "start") ?? "",
    end: textAt(pool, "end") ?? "",
  }));
  for (const { start, end } of wanted ?? []) {
    const [first, last] = [addressOf(start) ?? 0, addressOf(end) ?? 0];
    if (first > range.first && last < range.last && first <= last) continue;
    const message = `The allocation pool ${start}-${end} spans beyond the subnet cidr ${showRange(range)}.`;
    throw bad(message, "OutOfBoundsAllocationPool");
  }
  if (wanted !== undefined) return wanted;
  const at = addressOf(gateway ?? "") ?? 0;
  const [first, last] = [range.first + 1, range.last - 1];
  const parts =
    at >= first && at <= last ? [[first, at - 1] as const, [at + 1, last] as const] : [[first, last] as const];
  return parts.flatMap(([from, to]) => (from > to ? [] : [{ start: showAddress(from), end: showAddress(to) }]));
}

function parentOf(world: World, request: SandboxRequest, asked: Json): Network {
  const network = find(request, networks(world), textAt(asked, "network_id") ?? "");
  if (network.project_id === request.project || isAdmin(request)) return network;
  throw new Fault(403, `Tenant ${request.project} not allowed to create subnet on this network`, "HTTPForbidden");
}

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
  host_routes: [],
  dns_nameservers: row.dns_nameservers,
  dns_publish_fixed_ip: false,
  ipv6_address_mode: null,
  ipv6_ra_mode: null,
  service_types: [],
  subnetpool_id: null,
  "router:external": external,
  ...stamps(row),
});

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
      allocation_pools: both(),
      host_routes: both(),
      "router:external": shown,
    },
    shared: isExternal,
    missing: (id) => new Fault(404, `Subnet ${id} could not be found.`, "SubnetNotFound"),
    view: (row) => view(row, isExternal(row)),
    create(request, asked) {
      const network = parentOf(world, request, asked);
      if (asked["ip_version"] !== 4) {
        const why = `cidr '${textAt(asked, "cidr")}' does not match the ip_version '${asked["ip_version"]}'.`;
        throw bad(`Invalid input for operation: ${why}`, "InvalidInput");
      }
      const range = rangeIn(asked);
      const gateway = gatewayOf(asked, range);
      checkOverlap(world, range, network.id);
      return table.add({
        id: world.uuid(),
        project_id: request.project,
        name: textAt(asked, "name") ?? "",
        description: textAt(asked, "description") ?? "",
        network_id: network.id,
        cidr: showRange(range),
        gateway_ip: gateway,
        enable_dhcp: asked["enable_dhcp"] !== false,
        pools: poolsOf(asked, range, gateway),
        dns_nameservers: textsAt(asked, "dns_nameservers") ?? [],
        ...born(world, 0),
      });
    },
    update(_request, row, asked) {
      row.dns_nameservers = textsAt(asked, "dns_nameservers") ?? row.dns_nameservers;
      relabel(world, row, asked);
    },
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
