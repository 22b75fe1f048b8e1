import { assert } from "../../shared/assert.ts";
import { isAdmin, type World } from "./core.ts";
import { jsonAt, numberAt } from "./json.ts";
import { born, routesOf } from "./neutron-collection.ts";
import { about, has } from "./neutron-extensions.ts";
import { floatingIps } from "./neutron-floating-ips.ts";
import { networks, OPEN } from "./neutron-networks.ts";
import { ports } from "./neutron-port-requests.ts";
import { interfaceRoutes } from "./neutron-router-interfaces.ts";
import { routers } from "./neutron-routers.ts";
import { defaultGroup, securityGroups } from "./neutron-security.ts";
import { securityRules } from "./neutron-security-rules.ts";
import { subnets } from "./neutron-subnets.ts";
import { taggedRoutesOf } from "./neutron-tags.ts";
import { trunkRoutes } from "./neutron-trunks.ts";
import { deed } from "./policy.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxService } from "./service.ts";
import { webobOf } from "./webob.ts";

const LIMITS = {
  network: 20,
  subnet: 20,
  port: 200,
  router: 10,
  floatingip: 10,
  security_group: 20,
  security_group_rule: 200,
  trunk: 10,
};
/** What clusters don't use. */
const UNUSED = ["rbac_policy", "subnetpool"].map((resource) => ({ resource, limit: 10, used: 0 }));
const TABLES: Readonly<Record<string, string>> = {
  floatingip: "floating-ip",
  security_group: "security-group",
  security_group_rule: "security-group-rule",
};
/** The external network that every project sees: the one that the lab has. */
function seed(world: World): void {
  const admin = world.projects.find((one) => one.name === "admin");
  assert(admin !== undefined, "the admin project holds what is shared");
  const labels = { project_id: admin.id, description: "", ...born(world) };
  const network = networks(world).table.add({
    id: world.uuid(),
    name: "public",
    external: true,
    mtu: 1500,
    settings: OPEN,
    status: "ACTIVE",
    ...labels,
  });
  subnets(world).table.add({
    id: world.uuid(),
    name: "public-subnet",
    network_id: network.id,
    cidr: "203.0.113.0/24",
    gateway_ip: "203.0.113.1",
    enable_dhcp: false,
    pools: [{ start: "203.0.113.10", end: "203.0.113.250" }],
    dns_nameservers: [],
    host_routes: [],
    ...labels,
  });
  for (const project of world.projects) defaultGroup(world, project.id);
}

/** How the door's own faults read here. */
const DOOR: Readonly<Record<string, string>> = {
  "Expecting to find valid JSON in request body.": "Body contains invalid data",
  "The method is not allowed for this resource.":
    "The server could not comply with the request since it is either malformed or otherwise incorrect.",
};

const disallowed = (rule: string) => new Fault(403, `rule:${rule} is disallowed by policy`, "PolicyNotAuthorized");

function quotaRoutes(world: World): Readonly<Record<string, Handle>> {
  const path = "/v2.0/quotas/:project";
  const theirs = (request: SandboxRequest, project: string) => project !== request.project && !isAdmin(request);
  const limits = (project: string) => ({
    quota: Object.fromEntries(world.quotas.of(project, "network").map((quota) => [quota.resource, quota.limit])),
  });
  return {
    [`GET ${path}`]: (request, { project = "" }) => {
      if (theirs(request, project)) throw disallowed("get_quota");
      return { status: 200, body: limits(project) };
    },
    [`GET ${path}/details`]: (request, { project = "" }) => {
      if (!has(world, "quota_details")) throw new Fault(404, "The resource could not be found.", "HTTPNotFound");
      if (theirs(request, project)) {
        const why = "Only admin is authorized to access quotas for another project.";
        throw new Fault(403, `User does not have admin privileges: ${why}`, "AdminRequired");
      }
      const details = [...world.quotas.of(project, "network"), ...UNUSED].map(
        ({ resource, limit, used }) => [resource, { limit, used, reserved: 0 }] as const,
      );
      return { status: 200, body: { quota: Object.fromEntries(details) } };
    },
    [`PUT ${path}`]: (request, { project = "" }) => {
      if (!isAdmin(request)) throw disallowed("update_quota");
      for (const resource of Object.keys(LIMITS)) {
        const limit = numberAt(jsonAt(request.body, "quota"), resource);
        if (limit !== undefined) world.quotas.set(project, "network", resource, limit);
      }
      return { status: 200, body: limits(project) };
    },
    [`DELETE ${path}`]: (request, { project = "" }) => {
      if (!isAdmin(request)) throw disallowed("delete_quota");
      for (const [resource, limit] of Object.entries(LIMITS)) world.quotas.set(project, "network", resource, limit);
      return { status: 204 };
    },
  };
}

/** Networking: what a cluster's nodes are wired with, and one external network for all projects. */
export function neutron(world: World): SandboxService {
  world.quotas.define(
    "network",
    LIMITS,
    (project, resource) => world.table(TABLES[resource] ?? resource).all(project).length,
  );
  seed(world);
  return {
    type: "network",
    name: "neutron",
    fault: (fault) =>
      fault.type === "ExtensionNotFound"
        ? webobOf(fault, "The resource could not be found.")
        : {
            NeutronError: {
              type: fault.type || "HTTPInternalServerError",
              message: DOOR[fault.message] ?? fault.message,
              detail: "",
            },
          },
    toReader(method, path) {
      const asked = deed(method, path);
      return asked === undefined ? undefined : disallowed(`${asked.verb}_${asked.one}`);
    },
    routes: {
      ...about(world),
      ...quotaRoutes(world),
      ...taggedRoutesOf(world, networks(world)),
      ...taggedRoutesOf(world, subnets(world)),
      ...taggedRoutesOf(world, ports(world)),
      ...taggedRoutesOf(world, routers(world)),
      ...interfaceRoutes(world),
      ...taggedRoutesOf(world, securityGroups(world)),
      ...routesOf(world, securityRules(world)),
      ...taggedRoutesOf(world, floatingIps(world)),
      ...(has(world, "trunk") ? trunkRoutes(world) : {}),
    },
  };
}
