import { snapshotsOf, volumesOf } from "./cinder-model.ts";
import { snapshotRoutes } from "./cinder-snapshots.ts";
import { volumeRoutes } from "./cinder-volumes.ts";
import { isAdmin, rootOf, type World } from "./core.ts";
import { deed } from "./policy.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxService } from "./service.ts";
import { webobOf } from "./webob.ts";

const SERVICE = "block-storage";
/** Cinder's own defaults. */
const LIMITS = { volumes: 10, snapshots: 10, gigabytes: 1000 };
const NAMES: Readonly<Record<number, string>> = {
  400: "badRequest",
  401: "unauthorized",
  403: "forbidden",
  404: "itemNotFound",
  413: "overLimit",
  503: "serviceUnavailable",
};

function fault({ status, message, type, retryAfterSeconds }: Fault): unknown {
  if (type === "HTTPNotFound") return webobOf({ status, message });
  const more = status === 413 ? { retryAfter: String(retryAfterSeconds ?? 0) } : {};
  return { [NAMES[status] ?? "computeFault"]: { code: status, message, ...more } };
}

const version = (request: SandboxRequest) => ({
  id: "v3.0",
  status: "CURRENT",
  version: "3.71",
  min_version: "3.0",
  updated: "2025-01-01T00:00:00Z",
  links: [{ rel: "self", href: `${rootOf(request, SERVICE)}/v3/` }],
  "media-types": [{ base: "application/json", type: "application/vnd.openstack.volume+json;version=3" }],
});

function defineQuota(world: World): Readonly<Record<string, Handle>> {
  world.quotas.define(SERVICE, LIMITS, (project, resource) => {
    const volumes = volumesOf(world).all(project);
    const snapshots = snapshotsOf(world).all(project);
    if (resource === "gigabytes") return [...volumes, ...snapshots].reduce((sum, one) => sum + one.size, 0);
    return (resource === "volumes" ? volumes : snapshots).length;
  });
  return {
    "GET /v3/os-quota-sets/:project": (request, { project = "" }) => {
      if (project !== request.project && !isAdmin(request))
        throw new Fault(403, "Policy doesn't allow volume_extension:quotas:show to be performed.");
      const usage = request.query.get("usage")?.toLowerCase() === "true";
      const set = world.quotas.of(project, SERVICE).map(({ resource, limit, used }) => {
        return [resource, usage ? { limit, in_use: used, reserved: 0, allocated: 0 } : limit] as const;
      });
      return { status: 200, body: { quota_set: { id: project, ...Object.fromEntries(set) } } };
    },
  };
}

/**
 * Block storage, as far as clusters and their CSI driver use it: volumes, snapshots, quotas, and by way of Nova attachments
 * (nova-volumes.ts). Written after Cinder's API reference and sources alone: the lab has no Cinder, so that unlike its
 * neighbours this one was never compared with a real one. It speaks 3.0 without later microversions.
 */
export function cinder(world: World): SandboxService {
  return {
    type: SERVICE,
    name: "cinder",
    fault,
    toReader(method, path) {
      const asked = deed(method, path);
      return asked === undefined
        ? undefined
        : new Fault(403, `Policy doesn't allow volume:${asked.verb} to be performed.`);
    },
    routes: {
      "GET /": (request) => ({ status: 300, body: { versions: [version(request)] } }),
      "GET /v3": (request) => ({ status: 200, body: { versions: [version(request)] } }),
      ...volumeRoutes(world),
      ...snapshotRoutes(world),
      ...defineQuota(world),
    },
  };
}
