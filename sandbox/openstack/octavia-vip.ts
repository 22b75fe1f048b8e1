import type { World } from "./core.ts";
import { addressOf, rangeOf } from "./ip.ts";
import { type Json, textAt } from "./json.ts";
import type { Subnet } from "./neutron-networks.ts";
import { createPort, type Port } from "./neutron-ports.ts";
import { invalid } from "./octavia-faults.ts";
import { providerOf } from "./octavia-providers.ts";
import { networkSeen, portAbsent, subnetSeen } from "./octavia-rules.ts";
import { Fault, type SandboxRequest } from "./service.ts";

/** Where a VIP is to be, before it has a port. */
export interface Place {
  readonly subnet: Subnet;
  readonly address: string | undefined;
  /** One that the caller brought along. */
  readonly port: Port | undefined;
}

function onPort(world: World, request: SandboxRequest, id: string): Place {
  const port = world.table<Port>("port").get(id, request.project);
  if (port === undefined) throw portAbsent(id);
  if (port.device_id !== "") throw invalid(`Port ${id} is already used by device ${port.device_id} `);
  const [fixed] = port.fixed_ips;
  if (fixed === undefined || port.fixed_ips.length > 1)
    throw invalid("VIP port's subnet could not be determined. Please specify either a VIP subnet or address.");
  return { subnet: subnetSeen(world, request, fixed.subnet_id), address: fixed.ip_address, port };
}

function onNetwork(world: World, request: SandboxRequest, id: string, address: string | undefined): Subnet {
  const network = networkSeen(world, request, id);
  const subnets = world
    .table<Subnet>("subnet")
    .all()
    .filter((subnet) => subnet.network_id === network.id);
  const at = addressOf(address ?? "");
  const found = subnets.find((subnet) => {
    const range = rangeOf(subnet.cidr);
    return at === undefined || (range !== undefined && at >= range.first && at <= range.last);
  });
  if (subnets.length === 0) throw invalid("Supplied network does not contain a subnet.");
  if (found === undefined) throw invalid("Supplied network does not contain a subnet for VIP address specified.");
  return found;
}

export function placeOf(world: World, request: SandboxRequest, asked: Json): Place {
  const address = textAt(asked, "vip_address");
  const [port, network, subnet] = ["vip_port_id", "vip_network_id", "vip_subnet_id"].map((key) => textAt(asked, key));
  if (port !== undefined) return onPort(world, request, port);
  if (subnet !== undefined) return { subnet: subnetSeen(world, request, subnet), address, port: undefined };
  if (network !== undefined) return { subnet: onNetwork(world, request, network, address), address, port: undefined };
  throw invalid("VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.");
}

/** The VIP's port. OVN makes one of its own even where there is one, and finds the address taken. */
export function vipPort(world: World, provider: string, id: string, project: string, place: Place): Port {
  if (place.port !== undefined && provider !== "ovn") return place.port;
  const driver = providerOf(provider);
  const { subnet, address } = place;
  const fixed = { subnet_id: subnet.id, ...(address === undefined ? {} : { ip_address: address }) };
  try {
    const asked = { project, network: subnet.network_id, fixedIps: [fixed] };
    return createPort(world, { ...asked, ...driver.vipPort(world, id, project) });
  } catch (error) {
    if (error instanceof Fault) throw driver.portFault(error);
    throw error;
  }
}
