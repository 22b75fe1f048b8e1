import type { World } from "./core.ts";
import { type Json, listAt, textAt, textsAt } from "./json.ts";
import { addressesFor } from "./neutron-addresses.ts";
import { born, type Collection, find, type NeutronRow, relabel, stamps, uuidAt } from "./neutron-collection.ts";
import type { FloatingIp } from "./neutron-floating-ips.ts";
import { networks } from "./neutron-networks.ts";
import { defaultGroup, securityGroups } from "./neutron-security.ts";
import { Fault } from "./service.ts";

export interface FixedIp {
  readonly subnet_id: string;
  readonly ip_address: string;
}

/** Ports of router gateways and floating IPs belong to no project: `project_id` is empty. */
export interface Port extends NeutronRow {
  readonly network_id: string;
  readonly mac_address: string;
  readonly fixed_ips: readonly FixedIp[];
  readonly dns_name: string;
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
    mac_address: `fa:16:3e:${bytes.slice(0, 2)}:${bytes.slice(2, 4)}:${bytes.slice(4, 6)}`,
    fixed_ips,
    dns_name: "",
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

export function ports(world: World): Collection<Port> {
  const table = world.table<Port>("port");
  const parents = networks(world);
  const groups = securityGroups(world);
  const changes = [
    "name",
    "description",
    "security_groups",
    "allowed_address_pairs",
    "admin_state_up",
    "device_id",
    "device_owner",
  ];
  return {
    one: "port",
    many: "ports",
    path: "/ports",
    table,
    accepts: [
      ...changes,
      "network_id",
      "fixed_ips",
      "mac_address",
      "dns_name",
      "port_security_enabled",
      "tenant_id",
      "project_id",
    ],
    changes: [...changes, "port_security_enabled"],
    shows: [],
    missing: (id) => new Fault(404, `Port ${id} could not be found.`, "PortNotFound"),
    view: (row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      network_id: row.network_id,
      mac_address: row.mac_address,
      admin_state_up: true,
      status: row.status,
      device_id: row.device_id,
      device_owner: row.device_owner,
      fixed_ips: row.fixed_ips,
      security_groups: row.security_groups,
      allowed_address_pairs: row.allowed_address_pairs,
      port_security_enabled: row.security_groups.length > 0,
      "binding:vnic_type": "normal",
      dns_name: row.dns_name,
      ...stamps(row),
    }),
    create(request, asked: Json) {
      const network = find(request, parents, uuidAt(asked, "network_id"));
      const wanted = textsAt(asked, "security_groups");
      for (const id of wanted ?? []) find(request, groups, id);
      const port = createPort(world, {
        project: request.project,
        network: network.id,
        name: textAt(asked, "name") ?? "",
        description: textAt(asked, "description") ?? "",
        groups: wanted ?? [defaultGroup(world, request.project).id],
        owner: textAt(asked, "device_owner") ?? "",
        device: textAt(asked, "device_id") ?? "",
        ...fixedIpsOf(asked),
      });
      return Object.assign(port, { dns_name: textAt(asked, "dns_name") ?? "" });
    },
    update(request, row, asked) {
      const wanted = textsAt(asked, "security_groups");
      for (const id of wanted ?? []) find(request, groups, id);
      row.security_groups = wanted ?? row.security_groups;
      row.allowed_address_pairs = listAt(asked, "allowed_address_pairs") ?? row.allowed_address_pairs;
      row.device_id = textAt(asked, "device_id") ?? row.device_id;
      row.device_owner = textAt(asked, "device_owner") ?? row.device_owner;
      relabel(world, row, asked);
    },
    remove(_request, row) {
      if (row.device_owner.startsWith("network:")) {
        const why = `has device owner ${row.device_owner}`;
        const message = `Port ${row.id} cannot be deleted directly via the port API: ${why}.`;
        throw new Fault(409, message, "ServicePortInUse");
      }
      deletePort(world, row.id);
    },
  };
}

const fixedIpsOf = (asked: Json): Pick<NewPort, "fixedIps"> => {
  const wanted = listAt(asked, "fixed_ips");
  if (wanted === undefined) return {};
  return {
    fixedIps: wanted.map((one) => {
      const subnet = textAt(one, "subnet_id");
      const address = textAt(one, "ip_address");
      return {
        ...(subnet === undefined ? {} : { subnet_id: subnet }),
        ...(address === undefined ? {} : { ip_address: address }),
      };
    }),
  };
};
