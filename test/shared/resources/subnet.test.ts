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
  const network = {
    listPorts: async () => left,
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
  return { cloud: cloud as unknown as Cloud, deleted };
}

test.each([
  ["VIP of an amphora's", `octavia-lb-${uuid(1)}`],
  ["VIP of OVN's", `ovn-lb-vip-${uuid(1)}`],
  ["health checks of OVN's", `ovn-lb-hm-${SUBNET}`],
])("the port for the %s load balancer that is nowhere goes first", async (_what, name) => {
  const { cloud, deleted } = start([{ id: "p1", name }]);
  await subnet.remove(cloud, seen);
  expect(deleted).toEqual(["p1", SUBNET]);
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
