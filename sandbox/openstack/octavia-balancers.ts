import { isAdmin, type World } from "./core.ts";
import { type Json, textAt } from "./json.ts";
import { build, demolish } from "./octavia-build.ts";
import { forbidden, inState, invalid, own, room } from "./octavia-faults.ts";
import { BALANCER, BALANCER_CHANGE } from "./octavia-fields.ts";
import { graphOf } from "./octavia-graph.ts";
import { inputOf } from "./octavia-input.ts";
import { fieldsOf, list } from "./octavia-list.ts";
import { labelsOf, rewrite } from "./octavia-new.ts";
import { change, look } from "./octavia-operating.ts";
import { providersOf } from "./octavia-providers.ts";
import { bornOf, type LoadBalancer, listenersOn, poolsOn, type Tables } from "./octavia-rows.ts";
import { balancerView, QUIET, statusTree, wholeView } from "./octavia-views.ts";
import { placeOf, vipPort } from "./octavia-vip.ts";
import { carry } from "./octavia-work.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const PATH = "/v2/lbaas/loadbalancers";
const DEFAULT_PROVIDER = "amphora";

/** Without a project it is the caller's. */
function projectOf(request: SandboxRequest, asked: Json): string {
  const project = textAt(asked, "project_id") ?? textAt(asked, "tenant_id") ?? request.project;
  if (!isAdmin(request) && project !== request.project) throw forbidden();
  return project;
}

function create(world: World, tables: Tables, request: SandboxRequest): LoadBalancer {
  const asked = inputOf(request, "load_balancer", "loadbalancer", BALANCER);
  const project = projectOf(request, asked);
  const place = placeOf(world, request, asked);
  if (textAt(asked, "flavor_id") !== undefined) throw invalid("Invalid flavor_id.");
  if (textAt(asked, "availability_zone") !== undefined) throw invalid("Invalid availability zone.");
  const provider = textAt(asked, "provider") ?? DEFAULT_PROVIDER;
  if (!Object.hasOwn(providersOf(world), provider)) throw new Fault(400, `Provider '${provider}' is not enabled.`);
  room(world, project, "load_balancer");
  const id = world.uuid();
  const port = vipPort(world, provider, id, project, place);
  const lb: LoadBalancer = {
    id,
    project_id: project,
    ...labelsOf(asked),
    ...bornOf(world),
    provider,
    vip_address: port.fixed_ips[0]?.ip_address ?? "",
    vip_port_id: port.id,
    vip_subnet_id: place.subnet.id,
    vip_network_id: place.subnet.network_id,
    ownsPort: port !== place.port,
    vrrpPort: undefined,
    busyUntilMs: world.nowMs(),
    reportedMs: world.nowMs(),
  };
  // What is wrong from here on leaves the VIP's port behind, as the real one does.
  const graph = graphOf(world, lb, asked);
  tables.balancers.add(lb);
  for (const listener of graph.listeners) tables.listeners.add(listener);
  for (const { pool, monitor, members } of graph.pools) {
    tables.pools.add(pool);
    for (const member of members) tables.members.add(member);
    if (monitor !== undefined) tables.monitors.add(monitor);
  }
  build(world, lb, graph);
  return lb;
}

function update(world: World, tables: Tables, request: SandboxRequest, id: string): LoadBalancer {
  const asked = inputOf(request, "load_balancer", "loadbalancer", BALANCER_CHANGE);
  const lb = own(request, tables.balancers, "Load Balancer", id);
  inState(lb, ["ACTIVE"]);
  rewrite(world, lb, asked, BALANCER_CHANGE);
  carry(world, lb, [], [], () => {
    if ("admin_state_up" in asked && lb.provider === "ovn") change(world, lb, "ONLINE");
  });
  return lb;
}

function remove(world: World, tables: Tables, request: SandboxRequest, id: string): void {
  const lb = own(request, tables.balancers, "Load Balancer", id);
  const cascade = /^(1|t|true|on|y|yes)$/i.test(request.query.get("cascade") ?? "");
  const childless = listenersOn(tables, id).length + poolsOn(tables, id).length === 0;
  if (!cascade && !childless) throw invalid(`Cannot delete Load Balancer ${id} - it has children`);
  inState(lb, ["ACTIVE", "ERROR"]);
  demolish(world, lb);
}

export function balancers(world: World, tables: Tables): Readonly<Record<string, Handle>> {
  const seen = (request: SandboxRequest, id: string): LoadBalancer => {
    const lb = own(request, tables.balancers, "Load Balancer", id);
    look(world, tables, lb);
    return lb;
  };
  const view = (lb: LoadBalancer) => balancerView(tables, lb);
  const tree: Handle = (request, { id = "" }) => ({
    status: 200,
    body: { statuses: { loadbalancer: statusTree(tables, seen(request, id)) } },
  });
  return {
    [`GET ${PATH}`]: (request) => {
      const rows = tables.balancers.listed();
      for (const lb of rows) look(world, tables, lb);
      return { status: 200, body: list(world, request, "loadbalancers", rows, view) };
    },
    [`POST ${PATH}`]: (request) => ({
      status: 201,
      body: { loadbalancer: wholeView(tables, create(world, tables, request)) },
    }),
    [`GET ${PATH}/:id`]: (request, { id = "" }) => ({
      status: 200,
      body: { loadbalancer: fieldsOf(request, view(seen(request, id))) },
    }),
    [`PUT ${PATH}/:id`]: (request, { id = "" }) => ({
      status: 200,
      body: { loadbalancer: view(update(world, tables, request, id)) },
    }),
    [`DELETE ${PATH}/:id`]: (request, { id = "" }) => {
      remove(world, tables, request, id);
      return { status: 204 };
    },
    [`GET ${PATH}/:id/stats`]: (request, { id = "" }) => {
      seen(request, id);
      return { status: 200, body: { stats: QUIET } };
    },
    [`PUT ${PATH}/:id/failover`]: (request, { id = "" }) => {
      own(request, tables.balancers, "Load Balancer", id);
      throw forbidden();
    },
    [`GET ${PATH}/:id/status`]: tree,
    [`GET ${PATH}/:id/statuses`]: tree,
  };
}
