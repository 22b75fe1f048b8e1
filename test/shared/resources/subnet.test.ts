import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import { subnet } from "../../../shared/resources/subnet.ts";

// Goal: what a refused load balancer left in our subnet goes with it; what lives there is never touched.
const uuid = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
const seen = { id: "sub1", name: "x", status: "ready", state: "ACTIVE", facts: {}, dnsNameservers: [] } as const;

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
  return { cloud: { network, loadBalancer: { getLoadBalancer } } as unknown as Cloud, deleted };
}

test.each(["octavia-lb", "ovn-lb-vip"])("the %s port of a load balancer that is nowhere goes first", async (prefix) => {
  const { cloud, deleted } = start([{ id: "p1", name: `${prefix}-${uuid(1)}` }]);
  await subnet.remove(cloud, seen);
  expect(deleted).toEqual(["p1", "sub1"]);
});

test.each([
  ["a load balancer that lives", `octavia-lb-${uuid(1)}`],
  ["a server", "web-1"],
  ["somebody who took half of the name", `octavia-lb-${uuid(1)}-mine`],
])("the port of %s stays, and the subnet with it", async (_whose, name) => {
  const { cloud, deleted } = start([{ id: "p1", name }], [uuid(1)]);
  await expect(subnet.remove(cloud, seen)).rejects.toMatchObject({ trouble: "conflict" });
  expect(deleted).toEqual([]);
});
