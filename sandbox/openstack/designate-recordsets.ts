import type { World } from "./core.ts";
import { bodyOf, descriptionAt, hostAt, InvalidObject, recordsAt, ttlAt, typeAt } from "./designate-checks.ts";
import { type Listing, list, uuidOf } from "./designate-list.ts";
import {
  apexOf,
  inZone,
  pointersOf,
  type Recordset,
  recordsetsOf,
  recordsetView,
  timeOf,
  touch,
  write,
  type Zone,
  zonesOf,
} from "./designate-rows.ts";
import { bad, place, room, single, stays, within } from "./designate-rules.ts";
import { allProjects, findZone, shownZones } from "./designate-zones.ts";
import { at, textAt } from "./json.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const CHANGES = ["records", "description", "ttl"];
const SORTS = ["created_at", "updated_at", "zone_id", "tenant_id", "name", "type", "ttl"];
const ZONE_SORTS = ["created_at", "id", ...SORTS.slice(1), "records"];

const missing = () => new Fault(404, "Could not find RecordSet", "recordset_not_found");

const listing = (request: SandboxRequest, path: string): Listing<Recordset> => ({
  key: "recordsets",
  path,
  filters: {
    name: (row) => [row.name],
    type: (row) => [row.type],
    ttl: (row) => [row.ttl === null ? null : String(row.ttl)],
    description: (row) => [row.description],
    data: (row) => row.records,
    // A record's own status: a recordset without records matches none.
    status: (row) => (row.records.length === 0 ? [] : [row.status]),
  },
  sorts: path === "/recordsets" ? SORTS : ZONE_SORTS,
  view: (row) => recordsetView(request, row),
});

/** What is wrong with the fields comes before what is wrong with the place. */
function create(world: World, request: SandboxRequest, zoneId: string): Recordset {
  uuidOf("zone_id", zoneId);
  const asked = bodyOf(request, "recordset", ["name", "type", ...CHANGES]);
  const name = hostAt(asked, "name");
  const [ttl, description, type] = [ttlAt(asked), descriptionAt(asked), typeAt(asked)];
  const records = recordsAt(asked, type) ?? [];
  if (type === "SOA") throw bad("Creating a SOA recordset is not allowed");
  const zone = findZone(world, request, zoneId);
  stays(zone);
  within(world, zone.project_id, "zone_recordsets", apexOf(zone).length + inZone(world, zone).length + 1);
  if (name === null) throw new InvalidObject("");
  single(type, records);
  place(world, zone, name, type);
  room(world, zone, records);
  const table = recordsetsOf(world);
  const row = table.add({
    id: world.uuid(),
    project_id: zone.project_id,
    zone_id: zone.id,
    zone_name: zone.name,
    name,
    type,
    records,
    description,
    ttl,
    status: "ACTIVE",
    action: "NONE",
    version: 1,
    created_at: timeOf(world.nowMs()),
    updated_at: null,
  });
  if (records.length > 0) write(world, zone, { table, type: "recordset" }, row, "CREATE");
  return row;
}

interface Found {
  readonly zone: Zone;
  readonly row: Recordset;
  /** Not for people to change. */
  readonly managed: boolean;
}

function find(world: World, request: SandboxRequest, zoneId: string, id: string): Found {
  uuidOf("zone_id", zoneId);
  uuidOf("recordset_id", id);
  const zone = findZone(world, request, zoneId);
  const own = recordsetsOf(world).get(id);
  if (own?.zone_id === zone.id) return { zone, row: own, managed: false };
  const row = [...apexOf(zone), ...inZone(world, zone)].find((one) => one.id === id);
  if (row === undefined) throw missing();
  return { zone, row, managed: true };
}

/** The same where Designate looks for the recordset first, whoever's it is, and for its zone then. */
function seek(world: World, request: SandboxRequest, zoneId: string, id: string): Found {
  uuidOf("zone_id", zoneId);
  uuidOf("recordset_id", id);
  const zones = zonesOf(world).all();
  const isThere = zones.some((zone) => [...apexOf(zone), ...inZone(world, zone)].some((one) => one.id === id));
  if (!isThere && recordsetsOf(world).get(id) === undefined) throw missing();
  return find(world, request, zoneId, id);
}

function change(world: World, request: SandboxRequest, { zone, row, managed }: Found): void {
  stays(zone);
  if (managed) throw bad("Managed records may not be updated");
  // Name and type may be repeated, but not changed.
  const repeated = ["name", "type"].filter((key) => at(request.body, key) === at(row, key));
  const asked = bodyOf(request, "recordset", [...CHANGES, ...repeated]);
  const [ttl, description] = [ttlAt(asked), descriptionAt(asked)];
  const wanted = recordsAt(asked, row.type) ?? row.records;
  single(row.type, wanted);
  room(world, zone, wanted, row);
  if ("ttl" in asked) row.ttl = ttl;
  if ("description" in asked) row.description = description;
  // Those that stay keep their place.
  row.records = [...new Set([...row.records.filter((one) => wanted.includes(one)), ...wanted])];
  row.version += 1;
  row.updated_at = timeOf(world.nowMs());
  const table = recordsetsOf(world);
  if (row.records.length > 0) {
    write(world, zone, { table, type: "recordset" }, row, "UPDATE");
  } else {
    Object.assign(row, { status: "ACTIVE", action: "NONE" });
    touch(world, zone);
  }
}

/** Gone at once for the API, while the name servers still answer it. */
function remove(world: World, { zone, row, managed }: Found): Recordset {
  stays(zone);
  if (row.type === "SOA" && managed) throw bad("Deleting a SOA recordset is not allowed");
  if (managed) throw bad("Managed records may not be deleted");
  recordsetsOf(world).remove(row.id);
  touch(world, zone);
  const last = row.records.length === 0 ? {} : { status: "PENDING", action: "DELETE" };
  return { ...row, ...last, version: row.version + 1, updated_at: timeOf(world.nowMs()) };
}

export function recordsetRoutes(world: World): Readonly<Record<string, Handle>> {
  const one = "/v2/zones/:zone/recordsets/:id";
  const statusOf = (row: Recordset, settled: number) => (row.status === "PENDING" ? 202 : settled);
  const everywhere = (request: SandboxRequest): Recordset[] => {
    const project = allProjects(request) ? undefined : request.project;
    const apex = zonesWithApex(world, project).flatMap(apexOf);
    return [...apex, ...recordsetsOf(world).listed(project), ...pointersOf(world).listed(project)];
  };
  return {
    "GET /v2/recordsets": (request) => ({
      status: 200,
      body: list(world, request, listing(request, "/recordsets"), everywhere(request)),
    }),
    "GET /v2/recordsets/:id": (request, { id = "" }) => {
      const row = everywhere(request).find((other) => other.id === uuidOf("recordset_id", id));
      if (row === undefined) throw missing();
      const { links } = recordsetView(request, row);
      const body = { code: 301, title: "Moved Permanently", description: null };
      return { status: 301, body, headers: { location: textAt(links, "self") ?? "" } };
    },
    "GET /v2/zones/:zone/recordsets": (request, { zone: zoneId = "" }) => {
      const zone = findZone(world, request, uuidOf("zone_id", zoneId));
      const rows = [...recordsetsOf(world).listed(), ...pointersOf(world).listed()];
      const inside = [...apexOf(zone), ...rows.filter((row) => row.zone_id === zone.id)];
      return { status: 200, body: list(world, request, listing(request, `/zones/${zone.id}/recordsets`), inside) };
    },
    "POST /v2/zones/:zone/recordsets": (request, { zone = "" }) => {
      const row = create(world, request, zone);
      const body = recordsetView(request, row);
      const location = textAt(body["links"], "self") ?? "";
      return { status: statusOf(row, 201), body, headers: { location } };
    },
    [`GET ${one}`]: (request, { zone = "", id = "" }) => ({
      status: 200,
      body: recordsetView(request, seek(world, request, zone, id).row),
    }),
    [`PUT ${one}`]: (request, { zone = "", id = "" }) => {
      const found = seek(world, request, zone, id);
      change(world, request, found);
      return { status: statusOf(found.row, 200), body: recordsetView(request, found.row) };
    },
    [`DELETE ${one}`]: (request, { zone = "", id = "" }) => ({
      status: 202,
      body: recordsetView(request, remove(world, find(world, request, zone, id))),
    }),
  };
}

const zonesWithApex = (world: World, project: string | undefined): readonly Zone[] =>
  shownZones(world, undefined).filter((zone) => project === undefined || zone.apex.project === project);
