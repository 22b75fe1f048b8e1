import { isAdmin, type World } from "./core.ts";
import { rangeOf, showRange } from "./ip.ts";
import { type Json, textAt } from "./json.ts";
import { bad, once, oneOf, required, shown, uuid } from "./neutron-attributes.ts";
import { type Collection, find } from "./neutron-collection.ts";
import { addRule, type RuleBody, ruleTable, ruleView, type SecurityRule, securityGroups } from "./neutron-security.ts";
import { Fault, type SandboxRequest } from "./service.ts";

const PORTED = ["tcp", "udp", "sctp"];
const NUMBERS: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", "132": "sctp" };
const PROTOCOLS = [
  ...["ah", "dccp", "egp", "esp", "gre", "hopopt", "icmp", "igmp", "ip", "ipip", "ipv6-encap", "ipv6-frag"],
  ...["ipv6-icmp", "icmpv6", "ipv6-nonxt", "ipv6-opts", "ipv6-route", "ospf", "pgm", "rsvp", "sctp", "tcp", "udp"],
  ...["udplite", "vrrp"],
];
const ETHERTYPES = ["IPv4", "IPv6"];
const PORT_MAX = 65_535;

/** Null for any. */
function protocolIn(asked: Json): string | null {
  const value = asked["protocol"] ?? null;
  const name = String(value).toLowerCase();
  if (value === null || name === "any") return null;
  const number = /^\d+$/.test(name) && Number(name) <= 255;
  if (number || PROTOCOLS.includes(name)) return name;
  const names = `(None, 'any', ${PROTOCOLS.map((one) => `'${one}'`).join(", ")})`;
  const known = `Only protocol values ${names} and integer representations [0 to 255] are supported.`;
  const message = `Security group rule protocol ${value} not supported. ${known}`;
  throw bad(message, "SecurityGroupRuleInvalidProtocol");
}

function portIn(asked: Json, key: string): number | null {
  const value = asked[key] ?? null;
  if (value === null) return null;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= PORT_MAX) return port;
  throw bad(`Invalid value for port ${value}`, "SecurityGroupInvalidPortValue");
}

function checkPorts({ protocol, port_range_min: least, port_range_max: most }: RuleBody): void {
  if (protocol === null && (least !== null || most !== null))
    throw bad("Must also specify protocol if port range is given.", "SecurityGroupProtocolRequiredWithPorts");
  const name = NUMBERS[protocol ?? ""] ?? protocol ?? "";
  if (name.includes("icmp") && least === null && most !== null) {
    const message = `ICMP code (port-range-max) ${most} is provided but ICMP type (port-range-min) is missing.`;
    throw bad(message, "SecurityGroupMissingIcmpType");
  }
  if (!PORTED.includes(name)) return;
  if (least === 0 || most === 0) throw bad("Invalid value for port 0", "SecurityGroupInvalidPortValue");
  if ((least === null) !== (most === null) || (least ?? 0) > (most ?? 0))
    throw bad("For TCP/UDP protocols, port_range_min must be <= port_range_max", "SecurityGroupInvalidPortRange");
}

function ethertypeIn(asked: Json): string {
  const value = textAt(asked, "ethertype") ?? "IPv4";
  if (ETHERTYPES.includes(value)) return value;
  const allowed = "Allowed values are ['IPv4', 'IPv6'].";
  const message = `Security group rule for ethertype '${value}' not supported. ${allowed}`;
  throw bad(message, "SecurityGroupRuleInvalidEtherType");
}

function prefixIn(asked: Json, ethertype: string): string | null {
  const prefix = textAt(asked, "remote_ip_prefix");
  if (prefix === undefined) return null;
  const isV6 = prefix.includes(":");
  if (!isV6 && rangeOf(prefix) === undefined) throw bad(`Invalid CIDR ${prefix} given as IP prefix.`, "InvalidCIDR");
  if (isV6 === (ethertype === "IPv6")) return prefix;
  const message = `Conflicting value ethertype ${ethertype} for CIDR ${prefix}`;
  throw bad(message, "SecurityGroupRuleParameterConflict");
}

function bodyOf(asked: Json): RuleBody {
  const ethertype = ethertypeIn(asked);
  const body: RuleBody = {
    security_group_id: textAt(asked, "security_group_id") ?? "",
    direction: textAt(asked, "direction") ?? "",
    ethertype,
    protocol: protocolIn(asked),
    port_range_min: portIn(asked, "port_range_min"),
    port_range_max: portIn(asked, "port_range_max"),
    remote_ip_prefix: prefixIn(asked, ethertype),
    remote_group_id: textAt(asked, "remote_group_id") ?? null,
  };
  checkPorts(body);
  if (body.remote_ip_prefix !== null && body.remote_group_id !== null) {
    const message = "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.";
    throw bad(message, "SecurityGroupMultipleRemoteEntites");
  }
  return body;
}

/** What a rule comes to, however it is written: `6` is tcp, and 0.0.0.0/0 is everybody, as no prefix is. */
function meaning(rule: RuleBody): string {
  const { security_group_id, direction, ethertype, port_range_min, port_range_max, remote_group_id } = rule;
  const range = rangeOf(rule.remote_ip_prefix ?? "0.0.0.0/0");
  const prefix = range === undefined ? rule.remote_ip_prefix : showRange(range);
  const protocol = NUMBERS[rule.protocol ?? ""] ?? rule.protocol;
  const all = [security_group_id, direction, ethertype, protocol, port_range_min, port_range_max, prefix];
  return JSON.stringify([...all, remote_group_id]);
}

/** Somebody else's group is no secret here, but not to be written to. */
function checkGroup(world: World, request: SandboxRequest, id: string): void {
  const groups = securityGroups(world);
  const row = groups.table.get(id);
  if (row === undefined) throw groups.missing(id);
  if (row.project_id !== request.project && !isAdmin(request))
    throw new Fault(403, "rule:create_security_group_rule is disallowed by policy", "PolicyNotAuthorized");
}

export function securityRules(world: World): Collection<SecurityRule> {
  const table = ruleTable(world);
  return {
    one: "security_group_rule",
    many: "security_group_rules",
    path: "/security-group-rules",
    table,
    attributes: {
      security_group_id: required(uuid),
      direction: required(oneOf("ingress", "egress")),
      ethertype: once(),
      protocol: once(),
      port_range_min: once(),
      port_range_max: once(),
      remote_ip_prefix: once(),
      remote_group_id: once(),
      normalized_cidr: shown,
    },
    missing: (id) => new Fault(404, `Security group rule ${id} does not exist`, "SecurityGroupRuleNotFound"),
    view: ruleView,
    create(request, asked) {
      const body = bodyOf(asked);
      checkGroup(world, request, body.security_group_id);
      if (body.remote_group_id !== null) find(request, securityGroups(world), body.remote_group_id);
      const wanted = meaning(body);
      const same = table.all().find((rule) => meaning(rule) === wanted);
      if (same !== undefined) {
        const message = `Security group rule already exists. Rule id is ${same.id}.`;
        throw new Fault(409, message, "SecurityGroupRuleExists");
      }
      return addRule(world, request.project, body, textAt(asked, "description") ?? "");
    },
  };
}
