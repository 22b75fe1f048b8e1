import { assert } from "../../shared/assert.ts";
import { isAdmin, type World } from "./core.ts";
import { bodyOf, descriptionAt, domainAt, emailAt, required, ttlAt } from "./designate-checks.ts";
import { list, uuidOf } from "./designate-list.ts";
import {
  inZone,
  NAME_SERVER,
  newZone,
  pointersOf,
  recordsetsOf,
  timeOf,
  touch,
  type Zone,
  zonesOf,
  zoneView,
} from "./designate-rows.ts";
import { stays, within } from "./designate-rules.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";
import { TAKES } from "./timing.ts";

/** Those that the lab has, by project. */
const ZONES: Readonly<Record<string, string>> = { "team-a": "k8s.example.org.", "team-b": "k8s-b.example.org." };
const ZONE_TTL = 60;
const TTL = 3600;
const SORTS = ["created_at", "id", "updated_at", "name", "tenant_id", "serial", "ttl", "status"];

export function seedZones(world: World): void {
  for (const [owner, name] of Object.entries(ZONES)) {
    const project = world.projects.find((one) => one.name === owner);
    assert(project !== undefined, `zone ${name} is of a project that exists`);
    newZone(world, { name, owner: project.id, apex: project.id, ttl: ZONE_TTL });
  }
}

/** An admin sees other projects only when asking for all of them. */
export function allProjects(request: SandboxRequest): boolean {
  if (request.headers["x-auth-all-projects"]?.toLowerCase() !== "true") return false;
  if (!isAdmin(request)) throw new Fault(403, "", "forbidden");
  return true;
}

/** One that is on its way out is no longer listed, and its name is free. */
export const shownZones = (world: World, project: string | undefined): readonly Zone[] =>
  zonesOf(world)
    .listed(project)
    .filter((zone) => zone.action !== "DELETE");

export function findZone(world: World, request: SandboxRequest, id: string): Zone {
  const zone = zonesOf(world).get(id, allProjects(request) ? undefined : request.project);
  if (zone === undefined) throw new Fault(404, "Could not find Zone", "zone_not_found");
  return zone;
}

/** Nobody gets a zone inside of another project's, or around it. */
function placeZone(world: World, request: SandboxRequest, name: string): void {
  if (name.split(".").length < 3) throw new Fault(400, "More than one label is required", "invalid_zone_name");
  const others = zonesOf(world)
    .all()
    .filter((zone) => zone.action !== "DELETE");
  const same = others.find((zone) => zone.name === name);
  if (same !== undefined) {
    const mine = same.project_id === request.project;
    const message = mine ? "Duplicate Zone" : "Zone already exists, owned by a different tenant";
    throw new Fault(409, message, "duplicate_zone");
  }
  const foreign = others.filter((zone) => zone.project_id !== request.project);
  if (foreign.some((zone) => name.endsWith(`.${zone.name}`)))
    throw new Fault(403, "Unable to create subzone in another tenants zone", "illegal_child");
  if (foreign.some((zone) => zone.name.endsWith(`.${name}`))) {
    const why = "Unable to create zone because another tenant owns a subzone of the zone";
    throw new Fault(403, why, "illegal_parent");
  }
}

function create(world: World, request: SandboxRequest): Zone {
  const asked = bodyOf(request, "zone", ["name", "email", "ttl", "description", "type", "attributes", "masters"]);
  const [name, email] = [domainAt(asked, "name")?.toLowerCase(), emailAt(asked)];
  const [ttl, description] = [ttlAt(asked), descriptionAt(asked)];
  if (email === undefined) throw required(["type", "email"], "email", "email");
  if (name === undefined) throw required(["records", 0, "name"], "name", ["name"]);
  placeZone(world, request, name);
  within(world, request.project, "zones", zonesOf(world).all(request.project).length + 1);
  const { project } = request;
  const zone = newZone(world, { name, owner: project, apex: project, ttl: ttl ?? TTL, email, description });
  Object.assign(zone, { status: "PENDING", action: "CREATE" });
  world.later(world.takes(TAKES.recordsetWritten), () => {
    if (zone.action !== "CREATE") return;
    if (world.faults.broken("zone", name) !== undefined) zone.status = "ERROR";
    else Object.assign(zone, { status: "ACTIVE", action: "NONE", version: 2, updated_at: timeOf(world.nowMs()) });
  });
  return zone;
}

/** Its name and type stay, and are not even to be repeated. */
function change(world: World, request: SandboxRequest, zone: Zone): Zone {
  stays(zone);
  const asked = bodyOf(request, "zone", ["email", "ttl", "description", "masters"]);
  const [email, ttl, description] = [emailAt(asked), ttlAt(asked), descriptionAt(asked)];
  zone.email = email ?? zone.email;
  if (ttl !== null) zone.ttl = ttl;
  if ("description" in asked) zone.description = description;
  touch(world, zone);
  return zone;
}

/** It goes with all that is in it, once the name servers have forgotten it. */
function remove(world: World, zone: Zone): void {
  Object.assign(zone, { status: "PENDING", action: "DELETE", updated_at: timeOf(world.nowMs()) });
  zone.version += 1;
  world.later(world.takes(TAKES.recordsetWritten), () => {
    for (const { id } of inZone(world, zone))
      for (const table of [recordsetsOf(world), pointersOf(world)]) table.remove(id);
    zonesOf(world).remove(zone.id);
  });
}

export function zoneRoutes(world: World): Readonly<Record<string, Handle>> {
  return {
    "GET /v2/zones": (request) => {
      const rows = shownZones(world, allProjects(request) ? undefined : request.project);
      const of = {
        key: "zones",
        path: "/zones",
        filters: {
          name: (zone: Zone) => [zone.name],
          type: () => ["PRIMARY"],
          email: (zone: Zone) => [zone.email],
          status: (zone: Zone) => [zone.status],
          description: (zone: Zone) => [zone.description],
          ttl: (zone: Zone) => [String(zone.ttl)],
        },
        sorts: SORTS,
        view: (zone: Zone) => zoneView(request, zone),
      };
      return { status: 200, body: list(world, request, of, rows) };
    },
    "GET /v2/zones/:zone": (request, { zone = "" }) => ({
      status: 200,
      body: zoneView(request, findZone(world, request, uuidOf("zone_id", zone))),
    }),
    "POST /v2/zones": (request) => {
      const zone = create(world, request);
      const body = zoneView(request, zone);
      return { status: 202, body, headers: { location: body.links.self } };
    },
    "PATCH /v2/zones/:zone": (request, { zone = "" }) => {
      const row = findZone(world, request, uuidOf("zone_id", zone));
      return { status: 202, body: zoneView(request, change(world, request, row)) };
    },
    "GET /v2/zones/:zone/nameservers": (request, { zone = "" }) => {
      findZone(world, request, uuidOf("zone_id", zone));
      return { status: 200, body: { nameservers: [{ hostname: NAME_SERVER, priority: 1 }] } };
    },
    "DELETE /v2/zones/:zone": (request, { zone: id = "" }) => {
      const zone = findZone(world, request, uuidOf("zone_id", id));
      remove(world, zone);
      return { status: 202, body: zoneView(request, zone) };
    },
  };
}
