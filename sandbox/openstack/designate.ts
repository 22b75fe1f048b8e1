import { rootOf, type World } from "./core.ts";
import { bodyOf, InvalidObject } from "./designate-checks.ts";
import { recordsetRoutes } from "./designate-recordsets.ts";
import { reverseRoutes } from "./designate-reverse.ts";
import { apexOf, inZone, type Recordset, type Zone, zonesOf } from "./designate-rows.ts";
import { allProjects, seedZones, zoneRoutes } from "./designate-zones.ts";
import { deed } from "./policy.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxService, unauthorized } from "./service.ts";

/** Designate's defaults. */
const LIMITS = { zones: 10, zone_recordsets: 500, zone_records: 500, recordset_records: 20, api_export_size: 1000 };
/** How the door's own faults read here. */
const DOOR: Readonly<Record<string, readonly [type: string, message: string]>> = {
  HTTPNotFound: ["not_found", "resource not found"],
  HTTPMethodNotAllowed: ["method_not_allowed", ""],
  HTTPForbidden: ["forbidden", ""],
  HTTPBadRequest: ["invalid_json", "Expecting value: line 1 column 1 (char 0)"],
};

/** The limits are by zone, so what counts is the fullest one. */
function used(world: World, project: string, resource: string): number {
  const zones = zonesOf(world).all(project);
  const fullest = (count: (zone: Zone) => number) => Math.max(0, ...zones.map(count));
  const records = (rows: readonly Recordset[]) => rows.reduce((sum, row) => sum + row.records.length, 0);
  if (resource === "zones") return zones.length;
  if (resource === "zone_recordsets") return fullest((zone) => apexOf(zone).length + inZone(world, zone).length);
  return resource === "zone_records" ? fullest((zone) => records(inZone(world, zone))) : 0;
}

function about(world: World): Readonly<Record<string, Handle>> {
  const version = (request: SandboxRequest, id: string, status: string, updated: string) => ({
    id,
    links: [
      { href: `${rootOf(request, "dns")}/v2`, rel: "self" },
      { href: "https://docs.openstack.org/api-ref/dns", rel: "help" },
    ],
    status,
    updated,
  });
  return {
    "GET /": (request) => ({
      status: 200,
      body: {
        versions: [
          version(request, "v2", "SUPPORTED", "2022-06-29T00:00:00Z"),
          version(request, "v2.0", "SUPPORTED", "2022-06-29T00:00:00Z"),
          version(request, "v2.1", "CURRENT", "2023-01-25T00:00:00Z"),
        ],
      },
    }),
    "GET /v2": (request) => {
      if (request.project === "") throw unauthorized();
      throw new Fault(404, "", "HTTPNotFound");
    },
    "GET /v2/limits": (request) => ({
      status: 200,
      body: {
        ...Object.fromEntries(
          ["zones", "zone_recordsets", "zone_records", "recordset_records"].map((resource) => [
            `max_${resource}`,
            world.quotas.limit(request.project, "dns", resource),
          ]),
        ),
        min_ttl: 0,
        max_zone_name_length: 255,
        max_recordset_name_length: 255,
        max_page_limit: 1000,
      },
    }),
  };
}

function quotaRoutes(world: World): Readonly<Record<string, Handle>> {
  const limits = (project: string) =>
    Object.fromEntries(world.quotas.of(project, "dns").map(({ resource, limit }) => [resource, limit]));
  const admin = (request: SandboxRequest) => {
    if (!allProjects(request)) throw new Fault(403, "", "forbidden");
  };
  return {
    "GET /v2/quotas": (request) => ({ status: 200, body: limits(request.project) }),
    "GET /v2/quotas/:project": (request, { project = "" }) => {
      if (project !== request.project) admin(request);
      return { status: 200, body: limits(project) };
    },
    "PATCH /v2/quotas/:project": (request, { project = "" }) => {
      admin(request);
      const asked = bodyOf(request, "quota", Object.keys(LIMITS));
      for (const [resource, limit] of Object.entries(asked))
        if (typeof limit === "number") world.quotas.set(project, "dns", resource, limit);
      return { status: 200, body: limits(project) };
    },
    "DELETE /v2/quotas/:project": (request, { project = "" }) => {
      admin(request);
      for (const [resource, limit] of Object.entries(LIMITS)) world.quotas.set(project, "dns", resource, limit);
      return { status: 204 };
    },
  };
}

/** DNS: a zone of each project's own, and the PTR records of floating IPs in reverse zones that nobody owns. */
export function designate(world: World): SandboxService {
  world.quotas.define("dns", LIMITS, (project, resource) => used(world, project, resource));
  seedZones(world);
  return {
    type: "dns",
    name: "designate",
    fault(fault) {
      const [type, message] = DOOR[fault.type] ?? [fault.type || "unknown", fault.message];
      const errors = fault instanceof InvalidObject && fault.errors.length > 0 ? { errors: fault.errors } : undefined;
      return {
        code: fault.status,
        type,
        ...(message === "" ? {} : { message }),
        ...(errors === undefined ? {} : { errors }),
        request_id: `req-${world.uuid()}`,
      };
    },
    toReader: (method, path) => (deed(method, path) === undefined ? undefined : new Fault(403, "", "forbidden")),
    routes: {
      ...about(world),
      ...quotaRoutes(world),
      ...zoneRoutes(world),
      ...recordsetRoutes(world),
      ...reverseRoutes(world),
    },
  };
}
