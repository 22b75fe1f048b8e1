import { isAdmin, type World } from "./core.ts";
import { type Json, textAt } from "./json.ts";
import type { Network, Subnet } from "./neutron-networks.ts";
import { conflict, invalid } from "./octavia-faults.ts";
import type { Listener, Member, Monitor, Pool } from "./octavia-rows.ts";
import { Fault, type SandboxRequest } from "./service.ts";

/** What a listener's pool may speak. Source: octavia/common/constants.py. */
const POOLS: Readonly<Record<string, readonly string[]>> = {
  TCP: ["HTTP", "HTTPS", "PROXY", "PROXYV2", "TCP"],
  HTTP: ["HTTP", "PROXY", "PROXYV2"],
  HTTPS: ["HTTPS", "PROXY", "PROXYV2", "TCP"],
  TERMINATED_HTTPS: ["HTTP", "PROXY", "PROXYV2"],
  UDP: ["UDP"],
  SCTP: ["SCTP"],
};
const DATAGRAMS = ["UDP", "SCTP"];
const METADATA_SERVICE = "169.254.169.254";
const HTTP_FIELDS = ["http_method", "url_path", "expected_codes"];

const transport = (protocol: string): string => (DATAGRAMS.includes(protocol) ? protocol : "TCP");

export function poolFits(listener: Pick<Listener, "protocol">, pool: Pick<Pool, "protocol">): void {
  if (listener.protocol === "PROMETHEUS")
    throw new Fault(400, "Protocol PROMETHEUS listeners cannot have child objects.");
  if (POOLS[listener.protocol]?.includes(pool.protocol) === true) return;
  const why = `The pool protocol '${pool.protocol}' is invalid while the listener protocol is '${listener.protocol}'.`;
  throw invalid(why);
}

export function portFree(others: readonly Listener[], listener: Listener): void {
  const clash = others.find(
    (one) => one.protocol_port === listener.protocol_port && transport(one.protocol) === transport(listener.protocol),
  );
  if (clash === undefined) return;
  const what = `protocol ${clash.protocol} and protocol_port ${clash.protocol_port}`;
  throw conflict(`Another Listener on this Load Balancer is already using ${what}`);
}

const notAnOption = (value: string, option: string) => new Fault(400, `${value} is not a valid option for ${option}`);

export function addressAllowed(address: string): void {
  if (address === METADATA_SERVICE) throw notAnOption(address, "member address");
}

export function memberNew(others: readonly Member[], { address, protocol_port }: Member): void {
  if (others.some((one) => one.address === address && one.protocol_port === protocol_port))
    throw conflict(`Another member on this pool is already using ip ${address} on protocol_port ${protocol_port}`);
}

export function monitorFits(pool: Pool, type: string): void {
  const datagram = DATAGRAMS.includes(pool.protocol);
  const known = ["UDP-CONNECT", "SCTP", "TCP", "HTTP"];
  if (datagram && !known.includes(type)) {
    const only = `so only a ${known.join("/")} health monitor is supported.`;
    throw invalid(`The associated pool protocol is ${pool.protocol}, ${only}`);
  }
  if (!datagram && (type === "UDP-CONNECT" || type === "SCTP"))
    throw invalid(`The ${type} type is only supported for pools of type ${DATAGRAMS.join("/")}.`);
}

/** `now` is the monitor that is there, which minds a null too. */
export function monitorFields({ type }: Pick<Monitor, "type">, asked: Json, now?: Monitor): void {
  const named = (name: string) => (now === undefined ? (asked[name] ?? null) !== null : name in asked);
  const strange = type.startsWith("HTTP") ? undefined : HTTP_FIELDS.find(named);
  if (strange !== undefined) throw notAnOption(strange, `health monitors of type ${type}`);
}

/** Nulls that an update of a monitor can't clear. */
export function monitorKept(asked: Json): void {
  const cleared = ["delay", "max_retries", "timeout"].find((name) => asked[name] === null);
  if (cleared !== undefined) throw notAnOption("None", cleared);
}

const absent = (what: string, id: string) => new Fault(400, `${what} ${id} not found.`);

/** Octavia looks with the caller's eyes, and blames the request for what it doesn't see. */
export function networkSeen(world: World, request: SandboxRequest, id: string): Network {
  const row = world.table<Network>("network").get(id);
  if (row === undefined || !(isAdmin(request) || row.external || row.project_id === request.project))
    throw absent("Network", id);
  return row;
}

export function subnetSeen(world: World, request: SandboxRequest, id: string): Subnet {
  const row = world.table<Subnet>("subnet").get(id);
  const network = world.table<Network>("network").get(row?.network_id ?? "");
  const seen = isAdmin(request) || network?.external === true || row?.project_id === request.project;
  if (row === undefined || !seen) throw absent("Subnet", id);
  return row;
}

export const portAbsent = (id: string) => absent("Port", id);

export function memberSubnet(world: World, request: SandboxRequest, asked: Json): void {
  const id = textAt(asked, "subnet_id");
  if (id !== undefined) subnetSeen(world, request, id);
}
