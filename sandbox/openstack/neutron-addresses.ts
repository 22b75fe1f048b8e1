import type { World } from "./core.ts";
import { addressOf, showAddress } from "./ip.ts";
import { textAt } from "./json.ts";
import { bad } from "./neutron-collection.ts";
import type { Subnet } from "./neutron-networks.ts";
import type { FixedIp, Port } from "./neutron-ports.ts";
import { Fault } from "./service.ts";

/** Neutron draws from a window of free addresses, so that no caller learns to rely on the order. */
const WINDOW = 10;

const taken = (world: World, subnetId: string): Set<string> =>
  new Set(
    world
      .table<Port>("port")
      .all()
      .flatMap((port) => port.fixed_ips.flatMap((ip) => (ip.subnet_id === subnetId ? [ip.ip_address] : []))),
  );

function allocate(world: World, subnet: Subnet): FixedIp {
  const used = taken(world, subnet.id);
  const free: string[] = [];
  const end = addressOf(subnet.pool.end) ?? 0;
  for (let at = addressOf(subnet.pool.start) ?? 1; at <= end && free.length < WINDOW; at += 1)
    if (!used.has(showAddress(at))) free.push(showAddress(at));
  const address = free[world.pick(free.length)];
  if (address === undefined) {
    const message = `No more IP addresses available on network ${subnet.network_id}.`;
    throw new Fault(409, message, "IpAddressGenerationFailure");
  }
  return { subnet_id: subnet.id, ip_address: address };
}

function reserve(world: World, subnets: readonly Subnet[], subnetId: string | undefined, address: string): FixedIp {
  const number = addressOf(address) ?? -1;
  const inside = (subnet: Subnet) => {
    const first = addressOf(subnet.cidr.split("/")[0] ?? "") ?? 0;
    return number > first && number <= (addressOf(subnet.pool.end) ?? 0);
  };
  const subnet = subnets.find((one) => (subnetId === undefined || one.id === subnetId) && inside(one));
  if (subnet === undefined) {
    const where = subnetId === undefined ? "any of the subnets on the specified network" : "the specified subnet";
    const type = subnetId === undefined ? "InvalidIpForNetwork" : "InvalidIpForSubnet";
    throw bad(`IP address ${address} is not a valid IP for ${where}.`, type);
  }
  if (taken(world, subnet.id).has(address)) {
    const message = `IP address ${address} already allocated in subnet ${subnet.id}`;
    throw new Fault(409, message, "IpAddressAlreadyAllocated");
  }
  return { subnet_id: subnet.id, ip_address: address };
}

/** The addresses that a new port on this network gets: those it asks for, or one of the first subnet. */
export function addressesFor(
  world: World,
  networkId: string,
  wanted: readonly unknown[] | undefined,
): readonly FixedIp[] {
  const subnets = world
    .table<Subnet>("subnet")
    .all()
    .filter((subnet) => subnet.network_id === networkId);
  const [first] = subnets;
  if (wanted === undefined) return first === undefined ? [] : [allocate(world, first)];
  return wanted.map((one) => {
    const id = textAt(one, "subnet_id");
    const address = textAt(one, "ip_address");
    if (address !== undefined) return reserve(world, subnets, id, address);
    const subnet = subnets.find((each) => each.id === id);
    if (subnet === undefined)
      throw bad(`Invalid input for operation: Failed to create port on network ${networkId}.`, "InvalidInput");
    return allocate(world, subnet);
  });
}
