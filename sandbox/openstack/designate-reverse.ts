import { rootOf, type World } from "./core.ts";
import { bodyOf, descriptionAt, domainAt, ttlAt } from "./designate-checks.ts";
import { newZone, type Pointer, pointersOf, timeOf, touch, write, type Zone, zonesOf } from "./designate-rows.ts";
import type { Json } from "./json.ts";
import type { FloatingIp } from "./neutron-floating-ips.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const REGION = "RegionOne";
/** Reverse zones belong to nobody: only an admin who asks for all projects sees them. */
const NOBODY = "00000000-0000-0000-0000-000000000000";
const REVERSE_TTL = 3600;
const KEY = /^([A-Za-z0-9._-]{1,100}):([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/;

const missing = (message: string) => new Fault(404, message, "not_found");

function partsOf(key: string): { readonly region: string; readonly id: string } {
  const [, region, id] = KEY.exec(key) ?? [];
  if (region === undefined || id === undefined)
    throw new Fault(400, `Floating IP ${key} is not in the format of <region>:<uuid>`, "bad_request");
  return { region, id };
}

/** Designate asks Neutron for the project's floating IPs, and so sees what Neutron lists. */
const floatingIps = (world: World, request: SandboxRequest): readonly FloatingIp[] =>
  world.table<FloatingIp>("floating-ip").listed(request.project);

function floatingIp(world: World, request: SandboxRequest, region: string, id: string): FloatingIp {
  if (region !== REGION) throw new Fault(403, "", "no_endpoint");
  const found = floatingIps(world, request).find((one) => one.id === id);
  if (found !== undefined) return found;
  throw missing(`FloatingIP ${id} in ${region} is not associated for project "${request.project}"`);
}

function drop(world: World, row: Pointer): void {
  pointersOf(world).remove(row.id);
  const zone = zonesOf(world).get(row.zone_id);
  if (zone !== undefined) touch(world, zone);
}

/**
 * The record is kept by address, and outlives the floating IP: whoever gets the address in the same project gets the
 * record too, and in another project its first look takes the record away.
 */
function pointerAt(world: World, request: SandboxRequest, address: string): Pointer | undefined {
  const row = pointersOf(world)
    .all()
    .find((one) => one.address === address);
  if (row === undefined || row.project_id === request.project) return row;
  drop(world, row);
  return undefined;
}

function view(world: World, request: SandboxRequest, ip: FloatingIp): Json {
  const id = `${REGION}:${ip.id}`;
  const row = pointerAt(world, request, ip.floating_ip_address);
  return {
    id,
    description: row?.note ?? null,
    address: ip.floating_ip_address,
    ptrdname: row?.records[0] ?? null,
    ttl: row === undefined ? null : (row.ttl ?? REVERSE_TTL),
    action: row?.action ?? "NONE",
    status: row?.status ?? "INACTIVE",
    links: { self: `${rootOf(request, "dns")}/v2/reverse/floatingips/${id}` },
  };
}

function zoneOf(world: World, request: SandboxRequest, name: string): Zone {
  const found = zonesOf(world)
    .all()
    .find((zone) => zone.name === name);
  return found ?? newZone(world, { name, owner: NOBODY, apex: request.project, ttl: REVERSE_TTL });
}

type Wanted = Pick<Pointer, "ttl" | "note" | "records">;

function set(world: World, request: SandboxRequest, ip: FloatingIp, wanted: Wanted): void {
  const table = pointersOf(world);
  const address = ip.floating_ip_address;
  const name = `${address.split(".").toReversed().join(".")}.in-addr.arpa.`;
  const zone = zoneOf(world, request, name.slice(name.indexOf(".") + 1));
  const now = timeOf(world.nowMs());
  const old = pointerAt(world, request, address);
  if (old !== undefined) {
    Object.assign(old, wanted, { floating_ip_id: ip.id, version: old.version + 1, updated_at: now });
    write(world, zone, { table, type: "ptr" }, old, "UPDATE");
    return;
  }
  const row: Pointer = {
    ...wanted,
    id: world.uuid(),
    project_id: request.project,
    zone_id: zone.id,
    zone_name: zone.name,
    name,
    type: "PTR",
    description: null,
    address,
    floating_ip_id: ip.id,
    status: "PENDING",
    action: "CREATE",
    version: 1,
    created_at: now,
    updated_at: null,
  };
  write(world, zone, { table, type: "ptr" }, table.add(row), "CREATE");
}

function unset(world: World, request: SandboxRequest, region: string, id: string): void {
  const row = pointersOf(world)
    .all(request.project)
    .find((one) => one.floating_ip_id === id);
  if (row === undefined) throw missing(`No such FloatingIP ${region}:${id}`);
  drop(world, row);
}

export function reverseRoutes(world: World): Readonly<Record<string, Handle>> {
  return {
    "GET /v2/reverse/floatingips": (request) => ({
      status: 200,
      body: {
        floatingips: floatingIps(world, request).map((ip) => view(world, request, ip)),
        links: { self: `${rootOf(request, "dns")}/v2/reverse/floatingips` },
      },
    }),
    "GET /v2/reverse/floatingips/:key": (request, { key = "" }) => {
      const { region, id } = partsOf(key);
      return { status: 200, body: view(world, request, floatingIp(world, request, region, id)) };
    },
    "PATCH /v2/reverse/floatingips/:key": (request, { key = "" }) => {
      const { region, id } = partsOf(key);
      const asked = bodyOf(request, "floatingip", ["ptrdname", "ttl", "description"]);
      const name = domainAt(asked, "ptrdname");
      const [ttl, note] = [ttlAt(asked), descriptionAt(asked)];
      if (name === null) {
        if (asked["ptrdname"] === null) unset(world, request, region, id);
        return { status: 202, body: null };
      }
      const ip = floatingIp(world, request, region, id);
      set(world, request, ip, { ttl, note, records: [name] });
      return { status: 202, body: view(world, request, ip) };
    },
  };
}
