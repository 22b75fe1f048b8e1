import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import { subnet } from "../../../shared/resources/subnet.ts";

// Goal: what a refused load balancer left in our subnet goes with it; what lives there is never touched.
const uuid = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
const SUBNET = uuid(7);
const scope = async () => ({ projectId: "p-ours" });
const seen = { id: SUBNET, name: "x", status: "ready", state: "ACTIVE", facts: {}, dnsNameservers: [] } as const;

/** A subnet that can't go before `ports` have gone. `living`: load balancers that exist. */
function start(ports: readonly { readonly id: string; readonly name: string }[], living: readonly string[] = []) {
  let left = [...ports];
  const deleted: string[] = [];
  const asked: object[] = [];
  const network = {
    listPorts: async (query: object) => {
      asked.push(query);
      return left;
    },
    async deletePort(id: string) {
      deleted.push(id);
      left = left.filter((one) => one.id !== id);
    },
    async deleteSubnet(id: string) {
      if (left.length === 0) return void deleted.push(id);
      const asked = { service: "network", method: "DELETE", path: `/subnets/${id}` } as const;
      throw new OpenStackError({ ...asked, status: 409, fault: "One or more ports have an IP", trouble: "conflict" });
    },
  };
  const getLoadBalancer = async (id: string) => (living.includes(id) ? { id } : undefined);
  // A load balancer of the project in another subnet is none of this one's.
  const inside = living.map((id, at) => ({ id, vip_subnet_id: at === 0 ? SUBNET : uuid(9) }));
  const listLoadBalancers = async ({ project_id }: { readonly project_id: string }) =>
    project_id === "p-ours" ? [{ id: uuid(8), vip_subnet_id: uuid(9) }, ...inside] : [];
  const cloud = { network, loadBalancer: { getLoadBalancer, listLoadBalancers }, scope };
  return { cloud: cloud as unknown as Cloud, deleted, network, asked };
}

test.each([
  ["VIP of an amphora's", `octavia-lb-${uuid(1)}`],
  ["VIP of OVN's", `ovn-lb-vip-${uuid(1)}`],
  ["health checks of OVN's", `ovn-lb-hm-${SUBNET}`],
])("the port for the %s load balancer that is nowhere goes first", async (_what, name) => {
  const { cloud, deleted, asked } = start([{ id: "p1", name }]);
  await subnet.remove(cloud, seen);
  expect(deleted).toEqual(["p1", SUBNET]);
  // No port of any other subnet is even looked at.
  expect(asked).toEqual([{ fixed_ips: `subnet_id=${SUBNET}` }]);
});

test.each([
  ["a load balancer that lives", `octavia-lb-${uuid(1)}`],
  ["health checks of a load balancer that lives", `ovn-lb-hm-${SUBNET}`],
  ["health checks of another subnet", `ovn-lb-hm-${uuid(9)}`],
  ["a server", "web-1"],
  ["somebody who took half of the name", `octavia-lb-${uuid(1)}-mine`],
])("the port of %s stays, and the subnet with it", async (_whose, name) => {
  const { cloud, deleted } = start([{ id: "p1", name }], [uuid(1)]);
  await expect(subnet.remove(cloud, seen)).rejects.toMatchObject({ trouble: "conflict" });
  expect(deleted).toEqual([]);
});

test("a subnet that may not be deleted is no reason to look for what was left in it", async () => {
  const { cloud, deleted, network } = start([{ id: "p1", name: `octavia-lb-${uuid(1)}` }]);
  const asked = { service: "network", method: "DELETE", path: `/subnets/${SUBNET}`, status: 403 } as const;
  network.deleteSubnet = async () => {
    throw new OpenStackError({ ...asked, fault: "disallowed by policy", trouble: "denied" });
  };
  await expect(subnet.remove(cloud, seen)).rejects.toMatchObject({ trouble: "denied" });
  expect(deleted).toEqual([]);
});

const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "subnet" };
const wanted = { networkId: "n1", cidr: "10.6.0.0/24", dnsNameservers: ["192.0.2.54", "192.0.2.53"] };
const labels = { name: "dev-k7f3m2q9x1-subnet", description: "kinvirt:k7f3m2q9x1" };

test.each([
  ["no more than a range", {}, {}],
  [
    "a gateway and what may be given out",
    { gateway: "10.6.0.254", pool: { start: "10.6.0.128", end: "10.6.0.253" } },
    { gateway_ip: "10.6.0.254", allocation_pools: [{ start: "10.6.0.128", end: "10.6.0.253" }] },
  ],
])("it is asked for with %s", async (_what, more, fields) => {
  const sent: object[] = [];
  const createSubnet = async (body: object) => {
    sent.push(body);
    return { id: SUBNET, name: "x", cidr: "10.6.0.0/24", gateway_ip: null, dns_nameservers: [] };
  };
  await subnet.create({ network: { createSubnet } } as unknown as Cloud, owner, { ...wanted, ...more });
  const { networkId: network_id, cidr, dnsNameservers: dns_nameservers } = wanted;
  expect(sent).toEqual([{ ...labels, network_id, cidr, dns_nameservers, ...fields }]);
});

test("name servers in another order are other ones", async () => {
  const sent: object[] = [];
  const updateSubnet = async (_id: string, change: { readonly dns_nameservers: readonly string[] }) => {
    sent.push(change);
    return { id: SUBNET, name: "x", cidr: "10.6.0.0/24", gateway_ip: null, ...change };
  };
  const cloud = { network: { updateSubnet } } as unknown as Cloud;
  const now = { ...seen, dnsNameservers: ["192.0.2.53", "192.0.2.54"] };
  const right = await subnet.update(cloud, owner, wanted, now);
  expect(await subnet.update(cloud, owner, wanted, right)).toBe(right);
  expect(sent).toEqual([{ dns_nameservers: ["192.0.2.54", "192.0.2.53"] }]);
});
