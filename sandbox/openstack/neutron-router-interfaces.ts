import { isAdmin, type World } from "./core.ts";
import { overlap, rangeOf } from "./ip.ts";
import { at, isJson, textAt } from "./json.ts";
import { bad, uuid } from "./neutron-attributes.ts";
import { find, room } from "./neutron-collection.ts";
import type { Subnet } from "./neutron-networks.ts";
import { ports } from "./neutron-port-requests.ts";
import { createPort, deletePort, type Port, ROUTER_INTERFACE } from "./neutron-ports.ts";
import { floatingThrough, interfaces, type Router, routers } from "./neutron-routers.ts";
import { checkUnrouted, moreRoutes } from "./neutron-routes.ts";
import { subnets } from "./neutron-subnets.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxResponse } from "./service.ts";
import { TAKES } from "./timing.ts";

const attached = (router: Router, port: Port, subnet: string) => ({
  status: 200,
  body: {
    id: router.id,
    tenant_id: router.project_id,
    port_id: port.id,
    network_id: port.network_id,
    subnet_id: subnet,
    subnet_ids: [subnet],
  },
});

const wrong = (why: string) => bad(`Bad router request: ${why}`, "BadRequest");

/** Which interface a body means. */
function interfaceIn(request: SandboxRequest): { readonly subnet?: string; readonly port?: string } {
  const [subnet, port] = [textAt(request.body, "subnet_id"), textAt(request.body, "port_id")];
  const named = subnet ?? port;
  if (named === undefined) throw wrong("Either subnet_id or port_id must be specified.");
  const why = uuid(named);
  if (why !== undefined) throw wrong(why);
  return { ...(subnet === undefined ? {} : { subnet }), ...(port === undefined ? {} : { port }) };
}

/** No two subnets of a router overlap. */
function checkApart(world: World, router: Router, subnet: Subnet): void {
  const range = rangeOf(subnet.cidr);
  for (const ip of interfaces(world, router.id).flatMap((port) => port.fixed_ips)) {
    const other = world.table<Subnet>("subnet").get(ip.subnet_id);
    const taken = rangeOf(other?.cidr ?? "");
    if (other === undefined || range === undefined || taken === undefined || !overlap(range, taken)) continue;
    throw wrong(`Cidr ${subnet.cidr} of subnet ${subnet.id} overlaps with cidr ${other.cidr} of subnet ${other.id}.`);
  }
}

const wire = (world: World, port: Port): void =>
  world.later(world.takes(TAKES.interfaceWired), () => {
    port.status = "ACTIVE";
  });

/** A port of the caller's becomes the interface, at the address that it has. */
function addPort(world: World, request: SandboxRequest, router: Router, id: string): SandboxResponse {
  const port = find(request, ports(world), id);
  if (port.device_id !== "") {
    const why = `Port already has an attached device ${port.device_id}.`;
    const message = `Unable to complete operation on port ${port.id} for network ${port.network_id}. ${why}`;
    throw new Fault(409, message, "PortInUse");
  }
  const [fixed, ...others] = port.fixed_ips;
  if (fixed === undefined) throw wrong("Router port must have at least one fixed IP.");
  const subnet = world.table<Subnet>("subnet").get(fixed.subnet_id);
  if (subnet !== undefined) checkApart(world, router, subnet);
  if (others.length > 0) throw wrong("Cannot have multiple IPv4 subnets on router port.");
  Object.assign(port, { device_id: router.id, device_owner: ROUTER_INTERFACE });
  wire(world, port);
  return attached(router, port, fixed.subnet_id);
}

function add(world: World): Handle {
  const all = routers(world);
  const subnetsOf = subnets(world);
  return (request, { id = "" }) => {
    const router = find(request, all, id);
    const asked = interfaceIn(request);
    if (asked.subnet !== undefined && asked.port !== undefined)
      throw wrong("Cannot specify both subnet-id and port-id.");
    if (asked.subnet === undefined) return addPort(world, request, router, asked.port ?? "");
    const subnet = find(request, subnetsOf, asked.subnet);
    if (subnet.gateway_ip === null) throw wrong("Subnet for router interface must have a gateway IP.");
    if (subnet.project_id !== request.project && !isAdmin(request)) {
      const why = `subnet ${subnet.id} is not owned by project making the request.`;
      throw wrong(`Cannot add interface to router because ${why}`);
    }
    checkApart(world, router, subnet);
    const gateway = subnet.gateway_ip;
    const clash = world
      .table<Port>("port")
      .all()
      .some((port) => port.fixed_ips.some((ip) => ip.subnet_id === subnet.id && ip.ip_address === gateway));
    if (clash) {
      const message = `IP address ${gateway} already allocated in subnet ${subnet.id}`;
      throw new Fault(409, message, "IpAddressAlreadyAllocated");
    }
    room(world, router.project_id, "port", 1);
    const port = createPort(world, {
      project: router.project_id,
      network: subnet.network_id,
      owner: ROUTER_INTERFACE,
      device: router.id,
      fixedIps: [],
    });
    Object.assign(port, { fixed_ips: [{ subnet_id: subnet.id, ip_address: gateway }] });
    wire(world, port);
    return attached(router, port, subnet.id);
  };
}

function remove(world: World): Handle {
  const all = routers(world);
  const table = world.table<Port>("port");
  return (request, { id = "" }) => {
    const router = find(request, all, id);
    const { port: portId, subnet: subnetId } = interfaceIn(request);
    if (portId === undefined) find(request, subnets(world), subnetId ?? "");
    const port = interfaces(world, router.id).find(
      (one) => one.id === portId || one.fixed_ips.some((ip) => ip.subnet_id === subnetId),
    );
    const [fixed] = port?.fixed_ips ?? [];
    if (port === undefined || fixed === undefined) {
      throw portId === undefined
        ? new Fault(
            404,
            `Router ${router.id} has no interface on subnet ${subnetId}`,
            "RouterInterfaceNotFoundForSubnet",
          )
        : new Fault(404, `Router ${router.id} does not have an interface with id ${portId}`, "RouterInterfaceNotFound");
    }
    const needed = floatingThrough(world, router).some((ip) =>
      table.get(ip.port_id ?? "")?.fixed_ips.some((one) => one.subnet_id === fixed.subnet_id),
    );
    if (needed) {
      const why = "cannot be deleted, as it is required by one or more floating IPs.";
      const message = `Router interface for subnet ${fixed.subnet_id} on router ${router.id} ${why}`;
      throw new Fault(409, message, "RouterInterfaceInUseByFloatingIP");
    }
    checkUnrouted(router, world.table<Subnet>("subnet").get(fixed.subnet_id));
    deletePort(world, port.id);
    return attached(router, port, fixed.subnet_id);
  };
}

/** Routes, some at a time. Source: https://docs.openstack.org/api-ref/network/v2/#add-extra-routes-to-router */
const reroute =
  (world: World, verb: "add" | "remove"): Handle =>
  (request, { id = "" }) => {
    const router = find(request, routers(world), id);
    const asked = at(request.body, "router");
    router.routes = moreRoutes(world, router, isJson(asked) ? asked : {}, verb);
    return { status: 200, body: { router: { id: router.id, name: router.name, routes: router.routes } } };
  };

export const interfaceRoutes = (world: World): Readonly<Record<string, Handle>> => ({
  "PUT /v2.0/routers/:id/add_extraroutes": reroute(world, "add"),
  "PUT /v2.0/routers/:id/remove_extraroutes": reroute(world, "remove"),
  "PUT /v2.0/routers/:id/add_router_interface": add(world),
  "PUT /v2.0/routers/:id/remove_router_interface": remove(world),
});
