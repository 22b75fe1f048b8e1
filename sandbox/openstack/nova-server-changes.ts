import type { World } from "./core.ts";
import { isJson, type Json, jsonAt, textAt } from "./json.ts";
import { atLeast } from "./microversion.ts";
import { HOSTNAME_MAX } from "./nova-create-schema.ts";
import type { Server } from "./nova-model.ts";
import { all, atMost, bad, metadata, name, notEmpty, object, oneOf, rule, string } from "./nova-schema.ts";
import { findServer } from "./nova-servers.ts";
import { addressesOf, serverView } from "./nova-view.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

/** States in which the metadata of a server may be changed. */
const STEADY = ["active", "paused", "suspended", "stopped"];
/** What the answer of a PUT leaves out until 2.75. */
const LEFT_OUT = /^OS-EXT-|^OS-SRV-USG|^os-extended-volumes|^(config_drive|key_name|security_groups)$/;
const ITEM = object({ meta: metadata }, ["meta"]);
const ITEMS = object({ metadata }, ["metadata"]);
const text = rule((value) => value === null || typeof value === "string", "is not of type 'string', 'null'");

/** Only what is about the server itself, without its addresses' own fields. */
function plain(view: Json): Json {
  const entries = Object.entries(view).filter(([key]) => !LEFT_OUT.test(key));
  const { addresses = {}, ...rest } = Object.fromEntries(entries);
  const short = (list: unknown) =>
    (Array.isArray(list) ? list : []).filter(isJson).map(({ version, addr }) => ({ version, addr }));
  const networks = Object.entries(isJson(addresses) ? addresses : {}).map(([key, list]) => [key, short(list)] as const);
  return { ...rest, addresses: Object.fromEntries(networks) };
}

function update(world: World, request: SandboxRequest, id: string): Json {
  const hostname = all(string, notEmpty, atMost(HOSTNAME_MAX));
  const fields = {
    name,
    "OS-DCF:diskConfig": all(string, oneOf(["AUTO", "MANUAL"])),
    accessIPv4: string,
    accessIPv6: string,
    ...(atLeast(request, "2.19") ? { description: all(text, atMost(255)) } : {}),
    ...(atLeast(request, "2.90") ? { hostname } : {}),
  };
  object({ server: object(fields) }, ["server"])(request.body);
  const server = findServer(world, request, id);
  const asked = jsonAt(request.body, "server") ?? {};
  server.name = textAt(asked, "name") ?? server.name;
  if ("description" in asked) server.description = textAt(asked, "description") ?? null;
  server.hostname = textAt(asked, "hostname") ?? server.hostname;
  server.updated_ms = world.nowMs();
  const view = serverView(world, request, server, true);
  return atLeast(request, "2.75") ? view : plain(view);
}

function steady(server: Server, what: string): void {
  const state = STEADY.includes(server.vm_state) ? undefined : `vm_state ${server.vm_state}`;
  const task = server.task_state === null ? undefined : `task_state ${server.task_state}`;
  const why = state ?? task;
  if (why !== undefined) throw new Fault(409, `Cannot '${what} metadata' instance ${server.id} while it is in ${why}`);
}

function metadataRoutes(world: World): Readonly<Record<string, Handle>> {
  const path = "/v2.1/servers/:id/metadata";
  const write = (request: SandboxRequest, id: string, next: (now: Server) => Json): Server => {
    const server = findServer(world, request, id);
    const wanted = next(server);
    steady(server, "update");
    const most = world.quotas.limit(request.project, "compute", "metadata_items");
    if (most >= 0 && Object.keys(wanted).length > most)
      throw new Fault(403, `Maximum number of metadata items exceeds ${most}`);
    server.metadata = Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, String(value)]));
    return server;
  };
  const asked = (request: SandboxRequest) => jsonAt(request.body, "metadata") ?? {};
  return {
    [`POST ${path}`]: (request, { id = "" }) => {
      ITEMS(request.body);
      const server = write(request, id, (now) => ({ ...now.metadata, ...asked(request) }));
      return { status: 200, body: { metadata: server.metadata } };
    },
    [`PUT ${path}`]: (request, { id = "" }) => {
      ITEMS(request.body);
      return { status: 200, body: { metadata: write(request, id, () => asked(request)).metadata } };
    },
    [`PUT ${path}/:key`]: (request, { id = "", key = "" }) => {
      ITEM(request.body);
      const meta = jsonAt(request.body, "meta") ?? {};
      write(request, id, (now) => {
        if (!(key in meta)) throw bad("Request body and URI mismatch");
        return { ...now.metadata, ...meta };
      });
      return { status: 200, body: { meta } };
    },
    [`DELETE ${path}/:key`]: (request, { id = "", key = "" }) => {
      const server = findServer(world, request, id);
      if (!(key in server.metadata)) throw new Fault(404, "Metadata item was not found");
      steady(server, "delete");
      const { [key]: _gone, ...left } = server.metadata;
      server.metadata = left;
      return { status: 204 };
    },
  };
}

/** What of a server can be changed while it is there. */
export const serverChangeRoutes = (world: World): Readonly<Record<string, Handle>> => ({
  ...metadataRoutes(world),
  "PUT /v2.1/servers/:id": (request, { id = "" }) => ({ status: 200, body: { server: update(world, request, id) } }),
  "GET /v2.1/servers/:id/ips": (request, { id = "" }) => {
    const addresses = addressesOf(world, findServer(world, request, id));
    return { status: 200, body: { addresses: jsonAt(plain({ addresses }), "addresses") } };
  },
  "GET /v2.1/servers/:id/ips/:network": (request, { id = "", network = "" }) => {
    const addresses = jsonAt(plain({ addresses: addressesOf(world, findServer(world, request, id)) }), "addresses");
    if (addresses?.[network] === undefined) throw new Fault(404, "Instance is not a member of specified network");
    return { status: 200, body: { [network]: addresses[network] } };
  },
});
