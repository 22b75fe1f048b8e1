import { isAdmin, type Project, rootOf, type World } from "./core.ts";
import { catalogOf } from "./keystone-catalog.ts";
import { forbidden, malformed } from "./keystone-checks.ts";
import { credentialRoutes, pageLinks } from "./keystone-credentials.ts";
import { DOMAIN } from "./keystone-login.ts";
import { tokenRoutes } from "./keystone-tokens.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxService } from "./service.ts";

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
const NOT_FOUND = `<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>
`;
/** What a login may be made of, told to those who tried something else. */
const METHODS: Readonly<Record<string, unknown>> = {
  AuthMethodNotSupported: {
    methods: ["external", "password", "token", "oauth1", "mapped", "application_credential"],
  },
  AuthPluginException: {},
};
const faultOf = ({ status, message, type }: Fault) => ({
  error: {
    code: status,
    message,
    title: TITLES[status] ?? "Error",
    ...(METHODS[type] === undefined ? {} : { identity: METHODS[type] }),
  },
});
/** How the door's own faults read here. */
const DOOR: Readonly<Record<string, unknown>> = {
  HTTPNotFound: NOT_FOUND,
  HTTPMethodNotAllowed: { message: "The method is not allowed for the requested URL." },
  HTTPBadRequest: faultOf(malformed("Expecting to find valid JSON in request body.")),
};
const projectView = (request: SandboxRequest, project: Project) => ({
  ...project,
  domain_id: DOMAIN.id,
  description: "",
  enabled: true,
  parent_id: DOMAIN.id,
  is_domain: false,
  tags: [],
  options: {},
  links: { self: `${rootOf(request, "identity")}/v3/projects/${project.id}` },
});

/** A project or a user of their own, or any for an admin: others learn nothing, not even whether it exists. */
function visible<T extends { readonly id: string }>(
  request: SandboxRequest,
  what: "project" | "user",
  all: readonly T[],
  id: string,
): T {
  if (id !== request[what] && !isAdmin(request)) throw forbidden(`identity:get_${what}`);
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw new Fault(404, `Could not find ${what}: ${id}.`);
  return found;
}

function lookups(world: World): Readonly<Record<string, Handle>> {
  const listed = (request: SandboxRequest, projects: readonly Project[]) => ({
    status: 200,
    body: { projects: projects.map((one) => projectView(request, one)), links: pageLinks(request) },
  });
  /** The projects that a user has a role on, whatever the token's own is. */
  const projectsOf = (id: string) => {
    const user = world.users.find((one) => one.id === id);
    return world.projects.filter((one) => one.name === user?.name);
  };
  return {
    "GET /v3/auth/projects": (request) => listed(request, projectsOf(request.user)),
    "GET /v3/users/:user/projects": (request, { user = "" }) => {
      if (user !== request.user && !isAdmin(request)) throw forbidden("identity:list_user_projects");
      return listed(request, projectsOf(user));
    },
    "GET /v3/auth/catalog": (request) => {
      if (request.project === "") throw new Fault(403, "You are not authorized to perform the requested action.");
      const links = { self: pageLinks(request).self };
      return { status: 200, body: { catalog: catalogOf(request, world.options.absent), links } };
    },
    "GET /v3/projects": (request) => {
      if (!isAdmin(request)) throw forbidden("identity:list_projects");
      return listed(request, world.projects);
    },
    "GET /v3/projects/:id": (request, { id = "" }) => ({
      status: 200,
      body: { project: projectView(request, visible(request, "project", world.projects, id)) },
    }),
    // The sandbox's projects and users are given.
    "POST /v3/projects": () => {
      throw forbidden("identity:create_project");
    },
    "GET /v3/users": () => {
      throw forbidden("identity:list_users");
    },
    "GET /v3/users/:id": (request, { id = "" }) => {
      const found = visible(request, "user", world.users, id);
      const user = {
        id,
        name: found.name,
        domain_id: DOMAIN.id,
        default_project_id: projectsOf(id)[0]?.id,
        enabled: true,
        password_expires_at: null,
        options: {},
        links: { self: `${rootOf(request, "identity")}/v3/users/${id}` },
      };
      return { status: 200, body: { user } };
    },
  };
}

function versions(world: World): Readonly<Record<string, Handle>> {
  const version = (request: SandboxRequest) => ({
    // Access rules came with 3.13.
    id: world.options.accessRules.dropped === true ? "v3.12" : "v3.14",
    status: "stable",
    updated: "2020-04-07T00:00:00Z",
    links: [{ rel: "self", href: `${rootOf(request, "identity")}/v3/` }],
    "media-types": [{ base: "application/json", type: "application/vnd.openstack.identity-v3+json" }],
  });
  return {
    "GET /": (request) => ({
      status: 300,
      body: { versions: { values: [version(request)] } },
      headers: { location: `${rootOf(request, "identity")}/v3/` },
    }),
    "GET /v3": (request) => ({ status: 200, body: { version: version(request) } }),
  };
}

/** Before Train there were credentials and no rules for them. */
function knownRoutes(world: World): Readonly<Record<string, Handle>> {
  const routes = Object.entries(credentialRoutes(world));
  const dropped = world.options.accessRules.dropped === true;
  return Object.fromEntries(routes.filter(([route]) => !(dropped && route.includes("/access_rules"))));
}

/** Identity: tokens by password and application credential, the catalog, application credentials and their access rules. */
export function keystone(world: World): SandboxService {
  return {
    type: "identity",
    name: "keystone",
    fault: (fault) => DOOR[fault.type] ?? faultOf(fault),
    routes: {
      ...versions(world),
      ...tokenRoutes(world),
      ...lookups(world),
      ...knownRoutes(world),
    },
  };
}
