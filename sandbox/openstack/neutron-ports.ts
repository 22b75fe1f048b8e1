import type { World } from "./core.ts";
import { addressesFor } from "./neutron-addresses.ts";
import { born, type NeutronRow } from "./neutron-collection.ts";
import type { FloatingIp } from "./neutron-floating-ips.ts";
import { PLAIN, type PortSettings } from "./neutron-port-rules.ts";

export interface FixedIp {
  readonly subnet_id: string;
  readonly ip_address: string;
}

/** Ports of router gateways and floating IPs belong to no project: `project_id` is empty. */
export interface Port extends NeutronRow {
  readonly network_id: string;
  readonly mac_address: string;
  fixed_ips: readonly FixedIp[];
  dns_name: string;
  /** False: it takes no security groups. The cloud's own ports have none either. */
  port_security: boolean;
  settings: PortSettings;
  status: string;
  device_id: string;
  device_owner: string;
  security_groups: readonly string[];
  allowed_address_pairs: readonly unknown[];
}

export const ROUTER_INTERFACE = "network:router_interface";

export interface NewPort {
  readonly project: string;
  readonly network: string;
  readonly name?: string;
  readonly description?: string;
  /** An address of the first subnet when absent. */
  readonly fixedIps?: readonly { readonly subnet_id?: string; readonly ip_address?: string }[];
  readonly owner?: string;
  readonly device?: string;
  readonly groups?: readonly string[];
  readonly mac?: string;
  readonly dnsName?: string;
  readonly portSecurity?: boolean;
}

/** A port that another service makes (router interfaces, VIPs): no quota check. Throws Neutron's Faults for addresses. */
export function createPort(world: World, asked: NewPort): Port {
  const fixed_ips = addressesFor(world, asked.network, asked.fixedIps);
  const bytes = world.hex();
  return world.table<Port>("port").add({
    id: world.uuid(),
    project_id: asked.project,
    name: asked.name ?? "",
    description: asked.description ?? "",
    network_id: asked.network,
    mac_address: asked.mac ?? `fa:16:3e:${bytes.slice(0, 2)}:${bytes.slice(2, 4)}:${bytes.slice(4, 6)}`,
    fixed_ips,
    dns_name: asked.dnsName ?? "",
    port_security: asked.portSecurity ?? asked.owner?.startsWith("network:") !== true,
    settings: PLAIN,
    status: "DOWN",
    device_id: asked.device ?? "",
    device_owner: asked.owner ?? "",
    security_groups: asked.groups ?? [],
    allowed_address_pairs: [],
    ...born(world),
  });
}

/** Its floating IP, if it has one, is left without a port. Gone already is fine. */
export function deletePort(world: World, id: string): void {
  world.table<Port>("port").remove(id);
  for (const ip of world.table<FloatingIp>("floating-ip").all())
    if (ip.port_id === id)
      Object.assign(ip, { port_id: null, fixed_ip_address: null, router_id: null, status: "DOWN" });
}
