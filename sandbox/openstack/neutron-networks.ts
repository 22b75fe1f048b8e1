import type { World } from "./core.ts";
import { type Json, textAt } from "./json.ts";
import { both, flag, invalid, isOn, once, shown, size, text } from "./neutron-attributes.ts";
import { born, type Collection, type NeutronRow, relabel, stamps } from "./neutron-collection.ts";
import type { Port } from "./neutron-ports.ts";
import { Fault } from "./service.ts";

export interface Network extends NeutronRow {
  readonly external: boolean;
  mtu: number;
  /** What its owner may set, and what nothing here acts on. */
  settings: NetworkSettings;
  status: string;
}

interface NetworkSettings {
  readonly admin_state_up: boolean;
  readonly port_security_enabled: boolean;
  readonly dns_domain: string;
}

export const OPEN: NetworkSettings = { admin_state_up: true, port_security_enabled: true, dns_domain: "" };
/** What Geneve leaves of 1500. */
const MTU_MAX = 1442;

/** Where addresses come from unless one is asked for. */
export interface Pool {
  readonly start: string;
  readonly end: string;
}

export interface Subnet extends NeutronRow {
  readonly network_id: string;
  readonly cidr: string;
  gateway_ip: string | null;
  enable_dhcp: boolean;
  pools: readonly Pool[];
  dns_nameservers: readonly string[];
  host_routes: readonly Json[];
}

export const portsOn = (world: World, network: string): readonly Port[] =>
  world
    .table<Port>("port")
    .all()
    .filter((port) => port.network_id === network);

const settingsIn = (now: NetworkSettings, asked: Json): NetworkSettings => ({
  admin_state_up: isOn(asked, "admin_state_up") ?? now.admin_state_up,
  port_security_enabled: isOn(asked, "port_security_enabled") ?? now.port_security_enabled,
  dns_domain: textAt(asked, "dns_domain") ?? now.dns_domain,
});

function mtuIn(asked: Json): number {
  const mtu = Number(asked["mtu"] ?? MTU_MAX) || MTU_MAX;
  if (mtu > MTU_MAX) throw invalid(`Requested MTU is too big, maximum is ${MTU_MAX}.`);
  return mtu;
}

const view = (subnets: readonly Subnet[], row: Network, verb: string | undefined): Json => ({
  id: row.id,
  name: row.name,
  description: row.description,
  status: row.status,
  mtu: row.mtu,
  subnets: subnets.flatMap((subnet) => (subnet.network_id === row.id ? [subnet.id] : [])),
  shared: false,
  "router:external": row.external,
  ...(row.external || verb === "POST" ? { is_default: false } : {}),
  availability_zone_hints: [],
  availability_zones: [],
  ipv4_address_scope: null,
  ipv6_address_scope: null,
  l2_adjacency: true,
  qos_policy_id: null,
  ...row.settings,
  ...stamps(row),
});

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
      shared: { ...both(flag), admin: true },
      "router:external": { ...both(flag), admin: true },
      is_default: { ...both(flag), admin: true },
      "provider:network_type": { ...both(), admin: true },
      "provider:physical_network": { ...both(), admin: true },
      "provider:segmentation_id": { ...both(), admin: true },
      availability_zone_hints: once(),
      subnets: shown,
    },
    shared: (row) => row.external,
    missing: (id) => new Fault(404, `Network ${id} could not be found.`, "NetworkNotFound"),
    view: (row, verb) => view(subnetRows.all(), row, verb),
    create(request, asked) {
      const name = textAt(asked, "name") ?? "";
      return table.add({
        id: world.uuid(),
        project_id: request.project,
        name,
        description: textAt(asked, "description") ?? "",
        external: asked["router:external"] === true,
        mtu: mtuIn(asked),
        settings: settingsIn(OPEN, asked),
        status: world.faults.broken("network", name) === undefined ? "ACTIVE" : "ERROR",
        ...born(world),
      });
    },
    update(_request, row, asked) {
      if ("mtu" in asked) row.mtu = mtuIn(asked);
      row.settings = settingsIn(row.settings, asked);
      relabel(world, row, asked);
    },
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
