import type { World } from "./core.ts";
import { addressOf, overlap, type Range, rangeOf, showAddress, showRange } from "./ip.ts";
import { isJson, type Json, listAt, textAt } from "./json.ts";
import { address, bad, invalid, isOn } from "./neutron-attributes.ts";
import type { Pool, Subnet } from "./neutron-networks.ts";
import { type Port, ROUTER_INTERFACE } from "./neutron-ports.ts";
import { python } from "./nova-schema.ts";
import { Fault } from "./service.ts";

const SERVERS_MAX = 5;
const ROUTES_MAX = 20;
const DHCP_BITS_MAX = 30;
const MULTICAST = rangeOf("224.0.0.0/4");
const LOOPBACK = rangeOf("127.0.0.0/8");

/** What is wrong with the form of a list of dictionaries that have exactly these keys; undefined if nothing is. */
function formed(what: string, value: unknown, keys: readonly string[], check: (one: Json) => string | undefined) {
  if (!Array.isArray(value)) return `Invalid data format for ${what}: '${value}'.`;
  for (const one of value) {
    const list = `[${keys.map((key) => `'${key}'`).join(", ")}]`;
    if (!isJson(one)) return `Invalid input. '${String(one)}' must be a dictionary with keys: ${list}.`;
    const has = Object.keys(one);
    // Python shows sets in no order, so nobody reads further than this.
    if (has.length !== keys.length || !keys.every((key) => has.includes(key)))
      return `Validation of dictionary's keys failed. Expected keys: ${list} Provided keys: ${python(has)}.`;
    const why = check(one);
    if (why !== undefined) return why;
  }
  return undefined;
}

export function pools(value: unknown): string | undefined {
  if (!Array.isArray(value) || !value.every(isJson)) throw invalid("Invalid data format for allocation pools.");
  return formed("IP pool", value, ["start", "end"], (one) => address(one["start"]) ?? address(one["end"]));
}

export function hostRoutes(value: unknown): string | undefined {
  if (value === null) return undefined;
  const seen = new Set<string>();
  return formed("hostroute", value, ["destination", "nexthop"], (one) => {
    const to = textAt(one, "destination") ?? "";
    const range = rangeOf(to);
    if (!to.includes("/") || range === undefined || showRange(range) !== to) return `'${to}' is not a valid CIDR.`;
    const why = address(one["nexthop"]);
    if (why !== undefined) return why;
    const key = `${to} ${textAt(one, "nexthop")}`;
    if (seen.has(key)) return `Duplicate hostroute '${python(one)}'.`;
    seen.add(key);
    return undefined;
  });
}

/** What fits a subnet of this range once it has DHCP. */
function checkDhcp(range: Range): void {
  if (range.bits > DHCP_BITS_MAX)
    throw invalid("Subnet has a prefix length that is incompatible with DHCP service enabled.");
  if (MULTICAST !== undefined && overlap(range, MULTICAST))
    throw invalid("Multicast IP subnet is not supported if enable_dhcp is True.");
  if (LOOPBACK !== undefined && overlap(range, LOOPBACK))
    throw invalid("Loopback IP subnet is not supported if enable_dhcp is True.");
}

export function rangeIn(asked: Json): Range {
  const cidr = textAt(asked, "cidr");
  if (cidr === undefined)
    throw bad("Bad subnets request: a subnetpool must be specified in the absence of a cidr.", "BadRequest");
  const range = rangeOf(cidr);
  if (range === undefined) throw invalid(`${cidr} is not in a CIDR format.`);
  return range;
}

export function checkOverlap(world: World, range: Range, networkId: string): void {
  const clash = world
    .table<Subnet>("subnet")
    .all()
    .some((other) => {
      const taken = rangeOf(other.cidr);
      return other.network_id === networkId && taken !== undefined && overlap(taken, range);
    });
  if (!clash) return;
  const where = `with cidr: ${showRange(range)} for network: ${networkId}`;
  throw invalid(`Requested subnet ${where} overlaps with another subnet.`);
}

function exhausted(id: string, what: string, most: number): Fault {
  const why = `The number of ${what} exceeds the limit ${most}.`;
  const type = what === "host routes" ? "HostRoutesExhausted" : "DNSNameServersExhausted";
  return bad(`Unable to complete operation for ${id}. ${why}`, type);
}

/** What Neutron looks at for a create and an update alike, in its order; `now` is the subnet that is there. */
export function checkSubnet(world: World, range: Range, asked: Json, now?: Subnet): void {
  if ((isOn(asked, "enable_dhcp") ?? now === undefined) && now?.enable_dhcp !== true) checkDhcp(range);
  const gateway = textAt(asked, "gateway_ip");
  const number = addressOf(gateway ?? "");
  if (number === range.first || number === range.last) throw invalid("Gateway is not valid on subnet.");
  if (now !== undefined && "gateway_ip" in asked && (gateway ?? null) !== now.gateway_ip) checkGateway(world, now);
  const id = now?.id ?? "new subnet";
  if ((listAt(asked, "dns_nameservers")?.length ?? 0) > SERVERS_MAX)
    throw exhausted(id, "DNS nameservers", SERVERS_MAX);
  if ((listAt(asked, "host_routes")?.length ?? 0) > ROUTES_MAX) throw exhausted(id, "host routes", ROUTES_MAX);
}

/** The address of a router's interface stays the gateway. */
function checkGateway(world: World, { id, gateway_ip }: Subnet): void {
  const holder = world
    .table<Port>("port")
    .all()
    .find(
      (port) =>
        port.device_owner === ROUTER_INTERFACE &&
        port.fixed_ips.some((ip) => ip.subnet_id === id && ip.ip_address === gateway_ip),
    );
  if (holder === undefined) return;
  const message = `Current gateway ip ${gateway_ip} already in use by port ${holder.id}. Unable to update.`;
  throw new Fault(409, message, "GatewayIpInUse");
}

/** It may be outside of the subnet. */
export const gatewayOf = (asked: Json, range: Range): string | null =>
  asked["gateway_ip"] === null ? null : (textAt(asked, "gateway_ip") ?? showAddress(range.first + 1));

type Span = readonly [first: number, last: number];

const spanOf = ({ start, end }: Pool): Span => [addressOf(start) ?? 0, addressOf(end) ?? 0];
const shown = ({ start, end }: Pool) => `${start}-${end}`;
const usable = ({ first, last, bits }: Range): Span => (bits > DHCP_BITS_MAX ? [first, last] : [first + 1, last - 1]);

/** Pools as they are asked for; undefined where none are. */
export function poolsIn(asked: Json, range: Range): readonly Pool[] | undefined {
  const wanted = listAt(asked, "allocation_pools")?.map((pool) => ({
    start: textAt(pool, "start") ?? "",
    end: textAt(pool, "end") ?? "",
  }));
  const [least, most] = usable(range);
  for (const pool of wanted ?? []) {
    const [first, last] = spanOf(pool);
    if (first > last) throw bad(`The allocation pool ${python({ ...pool })} is not valid.`, "InvalidAllocationPool");
  }
  for (const pool of wanted ?? []) {
    const [first, last] = spanOf(pool);
    if (first >= least && last <= most) continue;
    const message = `The allocation pool ${shown(pool)} spans beyond the subnet cidr ${showRange(range)}.`;
    throw bad(message, "OutOfBoundsAllocationPool");
  }
  for (const [at, one] of (wanted ?? []).entries())
    for (const other of (wanted ?? []).slice(at + 1)) {
      const [[a, b], [c, d]] = [spanOf(one), spanOf(other)];
      if (a > d || c > b) continue;
      const what = `${shown(one)} ${shown(other)} for subnet ${showRange(range)}`;
      throw new Fault(409, `Found overlapping allocation pools: ${what}.`, "OverlappingAllocationPools");
    }
  return wanted;
}

export function checkOutside(all: readonly Pool[], gateway: string | null): void {
  const at = addressOf(gateway ?? "") ?? -1;
  const clash = all.map((pool) => [pool, ...spanOf(pool)] as const).find(([, from, to]) => at >= from && at <= to);
  if (clash === undefined) return;
  const message = `Gateway ip ${gateway} conflicts with allocation pool ${shown(clash[0])}.`;
  throw new Fault(409, message, "GatewayConflictWithAllocationPools");
}

/** All addresses but the gateway's. */
export function poolsAround(range: Range, gateway: string | null): readonly Pool[] {
  const at = addressOf(gateway ?? "") ?? 0;
  const [first, last] = usable(range);
  const parts: readonly Span[] =
    at >= first && at <= last
      ? [
          [first, at - 1],
          [at + 1, last],
        ]
      : [[first, last]];
  return parts.flatMap(([from, to]) => (from > to ? [] : [{ start: showAddress(from), end: showAddress(to) }]));
}
