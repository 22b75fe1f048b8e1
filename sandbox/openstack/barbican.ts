import { jsonBody, mismatch } from "./barbican-checks.ts";
import { countOrders, orderRoutes } from "./barbican-orders.ts";
import { denied, type Payloads, secretRoutes, secretsOf } from "./barbican-secrets.ts";
import { isAdmin, rootOf, type World } from "./core.ts";
import { jsonAt } from "./json.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxService, unauthorized } from "./service.ts";

/** Barbican's defaults: no limits. */
const LIMITS = { secrets: -1, orders: -1, containers: -1, consumers: -1, cas: -1 };
const RESOURCES = Object.keys(LIMITS);
const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
/** How the door's own faults read here. */
const DOOR: Readonly<Record<string, string | null>> = {
  HTTPNotFound: "",
  HTTPMethodNotAllowed: null,
  HTTPBadRequest: "Malformed JSON",
};

function about(): Readonly<Record<string, Handle>> {
  const version = (request: SandboxRequest) => ({
    id: "v1",
    status: "stable",
    links: [
      { rel: "self", href: `${rootOf(request, "key-manager")}/v1/` },
      { rel: "describedby", type: "text/html", href: "https://docs.openstack.org/" },
    ],
    "media-types": [{ base: "application/json", type: "application/vnd.openstack.key-manager-v1+json" }],
  });
  return {
    "GET /": (request) => ({ status: 300, body: { versions: { values: [version(request)] } } }),
    "GET /v1": (request) => {
      if (request.project === "") throw unauthorized();
      return { status: 200, body: { version: version(request) } };
    },
    "GET /v1/containers": () => ({ status: 200, body: { containers: [], total: 0 } }),
  };
}

/** `/quotas` is what holds for the caller's project; `/project-quotas` is what an admin has set. */
function quotaRoutes(world: World): Readonly<Record<string, Handle>> {
  const own = new Map<string, Readonly<Record<string, number>>>();
  const admin = (request: SandboxRequest) => {
    if (!isAdmin(request)) throw denied("Project Quotas");
  };
  const shown = (project: string) =>
    Object.fromEntries(RESOURCES.map((resource) => [resource, own.get(project)?.[resource] ?? null]));
  const known = (project: string) => {
    if (!own.has(project)) throw new Fault(404, "Project quotas not found.");
  };
  return {
    "GET /v1/quotas": (request) => {
      const limits = world.quotas.of(request.project, "key-manager").map(({ resource, limit }) => [resource, limit]);
      return { status: 200, body: { quotas: Object.fromEntries(limits) } };
    },
    "GET /v1/project-quotas": (request) => {
      admin(request);
      const all = [...own.keys()].map((project) => ({ project_id: project, project_quotas: shown(project) }));
      return { status: 200, body: { project_quotas: all, total: all.length } };
    },
    "GET /v1/project-quotas/:project": (request, { project = "" }) => {
      admin(request);
      known(project);
      return { status: 200, body: { project_quotas: shown(project) } };
    },
    "PUT /v1/project-quotas/:project": (request, { project = "" }) => {
      admin(request);
      const asked = jsonAt(jsonBody(request, "Project Quota"), "project_quotas");
      if (asked === undefined) throw mismatch("Project Quota", "'project_quotas' is a required property", "None");
      const limits: Record<string, number> = {};
      for (const [resource, limit] of Object.entries(asked)) {
        if (typeof limit !== "number" || !Number.isInteger(limit)) {
          const value = typeof limit === "string" ? `'${limit}'` : JSON.stringify(limit);
          throw mismatch("Project Quota", `${value} is not of type 'integer'`, "project_quotas");
        }
        if (RESOURCES.includes(resource)) limits[resource] = limit;
      }
      own.set(project, { ...own.get(project), ...limits });
      for (const [resource, limit] of Object.entries(limits)) world.quotas.set(project, "key-manager", resource, limit);
      return { status: 204 };
    },
    "DELETE /v1/project-quotas/:project": (request, { project = "" }) => {
      admin(request);
      known(project);
      own.delete(project);
      for (const [resource, limit] of Object.entries(LIMITS)) world.quotas.set(project, "key-manager", resource, limit);
      return { status: 204 };
    },
  };
}

/** Key manager: texts and keys that nobody but their project reads. */
export function barbican(world: World): SandboxService {
  const payloads: Payloads = new Map();
  world.quotas.define("key-manager", LIMITS, (project, resource) => {
    if (resource === "secrets") return secretsOf(world).all(project).length;
    return resource === "orders" ? countOrders(world, project) : 0;
  });
  return {
    type: "key-manager",
    name: "barbican",
    noMethod: 406,
    fault: (fault) => ({
      code: fault.status,
      title: TITLES[fault.status] ?? "Error",
      description: DOOR[fault.type] === undefined ? fault.message : DOOR[fault.type],
    }),
    toReader(method, path) {
      if (method === "GET" && path === "/v1/quotas") return undefined;
      const what = path.startsWith("/v1/orders") ? "Order" : "Secret";
      return denied(
        method === "GET" ? `${what}(s) retrieval` : `${what} ${method === "POST" ? "creation" : "removal"}`,
      );
    },
    routes: {
      ...about(),
      ...quotaRoutes(world),
      ...secretRoutes(world, payloads),
      ...orderRoutes(world, payloads),
    },
  };
}
