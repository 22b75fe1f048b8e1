import type { Cloud } from "../../../shared/openstack/cloud.ts";
import type { SecurityGroupRule } from "../../../shared/openstack/network-security.ts";
import { type Rule, securityGroup } from "../../../shared/resources/security-group.ts";

// Goal: what may come in is what the spec says and nothing else, and traffic that stays allowed is never cut.
const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "security-group/worker" };
const kubelet: Rule = { protocol: "tcp", portMin: 10_250, portMax: 10_250, remote: "10.20.0.0/24", description: "x" };

const rule = (over: Partial<SecurityGroupRule>): SecurityGroupRule => ({
  id: "r1",
  security_group_id: "g1",
  direction: "ingress",
  ethertype: "IPv4",
  protocol: "tcp",
  port_range_min: 10_250,
  port_range_max: 10_250,
  remote_ip_prefix: "10.20.0.0/24",
  remote_group_id: null,
  ...over,
});
const everything = { protocol: null, port_range_min: null, port_range_max: null, remote_ip_prefix: null };
const egress = rule({ id: "e1", direction: "egress", ...everything });

/** `update` of a group with these rules, and what was asked of Neutron in order. */
async function updated(rules: readonly SecurityGroupRule[], wanted: readonly Rule[]) {
  const asked: string[] = [];
  const network = {
    async createSecurityGroupRules(made: readonly { readonly remote_group_id: string | null; protocol: string }[]) {
      asked.push(...made.map((one) => `POST ${one.protocol} from ${one.remote_group_id ?? "a network"}`));
      return made.map((one, at) => ({ ...one, id: `new${at}` }));
    },
    deleteSecurityGroupRule: async (id: string) => void asked.push(`DELETE ${id}`),
  };
  const now = { id: "g1", name: "x", status: "ready", state: "ACTIVE", facts: {}, rules } as const;
  const cloud = { network } as unknown as Cloud;
  const { rules: after, status } = await securityGroup.update(cloud, owner, { rules: wanted }, now);
  return { asked, after: after.map(({ id }) => id), status };
}

test("rules that are right get no request, in whatever form Neutron keeps them", async () => {
  const same = rule({ protocol: "6", description: "made by hand" });
  expect(await updated([egress, same], [kubelet])).toEqual({ asked: [], after: ["e1", "r1"], status: "ready" });
});

test("a rule that somebody added is closed again; egress is the cloud's own", async () => {
  const open = rule({ id: "r2", port_range_min: 22, port_range_max: 22, remote_ip_prefix: "0.0.0.0/0" });
  expect(await updated([egress, rule({}), open], [kubelet])).toEqual({
    asked: ["DELETE r2"],
    after: ["e1", "r1"],
    status: "ready",
  });
});

test("what lacks is opened before what is not wanted is closed", async () => {
  const peers: Rule = { protocol: "tcp", portMin: 2379, portMax: 2380, remote: "self", description: "etcd" };
  const { asked } = await updated([egress, rule({})], [peers]);
  expect(asked).toEqual(["POST tcp from g1", "DELETE r1"]);
});

test("the same port from anywhere is another rule", async () => {
  const { asked } = await updated([egress, rule({ remote_ip_prefix: null })], [kubelet]);
  expect(asked).toEqual(["POST tcp from a network", "DELETE r1"]);
});

test.each<[string, readonly SecurityGroupRule[], readonly string[]]>([
  ["no egress rule", [], ["POST null from a network"]],
  ["one of IPv6", [{ ...egress, ethertype: "IPv6" }], ["POST null from a network"]],
  ["narrower ones that somebody made", [{ ...egress, protocol: "tcp", remote_ip_prefix: "10.0.0.0/8" }], []],
])("where a group has %s", async (_what, out, asked) => {
  expect((await updated([...out, rule({})], [kubelet])).asked).toEqual(asked);
});

test.each<[string, Partial<Rule>, Partial<SecurityGroupRule>]>([
  ["17 for UDP", { protocol: "udp" }, { protocol: "17" }],
  ["1 for ICMP", { protocol: "icmp" }, { protocol: "1" }],
  ["nothing for anywhere", { remote: "0.0.0.0/0" }, { remote_ip_prefix: null }],
])("Neutron may keep %s", async (_what, wanted, kept) => {
  expect((await updated([egress, rule(kept)], [{ ...kubelet, ...wanted }])).asked).toEqual([]);
});

test.each<[string, Partial<SecurityGroupRule>, Partial<Rule>]>([
  ["a group of addresses", { remote_ip_prefix: null, remote_address_group_id: "a1" }, { remote: "0.0.0.0/0" }],
  ["IPv6", { ethertype: "IPv6" }, {}],
  ["a port more", { port_range_max: 10_251 }, {}],
  ["a port before it", { port_range_min: 10_249 }, {}],
  ["another protocol", { protocol: "17" }, {}],
])("a rule for %s is another one", async (_what, over, wanted) => {
  expect((await updated([egress, rule(over)], [{ ...kubelet, ...wanted }])).asked).toEqual([
    "POST tcp from a network",
    "DELETE r1",
  ]);
});
