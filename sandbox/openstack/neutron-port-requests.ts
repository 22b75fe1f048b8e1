import { isAdmin, type World } from "./core.ts";
import { type Json, listAt, textAt, textsAt } from "./json.ts";
import { both, dnsName, fixedIps, flag, isOn, mac, required, shown, text, uuid, uuids } from "./neutron-attributes.ts";
import { type Collection, find, relabel, stamps } from "./neutron-collection.ts";
import { type Network, networks } from "./neutron-networks.ts";
import { checkGuard, moved, pairs, pairsIn, settingsIn } from "./neutron-port-rules.ts";
import { createPort, deletePort, type NewPort, type Port } from "./neutron-ports.ts";
import { defaultGroup, securityGroups } from "./neutron-security.ts";
import { checkUntrunked, trunkDetails } from "./neutron-subports.ts";
import { Fault, type SandboxRequest } from "./service.ts";

const view = (row: Port): Json => ({
  id: row.id,
  name: row.name,
  description: row.description,
  network_id: row.network_id,
  mac_address: row.mac_address,
  ...row.settings,
  status: row.status,
  device_id: row.device_id,
  device_owner: row.device_owner,
  fixed_ips: row.fixed_ips,
  security_groups: row.security_groups,
  allowed_address_pairs: row.allowed_address_pairs,
  port_security_enabled: row.port_security,
  dns_name: row.dns_name,
  dns_domain: "",
  dns_assignment: row.fixed_ips.map(({ ip_address }) => {
    const hostname = row.dns_name === "" ? `host-${ip_address.replaceAll(".", "-")}` : row.dns_name;
    return { ip_address, hostname, fqdn: `${hostname}.openstack.lab.` };
  }),
  ip_allocation: "immediate",
  propagate_uplink_status: true,
  qos_network_policy_id: null,
  qos_policy_id: null,
  ...stamps(row),
});

function parentOf(world: World, request: SandboxRequest, asked: Json): Network {
  const network = find(request, networks(world), textAt(asked, "network_id") ?? "");
  if (network.project_id === request.project || isAdmin(request)) return network;
  throw new Fault(403, `Tenant ${request.project} not allowed to create port on this network`, "HTTPForbidden");
}

function create(world: World, request: SandboxRequest, asked: Json): Port {
  const network = parentOf(world, request, asked);
  const portSecurity = isOn(asked, "port_security_enabled") ?? network.settings.port_security_enabled;
  checkGuard(portSecurity, asked);
  const wanted = textsAt(asked, "security_groups");
  for (const id of wanted ?? []) find(request, securityGroups(world), id);
  const wantedMac = textAt(asked, "mac_address");
  const clash = world
    .table<Port>("port")
    .all()
    .some((port) => port.network_id === network.id && port.mac_address === wantedMac);
  if (clash) {
    const message = `Unable to complete operation for network ${network.id}. The mac address ${wantedMac} is in use.`;
    throw new Fault(409, message, "MacAddressInUse");
  }
  const port = createPort(world, {
    project: request.project,
    network: network.id,
    name: textAt(asked, "name") ?? "",
    description: textAt(asked, "description") ?? "",
    groups: wanted ?? (portSecurity ? [defaultGroup(world, request.project).id] : []),
    owner: textAt(asked, "device_owner") ?? "",
    device: textAt(asked, "device_id") ?? "",
    dnsName: textAt(asked, "dns_name") ?? "",
    portSecurity,
    ...(wantedMac === undefined ? {} : { mac: wantedMac }),
    ...fixedIpsOf(asked),
  });
  port.allowed_address_pairs = pairsIn(asked, port.mac_address) ?? [];
  port.settings = settingsIn(port.settings, asked);
  return port;
}

function update(world: World, request: SandboxRequest, row: Port, asked: Json): void {
  const wanted = textsAt(asked, "security_groups");
  for (const id of wanted ?? []) find(request, securityGroups(world), id);
  const portSecurity = isOn(asked, "port_security_enabled") ?? row.port_security;
  const addresses = moved(world, row, fixedIpsOf(asked).fixedIps);
  checkGuard(portSecurity, asked, row);
  row.fixed_ips = addresses;
  row.port_security = portSecurity;
  row.security_groups = wanted ?? row.security_groups;
  row.allowed_address_pairs = pairsIn(asked, row.mac_address) ?? row.allowed_address_pairs;
  row.dns_name = textAt(asked, "dns_name") ?? row.dns_name;
  row.settings = settingsIn(row.settings, asked);
  row.device_id = textAt(asked, "device_id") ?? row.device_id;
  row.device_owner = textAt(asked, "device_owner") ?? row.device_owner;
  relabel(world, row, asked);
}

export function ports(world: World): Collection<Port> {
  return {
    one: "port",
    many: "ports",
    path: "/ports",
    table: world.table<Port>("port"),
    attributes: {
      name: both(text()),
      network_id: required(uuid),
      fixed_ips: both(fixedIps),
      security_groups: both(uuids),
      allowed_address_pairs: both(pairs),
      admin_state_up: both(flag),
      device_id: both(text()),
      device_owner: both(text()),
      mac_address: { ...both(mac), admin: "put" },
      dns_name: both(dnsName),
      port_security_enabled: both(flag),
      "binding:vnic_type": both(),
      "binding:host_id": { ...both(), admin: true },
      "binding:profile": { ...both(), admin: true },
      extra_dhcp_opts: both(),
      propagate_uplink_status: both(flag),
      qos_policy_id: both(),
      ip_allocation: shown,
    },
    missing: (id) => new Fault(404, `Port ${id} could not be found.`, "PortNotFound"),
    view: (row, verb) => ({ ...view(row), ...(verb === "POST" ? {} : trunkDetails(world, row)) }),
    create: (request, asked) => create(world, request, asked),
    update: (request, row, asked) => update(world, request, row, asked),
    remove(_request, row) {
      if (row.device_owner.startsWith("network:")) {
        const why = `has device owner ${row.device_owner}`;
        const message = `Port ${row.id} cannot be deleted directly via the port API: ${why}.`;
        throw new Fault(409, message, "ServicePortInUse");
      }
      checkUntrunked(world, row.id);
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
