import { isAdmin, scopeOf, type World } from "./core.ts";
import { type Json, jsonAt, textAt, textsAt } from "./json.ts";
import { atLeast } from "./microversion.ts";
import { groupTable, membersOf, type ServerGroup } from "./nova-model.ts";
import { all, array, bad, countAt, integer, name, object, oneOf, rule, type Schema } from "./nova-schema.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const HARD = ["anti-affinity", "affinity"];
const ALL = [...HARD, "soft-anti-affinity", "soft-affinity"];

const one = rule((value) => Array.isArray(value) && value.length > 0, "is too short");

export function findGroup(world: World, request: SandboxRequest, id: string, status = 404): ServerGroup {
  const group = groupTable(world).get(id, scopeOf(request));
  if (group === undefined) throw new Fault(status, `Instance group ${id} could not be found.`);
  return group;
}

/** One policy with rules from 2.64 on, before that a list of policies with metadata that nobody can set. */
function viewOf(world: World, request: SandboxRequest, group: ServerGroup): Json {
  const policy = atLeast(request, "2.64")
    ? { policy: group.policy, rules: group.rules }
    : { policies: [group.policy], metadata: {} };
  return {
    id: group.id,
    name: group.name,
    ...policy,
    members: membersOf(world, group.id).map((server) => server.id),
    ...(atLeast(request, "2.13") ? { project_id: group.project_id, user_id: group.user_id } : {}),
  };
}

function schemaOf(request: SandboxRequest): Schema {
  const policy = oneOf(atLeast(request, "2.15") ? ALL : HARD);
  const group = atLeast(request, "2.64")
    ? object({ name, policy, rules: object({ max_server_per_host: integer("^[0-9]*$", 1) }) }, ["name", "policy"])
    : object({ name, policies: all(array(policy, 1), one) }, ["name", "policies"]);
  return object({ server_group: group }, ["server_group"]);
}

function create(world: World, request: SandboxRequest): ServerGroup {
  schemaOf(request)(request.body);
  const asked = jsonAt(request.body, "server_group");
  const policy = textAt(asked, "policy") ?? textsAt(asked, "policies")?.[0] ?? "";
  const rules = jsonAt(asked, "rules");
  if (rules !== undefined && policy !== "anti-affinity") throw bad("Only anti-affinity policy supports rules.");
  const most = rules?.["max_server_per_host"];
  if (!world.quotas.fits(request.project, "compute", "server_groups"))
    throw new Fault(403, "Quota exceeded, too many server groups.");
  return groupTable(world).add({
    id: world.uuid(),
    project_id: request.project,
    user_id: request.user,
    name: textAt(asked, "name") ?? "",
    policy,
    rules: most === undefined ? {} : { max_server_per_host: Number(most) },
  });
}

/** Groups have neither state nor links, and their listing no markers: `limit` and `offset` move through it. */
export function groupRoutes(world: World): Readonly<Record<string, Handle>> {
  const table = groupTable(world);
  return {
    "GET /v2.1/os-server-groups": (request) => {
      const everyone = isAdmin(request) && request.query.has("all_projects");
      const first = countAt(request, "offset") ?? 0;
      const most = Math.min(countAt(request, "limit") || world.options.pageSize, world.options.pageSize);
      const rows = table.listed(everyone ? undefined : request.project).slice(first, first + most);
      return { status: 200, body: { server_groups: rows.map((row) => viewOf(world, request, row)) } };
    },
    "POST /v2.1/os-server-groups": (request) => ({
      status: 200,
      body: { server_group: viewOf(world, request, create(world, request)) },
    }),
    "GET /v2.1/os-server-groups/:id": (request, { id = "" }) => ({
      status: 200,
      body: { server_group: viewOf(world, request, findGroup(world, request, id)) },
    }),
    "DELETE /v2.1/os-server-groups/:id": (request, { id = "" }) => {
      table.remove(findGroup(world, request, id).id);
      return { status: 204 };
    },
  };
}
