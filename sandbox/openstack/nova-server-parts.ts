import { rootOf, scopeOf, type World } from "./core.ts";
import { textsAt } from "./json.ts";
import { atLeast } from "./microversion.ts";
import { type Server, serverTable, tagsOf } from "./nova-model.ts";
import { portsOf } from "./nova-ports.ts";
import { notAllowed, object, TAGS_MAX, tags } from "./nova-schema.ts";
import { findServer } from "./nova-servers.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

/** States in which the tags of a server may be changed. */
const STEADY = ["active", "paused", "suspended", "stopped"];
const TAGS = object({ tags }, ["tags"]);

function interfaceRoutes(world: World): Readonly<Record<string, Handle>> {
  return {
    "GET /v2.1/servers/:id/os-interface": (request, { id = "" }) => {
      const interfaceAttachments = portsOf(world, findServer(world, request, id)).map((port) => ({
        net_id: port.network_id,
        port_id: port.id,
        mac_addr: port.mac_address,
        port_state: port.status,
        fixed_ips: port.fixed_ips,
        ...(atLeast(request, "2.70") ? { tag: null } : {}),
      }));
      return { status: 200, body: { interfaceAttachments } };
    },
    "GET /v2.1/servers/:id/metadata": (request, { id = "" }) => ({
      status: 200,
      body: { metadata: findServer(world, request, id).metadata },
    }),
    "GET /v2.1/servers/:id/metadata/:key": (request, { id = "", key = "" }) => {
      const value = new Map(Object.entries(findServer(world, request, id).metadata)).get(key);
      if (value === undefined) throw new Fault(404, "Metadata item was not found");
      return { status: 200, body: { meta: { [key]: value } } };
    },
  };
}

/** Tags came with 2.26. Unlike all else of a server, those of a stranger are known to be there. */
function tagRoutes(world: World): Readonly<Record<string, Handle>> {
  const find = (request: SandboxRequest, id: string, action: string): Server => {
    if (!atLeast(request, "2.26")) throw new Fault(404, "The resource could not be found.");
    if (serverTable(world).get(id) === undefined) throw new Fault(404, `Instance ${id} has no mapping to a cell.`);
    const server = serverTable(world).get(id, scopeOf(request));
    if (server === undefined) throw notAllowed(`os-server-tags:${action}`);
    return server;
  };
  const change = (request: SandboxRequest, id: string, action: string, what: string): Server => {
    const server = find(request, id, action);
    if (STEADY.includes(server.vm_state)) return server;
    throw new Fault(409, `Cannot '${what}' instance ${id} while it is in vm_state ${server.vm_state}`);
  };
  return {
    "GET /v2.1/servers/:id/tags": (request, { id = "" }) => ({
      status: 200,
      body: { tags: find(request, id, "index").tags },
    }),
    "GET /v2.1/servers/:id/tags/:tag": (request, { id = "", tag = "" }) => {
      if (find(request, id, "show").tags.includes(tag)) return { status: 204 };
      throw new Fault(404, `Server ${id} has no tag '${tag}'`);
    },
    "PUT /v2.1/servers/:id/tags": (request, { id = "" }) => {
      TAGS(request.body);
      const server = change(request, id, "update_all", "update tags");
      server.tags = tagsOf(textsAt(request.body, "tags") ?? []);
      return { status: 200, body: { tags: server.tags } };
    },
    "PUT /v2.1/servers/:id/tags/:tag": (request, { id = "", tag = "" }) => {
      const server = change(request, id, "update", "update tag");
      if (server.tags.includes(tag)) return { status: 204 };
      if (server.tags.length >= TAGS_MAX)
        throw new Fault(400, `The number of tags exceeded the per-server limit ${TAGS_MAX}`);
      server.tags = tagsOf([...server.tags, tag]);
      return { status: 201, headers: { location: `${rootOf(request, "compute")}/v2.1/servers/${id}/tags/${tag}` } };
    },
    "DELETE /v2.1/servers/:id/tags": (request, { id = "" }) => {
      change(request, id, "delete_all", "delete tags").tags = [];
      return { status: 204 };
    },
    "DELETE /v2.1/servers/:id/tags/:tag": (request, { id = "", tag = "" }) => {
      const server = change(request, id, "delete", "delete tag");
      if (!server.tags.includes(tag)) throw new Fault(404, `Instance ${id} has no tag '${tag}'`);
      server.tags = server.tags.filter((one) => one !== tag);
      return { status: 204 };
    },
  };
}

/** What belongs to one server: its interfaces, metadata and tags. */
export const serverPartRoutes = (world: World): Readonly<Record<string, Handle>> => ({
  ...interfaceRoutes(world),
  ...tagRoutes(world),
});
