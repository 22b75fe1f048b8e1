import { createHash } from "node:crypto";
import { attachedTo } from "./cinder-model.ts";
import { isAdmin, type World } from "./core.ts";
import type { Image } from "./glance.ts";
import { isoOf, type Json } from "./json.ts";
import { atLeast } from "./microversion.ts";
import type { FloatingIp } from "./neutron-floating-ips.ts";
import type { Network } from "./neutron-networks.ts";
import type { Port } from "./neutron-ports.ts";
import type { SecurityGroup } from "./neutron-security.ts";
import { bookmark, groupTable, linksTo, microseconds, type Server, ZONE } from "./nova-model.ts";
import { portsOf } from "./nova-ports.ts";
import type { SandboxRequest } from "./service.ts";

const sometime = (ms: number | undefined): string | null => (ms === undefined ? null : microseconds(ms));

/** By the network's name; floating addresses too, as they are Neutron's to tell. */
export function addressesOf(world: World, server: Server): Json {
  const found: Record<string, unknown[]> = {};
  if (server.vm_state !== "active" && server.vm_state !== "stopped") return found;
  const entry = (port: Port, addr: string, type: string) => ({
    version: 4,
    addr,
    "OS-EXT-IPS:type": type,
    "OS-EXT-IPS-MAC:mac_addr": port.mac_address,
  });
  for (const port of portsOf(world, server)) {
    const name = world.table<Network>("network").get(port.network_id)?.name ?? "";
    const floating = world
      .table<FloatingIp>("floating-ip")
      .all()
      .filter((ip) => ip.port_id === port.id);
    found[name] = [
      ...(found[name] ?? []),
      ...port.fixed_ips.map((ip) => entry(port, ip.ip_address, "fixed")),
      ...floating.map((ip) => entry(port, ip.floating_ip_address, "floating")),
    ];
  }
  return found;
}

function flavorOf(request: SandboxRequest, { flavor }: Server): Json {
  if (!atLeast(request, "2.47")) return { id: flavor.id, links: [bookmark(request, `flavors/${flavor.id}`)] };
  const { name, vcpus, ram, disk } = flavor;
  return { vcpus, ram, disk, ephemeral: 0, swap: 0, original_name: name, extra_specs: {} };
}

function imageOf(world: World, request: SandboxRequest, server: Server): Json {
  const image = world.table<Image>("image").get(server.image_id);
  const properties = {
    ...image?.properties,
    min_ram: String(image?.min_ram ?? 0),
    min_disk: String(server.flavor.disk),
    disk_format: "qcow2",
    container_format: "bare",
    base_image_ref: server.image_id,
  };
  return {
    id: server.image_id,
    links: [bookmark(request, `images/${server.image_id}`)],
    ...(atLeast(request, "2.98") ? { properties } : {}),
  };
}

function groupsOf(world: World, server: Server): Json {
  const ids = new Set(portsOf(world, server).flatMap((port) => port.security_groups));
  const names = [...ids].flatMap((id) => world.table<SecurityGroup>("security-group").get(id)?.name ?? []);
  return names.length === 0 ? {} : { security_groups: names.map((name) => ({ name })) };
}

/** What came with microversions, in their order. */
function later(request: SandboxRequest, server: Server, groups: readonly string[], alone: boolean): Json {
  const added: readonly (readonly [string, Json])[] = [
    ["2.9", { locked: false }],
    ["2.19", { description: server.description }],
    ["2.26", { tags: server.tags }],
    ["2.63", { trusted_image_certificates: null }],
    ["2.71", alone ? { server_groups: groups } : {}],
    ["2.73", { locked_reason: null }],
    ["2.90", { "OS-EXT-SRV-ATTR:hostname": server.hostname }],
    ["2.96", { pinned_availability_zone: null }],
    ["2.100", { scheduler_hints: groups.length === 0 ? {} : { group: groups } }],
  ];
  return Object.assign({}, ...added.map(([version, fields]) => (atLeast(request, version) ? fields : {})));
}

const forAdmin = (request: SandboxRequest, server: Server): Json =>
  isAdmin(request)
    ? {
        "OS-EXT-SRV-ATTR:host": server.host ?? null,
        "OS-EXT-SRV-ATTR:hypervisor_hostname": server.host ?? null,
        "OS-EXT-SRV-ATTR:instance_name": `instance-${server.id.slice(0, 8)}`,
      }
    : {};

/** `alone`: the only one of the answer, which says a little more than a listing does. */
export function serverView(world: World, request: SandboxRequest, server: Server, alone = false): Json {
  const placed = server.host !== undefined;
  const group = groupTable(world).get(server.group ?? "");
  return {
    id: server.id,
    name: server.name,
    status: server.status,
    tenant_id: server.project_id,
    user_id: server.user_id,
    metadata: server.metadata,
    hostId: placed ? createHash("sha224").update(`${server.project_id}${server.host}`).digest("hex") : "",
    image: imageOf(world, request, server),
    flavor: flavorOf(request, server),
    created: isoOf(server.created_ms),
    updated: isoOf(server.updated_ms),
    addresses: addressesOf(world, server),
    accessIPv4: "",
    accessIPv6: "",
    links: linksTo(request, `servers/${server.id}`),
    "OS-DCF:diskConfig": "MANUAL",
    ...(server.fault === undefined ? {} : { fault: server.fault }),
    ...(["ACTIVE", "BUILD"].includes(server.status) ? { progress: 0 } : {}),
    "OS-EXT-AZ:availability_zone": placed ? ZONE : "",
    config_drive: server.config_drive ? "True" : "",
    key_name: server.key_name,
    "OS-SRV-USG:launched_at": sometime(server.launched_ms),
    "OS-SRV-USG:terminated_at": sometime(server.terminated_ms),
    ...groupsOf(world, server),
    ...forAdmin(request, server),
    "OS-EXT-STS:task_state": server.task_state,
    "OS-EXT-STS:vm_state": server.vm_state,
    "OS-EXT-STS:power_state": server.power_state,
    "os-extended-volumes:volumes_attached": attachedTo(world, server.id).map(({ id }) => ({
      id,
      ...(atLeast(request, "2.3") ? { delete_on_termination: false } : {}),
    })),
    ...later(request, server, group === undefined ? [] : [group.id], alone),
  };
}
