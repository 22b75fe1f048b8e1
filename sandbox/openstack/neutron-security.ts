import type { World } from "./core.ts";
import { rangeOf, showRange } from "./ip.ts";
import { type Json, textAt } from "./json.ts";
import { both, flag, isOn, shown, text } from "./neutron-attributes.ts";
import { born, type Collection, type NeutronRow, relabel, room, stamps } from "./neutron-collection.ts";
import type { Port } from "./neutron-ports.ts";
import { Fault } from "./service.ts";

export interface SecurityGroup extends NeutronRow {
  stateful: boolean;
}

export interface SecurityRule extends NeutronRow {
  readonly security_group_id: string;
  readonly direction: string;
  readonly ethertype: string;
  readonly protocol: string | null;
  readonly port_range_min: number | null;
  readonly port_range_max: number | null;
  readonly remote_ip_prefix: string | null;
  readonly remote_group_id: string | null;
  /** Made along with its group. */
  readonly seeded: boolean;
}

export type RuleBody = Omit<SecurityRule, keyof NeutronRow | "seeded">;

const groupTable = (world: World) => world.table<SecurityGroup>("security-group");
export const ruleTable = (world: World) =>
  world.table<SecurityRule>("security-group-rule", (rule) => ({
    name: `${rule.direction} ${rule.ethertype} ${rule.protocol ?? "any"} ${rule.port_range_min ?? ""}`.trim(),
  }));

const egress = (group: string, ethertype: string): RuleBody => ({
  security_group_id: group,
  direction: "egress",
  ethertype,
  protocol: null,
  port_range_min: null,
  port_range_max: null,
  remote_ip_prefix: null,
  remote_group_id: null,
});

/** Without a description it is one of those that come with the group. */
export function addRule(world: World, project: string, body: RuleBody, description?: string): SecurityRule {
  return ruleTable(world).add({
    id: world.uuid(),
    project_id: project,
    name: "",
    description: description ?? "",
    seeded: description === undefined,
    ...body,
    ...born(world, 0),
  });
}

function addGroup(world: World, project: string, name: string, description: string): SecurityGroup {
  const group = { id: world.uuid(), project_id: project, name, description, stateful: true, ...born(world) };
  groupTable(world).add(group);
  for (const ethertype of ["IPv4", "IPv6"]) addRule(world, project, egress(group.id, ethertype));
  return group;
}

/** Every project has one, made when it is first looked for; its members may reach each other. */
export function defaultGroup(world: World, project: string): SecurityGroup {
  const found = groupTable(world)
    .all(project)
    .find((group) => group.name === "default");
  if (found !== undefined) return found;
  const made = addGroup(world, project, "default", "Default security group");
  for (const ethertype of ["IPv4", "IPv6"])
    addRule(world, project, { ...egress(made.id, ethertype), direction: "ingress", remote_group_id: made.id });
  return made;
}

export function ruleView(row: SecurityRule) {
  const { tags: _untagged, ...stamped } = stamps(row);
  const range = rangeOf(row.remote_ip_prefix ?? "");
  return {
    id: row.id,
    security_group_id: row.security_group_id,
    direction: row.direction,
    ethertype: row.ethertype,
    protocol: row.protocol,
    port_range_min: row.port_range_min,
    port_range_max: row.port_range_max,
    remote_ip_prefix: row.remote_ip_prefix,
    normalized_cidr: range === undefined ? row.remote_ip_prefix : showRange(range),
    remote_group_id: row.remote_group_id,
    remote_address_group_id: null,
    belongs_to_default_sg: false,
    description: row.seeded ? null : row.description,
    ...stamped,
  };
}

/** What its connections are remembered by is not changed under the ports that use it. */
function restate(world: World, row: SecurityGroup, asked: Json): boolean {
  const wanted = isOn(asked, "stateful") ?? row.stateful;
  const used = world
    .table<Port>("port")
    .all()
    .some((port) => port.security_groups.includes(row.id));
  if (wanted !== row.stateful && used) throw new Fault(409, `Security Group ${row.id} in use.`, "SecurityGroupInUse");
  return wanted;
}

const defaultExists = () =>
  new Fault(409, "Default security group already exists.", "SecurityGroupDefaultAlreadyExists");

export function securityGroups(world: World): Collection<SecurityGroup> {
  const table = groupTable(world);
  const rules = ruleTable(world);
  return {
    one: "security_group",
    many: "security_groups",
    path: "/security-groups",
    table,
    attributes: { name: both(text()), stateful: both(flag), shared: shown, security_group_rules: shown },
    missing: (id) => new Fault(404, `Security group ${id} does not exist`, "SecurityGroupNotFound"),
    view: (row, verb) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      stateful: row.stateful,
      shared: false,
      security_group_rules: rules.all().flatMap((rule, at) => {
        if (rule.security_group_id !== row.id) return [];
        const belongs_to_default_sg = verb === undefined ? null : false;
        return [{ ...ruleView(rule), belongs_to_default_sg, standard_attr_id: at + 1, tags: [] }];
      }),
      ...stamps(row),
    }),
    create(request, asked) {
      const name = textAt(asked, "name") ?? "";
      if (name === "default") throw defaultExists();
      // A group brings its two egress rules with it, and both count.
      room(world, request.project, "security_group_rule", 2);
      const group = addGroup(world, request.project, name, textAt(asked, "description") ?? "");
      return Object.assign(group, { stateful: isOn(asked, "stateful") ?? true });
    },
    update(_request, row, asked) {
      if (asked["name"] === "default") throw defaultExists();
      if (row.name === "default" && "name" in asked)
        throw new Fault(409, "Updating default security group not allowed.", "SecurityGroupCannotUpdateDefault");
      row.stateful = restate(world, row, asked);
      relabel(world, row, asked);
    },
    remove(_request, row) {
      if (row.name === "default") {
        const message = "Insufficient rights for removing default security group.";
        throw new Fault(409, message, "SecurityGroupCannotRemoveDefault");
      }
      const used = world
        .table<Port>("port")
        .all()
        .some((port) => port.security_groups.includes(row.id));
      if (used) throw new Fault(409, `Security Group ${row.id} in use.`, "SecurityGroupInUse");
      for (const rule of rules.all())
        if (rule.security_group_id === row.id || rule.remote_group_id === row.id) rules.remove(rule.id);
      table.remove(row.id);
    },
  };
}
