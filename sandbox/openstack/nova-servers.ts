import { rootOf, scopeOf, type World } from "./core.ts";
import { isJson, jsonAt, listAt, textAt } from "./json.ts";
import type { Builder } from "./nova-build.ts";
import { createServer } from "./nova-create.ts";
import { listedServers } from "./nova-list.ts";
import { type Flavor, linksTo, type Server, serverTable } from "./nova-model.ts";
import { all, bad, object, oneOf, pageOf, rule, type Schema, string } from "./nova-schema.ts";
import { serverView } from "./nova-view.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxResponse } from "./service.ts";

const CONSOLE = "FAKE CONSOLE OUTPUT\nANOTHER\nLAST LINE";
const PASSWORD_LENGTH = 12;

const missing = (id: string): Fault => new Fault(404, `Instance ${id} could not be found.`);

export function findServer(world: World, request: SandboxRequest, id: string): Server {
  const server = serverTable(world).get(id, scopeOf(request));
  if (server === undefined) throw missing(id);
  return server;
}

const LENGTH: Schema = all(
  rule(
    (value) => value === null || ["number", "string"].includes(typeof value),
    "is not of type 'integer', 'string', 'null'",
  ),
  rule((value) => typeof value !== "string" || /^-?[0-9]+$/.test(value), "does not match '^-?[0-9]+$'"),
);
const OUTPUT = object({ "os-getConsoleOutput": object({ length: LENGTH }) }, ["os-getConsoleOutput"]);

const notReady = (server: Server): Fault => new Fault(409, `Instance ${server.id} is not ready`);

function power(build: Builder, server: Server, on: boolean): SandboxResponse {
  const what = `Cannot '${on ? "start" : "stop"}' instance ${server.id} while it is in`;
  const from = on ? "stopped" : "active";
  if (server.task_state === "scheduling") throw missing(server.id);
  if (server.host === undefined) throw notReady(server);
  if (server.vm_state !== from) throw new Fault(409, `${what} vm_state ${server.vm_state}`);
  if (server.task_state !== null) throw new Fault(409, `${what} task_state ${server.task_state}`);
  build.power(server, on);
  return { status: 202 };
}

const KINDS = ["HARD", "Hard", "hard", "SOFT", "Soft", "soft"];
const REBOOT = object({ reboot: object({ type: all(string, oneOf(KINDS)) }, ["type"]) }, ["reboot"]);

/** Soft ones are for what runs; hard ones bring back what stands still too. */
function reboot(build: Builder, server: Server, request: SandboxRequest): SandboxResponse {
  REBOOT(request.body);
  const soft = textAt(jsonAt(request.body, "reboot"), "type")?.toLowerCase() === "soft";
  const what = `Cannot 'reboot' instance ${server.id} while it is in`;
  const from = soft ? ["active"] : ["active", "stopped", "paused", "suspended", "error"];
  if (!from.includes(server.vm_state)) throw new Fault(409, `${what} vm_state ${server.vm_state}`);
  if (server.task_state !== null && soft) throw new Fault(409, `${what} task_state ${server.task_state}`);
  build.reboot(server, soft);
  return { status: 202 };
}

/** The last lines that were asked for. A machine that nothing runs on says what the hypervisor's stand-in says. */
function consoleOf(world: World, server: Server, request: SandboxRequest): string {
  const asked = isJson(request.body) ? request.body["os-getConsoleOutput"] : undefined;
  const length = isJson(asked) ? Number(asked["length"] ?? Number.NaN) : Number.NaN;
  const lines = world.machines.console(server.id);
  if (lines.length === 0) return CONSOLE;
  return `${(Number.isNaN(length) ? lines : lines.slice(-length)).join("\n")}\n`;
}

function act(world: World, request: SandboxRequest, build: Builder, server: Server): SandboxResponse {
  const [action, ...others] = Object.keys(isJson(request.body) ? request.body : {});
  if (action === undefined || others.length > 0) throw bad("Malformed request body");
  switch (action) {
    case "os-getConsoleOutput": {
      OUTPUT(request.body);
      if (server.host === undefined) throw notReady(server);
      return { status: 200, body: { output: consoleOf(world, server, request) } };
    }
    case "reboot":
      return reboot(build, server, request);
    case "os-start":
    case "os-stop":
      return power(build, server, action === "os-start");
    default:
      throw bad(`There is no such action: ${action}`);
  }
}

export function serverRoutes(
  world: World,
  flavors: readonly Flavor[],
  build: Builder,
): Readonly<Record<string, Handle>> {
  const list = (request: SandboxRequest, policy: "index" | "detail", view: (server: Server) => unknown) => {
    const url = `${rootOf(request, "compute")}/v2.1/servers${policy === "detail" ? "/detail" : ""}`;
    const rows = listedServers(world, request, policy);
    return { status: 200, body: pageOf(request, rows, world.options.pageSize, { key: "servers", url, view }) };
  };
  return {
    "GET /v2.1/servers": (request) =>
      list(request, "index", ({ id, name }) => ({ id, name, links: linksTo(request, `servers/${id}`) })),
    "GET /v2.1/servers/detail": (request) => list(request, "detail", (server) => serverView(world, request, server)),
    "POST /v2.1/servers": (request) => {
      const server = createServer(world, flavors, request);
      build.build(server);
      const asked = jsonAt(request.body, "server");
      const groups = (listAt(asked, "security_groups") ?? []).flatMap((one) => textAt(one, "name") ?? []);
      const links = linksTo(request, `servers/${server.id}`);
      const made = {
        id: server.id,
        links,
        "OS-DCF:diskConfig": textAt(asked, "OS-DCF:diskConfig") ?? "MANUAL",
        security_groups: (groups.length === 0 ? ["default"] : groups).map((name) => ({ name })),
        adminPass: textAt(asked, "adminPass") ?? world.hex().slice(0, PASSWORD_LENGTH),
      };
      return { status: 202, body: { server: made }, headers: { location: links[0]?.href ?? "" } };
    },
    "GET /v2.1/servers/:id": (request, { id = "" }) => ({
      status: 200,
      body: { server: serverView(world, request, findServer(world, request, id), true) },
    }),
    "DELETE /v2.1/servers/:id": (request, { id = "" }) => {
      build.remove(findServer(world, request, id));
      return { status: 204 };
    },
    "POST /v2.1/servers/:id/action": (request, { id = "" }) =>
      act(world, request, build, findServer(world, request, id)),
  };
}
