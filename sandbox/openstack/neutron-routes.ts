import type { World } from "./core.ts";
import { addressOf, rangeOf } from "./ip.ts";
import { isJson, type Json, listAt, textAt } from "./json.ts";
import { bad } from "./neutron-attributes.ts";
import type { Subnet } from "./neutron-networks.ts";
import type { Port } from "./neutron-ports.ts";
import type { Router } from "./neutron-routers.ts";
import { python } from "./nova-schema.ts";
import { Fault } from "./service.ts";

const ROUTES_MAX = 30;

export interface ExtraRoute {
  readonly destination: string;
  readonly nexthop: string;
}

const inside = (cidr: string, address: string): boolean => {
  const [range, at] = [rangeOf(cidr), addressOf(address) ?? -1];
  return range !== undefined && at >= range.first && at <= range.last;
};

const routesIn = (value: readonly unknown[]): readonly ExtraRoute[] =>
  value.filter(isJson).map((one) => ({
    destination: textAt(one, "destination") ?? "",
    nexthop: textAt(one, "nexthop") ?? "",
  }));

/** Routes lead over a neighbour of the router's, its gateway's included, and never over itself. */
export function checkRoutes(world: World, router: Pick<Router, "id">, routes: readonly ExtraRoute[]): void {
  if (routes.length > ROUTES_MAX) {
    const why = `The number of routes exceeds the maximum ${ROUTES_MAX}.`;
    throw bad(`Unable to complete operation for ${router.id}. ${why}`, "RoutesExhausted");
  }
  const addresses = world
    .table<Port>("port")
    .all()
    .filter((port) => port.device_id === router.id)
    .flatMap((port) => port.fixed_ips);
  const cidrs = addresses.map((ip) => world.table<Subnet>("subnet").get(ip.subnet_id)?.cidr ?? "");
  for (const { nexthop } of routes) {
    const lone = !cidrs.some((cidr) => inside(cidr, nexthop));
    const own = addresses.some((ip) => ip.ip_address === nexthop);
    if (!lone && !own) continue;
    const why = lone ? "the nexthop is not connected with router" : "the nexthop is used by router";
    const shown = python(routes.map((route) => ({ ...route })));
    throw bad(`Invalid format for routes: ${shown}, ${why}`, "InvalidRoutes");
  }
}

/** Why an interface on this subnet stays. */
export function checkUnrouted(router: Router, subnet: Subnet | undefined): void {
  if (subnet === undefined || !router.routes.some(({ nexthop }) => inside(subnet.cidr, nexthop))) return;
  const why = "cannot be deleted, as it is required by one or more routes.";
  const message = `Router interface for subnet ${subnet.id} on router ${router.id} ${why}`;
  throw new Fault(409, message, "RouterInterfaceInUseByRoute");
}

const sameRoute = (a: ExtraRoute) => (b: ExtraRoute) => a.destination === b.destination && a.nexthop === b.nexthop;

/** What `add_extraroutes` and `remove_extraroutes` leave: what is there already, or not any more, is no mistake. */
export function moreRoutes(world: World, router: Router, asked: Json, verb: "add" | "remove"): readonly ExtraRoute[] {
  const named = routesIn(listAt(asked, "routes") ?? []);
  if (verb === "remove") return router.routes.filter((one) => !named.some(sameRoute(one)));
  const routes = [...router.routes, ...named.filter((one) => !router.routes.some(sameRoute(one)))];
  checkRoutes(world, router, routes);
  return routes;
}

/** Null takes all of them off. */
export function wantedRoutes(world: World, router: Router, asked: Json): readonly ExtraRoute[] {
  if (!("routes" in asked)) return router.routes;
  const routes = routesIn(listAt(asked, "routes") ?? []);
  checkRoutes(world, router, routes);
  return routes;
}
