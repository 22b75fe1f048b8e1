import { isAdmin, type World } from "./core.ts";
import { isJson, type Json, textAt } from "./json.ts";
import { bad, both, flag, isOn, once, shown, text, uuid } from "./neutron-attributes.ts";
import { born, type Collection, find, type NeutronRow, relabel, stamps } from "./neutron-collection.ts";
import type { FloatingIp } from "./neutron-floating-ips.ts";
import { networks } from "./neutron-networks.ts";
import { createPort, deletePort, type FixedIp, type Port, ROUTER_INTERFACE } from "./neutron-ports.ts";
import { type ExtraRoute, wantedRoutes } from "./neutron-routes.ts";
import { hostRoutes } from "./neutron-subnet-rules.ts";
import { Fault, type SandboxRequest } from "./service.ts";

export interface Router extends NeutronRow {
  status: string;
  admin_state_up: boolean;
  routes: readonly ExtraRoute[];
  gateway: { readonly network_id: string; readonly port: string; readonly fixed_ips: readonly FixedIp[] } | null;
}

export const interfaces = (world: World, router: string): readonly Port[] =>
  world
    .table<Port>("port")
    .all()
    .filter((port) => port.device_id === router && port.device_owner === ROUTER_INTERFACE);

/** The router that leads from this subnet to this external network. */
export const routerBetween = (world: World, subnetId: string, networkId: string): Router | undefined =>
  world
    .table<Router>("router")
    .all()
    .find(
      (router) =>
        router.gateway?.network_id === networkId &&
        interfaces(world, router.id).some((port) => port.fixed_ips.some((ip) => ip.subnet_id === subnetId)),
    );

export const floatingThrough = (world: World, router: Router): readonly FloatingIp[] =>
  world
    .table<FloatingIp>("floating-ip")
    .all()
    .filter((ip) => ip.router_id === router.id);

function dropGateway(world: World, router: Router): void {
  if (router.gateway !== null && floatingThrough(world, router).length > 0) {
    const why = `since a gateway to external network ${router.gateway.network_id} is required by one or more floating IPs.`;
    const message = `Gateway cannot be updated for router ${router.id}, ${why}`;
    throw new Fault(409, message, "RouterExternalGatewayInUseByFloatingIp");
  }
  if (router.gateway !== null) deletePort(world, router.gateway.port);
  router.gateway = null;
}

const gatewayInfo = (value: unknown): string | undefined => {
  if (value !== null && !isJson(value)) return `'${value}' is not a dictionary.`;
  const [names, network] = [Object.keys(value ?? {}), value?.["network_id"]];
  if (network !== undefined) return uuid(network);
  if (names.length === 0) return undefined;
  const provided = names.map((name) => `'${name}'`).join(", ");
  return `Validation of dictionary's keys failed. Expected keys: {'network_id'} Provided keys: {${provided}}.`;
};

/** The real text names each rule that was asked, in an order of its own. */
const reserved = (name: string) =>
  new Fault(403, `rule:create_router:external_gateway_info:${name} is disallowed by policy`, "PolicyNotAuthorized");

/** `external_gateway_info` of a create or an update: absent leaves it, `{}` or null takes it off. */
function setGateway(world: World, request: SandboxRequest, router: Router, asked: Json): void {
  if (!("external_gateway_info" in asked)) return;
  const info = asked["external_gateway_info"];
  const guarded = ["enable_snat", "external_fixed_ips"].find((name) => isJson(info) && name in info);
  if (guarded !== undefined && !isAdmin(request)) throw reserved(guarded);
  const wanted = textAt(info, "network_id");
  if (wanted === router.gateway?.network_id) return;
  const network = wanted === undefined ? undefined : find(request, networks(world), wanted);
  if (network?.external === false)
    throw bad(`Bad router request: Network ${network.id} is not an external network.`, "BadRequest");
  dropGateway(world, router);
  if (network === undefined) return;
  const port = createPort(world, {
    project: "",
    network: network.id,
    owner: "network:router_gateway",
    device: router.id,
  });
  router.gateway = { network_id: network.id, port: port.id, fixed_ips: port.fixed_ips };
}

export function routers(world: World): Collection<Router> {
  const table = world.table<Router>("router");
  return {
    one: "router",
    many: "routers",
    path: "/routers",
    table,
    attributes: {
      name: both(text()),
      admin_state_up: both(flag),
      external_gateway_info: both(gatewayInfo),
      routes: { put: true, check: hostRoutes },
      ha: { ...both(flag), admin: true },
      availability_zone_hints: once(),
      flavor_id: shown,
    },
    missing: (id) => new Fault(404, `Router ${id} could not be found`, "RouterNotFound"),
    view: (row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      status: row.status,
      admin_state_up: row.admin_state_up,
      external_gateway_info:
        row.gateway === null
          ? null
          : { network_id: row.gateway.network_id, external_fixed_ips: row.gateway.fixed_ips, enable_snat: true },
      external_gateways:
        row.gateway === null ? [] : [{ network_id: row.gateway.network_id, external_fixed_ips: row.gateway.fixed_ips }],
      availability_zone_hints: [],
      availability_zones: [],
      enable_default_route_bfd: false,
      enable_default_route_ecmp: false,
      routes: row.routes,
      flavor_id: null,
      ...stamps(row),
    }),
    create(request, asked) {
      const name = textAt(asked, "name") ?? "";
      const router: Router = {
        id: world.uuid(),
        project_id: request.project,
        name,
        description: textAt(asked, "description") ?? "",
        status: world.faults.broken("router", name) === undefined ? "ACTIVE" : "ERROR",
        admin_state_up: isOn(asked, "admin_state_up") ?? true,
        routes: [],
        gateway: null,
        ...born(world),
      };
      setGateway(world, request, router, asked);
      return table.add(router);
    },
    update(request, row, asked) {
      const routes = wantedRoutes(world, row, asked);
      setGateway(world, request, row, asked);
      row.routes = routes;
      row.admin_state_up = isOn(asked, "admin_state_up") ?? row.admin_state_up;
      relabel(world, row, asked);
    },
    remove(_request, row) {
      const held = interfaces(world, row.id).map((port) => port.id);
      // Neutron 2025.1 with OVN takes the gateway off before it finds that the router is in use.
      dropGateway(world, row);
      if (held.length > 0)
        throw new Fault(409, `Router ${row.id} has ports still attached: ${held.join(", ")}`, "RouterInUse");
      table.remove(row.id);
    },
  };
}
