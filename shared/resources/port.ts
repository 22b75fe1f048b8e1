import type { NewPort, Port } from "../openstack/network-addresses.ts";
import type { Kind, Owner, Seen } from "./kind.ts";
import { byDescription, labelsOf, statusOf } from "./listed.ts";

export interface PortSpec {
  readonly networkId: string;
  readonly subnetId: string;
  readonly securityGroupId: string;
  /** Left alone unless named. */
  readonly tags?: readonly string[];
}

export interface PortSeen extends Seen {
  readonly securityGroups: readonly string[];
  readonly tags: readonly string[];
}

/** Bound or not, a port is of use once it has an address. `facts`: `address`, `mac`. */
function seen(item: Port): PortSeen {
  const address = item.fixed_ips[0]?.ip_address;
  const { status, ...rest } = statusOf("port", item.status);
  return {
    id: item.id,
    name: item.name,
    ...rest,
    status: status === "failed" ? status : address === undefined ? "pending" : "ready",
    facts: { mac: item.mac_address, ...(address === undefined ? {} : { address }) },
    securityGroups: item.security_groups,
    tags: item.tags,
  };
}

// No dns_name: Nova refuses a port whose dns_name is not the server's host name.
const asked = (owner: Owner, spec: PortSpec): NewPort => ({
  ...labelsOf(owner),
  network_id: spec.networkId,
  fixed_ips: [{ subnet_id: spec.subnetId }],
  security_groups: [spec.securityGroupId],
});

/** A node's place on the network: it keeps its address when the server is made again. */
export const port: Kind<PortSpec, PortSeen> = {
  kind: "port",
  ...byDescription(
    (cloud, query) => cloud.network.listPorts(query),
    (cloud, id) => cloud.network.getPort(id),
    seen,
  ),
  create: async (cloud, owner, spec) => seen(await cloud.network.createPort(asked(owner, spec))),
  createAll: async (cloud, wanted) =>
    (await cloud.network.createPorts(wanted.map(({ owner, spec }) => asked(owner, spec)))).map(seen),
  async update(cloud, _owner, { securityGroupId, tags = [] }, was) {
    const same = was.securityGroups.length === 1 && was.securityGroups[0] === securityGroupId;
    const now = same ? was : seen(await cloud.network.updatePort(was.id, { security_groups: [securityGroupId] }));
    const lacking = tags.filter((tag) => !now.tags.includes(tag));
    if (lacking.length === 0) return now;
    await cloud.network.setPortTags(now.id, [...now.tags, ...lacking]);
    return { ...now, tags: [...now.tags, ...lacking] };
  },
  remove: (cloud, now) => cloud.network.deletePort(now.id),
};
