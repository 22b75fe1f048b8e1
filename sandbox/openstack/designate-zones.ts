import { assert } from "../../shared/assert.ts";
import { isAdmin, type World } from "./core.ts";
import { list, uuidOf } from "./designate-list.ts";
import { EMAIL, newZone, type Zone, zonesOf, zoneView } from "./designate-rows.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

/** Those that the lab has, by project. */
const ZONES: Readonly<Record<string, string>> = { "team-a": "k8s.example.org.", "team-b": "k8s-b.example.org." };
const ZONE_TTL = 60;
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

export const shownZones = (world: World, project: string | undefined): readonly Zone[] =>
  zonesOf(world).listed(project);

export function findZone(world: World, request: SandboxRequest, id: string): Zone {
  const zone = zonesOf(world).get(id, allProjects(request) ? undefined : request.project);
  if (zone === undefined) throw new Fault(404, "Could not find Zone", "zone_not_found");
  return zone;
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
          email: () => [EMAIL],
          status: (zone: Zone) => [zone.status],
          description: () => [null],
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
  };
}
