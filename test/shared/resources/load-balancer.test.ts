import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import { loadBalancer } from "../../../shared/resources/load-balancer.ts";

// Goal: a load balancer is ready when all of it is; one in ERROR is said at once; and no change is sent to one that is under
// way, where it would be refused or pile up.
const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "load-balancer/api" };
const NAME = "dev-k7f3m2q9x1-load-balancer-api";
const spec = {
  subnetId: "sub1",
  provider: "ovn",
  port: 6443,
  members: [{ name: "control-plane-1", address: "10.20.0.5" }],
} as const;

const row = (over: object = {}) => ({
  id: "lb1",
  name: NAME,
  description: "kinvirt:k7f3m2q9x1",
  project_id: "p1",
  provisioning_status: "ACTIVE",
  operating_status: "ONLINE",
  vip_address: "10.20.0.9",
  vip_port_id: "port1",
  provider: "ovn",
  ...over,
});

interface Statuses {
  readonly listener?: string;
  readonly pool?: string;
  readonly member?: string;
}

/** Listener, pool, monitor and one member, as Octavia's status tree has them. */
const tree = ({ listener = "ACTIVE", pool = "ACTIVE", member = "ACTIVE" }: Statuses = {}) => {
  const part = (what: string, provisioning_status: string) => ({
    id: `${what}1`,
    name: `${NAME}-${what}`,
    provisioning_status,
    operating_status: "ONLINE",
  });
  const members = [{ ...part("member", member), address: "10.20.0.5", protocol_port: 6443 }];
  const pools = [{ ...part("pool", pool), health_monitor: part("monitor", "ACTIVE"), members }];
  return { listeners: [{ ...part("listener", listener), pools }] };
};

function start(item: object, statuses: Statuses = {}) {
  const writes: string[] = [];
  const api = {
    listLoadBalancers: async () => [item],
    getLoadBalancer: async () => item,
    getStatusTree: async () => tree(statuses),
    listMembers: async (): Promise<readonly object[]> => [{ admin_state_up: true }],
    replaceMembers: async (pool: string, _members?: unknown) => void writes.push(`members of ${pool}`),
  };
  const cloud = { scope: async () => ({ projectId: "p1" }), loadBalancer: api } as unknown as Cloud;
  return { cloud, writes, api };
}

async function seenIn(item: object, statuses: Statuses = {}) {
  const { cloud, ...rest } = start(item, statuses);
  const [seen] = await loadBalancer.find(cloud, owner);
  if (seen === undefined) throw new Error("not found");
  return { ...rest, cloud, seen };
}

test.each([
  ["ERROR", "failed"],
  ["PENDING_CREATE", "pending"],
  ["PENDING_UPDATE", "pending"],
  ["PENDING_DELETE", "leaving"],
  ["DELETED", "leaving"],
  ["ACTIVE", "ready"],
])("one that is %s is %s", async (provisioning_status, status) => {
  const { seen } = await seenIn(row({ provisioning_status }));
  expect([seen.state, seen.status]).toEqual([provisioning_status, status]);
  expect(seen.fault === undefined).toBe(status !== "failed");
});

test.each([
  "listener",
  "pool",
] as const)("an ACTIVE one whose %s is in ERROR is failed, and says which", async (part) => {
  const { seen } = await seenIn(row(), { [part]: "ERROR" });
  expect(seen).toMatchObject({ status: "failed", fault: expect.stringContaining(`${NAME}-${part} in ERROR`) });
});

test.each(["listener", "pool", "member"] as const)("while its %s is under way nothing is changed", async (part) => {
  const { cloud, seen, writes } = await seenIn(row(), { [part]: "PENDING_UPDATE" });
  const wanted = { ...spec, members: [] };
  expect(await loadBalancer.update(cloud, owner, wanted, seen)).toMatchObject({ status: "pending" });
  expect(writes).toEqual([]);
});

test("a member in ERROR is put in anew", async () => {
  const { cloud, seen, writes } = await seenIn(row(), { member: "ERROR" });
  expect(await loadBalancer.update(cloud, owner, spec, seen)).toMatchObject({ status: "pending" });
  expect(writes).toEqual(["members of pool1"]);
});

test("a member that somebody switched off is switched on again, whatever the status tree calls it", async () => {
  const { api, cloud, seen } = await seenIn(row());
  const asked: unknown[] = [];
  api.listMembers = async () => [{ admin_state_up: false }];
  api.replaceMembers = async (_pool, members?: unknown) => void asked.push(members);
  expect(await loadBalancer.update(cloud, owner, spec, seen)).toMatchObject({ status: "pending" });
  const member = { name: "control-plane-1", address: "10.20.0.5", protocol_port: 6443, subnet_id: "sub1" };
  expect(asked).toEqual([[{ ...member, admin_state_up: true }]]);
});

test("one that is as it should be gets no request", async () => {
  const { cloud, seen, writes } = await seenIn(row());
  expect(await loadBalancer.update(cloud, owner, spec, seen)).toMatchObject({ status: "ready" });
  expect(writes).toEqual([]);
});

test.each([
  ["PENDING_UPDATE", "pending"],
  ["ERROR", "failed"],
])("a change that is refused because it is %s by now is %s, and no fault of ours", async (now, status) => {
  const { cloud, api, seen } = await seenIn(row());
  const fault = "Load Balancer lb1 is immutable and cannot be updated.";
  const asked = { service: "load-balancer", method: "PUT", path: "/lbaas/pools/pool1/members" } as const;
  api.replaceMembers = async () => {
    throw new OpenStackError({ ...asked, status: 409, fault, trouble: "conflict" });
  };
  const wanted = { ...spec, members: [] };
  await expect(loadBalancer.update(cloud, owner, wanted, seen)).rejects.toMatchObject({ trouble: "conflict" });
  api.getLoadBalancer = async () => row({ provisioning_status: now });
  expect(await loadBalancer.update(cloud, owner, wanted, seen)).toMatchObject({ status });
});

test.each([
  ["one more", [...spec.members, { name: "control-plane-2", address: "10.20.0.6" }]],
  ["none", []],
  ["another", [{ name: "control-plane-1", address: "10.20.0.7" }]],
])("members that differ (%s wanted) are replaced", async (_what, members) => {
  const { cloud, seen, writes } = await seenIn(row());
  expect(await loadBalancer.update(cloud, owner, { ...spec, members }, seen)).toMatchObject({ status: "pending" });
  expect(writes).toEqual(["members of pool1"]);
});

test("a subnet that Octavia could not ask Neutron for is asked for again, and no smaller load balancer instead", async () => {
  const { cloud, api } = start(row());
  let sent = 0;
  Object.assign(api, {
    createLoadBalancer: async () => {
      sent += 1;
      const asked = { service: "load-balancer", method: "POST", path: "/lbaas/loadbalancers", status: 400 } as const;
      throw new OpenStackError({ ...asked, fault: "Subnet sub1 not found.", trouble: "invalid" });
    },
  });
  await expect(loadBalancer.create(cloud, owner, spec)).rejects.toMatchObject({
    trouble: "conflict",
    detail: { fault: "Subnet sub1 not found." },
  });
  expect(sent).toBe(1);
});

describe("a look at what was made a moment ago", () => {
  const facts = { operating: "OFFLINE", vip: "10.20.0.9", vipPortId: "port1", provider: "ovn" };
  const whole = (over: object = {}) => ({ ...row(), ...tree(), ...over });

  async function looked(status: object | undefined, known: Record<string, string> = facts) {
    const { cloud, api, writes } = start(row({ operating_status: "by id" }));
    const asked: string[] = [];
    const { getLoadBalancer, listMembers } = api;
    Object.assign(api, {
      getStatusTree: async () => status,
      getLoadBalancer: async () => {
        asked.push("by id");
        return getLoadBalancer();
      },
      listMembers: async () => {
        asked.push("members");
        return listMembers();
      },
    });
    const seen = await loadBalancer.look?.(cloud, owner, { id: "lb1", name: NAME, facts: known });
    return { seen, asked, writes, updated: seen && (await loadBalancer.update(cloud, owner, spec, seen)) };
  }

  test("takes its status tree alone, and nobody has switched off its members yet", async () => {
    const { seen, asked, updated } = await looked(whole());
    expect(seen).toMatchObject({ status: "ready", facts: { ...facts, operating: "ONLINE" } });
    expect([updated?.status, asked]).toEqual(["ready", []]);
    const { seen: making } = await looked(whole({ provisioning_status: "PENDING_CREATE" }));
    expect(making).toMatchObject({ status: "pending", state: "PENDING_CREATE" });
    const { seen: partly } = await looked({ ...row(), ...tree({ member: "PENDING_CREATE" }) });
    expect(partly).toMatchObject({ status: "pending", state: "PENDING_CREATE" });
  });

  test.each<[string, object | undefined, Record<string, string>]>([
    ["is gone", undefined, facts],
    ["has failed", whole({ provisioning_status: "ERROR" }), facts],
    ["has a part that failed", { ...row(), ...tree({ pool: "ERROR" }) }, facts],
    ["is leaving", whole({ provisioning_status: "PENDING_DELETE" }), facts],
    ["has another name", whole({ name: "theirs" }), facts],
    ["has no address that is known", whole(), { operating: "OFFLINE" }],
  ])("is not enough for one that %s: its mark is looked at", async (_what, status, known) => {
    const { asked } = await looked(status, known);
    expect(asked[0]).toBe("by id");
  });
});

test.each([
  ["amphora", { timeout_client_data: 3_600_000, timeout_member_data: 3_600_000 }],
  ["ovn", {}],
] as const)("%s leaves a watch of the API alone while nothing happens", async (provider, times) => {
  const { cloud, api } = start(row());
  const asked: unknown[] = [];
  Object.assign(api, {
    createLoadBalancer: async ({ listeners }: { readonly listeners: readonly unknown[] }) => {
      asked.push(...listeners);
      return row();
    },
  });
  await loadBalancer.create(cloud, owner, { ...spec, provider });
  const name = `${NAME}-listener`;
  expect(asked).toEqual([{ name, protocol: "TCP", protocol_port: 6443, ...times, default_pool: expect.anything() }]);
});

/** What is sent to make it, or the part of it that lacks. */
function making(parts: { readonly listener?: true; readonly pool?: true } = {}) {
  const { cloud, api } = start(row());
  const sent: (readonly [string, object])[] = [];
  const note = (what: string) => async (asked: object) => {
    sent.push([what, asked]);
    return row({ provisioning_status: "PENDING_CREATE" });
  };
  const part = (what: string) => ({ ...row(), id: `${what}1`, name: `${NAME}-${what}` });
  const pools = parts.pool === undefined ? [] : [{ ...part("pool"), members: [] }];
  const listeners = parts.listener === undefined ? [] : [{ ...part("listener"), pools }];
  Object.assign(api, {
    getStatusTree: async () => ({ ...row(), listeners }),
    createLoadBalancer: note("load balancer"),
    createListener: note("listener"),
    createPool: note("pool"),
    createMonitor: note("monitor"),
  });
  return { cloud, sent };
}

const wide = { ...spec, memberSubnetId: "sub2", memberPort: 16_443, address: "10.20.0.77" };
const monitor = { type: "TCP", delay: 10, timeout: 5, max_retries: 3, max_retries_down: 3, name: `${NAME}-monitor` };

test.each([
  ["ovn", "SOURCE_IP_PORT"],
  ["amphora", "ROUND_ROBIN"],
] as const)("all of it is asked for at once of %s, with both halves of its mark", async (provider, lb_algorithm) => {
  const { cloud, sent } = making();
  await loadBalancer.create(cloud, owner, { ...wide, provider });
  const member = { name: "control-plane-1", address: "10.20.0.5", protocol_port: 16_443, subnet_id: "sub2" };
  const pool = { name: `${NAME}-pool`, protocol: "TCP", lb_algorithm, healthmonitor: monitor, members: [member] };
  expect(sent).toEqual([
    [
      "load balancer",
      {
        name: NAME,
        description: "kinvirt:k7f3m2q9x1",
        tags: ["kinvirt:k7f3m2q9x1"],
        vip_subnet_id: "sub1",
        vip_address: "10.20.0.77",
        provider,
        listeners: [expect.objectContaining({ protocol_port: 6443, default_pool: pool })],
      },
    ],
  ]);
});

test.each<[string, Parameters<typeof making>[0], object]>([
  ["listener", {}, { name: `${NAME}-listener`, protocol: "TCP", protocol_port: 6443, loadbalancer_id: "lb1" }],
  ["pool", { listener: true }, { name: `${NAME}-pool`, listener_id: "listener1", lb_algorithm: "SOURCE_IP_PORT" }],
  ["monitor", { listener: true, pool: true }, { ...monitor, pool_id: "pool1" }],
])("the first part that lacks is made: a %s", async (part, parts, asked) => {
  const { cloud, sent } = making(parts);
  const [seen] = await loadBalancer.find(cloud, owner);
  if (seen === undefined) throw new Error("not found");
  expect(seen.status).toBe("pending");
  expect(await loadBalancer.update(cloud, owner, spec, seen)).toMatchObject({ status: "pending" });
  expect(sent).toEqual([[part, expect.objectContaining(asked)]]);
});
