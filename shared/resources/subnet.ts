import type { Cloud } from "../openstack/cloud.ts";
import { isTrouble } from "../openstack/errors.ts";
import type { AddressPool, Subnet } from "../openstack/network.ts";
import type { Kind, Seen } from "./kind.ts";
import { byDescription, labelsOf } from "./listed.ts";

export interface SubnetSpec {
  readonly networkId: string;
  /** IPv4, `10.6.0.0/24`. */
  readonly cidr: string;
  /** In the order in which they are asked; none means the cloud's own. */
  readonly dnsNameservers: readonly string[];
  /** The first address unless named. */
  readonly gateway?: string;
  /** What Neutron gives out of its own accord: all that is left unless named. */
  readonly pool?: AddressPool;
}

export interface SubnetSeen extends Seen {
  readonly dnsNameservers: readonly string[];
}

/** A subnet has no status: it is usable as soon as it is there. `facts`: `cidr`, `gateway`. */
const seen = (item: Subnet): SubnetSeen => ({
  id: item.id,
  name: item.name,
  status: "ready",
  state: "ACTIVE",
  facts: { cidr: item.cidr, ...(item.gateway_ip === null ? {} : { gateway: item.gateway_ip }) },
  dnsNameservers: item.dns_nameservers,
});

/** How Octavia and its OVN provider name the port of a load balancer's VIP, with the load balancer's id. */
const VIP_PORT = /^(?:octavia-lb|ovn-lb-vip)-([0-9a-f-]{36})$/;
/** How the OVN provider names the port that members of a subnet are checked from. Source: ovn_octavia_provider/helper.py. */
const checksPort = (subnetId: string): string => `ovn-lb-hm-${subnetId}`;

/**
 * Octavia leaves the VIP's port behind when it refuses a load balancer after it has made the port, and its OVN provider the
 * port for health checks when Keystone is away while the last load balancer goes. Then nobody can delete the subnet. In a
 * subnet of ours such a port is ours if its load balancer is in no listing.
 */
async function removeLeftPorts({ network, loadBalancer, scope }: Cloud, subnetId: string): Promise<boolean> {
  const ports = await network.listPorts({ fixed_ips: `subnet_id=${subnetId}` });
  const isChecked = async (): Promise<boolean> => {
    const all = await loadBalancer.listLoadBalancers({ project_id: (await scope()).projectId });
    return all.some(({ vip_subnet_id }) => vip_subnet_id === subnetId);
  };
  const isLeft = async (name: string): Promise<boolean> => {
    const balancer = VIP_PORT.exec(name)?.[1];
    if (balancer !== undefined) return (await loadBalancer.getLoadBalancer(balancer)) === undefined;
    return name === checksPort(subnetId) && !(await isChecked());
  };
  const left = await Promise.all(ports.map(async ({ id, name }) => ((await isLeft(name)) ? [id] : [])));
  await Promise.all(left.flat().map((id) => network.deletePort(id)));
  return left.flat().length > 0;
}

/** With DHCP. Gateway and pool are set once. */
export const subnet: Kind<SubnetSpec, SubnetSeen> = {
  kind: "subnet",
  ...byDescription(
    (cloud, query) => cloud.network.listSubnets(query),
    (cloud, id) => cloud.network.getSubnet(id),
    seen,
  ),
  create: async (cloud, owner, { networkId, cidr, dnsNameservers, gateway, pool }) =>
    seen(
      await cloud.network.createSubnet({
        ...labelsOf(owner),
        network_id: networkId,
        cidr,
        dns_nameservers: dnsNameservers,
        ...(gateway === undefined ? {} : { gateway_ip: gateway }),
        ...(pool === undefined ? {} : { allocation_pools: [pool] }),
      }),
    ),
  async update(cloud, _owner, { dnsNameservers }, now) {
    const same = dnsNameservers.join() === now.dnsNameservers.join();
    return same ? now : seen(await cloud.network.updateSubnet(now.id, { dns_nameservers: dnsNameservers }));
  },
  async remove(cloud, now) {
    try {
      await cloud.network.deleteSubnet(now.id);
    } catch (error) {
      if (!isTrouble(error, "conflict") || !(await removeLeftPorts(cloud, now.id))) throw error;
      await cloud.network.deleteSubnet(now.id);
    }
  },
};
