import type { Cloud } from "../openstack/cloud.ts";
import { isTrouble, OpenStackError } from "../openstack/errors.ts";
import type { FloatingIp } from "../openstack/network-addresses.ts";
import { type Kind, markOf, nameOf, type Owner, type Seen } from "./kind.ts";
import { statusOf } from "./listed.ts";

export interface FloatingIpSpec {
  /** The external network. */
  readonly networkId: string;
  /** What it leads to; undefined while it is not known. */
  readonly portId?: string | undefined;
  /** False: it is kept for somebody else to use (an ingress controller), and is left as it is. */
  readonly attach: boolean;
}

export interface FloatingIpSeen extends Seen {
  readonly portId: string | undefined;
}

type Cluster = Pick<Owner, "cluster" | "name">;

/**
 * `kinvirt:k7f3m2q9x1 dev-k7f3m2q9x1-floating-ip-api`: a floating IP has no name, and its create call takes no tags, so
 * the description carries both halves of the owner mark.
 */
const descriptionOf = (owner: Owner): string => `${markOf(owner)} ${nameOf(owner)}`;

/** `facts.address`. Its status is no reason to wait: behind a load balancer's unbound port it may stay DOWN for ever. */
function seen(item: FloatingIp): FloatingIpSeen {
  return {
    id: item.id,
    name: item.description?.split(" ")[1] ?? "",
    facts: { address: item.floating_ip_address },
    portId: item.port_id ?? undefined,
    ...statusOf("floating IP", item.status, ["ACTIVE", "DOWN"]),
  };
}

const own = (item: FloatingIp, cluster: Cluster, projectId: string): boolean =>
  item.project_id === projectId && item.description?.split(" ")[0] === markOf(cluster);

/** Neutron says 404 for a port that has no way to the external network yet: that is a state, and it passes. */
async function attach(cloud: Cloud, id: string, portId: string): Promise<FloatingIp> {
  try {
    return await cloud.network.updateFloatingIp(id, { port_id: portId });
  } catch (error) {
    if (!isTrouble(error, "missing", "conflict")) throw error;
    const now = await cloud.network.getFloatingIp(id);
    if (now?.port_id === portId) return now;
    throw now === undefined ? error : new OpenStackError({ ...error.detail, trouble: "conflict", cause: error });
  }
}

/** A public address. */
export const floatingIp: Kind<FloatingIpSpec, FloatingIpSeen> = {
  kind: "floating-ip",
  passive: true,
  // By project only: the descriptions of one cluster's addresses differ, and Neutron filters by equality.
  async find(cloud, cluster) {
    const { projectId } = await cloud.scope();
    const items = await cloud.network.listFloatingIps({ project_id: projectId });
    return items.filter((item) => own(item, cluster, projectId)).map(seen);
  },
  async get(cloud, cluster, id) {
    const { projectId } = await cloud.scope();
    const item = await cloud.network.getFloatingIp(id);
    return item !== undefined && own(item, cluster, projectId) ? seen(item) : undefined;
  },
  create: async (cloud, owner, { networkId }) =>
    seen(await cloud.network.createFloatingIp({ description: descriptionOf(owner), floating_network_id: networkId })),
  async update(cloud, _owner, spec, now) {
    if (!spec.attach || now.status === "failed") return now;
    if (spec.portId === undefined) return { ...now, status: "pending" };
    return now.portId === spec.portId ? now : seen(await attach(cloud, now.id, spec.portId));
  },
  remove: (cloud, now) => cloud.network.deleteFloatingIp(now.id),
};
