import { isAdmin, type World } from "./core.ts";
import type { Json } from "./json.ts";
import { atLeast } from "./microversion.ts";
import { type Flavor, groupTable, membersOf, type ServerGroup, serverTable } from "./nova-model.ts";
import { notAllowed } from "./nova-schema.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const LIMITS = {
  cores: 4000,
  instances: 1000,
  key_pairs: 1000,
  metadata_items: 1024,
  ram: 8_000_000,
  server_group_members: 1000,
  server_groups: 1000,
};
/** Neutron's affairs, which Nova stopped speaking of in 2.36. */
const OF_NETWORK = { fixed_ips: -1, floating_ips: -1, security_group_rules: -1, security_groups: -1 };
/** Personality, gone since 2.57. */
const OF_FILES = { injected_file_content_bytes: 10_240, injected_file_path_bytes: 255, injected_files: 5 };

/** Key pairs and the members of one group are a user's and a group's: a project's usage of them is always 0. */
export function defineQuota(world: World): void {
  world.quotas.define("compute", LIMITS, (project, resource) => {
    const servers = serverTable(world)
      .all(project)
      .filter((server) => server.status !== "DELETED");
    const sum = (of: (flavor: Flavor) => number) => servers.reduce((total, { flavor }) => total + of(flavor), 0);
    switch (resource) {
      case "instances":
        return servers.length;
      case "cores":
        return sum((flavor) => flavor.vcpus);
      case "ram":
        return sum((flavor) => flavor.ram);
      case "server_groups":
        return groupTable(world).all(project).length;
      default:
        return 0;
    }
  });
}

/** 403 if a server of this flavor is too much, with all that it is too much for. */
export function roomForServer(world: World, project: string, flavor: Flavor, group: ServerGroup | undefined): void {
  const asked = { cores: flavor.vcpus, instances: 1, ram: flavor.ram };
  const over = Object.entries(asked).filter(
    ([resource, more]) => !world.quotas.fits(project, "compute", resource, more),
  );
  if (over.length > 0) {
    const list = (of: (resource: string) => unknown) => over.map(([resource]) => String(of(resource))).join(", ");
    const names = list((resource) => resource);
    const used = list((resource) => world.quotas.used(project, "compute", resource));
    const limits = list((resource) => world.quotas.limit(project, "compute", resource));
    const requested = over.map(([, more]) => more).join(", ");
    const text = `Quota exceeded for ${names}: Requested ${requested}, but already used ${used} of ${limits} ${names}`;
    throw new Fault(403, text);
  }
  const most = world.quotas.limit(project, "compute", "server_group_members");
  if (group !== undefined && most >= 0 && membersOf(world, group.id).length >= most)
    throw new Fault(403, "Quota exceeded, too many servers in group");
}

const fixed = (request: SandboxRequest): Readonly<Record<string, number>> => ({
  ...(atLeast(request, "2.36") ? {} : OF_NETWORK),
  ...(atLeast(request, "2.57") ? {} : OF_FILES),
});

const sorted = (id: string, values: Json): Json => ({
  quota_set: { id, ...Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))) },
});

function limitsOf(world: World, request: SandboxRequest, project: string): Json {
  const limit = (resource: string) => world.quotas.limit(project, "compute", resource);
  const used = (resource: string) => world.quotas.used(project, "compute", resource);
  return {
    maxTotalInstances: limit("instances"),
    maxTotalCores: limit("cores"),
    maxTotalRAMSize: limit("ram"),
    maxServerMeta: limit("metadata_items"),
    ...(atLeast(request, "2.39") ? {} : { maxImageMeta: limit("metadata_items") }),
    ...(atLeast(request, "2.57") ? {} : { maxPersonality: 5, maxPersonalitySize: 10_240 }),
    maxTotalKeypairs: limit("key_pairs"),
    maxServerGroups: limit("server_groups"),
    maxServerGroupMembers: limit("server_group_members"),
    ...(atLeast(request, "2.36") ? {} : { maxTotalFloatingIps: -1, maxSecurityGroups: -1, maxSecurityGroupRules: -1 }),
    totalRAMUsed: used("ram"),
    totalCoresUsed: used("cores"),
    totalInstancesUsed: used("instances"),
    ...(atLeast(request, "2.36") ? {} : { totalFloatingIpsUsed: 0, totalSecurityGroupsUsed: 0 }),
    totalServerGroupsUsed: used("server_groups"),
  };
}

export function quotaRoutes(world: World): Readonly<Record<string, Handle>> {
  const mayRead = (request: SandboxRequest, project: string, policy: string) => {
    if (project !== request.project && !isAdmin(request)) throw notAllowed(policy);
  };
  return {
    "GET /v2.1/os-quota-sets/:project": (request, { project = "" }) => {
      mayRead(request, project, "os-quota-sets:show");
      const own = world.quotas.of(project, "compute").map((quota) => [quota.resource, quota.limit]);
      return { status: 200, body: sorted(project, { ...fixed(request), ...Object.fromEntries(own) }) };
    },
    "GET /v2.1/os-quota-sets/:project/defaults": (request, { project = "" }) => ({
      status: 200,
      body: sorted(project, { ...fixed(request), ...LIMITS }),
    }),
    "GET /v2.1/os-quota-sets/:project/detail": (request, { project = "" }) => {
      mayRead(request, project, "os-quota-sets:detail");
      const detail = (limit: number, in_use = 0) => ({ limit, in_use, reserved: 0 });
      const others = Object.entries(fixed(request)).map(([resource, limit]) => [resource, detail(limit)] as const);
      const own = world.quotas
        .of(project, "compute")
        .map(({ resource, limit, used }) => [resource, detail(limit, used)] as const);
      return { status: 200, body: sorted(project, Object.fromEntries([...others, ...own])) };
    },
    "PUT /v2.1/os-quota-sets/:project": (request) => {
      // An operator of the sandbox sets quotas from outside.
      throw isAdmin(request)
        ? new Fault(501, "The sandbox sets quotas from outside")
        : notAllowed("os-quota-sets:update");
    },
    "GET /v2.1/limits": (request) => {
      const project = request.query.get("tenant_id") ?? request.project;
      mayRead(request, project, "limits:other_project");
      return { status: 200, body: { limits: { rate: [], absolute: limitsOf(world, request, project) } } };
    },
  };
}
