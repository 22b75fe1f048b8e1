import type { Subnet } from "../openstack/network.ts";
import type { Kind, Seen } from "./kind.ts";
import { byDescription, labelsOf } from "./listed.ts";

export interface SubnetSpec {
  readonly networkId: string;
  /** IPv4, `10.6.0.0/24`. */
  readonly cidr: string;
  /** In the order in which they are asked; none means the cloud's own. */
  readonly dnsNameservers: readonly string[];
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

/** The subnet of a cluster's nodes, with DHCP. */
export const subnet: Kind<SubnetSpec, SubnetSeen> = {
  kind: "subnet",
  ...byDescription(
    (cloud, query) => cloud.network.listSubnets(query),
    (cloud, id) => cloud.network.getSubnet(id),
    seen,
  ),
  create: async (cloud, owner, { networkId, cidr, dnsNameservers }) =>
    seen(
      await cloud.network.createSubnet({
        ...labelsOf(owner),
        network_id: networkId,
        cidr,
        dns_nameservers: dnsNameservers,
      }),
    ),
  async update(cloud, _owner, { dnsNameservers }, now) {
    const same = dnsNameservers.join() === now.dnsNameservers.join();
    return same ? now : seen(await cloud.network.updateSubnet(now.id, { dns_nameservers: dnsNameservers }));
  },
  remove: (cloud, now) => cloud.network.deleteSubnet(now.id),
};
