import { rootOf, type World } from "./core.ts";
import type { Json } from "./json.ts";
import type { SandboxRequest } from "./service.ts";
import type { Row, Table } from "./table.ts";
import { TAKES, WATCHED } from "./timing.ts";

export interface Zone extends Row {
  readonly name: string;
  email: string;
  description: string | null;
  ttl: number;
  readonly created_at: string;
  updated_at: string | null;
  serial: number;
  status: string;
  action: string;
  version: number;
  /** A new serial is due: all changes until then share it. */
  stale: boolean;
  /** The zone's own NS and SOA, which go with it and so are no rows of their own. */
  readonly apex: {
    readonly ns: string;
    readonly soa: string;
    /** The project whose listing shows them. */
    readonly project: string;
    readonly refresh: number;
  };
}

export interface Recordset extends Row {
  readonly zone_id: string;
  readonly zone_name: string;
  readonly name: string;
  readonly type: string;
  readonly created_at: string;
  records: readonly string[];
  description: string | null;
  ttl: number | null;
  status: string;
  action: string;
  version: number;
  updated_at: string | null;
}

/** The PTR record of a floating IP: a recordset that Designate manages. Its description is the floating IP's. */
export interface Pointer extends Recordset {
  readonly address: string;
  floating_ip_id: string;
  note: string | null;
}

const EMAIL = "hostmaster@example.org";
export const NAME_SERVER = "ns1.example.org.";
const POOL = "794ccc2c-d751-44fe-b57f-8894c9f5c842";

/** `2026-11-25T01:52:33.000000` */
export const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}.000000`;

export const zonesOf = (world: World): Table<Zone> => world.table<Zone>("zone");
export const recordsetsOf = (world: World): Table<Recordset> => world.table<Recordset>("recordset");
export const pointersOf = (world: World): Table<Pointer> =>
  world.table<Pointer>("ptr", (row) => ({ name: row.records[0] ?? "", description: row.note ?? "" }));

export const inZone = (world: World, zone: Zone): Recordset[] =>
  [...recordsetsOf(world).all(), ...pointersOf(world).all()].filter((row) => row.zone_id === zone.id);

interface NewZone extends Partial<Pick<Zone, "email" | "description">> {
  readonly name: string;
  readonly owner: string;
  readonly apex: string;
  readonly ttl: number;
}

export function newZone(world: World, of: NewZone): Zone {
  return zonesOf(world).add({
    id: world.uuid(),
    project_id: of.owner,
    name: of.name,
    email: of.email ?? EMAIL,
    description: of.description ?? null,
    ttl: of.ttl,
    created_at: timeOf(world.nowMs()),
    updated_at: null,
    serial: Math.floor(world.nowMs() / 1000),
    status: "ACTIVE",
    action: "NONE",
    version: 1,
    stale: false,
    apex: { ns: world.uuid(), soa: world.uuid(), project: of.apex, refresh: 3500 + world.pick(101) },
  });
}

/** NS and SOA, as listings show them. */
export function apexOf(zone: Zone): readonly Recordset[] {
  const { ns, soa, project, refresh } = zone.apex;
  const common = {
    project_id: project,
    zone_id: zone.id,
    zone_name: zone.name,
    name: zone.name,
    description: null,
    ttl: null,
    status: "ACTIVE",
    action: "NONE",
    created_at: zone.created_at,
  };
  const mail = zone.email.replace("@", ".");
  const start = `${NAME_SERVER} ${mail}. ${zone.serial} ${refresh} 600 86400 3600`;
  return [
    { ...common, id: ns, type: "NS", records: [NAME_SERVER], version: 1, updated_at: null },
    { ...common, id: soa, type: "SOA", records: [start], version: zone.version, updated_at: zone.updated_at },
  ];
}

/** Something in the zone has changed: it gets a new serial, and its name servers a new copy. */
export function touch(world: World, zone: Zone): void {
  Object.assign(zone, { status: "PENDING", action: "UPDATE", updated_at: timeOf(world.nowMs()) });
  zone.version += 1;
  const { version } = zone;
  if (!zone.stale) {
    zone.stale = true;
    world.later(world.takes(WATCHED.zoneSerial), () => {
      zone.stale = false;
      zone.serial = Math.max(zone.serial + 1, Math.floor(world.nowMs() / 1000));
    });
  }
  world.later(world.takes(TAKES.recordsetWritten), () => {
    if (zone.version === version) Object.assign(zone, { status: "ACTIVE", action: "NONE", version: version + 1 });
  });
}

/** PENDING until the name servers have it; a later change of the same recordset starts that anew. */
export function write<T extends Recordset>(
  world: World,
  zone: Zone,
  rows: { readonly table: Table<T>; readonly type: string },
  row: T,
  action: "CREATE" | "UPDATE",
): void {
  Object.assign(row, { status: "PENDING", action });
  const { version } = row;
  touch(world, zone);
  world.later(world.takes(TAKES.recordsetWritten), () => {
    if (rows.table.get(row.id)?.version !== version) return;
    if (world.faults.broken(rows.type, row.name) !== undefined) row.status = "ERROR";
    else Object.assign(row, { status: "ACTIVE", action: "NONE" });
  });
}

const self = (request: SandboxRequest, path: string) => ({ self: `${rootOf(request, "dns")}/v2${path}` });

export const zoneView = (request: SandboxRequest, zone: Zone) => ({
  id: zone.id,
  pool_id: POOL,
  project_id: zone.project_id,
  name: zone.name,
  email: zone.email,
  description: zone.description,
  ttl: zone.ttl,
  serial: zone.serial,
  shared: false,
  status: zone.status,
  action: zone.action,
  version: zone.version,
  attributes: {},
  type: "PRIMARY",
  masters: [],
  created_at: zone.created_at,
  updated_at: zone.updated_at,
  transferred_at: null,
  links: self(request, `/zones/${zone.id}`),
});

export const recordsetView = (request: SandboxRequest, row: Recordset): Json => ({
  id: row.id,
  zone_id: row.zone_id,
  project_id: row.project_id,
  name: row.name,
  zone_name: row.zone_name,
  type: row.type,
  records: row.records,
  description: row.description,
  ttl: row.ttl,
  status: row.status,
  action: row.action,
  version: row.version,
  created_at: row.created_at,
  updated_at: row.updated_at,
  links: self(request, `/zones/${row.zone_id}/recordsets/${row.id}`),
});
