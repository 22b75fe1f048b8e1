import { rootOf, type World } from "./core.ts";
import { accessRoutes } from "./manila-access.ts";
import { lifecycle } from "./manila-lifecycle.ts";
import { messagesOf } from "./manila-messages.ts";
import { metadataRoutes } from "./manila-metadata.ts";
import { networkRoutes } from "./manila-networks.ts";
import { defineQuota, quotaRoutes } from "./manila-quotas.ts";
import { shareRoutes } from "./manila-share-routes.ts";
import { seedTypes, typeRoutes } from "./manila-types.ts";
import { deed } from "./policy.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxService } from "./service.ts";
import { webobOf } from "./webob.ts";

const MICROVERSIONS = { header: "x-openstack-manila-api-version", min: "2.0", max: "2.89" };
const NAMES: Readonly<Record<number, string>> = {
  400: "badRequest",
  401: "unauthorized",
  403: "forbidden",
  404: "itemNotFound",
  405: "badMethod",
  409: "conflictingRequest",
  413: "overLimit",
  415: "badMediaType",
  501: "notImplemented",
  503: "serviceUnavailable",
};

function fault({ status, message, type, retryAfterSeconds }: Fault): unknown {
  if (type === "HTTPNotFound") return webobOf({ status, message });
  return {
    [NAMES[status] ?? "computeFault"]: {
      code: status,
      message: type === "HTTPBadRequest" ? "Malformed request body" : message,
      ...(status === 413 ? { retryAfter: String(retryAfterSeconds ?? 0) } : {}),
    },
  };
}

function versions(): Readonly<Record<string, Handle>> {
  const version = (request: SandboxRequest, path: string, numbers: object) => ({
    ...numbers,
    updated: "2015-08-27T11:33:21Z",
    links: [
      { rel: "describedby", type: "text/html", href: "http://docs.openstack.org/" },
      { rel: "self", href: `${rootOf(request, "shared-file-system")}/${path}/` },
    ],
    "media-types": [{ base: "application/json", type: "application/vnd.openstack.share+json;version=1" }],
  });
  const old = { id: "v1.0", status: "DEPRECATED", version: "", min_version: "" };
  const current = { id: "v2.0", status: "CURRENT", version: MICROVERSIONS.max, min_version: MICROVERSIONS.min };
  return {
    "GET /": (request) => ({
      status: 300,
      body: { versions: [version(request, "v1", old), version(request, "v2", current)] },
    }),
    "GET /v2": (request) => ({ status: 200, body: { versions: [version(request, "v2", current)] } }),
  };
}

/** Shared file systems: one share type without share servers, and one whose shares need a share network. */
export function manila(world: World): SandboxService {
  const types = seedTypes(world);
  const messages = messagesOf(world);
  defineQuota(world);
  return {
    type: "shared-file-system",
    name: "manila",
    microversions: MICROVERSIONS,
    fault,
    toReader(method, path) {
      const asked = deed(method, path);
      if (asked === undefined) return undefined;
      return new Fault(403, `Policy doesn't allow ${asked.one}:${asked.verb} to be performed.`);
    },
    routes: {
      ...versions(),
      ...typeRoutes(types),
      ...networkRoutes(world),
      ...shareRoutes(world, types, lifecycle(world, messages)),
      ...metadataRoutes(world),
      ...accessRoutes(world),
      ...quotaRoutes(world),
      ...messages.routes,
    },
  };
}
