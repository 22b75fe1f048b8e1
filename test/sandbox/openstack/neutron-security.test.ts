import { type Json, jsonAt, listAt } from "../../../sandbox/openstack/json.ts";
import { all, one } from "./api.ts";
import { bad, full, NIL, openNeutron as open, refusal } from "./neutron-api.ts";

// Goal: security groups and their rules are the lab's, the default group first of all.
const exists = refusal(409, "SecurityGroupDefaultAlreadyExists", "Default security group already exists.");
const rules = (group: Json) =>
  (listAt(group, "security_group_rules") ?? [])
    .map((rule) => rule as Json)
    .map(
      (rule) => `${rule["direction"]} ${rule["ethertype"]} ${rule["remote_group_id"] === group["id"] ? "own" : "all"}`,
    )
    .toSorted();

async function openGroup() {
  const api = open();
  const group = (await api.make("security_group", { name: "g" })).id;
  const ssh = {
    security_group_id: group,
    direction: "ingress",
    protocol: "tcp",
    port_range_min: 22,
    port_range_max: 22,
  };
  const rule = (more: object = {}, who?: string) => api.post("security_group_rule", { ...ssh, ...more }, who);
  return { ...api, group, rule };
}

test("every project has a default group, whose members reach each other, and which stays", async () => {
  const { list, put, remove, post, make } = open();
  for (const who of ["team-a", "team-b"]) {
    const found = await list("security_group", "", who);
    expect(all(found, "security_groups")).toEqual(["default"]);
    const [group] = listAt(found.body, "security_groups") as readonly Json[];
    expect(rules(group ?? {})).toEqual(["egress IPv4 all", "egress IPv6 all", "ingress IPv4 own", "ingress IPv6 own"]);
  }
  const id = String(all(await list("security_group"), "security_groups", "id")[0]);
  expect(await remove("security_group", id)).toMatchObject(
    refusal(409, "SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group."),
  );
  expect(await put("security_group", id, { name: "x" })).toMatchObject(
    refusal(409, "SecurityGroupCannotUpdateDefault", "Updating default security group not allowed."),
  );
  expect(one(await put("security_group", id, { description: "x" }), "security_group")).toMatchObject({
    description: "x",
  });
  expect(await post("security_group", { name: "default" })).toMatchObject(exists);
  const other = await make("security_group", { name: "g" });
  expect(rules(other)).toEqual(["egress IPv4 all", "egress IPv6 all"]);
  expect(await put("security_group", other.id, { name: "default" })).toMatchObject(exists);
});

test("a group in use stays, and takes the rules that name it along when it goes", async () => {
  const { make, remove, get, list, rule, group } = await openGroup();
  const other = (await make("security_group", { name: "o" })).id;
  const naming = one(await rule({ remote_group_id: other }), "security_group_rule").id;
  const net = (await make("network")).id;
  const port = (await make("port", { network_id: net, security_groups: [other] })).id;
  expect(await remove("security_group", other)).toMatchObject(
    refusal(409, "SecurityGroupInUse", `Security Group ${other} in use.`),
  );
  await remove("port", port);
  expect((await remove("security_group", other)).status).toBe(204);
  const gone = refusal(404, "SecurityGroupNotFound", `Security group ${other} does not exist`);
  expect(await get("security_group", other)).toMatchObject(gone);
  expect(await get("security_group_rule", naming)).toMatchObject(
    refusal(404, "SecurityGroupRuleNotFound", `Security group rule ${naming} does not exist`),
  );
  expect(await get("security_group", group, "team-b")).toMatchObject({ status: 404 });
  expect(all(await list("security_group", "", "team-b"), "security_groups")).toEqual(["default"]);
});

test("a group and a rule count, and a group's own rules with it", async () => {
  const { neutron, post, rule, limit, sandbox } = await openGroup();
  const details = await neutron("GET", `/v2.0/quotas/${sandbox.project("team-a").id}/details`);
  const used = jsonAt(jsonAt(details.body, "quota"), "security_group_rule");
  expect(used).toMatchObject({ used: 6 });
  limit("security_group", 2);
  expect(await post("security_group", { name: "h" })).toMatchObject(full("security_group"));
  limit("security_group", 9);
  limit("security_group_rule", 7);
  expect(await post("security_group", { name: "h" })).toMatchObject(full("security_group_rule"));
  expect((await rule()).status).toBe(201);
  expect(await rule({ port_range_max: 23 })).toMatchObject(full("security_group_rule"));
});

test.each<[string, object, string, string]>([
  [
    "a direction",
    { direction: "up" },
    "HTTPBadRequest",
    "Invalid input for direction. Reason: up is not in valid_values.",
  ],
  [
    "an ethertype",
    { ethertype: "IPv5" },
    "SecurityGroupRuleInvalidEtherType",
    "Security group rule for ethertype 'IPv5' not supported. Allowed values are ['IPv4', 'IPv6'].",
  ],
  ["port 0", { port_range_min: 0 }, "SecurityGroupInvalidPortValue", "Invalid value for port 0"],
  ["a port too high", { port_range_max: 70_000 }, "SecurityGroupInvalidPortValue", "Invalid value for port 70000"],
  ["a word for a port", { port_range_max: "x" }, "SecurityGroupInvalidPortValue", "Invalid value for port x"],
  [
    "ports the wrong way round",
    { port_range_min: 30 },
    "SecurityGroupInvalidPortRange",
    "For TCP/UDP protocols, port_range_min must be <= port_range_max",
  ],
  [
    "ports without a protocol",
    { protocol: null },
    "SecurityGroupProtocolRequiredWithPorts",
    "Must also specify protocol if port range is given.",
  ],
  ["a word for a range", { remote_ip_prefix: "x" }, "InvalidCIDR", "Invalid CIDR x given as IP prefix."],
  [
    "a range of the other kind",
    { remote_ip_prefix: "2001:db8::/32" },
    "SecurityGroupRuleParameterConflict",
    "Conflicting value ethertype IPv4 for CIDR 2001:db8::/32",
  ],
  [
    "two remotes",
    { remote_ip_prefix: "10.0.0.0/8", remote_group_id: NIL },
    "SecurityGroupMultipleRemoteEntites",
    "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.",
  ],
  [
    "an ICMP code without a type",
    { protocol: "icmp", port_range_min: null, port_range_max: 0 },
    "SecurityGroupMissingIcmpType",
    "ICMP code (port-range-max) 0 is provided but ICMP type (port-range-min) is missing.",
  ],
])("%s that can't be is refused", async (_what, more, type, message) => {
  const { rule } = await openGroup();
  expect(await rule(more)).toMatchObject(bad(message, type));
});

test.each(["nonsense", "300"])("protocol %s is refused", async (protocol) => {
  const { rule } = await openGroup();
  const { status, body } = await rule({ protocol });
  const error = jsonAt(body, "NeutronError");
  expect([status, error?.["type"]]).toEqual([400, "SecurityGroupRuleInvalidProtocol"]);
  expect(error?.["message"]).toMatch(
    new RegExp(`^Security group rule protocol ${protocol} not supported. Only protocol`),
  );
});

test("a rule is known again however it is written", async () => {
  const { rule } = await openGroup();
  const made = one(await rule({ remote_ip_prefix: "10.0.0.5/8", description: "x" }), "security_group_rule");
  expect(made).toMatchObject({ remote_ip_prefix: "10.0.0.5/8", normalized_cidr: "10.0.0.0/8", description: "x" });
  const same = refusal(409, "SecurityGroupRuleExists", `Security group rule already exists. Rule id is ${made.id}.`);
  for (const more of [{}, { protocol: 6 }, { description: "y" }])
    expect(await rule({ remote_ip_prefix: "10.0.0.0/8", ...more })).toMatchObject(same);
  const open = one(await rule({ remote_ip_prefix: "0.0.0.0/0" }), "security_group_rule").id;
  const again = `Security group rule already exists. Rule id is ${open}.`;
  expect(await rule()).toMatchObject(refusal(409, "SecurityGroupRuleExists", again));
  expect(
    one(await rule({ protocol: "any", port_range_min: null, port_range_max: null }), "security_group_rule"),
  ).toMatchObject({
    protocol: null,
  });
});

test("a rule needs groups that there are, and its own project's", async () => {
  const { rule, list, remove } = await openGroup();
  const missing = refusal(404, "SecurityGroupNotFound", `Security group ${NIL} does not exist`);
  expect(await rule({ security_group_id: NIL })).toMatchObject(missing);
  expect(await rule({ remote_group_id: NIL })).toMatchObject(missing);
  const policy = "rule:create_security_group_rule is disallowed by policy";
  expect(await rule({}, "team-b")).toMatchObject(refusal(403, "PolicyNotAuthorized", policy));
  const { id } = one(await rule(), "security_group_rule");
  expect(all(await list("security_group_rule", "?port_range_min=22"), "security_group_rules", "id")).toEqual([id]);
  expect(await remove("security_group_rule", id, "team-b")).toMatchObject({ status: 404 });
  expect((await remove("security_group_rule", id)).status).toBe(204);
});
