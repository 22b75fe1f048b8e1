import { type Project, rootOf, type World } from "./core.ts";
import { catalogOf } from "./keystone-catalog.ts";
import { credentialRoutes } from "./keystone-credentials.ts";
import { DOMAIN, tokenRoutes } from "./keystone-tokens.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxService } from "./service.ts";

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
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

function lookups(world: World): Readonly<Record<string, Handle>> {
  const projects: Handle = (request) => ({
    status: 200,
    body: {
      projects: world.projects.filter((one) => one.id === request.project).map((one) => projectView(request, one)),
      links: { next: null, self: `${rootOf(request, "identity")}${request.path}`, previous: null },
    },
  });
  const forbidden = (action: string) =>
    new Fault(403, `You are not authorized to perform the requested action: ${action}.`);
  return {
    "GET /v3/auth/projects": projects,
    "GET /v3/users/:user/projects": projects,
    "GET /v3/auth/catalog": (request) => ({ status: 200, body: { catalog: catalogOf(request, world.options.absent) } }),
    "GET /v3/projects/:id": (request, { id = "" }) => {
      const found = world.projects.find((one) => one.id === id);
      if (found === undefined || (id !== request.project && !request.roles.includes("admin")))
        throw forbidden("identity:get_project");
      return { status: 200, body: { project: projectView(request, found) } };
    },
    "GET /v3/users/:id": (request, { id = "" }) => {
      const found = world.users.find((one) => one.id === id);
      if (found === undefined || (id !== request.user && !request.roles.includes("admin")))
        throw forbidden("identity:get_user");
      const user = {
        id,
        name: found.name,
        domain_id: DOMAIN.id,
        enabled: true,
        password_expires_at: null,
        options: {},
      };
      return { status: 200, body: { user } };
    },
  };
}

function versions(): Readonly<Record<string, Handle>> {
  const version = (request: SandboxRequest) => ({
    id: "v3.14",
    status: "stable",
    updated: "2020-04-07T00:00:00Z",
    links: [{ rel: "self", href: `${rootOf(request, "identity")}/v3/` }],
    "media-types": [{ base: "application/json", type: "application/vnd.openstack.identity-v3+json" }],
  });
  return {
    "GET /": (request) => ({ status: 300, body: { versions: { values: [version(request)] } } }),
    "GET /v3": (request) => ({ status: 200, body: { version: version(request) } }),
  };
}

/** Identity: tokens by password and application credential, the catalog, application credentials and their access rules. */
export function keystone(world: World): SandboxService {
  return {
    type: "identity",
    name: "keystone",
    fault: (fault) =>
      fault.type === "HTTPNotFound"
        ? "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
        : { error: { code: fault.status, message: fault.message, title: TITLES[fault.status] ?? "Error" } },
    routes: {
      ...versions(),
      ...tokenRoutes(world),
      ...lookups(world),
      ...credentialRoutes(world),
    },
  };
}
