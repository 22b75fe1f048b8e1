import { isAdmin, rootOf, type World } from "./core.ts";
import { jsonAt } from "./json.ts";
import { balancers } from "./octavia-balancers.ts";
import { faultShape, forbidden, mayUse } from "./octavia-faults.ts";
import { policyRules } from "./octavia-l7-rules.ts";
import { fieldsOf } from "./octavia-list.ts";
import { members } from "./octavia-members.ts";
import { parts } from "./octavia-parts.ts";
import { policies } from "./octavia-policies.ts";
import { providersOf } from "./octavia-providers.ts";
import { type Tables, tablesOf } from "./octavia-rows.ts";
import { deed } from "./policy.ts";
import type { Handle, SandboxRequest, SandboxService } from "./service.ts";

/** No limits, as on the lab; the least and the most that a test wants are set from outside. */
const LIMITS = { load_balancer: -1, listener: -1, pool: -1, member: -1, health_monitor: -1, l7policy: -1, l7rule: -1 };
const MINOR = 27;

function about(world: World): Readonly<Record<string, Handle>> {
  const versions = (request: SandboxRequest) =>
    Array.from({ length: MINOR + 1 }, (_, minor) => ({
      id: `v2.${minor}`,
      status: minor === MINOR ? "CURRENT" : "SUPPORTED",
      updated: "2024-11-15T00:00:00Z",
      links: [{ href: `${rootOf(request, "load-balancer")}/v2`, rel: "self" }],
    }));
  const providers = Object.entries(providersOf(world)).map(([name, description]) => ({ name, description }));
  return {
    "GET /": (request) => ({ status: 200, body: { versions: versions(request) } }),
    "GET /v2": () => ({ status: 200, body: "v2" }),
    "GET /v2/lbaas/providers": (request) => ({
      status: 200,
      body: { providers: providers.map((one) => fieldsOf(request, one)) },
    }),
    "GET /v2/lbaas/flavors": () => ({ status: 200, body: { flavors: [], flavors_links: [] } }),
  };
}

function quotas(world: World): Readonly<Record<string, Handle>> {
  const show = (project: string) =>
    Object.fromEntries(world.quotas.of(project, "load-balancer").map(({ resource, limit }) => [resource, limit]));
  return {
    "GET /v2/lbaas/quotas/:project": (request, { project = "" }) => {
      mayUse(request, project);
      return { status: 200, body: { quota: show(project) } };
    },
    "GET /v2/lbaas/quotas/:project/default": (request, { project = "" }) => {
      mayUse(request, project);
      return { status: 200, body: { quota: LIMITS } };
    },
    "PUT /v2/lbaas/quotas/:project": (request, { project = "" }) => {
      if (!isAdmin(request)) throw forbidden();
      for (const [resource, limit] of Object.entries(jsonAt(request.body, "quota") ?? {}))
        if (Object.hasOwn(LIMITS, resource)) world.quotas.set(project, "load-balancer", resource, Number(limit));
      return { status: 202, body: { quota: show(project) } };
    },
  };
}

const counted = (tables: Tables, project: string): Readonly<Record<string, number>> => ({
  load_balancer: tables.balancers.all(project).length,
  listener: tables.listeners.all(project).length,
  pool: tables.pools.all(project).length,
  member: tables.members.all(project).length,
  health_monitor: tables.monitors.all(project).length,
  l7policy: tables.policies.all(project).length,
  l7rule: tables.rules.all(project).length,
});

/** `/v2.0` is the same API as `/v2`: the `openstack` client and Gophercloud know it by that name only. */
function underBothNames(routes: Readonly<Record<string, Handle>>): Readonly<Record<string, Handle>> {
  const old = Object.entries(routes).map(([route, handle]) => [route.replace(" /v2/", " /v2.0/"), handle] as const);
  return { ...routes, ...Object.fromEntries(old) };
}

/** Load balancers by OVN, which has no machines and few options, and by amphorae, which stay out of sight. */
export function octavia(world: World): SandboxService {
  const tables = tablesOf(world);
  world.quotas.define("load-balancer", LIMITS, (project, resource) => counted(tables, project)[resource] ?? 0);
  return {
    type: "load-balancer",
    name: "octavia",
    fault: faultShape,
    toReader: (method, path) => (deed(method, path) === undefined ? undefined : forbidden()),
    routes: underBothNames({
      ...about(world),
      ...quotas(world),
      ...balancers(world, tables),
      ...parts(world, tables),
      ...members(world, tables),
      ...policies(world, tables),
      ...policyRules(world, tables),
    }),
  };
}
