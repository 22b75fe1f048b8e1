import { rootOf, type World } from "./core.ts";
import { builder } from "./nova-build.ts";
import { flavorRoutes, flavorsOf } from "./nova-flavors.ts";
import { keyPairRoutes } from "./nova-keypairs.ts";
import { defineQuota, quotaRoutes } from "./nova-quota.ts";
import { notAllowed } from "./nova-schema.ts";
import { serverChangeRoutes } from "./nova-server-changes.ts";
import { groupRoutes } from "./nova-server-groups.ts";
import { serverPartRoutes } from "./nova-server-parts.ts";
import { serverRoutes } from "./nova-servers.ts";
import { attachmentRoutes } from "./nova-volumes.ts";
import { deed } from "./policy.ts";
import type { Fault, Handle, SandboxRequest, SandboxService } from "./service.ts";
import { webobOf } from "./webob.ts";

const MICROVERSIONS = { header: "openstack-api-version", min: "2.1", max: "2.100" };
const NAMES: Readonly<Record<number, string>> = {
  400: "badRequest",
  401: "unauthorized",
  403: "forbidden",
  404: "itemNotFound",
  405: "badMethod",
  409: "conflictingRequest",
  413: "overLimit",
  429: "overLimit",
  501: "notImplemented",
  503: "serviceUnavailable",
};
/** The router's own answers, and its texts for bodies that it cannot read. */
const fault = (wrong: Fault): unknown => {
  const { status, message, type } = wrong;
  if (type === "HTTPNotFound") return webobOf(wrong);
  const text = type === "HTTPBadRequest" ? "Malformed request body" : message;
  return { [NAMES[status] ?? "computeFault"]: { code: status, message: text } };
};

function versions(): Readonly<Record<string, Handle>> {
  const self = (request: SandboxRequest, path: string) => ({
    rel: "self",
    href: `${rootOf(request, "compute")}/${path}/`,
  });
  const legacy = (request: SandboxRequest) => ({
    id: "v2.0",
    status: "SUPPORTED",
    version: "",
    min_version: "",
    updated: "2011-01-21T11:33:21Z",
    links: [self(request, "v2")],
  });
  const current = (request: SandboxRequest) => ({
    id: "v2.1",
    status: "CURRENT",
    version: MICROVERSIONS.max,
    min_version: MICROVERSIONS.min,
    updated: "2013-07-23T11:33:21Z",
    links: [self(request, "v2.1")],
  });
  return {
    "GET /": (request) => ({ status: 200, body: { versions: [legacy(request), current(request)] } }),
    "GET /v2.1": (request) => {
      const version = current(request);
      const docs = { rel: "describedby", type: "text/html", href: "http://docs.openstack.org/" };
      const media = { base: "application/json", type: "application/vnd.openstack.compute+json;version=2.1" };
      const body = { version: { ...version, links: [...version.links, docs], "media-types": [media] } };
      return { status: 200, body };
    },
  };
}

/** Compute: servers that are built one at a time on each host, groups that keep them apart, and what limits them. */
export function nova(world: World): SandboxService {
  const flavors = flavorsOf(world);
  const build = builder(world);
  defineQuota(world);
  return {
    type: "compute",
    name: "nova",
    microversions: MICROVERSIONS,
    fault,
    toReader(method, path) {
      const asked = deed(method, path);
      return asked === undefined ? undefined : notAllowed(`${asked.many}:${asked.verb}`);
    },
    routes: {
      ...versions(),
      ...serverRoutes(world, flavors, build),
      ...serverPartRoutes(world),
      ...serverChangeRoutes(world),
      ...keyPairRoutes(world),
      ...attachmentRoutes(world),
      ...groupRoutes(world),
      ...flavorRoutes(world, flavors),
      ...quotaRoutes(world),
    },
  };
}
