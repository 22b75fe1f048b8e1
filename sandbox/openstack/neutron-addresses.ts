import type { World } from "./core.ts";
import { addressOf, rangeOf, showAddress } from "./ip.ts";
import { textAt } from "./json.ts";
import { bad, invalid } from "./neutron-attributes.ts";
import type { Subnet } from "./neutron-networks.ts";
import type { FixedIp, Port } from "./neutron-ports.ts";
import { Fault } from "./service.ts";

/** Neutron draws from a window of free addresses, so that no caller learns to rely on the order. */
const WINDOW = 10;

/** Of all ports but the one that moves. */
const taken = (world: World, subnetId: string, mover: string | undefined): Set<string> =>
  new Set(
    world
      .table<Port>("port")
      .all()
      .filter((port) => port.id !== mover)
      .flatMap((port) => port.fixed_ips.flatMap((ip) => (ip.subnet_id === subnetId ? [ip.ip_address] : []))),
  );

function draw(world: World, subnet: Subnet, mover: string | undefined): FixedIp | undefined {
  const used = taken(world, subnet.id, mover);
  const free: string[] = [];
  for (const { start, end } of subnet.pools) {
    const last = addressOf(end) ?? 0;
    for (let at = addressOf(start) ?? 1; at <= last && free.length < WINDOW; at += 1)
      if (!used.has(showAddress(at))) free.push(showAddress(at));
  }
  const address = free[world.pick(free.length)];
  return address === undefined ? undefined : { subnet_id: subnet.id, ip_address: address };
}

/** Of the first subnet that has one. */
function allocate(world: World, network: string, subnets: readonly Subnet[], mover: string | undefined): FixedIp {
  for (const subnet of subnets) {
    const found = draw(world, subnet, mover);
    if (found !== undefined) return found;
  }
  throw new Fault(409, `No more IP addresses available on network ${network}.`, "IpAddressGenerationFailure");
}

const inside = (subnet: Subnet, address: string): boolean => {
  const [range, number] = [rangeOf(subnet.cidr), addressOf(address)];
  return range !== undefined && number !== undefined && number > range.first && number < range.last;
};

function reserve(
  world: World,
  subnets: readonly Subnet[],
  id: string | undefined,
  address: string,
  mover?: string,
): FixedIp {
  const subnet = subnets.find((one) => (id === undefined || one.id === id) && inside(one, address));
  if (subnet === undefined) {
    const where = id === undefined ? "any of the subnets on the specified network" : "the specified subnet";
    const type = id === undefined ? "InvalidIpForNetwork" : "InvalidIpForSubnet";
    throw bad(`IP address ${address} is not a valid IP for ${where}.`, type);
  }
  if (taken(world, subnet.id, mover).has(address)) {
    const message = `IP address ${address} already allocated in subnet ${subnet.id}`;
    throw new Fault(409, message, "IpAddressAlreadyAllocated");
  }
  return { subnet_id: subnet.id, ip_address: address };
}

/** The addresses that a port on this network gets: those it asks for, or one of whichever subnet has one. */
export function addressesFor(
  world: World,
  networkId: string,
  wanted: readonly unknown[] | undefined,
  mover?: string,
): readonly FixedIp[] {
  const table = world.table<Subnet>("subnet");
  const subnets = table.all().filter((subnet) => subnet.network_id === networkId);
  if (wanted === undefined) return subnets.length === 0 ? [] : [allocate(world, networkId, subnets, mover)];
  return wanted.map((one) => {
    const id = textAt(one, "subnet_id");
    const address = textAt(one, "ip_address");
    if (subnets.length === 0) throw invalid("IP allocation requires subnets for network.");
    const subnet = subnets.find((each) => each.id === id);
    if (id !== undefined && subnet === undefined) {
      if (table.get(id) === undefined) throw new Fault(404, `Subnet ${id} could not be found.`, "SubnetNotFound");
      const why = `because fixed_ips included invalid subnet ${id}.`;
      throw invalid(`Failed to create port on network ${networkId}, ${why}`);
    }
    if (address !== undefined) return reserve(world, subnets, id, address, mover);
    if (subnet === undefined) throw invalid("IP allocation requires subnet_id or ip_address.");
    return allocate(world, networkId, [subnet], mover);
  });
}
