import type { World } from "./core.ts";
import { rangeOf, showRange } from "./ip.ts";
import { type Json, numberAt, textAt } from "./json.ts";
import { bad, type Collection, find, uuidAt } from "./neutron-collection.ts";
import { addRule, type RuleBody, ruleTable, ruleView, type SecurityRule, securityGroups } from "./neutron-security.ts";
import { Fault } from "./service.ts";

const PORTED = ["tcp", "udp", "sctp", "6", "17", "132"];

function bodyOf(asked: Json): RuleBody {
  const protocol = asked["protocol"] === null ? undefined : String(asked["protocol"] ?? "").toLowerCase() || undefined;
  const least = numberAt(asked, "port_range_min") ?? null;
  const most = numberAt(asked, "port_range_max") ?? null;
  if ((least !== null || most !== null) && protocol === undefined)
    throw bad("Must also specify protocol if port range is given.", "SecurityGroupProtocolRequiredWithPorts");
  const ported = protocol !== undefined && PORTED.includes(protocol);
  if (ported && (least === null) !== (most === null))
    throw bad("For TCP/UDP protocols, port_range_min must be <= port_range_max", "SecurityGroupInvalidPortRange");
  if (ported && least !== null && most !== null && (least > most || least < 1 || most > 65_535))
    throw bad("For TCP/UDP protocols, port_range_min must be <= port_range_max", "SecurityGroupInvalidPortRange");
  const direction = textAt(asked, "direction");
  if (direction !== "ingress" && direction !== "egress")
    throw bad(`Invalid input for direction. Reason: '${direction}' is not in ['ingress', 'egress'].`);
  const prefix = textAt(asked, "remote_ip_prefix");
  const range = prefix === undefined ? undefined : rangeOf(prefix);
  if (prefix !== undefined && range === undefined)
    throw bad(`Invalid input for remote_ip_prefix. Reason: '${prefix}' is not a valid IP subnet.`);
  if (prefix !== undefined && textAt(asked, "remote_group_id") !== undefined)
    throw bad("Only remote_ip_prefix or remote_group_id may be provided.", "SecurityGroupRemoteGroupAndRemoteIpPrefix");
  return {
    security_group_id: uuidAt(asked, "security_group_id"),
    direction,
    ethertype: textAt(asked, "ethertype") ?? "IPv4",
    protocol: protocol ?? null,
    port_range_min: least,
    port_range_max: most,
    remote_ip_prefix: range === undefined ? null : showRange(range),
    remote_group_id: textAt(asked, "remote_group_id") ?? null,
  };
}

/** Two rules are the same whatever their descriptions. */
const sameAs = (a: RuleBody) => (b: SecurityRule) =>
  (Object.keys(a) as readonly (keyof RuleBody)[]).every((key) => a[key] === b[key]);

export function securityRules(world: World): Collection<SecurityRule> {
  const table = ruleTable(world);
  const groups = securityGroups(world);
  const matched = ["security_group_id", "direction", "ethertype", "protocol", "port_range_min", "port_range_max"];
  return {
    one: "security_group_rule",
    many: "security_group_rules",
    path: "/security-group-rules",
    table,
    accepts: [...matched, "remote_ip_prefix", "remote_group_id", "description", "tenant_id", "project_id"],
    changes: [],
    shows: [],
    missing: (id) => new Fault(404, `Security group rule ${id} does not exist`, "SecurityGroupRuleNotFound"),
    view: ruleView,
    create(request, asked) {
      const body = bodyOf(asked);
      find(request, groups, body.security_group_id);
      if (body.remote_group_id !== null) find(request, groups, body.remote_group_id);
      const same = table.all().find(sameAs(body));
      if (same !== undefined) {
        const message = `Security group rule already exists. Rule id is ${same.id}.`;
        throw new Fault(409, message, "SecurityGroupRuleExists");
      }
      return addRule(world, request.project, body, textAt(asked, "description") ?? "");
    },
  };
}
