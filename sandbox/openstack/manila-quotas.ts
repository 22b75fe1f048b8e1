import { isAdmin, type World } from "./core.ts";
import { type Json, jsonAt } from "./json.ts";
import { bad, denied, from, since } from "./manila-common.ts";
import { shareNetworks } from "./manila-networks.ts";
import { sharesOf } from "./manila-shares.ts";
import type { Handle, SandboxRequest } from "./service.ts";

const SERVICE = "shared-file-system";
/** The lab's. */
const LIMITS = {
  shares: 10_000,
  gigabytes: 10_000_000,
  snapshots: 10_000,
  snapshot_gigabytes: 10_000_000,
  share_networks: 1000,
  share_groups: 50,
  share_group_snapshots: 50,
  share_replicas: 100,
  replica_gigabytes: 1000,
  per_share_gigabytes: -1,
  backups: 10,
  backup_gigabytes: 1000,
};
const RESOURCES = Object.keys(LIMITS);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export function defineQuota(world: World): void {
  world.quotas.define(SERVICE, LIMITS, (project, resource) => {
    if (resource === "shares") return sharesOf(world).all(project).length;
    if (resource === "gigabytes")
      return sum(
        sharesOf(world)
          .all(project)
          .map((share) => share.wanted),
      );
    return resource === "share_networks" ? shareNetworks(world).all(project).length : 0;
  });
}

function usage(world: World, project: string, resource: string): Json {
  const grows =
    resource === "gigabytes"
      ? sharesOf(world)
          .all(project)
          .map((one) => one.wanted - one.size)
      : [];
  const reserved = sum(grows);
  const limit = world.quotas.limit(project, SERVICE, resource);
  return { limit, in_use: world.quotas.used(project, SERVICE, resource) - reserved, reserved };
}

function quotaSet(request: SandboxRequest, of: (resource: string) => unknown, project?: string): Json {
  const some = (...resources: readonly string[]) => Object.fromEntries(resources.map((one) => [one, of(one)]));
  return {
    ...some("shares", "gigabytes", "snapshots", "snapshot_gigabytes"),
    ...(project === undefined ? {} : { id: project }),
    ...some("share_networks"),
    ...since(request, "2.40", some("share_groups", "share_group_snapshots")),
    ...since(request, "2.53", some("share_replicas", "replica_gigabytes")),
    ...since(request, "2.62", some("per_share_gigabytes")),
    ...since(request, "2.80", some("backups", "backup_gigabytes")),
  };
}

function change(world: World, request: SandboxRequest, project: string): void {
  const asked = jsonAt(request.body, "quota_set") ?? {};
  if (!RESOURCES.some((resource) => (asked[resource] ?? null) !== null))
    throw bad("Must supply at least one quota field to update.");
  const strange = Object.keys(asked).filter((key) => !RESOURCES.includes(key) && key !== "force");
  if (strange.length > 0) throw bad(`Bad key(s) ${strange.join(",")} in quota_set.`);
  const limits: [string, number][] = [];
  for (const resource of RESOURCES.filter((each) => (asked[each] ?? null) !== null)) {
    const limit = Number(asked[resource]);
    if (!Number.isInteger(limit)) throw bad(`Quota '${asked[resource]}' for ${resource} should be integer.`);
    const used = world.quotas.used(project, SERVICE, resource);
    if (limit >= 0 && used > limit && asked["force"] !== true)
      throw bad(`Quota value ${limit} for ${resource} is smaller than already used and reserved ${used}.`);
    if (limit < -1) throw bad("Quota limit must be -1 or greater.");
    limits.push([resource, limit]);
  }
  for (const [resource, limit] of limits) world.quotas.set(project, SERVICE, resource, limit);
}

export function quotaRoutes(world: World): Readonly<Record<string, Handle>> {
  const path = "/v2/quota-sets/:project";
  const read = (version: string, of: (project: string, resource: string) => unknown) =>
    from(version, (request, { project = "" }) => {
      if (project !== request.project && !isAdmin(request)) throw denied();
      return { status: 200, body: { quota_set: quotaSet(request, (resource) => of(project, resource), project) } };
    });
  const admin = (request: SandboxRequest) => {
    if (!isAdmin(request)) throw denied();
  };
  const limit = (project: string, resource: string) => world.quotas.limit(project, SERVICE, resource);
  return {
    [`GET ${path}`]: read("2.7", limit),
    [`GET ${path}/detail`]: read("2.25", (project, resource) => usage(world, project, resource)),
    [`GET ${path}/defaults`]: read("2.7", (_project, resource) => Reflect.get(LIMITS, resource)),
    [`PUT ${path}`]: from("2.7", (request, { project = "" }) => {
      admin(request);
      change(world, request, project);
      return { status: 200, body: { quota_set: quotaSet(request, (resource) => limit(project, resource)) } };
    }),
    [`DELETE ${path}`]: from("2.7", (request, { project = "" }) => {
      admin(request);
      for (const [resource, most] of Object.entries(LIMITS)) world.quotas.set(project, SERVICE, resource, most);
      return { status: 202 };
    }),
  };
}
