import { judge, type Sight } from "../../../../handlers/work/health/judge.ts";
import type { Listing, Look } from "../../../../handlers/work/health/look.ts";
import type { ClusterRecord, StepStatus } from "../../../../shared/cluster/record.ts";
import { NOW_MS, record, resolved, step } from "../../given.ts";
import { type Watch, watch } from "./watch.ts";

// Goal: one fact of the cloud's makes the difference between an alert and none, and what an alert says of it is so.
const DAY_MS = 86_400_000;

function found(steps: Record<string, StepStatus>, listed: Partial<Record<Listing, readonly object[]>>, over = {}) {
  const of = (listing: Listing) => {
    const items = listed[listing] as readonly { readonly id: string }[] | undefined;
    return items === undefined ? undefined : new Map(items.map((one) => [one.id, one]));
  };
  const seen = { look: { of } as unknown as Look, projectId: "p1", startedMs: NOW_MS, nowMs: NOW_MS };
  const members = { looked: {}, made: new Map(), pools: new Map() };
  const sight = { ...seen, members, inside: { is: "told", states: new Map() }, ...over } as unknown as Sight;
  return judge(record({}, { steps }), sight).findings.map(({ about, symptom, facts }) => ({ about, symptom, facts }));
}

test.each(["RESCUE", "PAUSED", "SUSPENDED", "SHELVED_OFFLOADED"])("a server that is %s does not run", (status) => {
  const [one] = found({ "server/worker-1": step() }, { server: [{ id: "5f0c", status }] });
  expect(one).toMatchObject({ symptom: "stopped", facts: { state: status } });
});

test.each([
  [{ status: "ERROR", external_gateway_info: { network_id: "n1" } }, "error", { fault: "Neutron gives no reason" }],
  [{ status: "ACTIVE", external_gateway_info: { network_id: "n9" } }, "elsewhere", { found: "n9", wanted: "public" }],
  [{ status: "ACTIVE", external_gateway_info: null }, "elsewhere", { found: "", wanted: "public" }],
])("a router %j", (item, symptom, facts) => {
  expect(found({ router: step() }, { router: [{ id: "5f0c", ...item }] })).toMatchObject([{ symptom, facts }]);
});

test("a DNS record that Designate could not write", () => {
  const item = { id: "5f0c", name: "api.dev.k8s.example.org.", records: ["203.0.113.68"], action: "UPDATE" };
  const of = (status: string) => found({ "dns/api": step() }, { recordset: [{ ...item, status }] });
  expect(of("ERROR")).toMatchObject([{ symptom: "error", facts: { fault: "Designate gives no reason" } }]);
  expect(of("PENDING")).toEqual([]);
});

test("who provides a load balancer in ERROR is said, as only some can fail over", () => {
  const item = { id: "5f0c", provider: "ovn", provisioning_status: "ERROR" };
  const steps = { "load-balancer/api": step() };
  expect(found(steps, { "load-balancer": [item], pool: [] })).toMatchObject([{ facts: { provider: "ovn" } }]);
});

test.each([
  ["all", ["n1", "n2"], "true"],
  ["some", ["n1"], ""],
])("of a Service with two ports %s members are down: each node is counted once for each port", (_what, down, all) => {
  const lb = { id: "lb7", name: "kube_service_x_default_shop", provider: "ovn", provisioning_status: "ACTIVE" };
  const pool = (id: string) => ({ id, members: [{ id: `${id}-1` }, { id: `${id}-2` }] });
  const pools = [pool("p80"), pool("p443")];
  const state = { updated: "", down, off: [] };
  const members = {
    looked: { p80: state, p443: state },
    made: new Map([["k7f3m2q9x1", [lb]]]),
    pools: new Map([["lb7", pools]]),
  };
  const [one] = found({}, { "load-balancer": [lb], pool: pools }, { members });
  expect(one).toMatchObject({ symptom: "down", facts: { members: down.join(", "), all } });
});

test.each([
  [14, 365, []],
  [13, 365, ["end/logins"]],
  [181, 3650, []],
  [179, 3650, ["end/authorities"]],
])("%d days before an end of %d days", (days, of, abouts) => {
  const nowMs = NOW_MS + (of - days) * DAY_MS;
  const renewals: ClusterRecord["renewals"] = { count: 9, sinceMs: of === 365 ? NOW_MS : nowMs };
  const seen = { look: { of: () => undefined }, projectId: "p1", startedMs: nowMs, nowMs };
  const sight = { ...seen, members: { looked: {}, made: new Map(), pools: new Map() } } as unknown as Sight;
  const one = { ...record({ resolved: resolved() }, { steps: {} }), renewals };
  expect(judge(one, sight).findings.map(({ about }) => about)).toEqual(abouts);
});

describe("in a cluster", () => {
  let at: Watch;
  beforeAll(async () => {
    at = await watch();
  });
  afterAll(() => at.close());

  test("a firewall rule too many is told and taken away", async () => {
    const { id } = await at.step("security-group/worker");
    const open = { security_group_id: id, direction: "ingress", ethertype: "IPv4", protocol: "tcp" } as const;
    const more = { port_range_min: 22, port_range_max: 22, remote_ip_prefix: "0.0.0.0/0", remote_group_id: null };
    await at.cloud.network.createSecurityGroupRules([{ ...open, ...more, description: "mine" }]);
    await at.look();
    expect(at.alerts()[0]?.split("\n").slice(0, 2)).toEqual([
      ":rotating_light: *dev*: somebody has changed the rules of its security group worker.",
      "Added: 1 rule.",
    ]);
    await at.settle();
    await at.look();
    expect(at.alerts()[0]).toContain("kinvirt has put it right");
  });

  test("the encryption key is missed as soon as it is gone from Barbican, whatever becomes of its order; nobody makes another", async () => {
    const { id, facts } = await at.step("key/kms");
    expect(facts["secretId"]).not.toBe(id);
    await at.cloud.keyManager.deleteSecret(facts["secretId"] ?? "");
    const writes = at.writes.length;
    await at.look();
    expect(at.alerts().at(-1)?.split("\n").slice(0, 2)).toEqual([
      ":rotating_light: *dev*: its encryption key kms is gone, and what it held with it.",
      "Nobody can read the cluster's Secrets without it, and a control plane that is started anew does not come up: restart none. Barbican's operators may bring it back; no other key helps.",
    ]);
    expect(at.alerts()).toHaveLength(2);
    await at.settle();
    expect(at.writes.length).toBe(writes);
  });
});
