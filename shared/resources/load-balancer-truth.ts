import type { Cloud } from "../openstack/cloud.ts";
import type { LoadBalancer, StatusTree } from "../openstack/load-balancer.ts";
import type { Listener } from "../openstack/load-balancer-parts.ts";
import type { FloatingIp } from "../openstack/network-addresses.ts";
import { markOf, type Owner } from "./kind.ts";

/** `api` is ours; `service` and `ingress` were made by the cluster's own controllers. */
type LbRole = "api" | "service" | "ingress";

interface Health {
  /** ACTIVE, ERROR, PENDING_*: what became of the last change. */
  readonly provisioning: string;
  /** ONLINE, DEGRADED, ERROR, OFFLINE, NO_MONITOR: what the health monitor sees. */
  readonly operating: string;
}

export interface LbMember extends Health {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Whether its pool has a health monitor: NO_MONITOR then means that none of its reports has come yet. */
  readonly monitored: boolean;
}

/** One load balancer of a cluster as Octavia and Neutron describe it at this moment. */
export interface LbTruth extends Health {
  readonly id: string;
  readonly name: string;
  readonly role: LbRole;
  /** Empty where Octavia does not say. */
  readonly provider: string;
  readonly vip: string;
  readonly floatingIp?: string;
  readonly listeners: readonly (Health & { readonly protocol: string; readonly port: number })[];
  /** Each once, whatever the number of pools that it is in. */
  readonly members: readonly LbMember[];
  /** ISO 8601, UTC, of the last change. */
  readonly updatedAt?: string;
}

type Cluster = Pick<Owner, "cluster" | "name">;

/**
 * Whose a load balancer is. The controllers put the cluster's id into name and description; both must agree, because a
 * name alone can be anybody's. Sources: cloud-provider-openstack pkg/openstack/loadbalancer.go and
 * pkg/ingress/controller/openstack/octavia.go.
 */
function lbRoleOf({ cluster }: Cluster, name: string, description: string): LbRole | undefined {
  if (description === markOf({ cluster })) return "api";
  const theirs = new RegExp(`^Kubernetes .+ from cluster ${cluster}(, version: .+)?$`, "s").test(description);
  if (!theirs) return undefined;
  if (name.startsWith(`kube_service_${cluster}_`)) return "service";
  return name.startsWith(`kube_ingress_${cluster}_`) ? "ingress" : undefined;
}

const healthOf = (item: { readonly provisioning_status: string; readonly operating_status: string }): Health => ({
  provisioning: item.provisioning_status,
  operating: item.operating_status,
});

function membersOf(tree: StatusTree | undefined): LbTruth["members"] {
  const pools = (tree?.listeners ?? []).flatMap((one) => one.pools);
  const all = pools.flatMap((pool) => {
    const monitored = pool.health_monitor !== undefined && pool.health_monitor !== null && "id" in pool.health_monitor;
    return pool.members.map((member) => ({ member, monitored }));
  });
  const once = new Map(all.map((one) => [`${one.member.address}:${one.member.protocol_port}`, one]));
  return [...once.values()].map(({ member, monitored }) => ({
    name: member.name,
    address: member.address,
    port: member.protocol_port,
    monitored,
    ...healthOf(member),
  }));
}

function truthOf(
  item: LoadBalancer,
  role: LbRole,
  tree: StatusTree | undefined,
  listeners: readonly Listener[],
  floatingIps: readonly FloatingIp[],
): LbTruth {
  const floating = item.vip_port_id ? floatingIps.find((ip) => ip.port_id === item.vip_port_id) : undefined;
  const updatedAt = item.updated_at ?? item.created_at;
  return {
    id: item.id,
    name: item.name,
    role,
    // The tree is the newer answer of the two.
    ...healthOf(tree ?? item),
    provider: item.provider ?? "",
    vip: item.vip_address ?? "",
    ...(floating === undefined ? {} : { floatingIp: floating.floating_ip_address }),
    listeners: listeners
      .filter((one) => one.loadbalancers.some(({ id }) => id === item.id))
      .map((one) => ({ protocol: one.protocol, port: one.protocol_port, ...healthOf(one) }))
      .toSorted((a, b) => a.port - b.port),
    members: membersOf(tree),
    ...(updatedAt ? { updatedAt: updatedAt.endsWith("Z") ? updatedAt : `${updatedAt}Z` } : {}),
  };
}

/**
 * Every load balancer of a cluster, ours first, then its Services' and Ingresses' by name. Asks the cloud each time: three
 * listings, and one call for each load balancer.
 */
export async function inspectLoadBalancers(cloud: Cloud, cluster: Cluster): Promise<readonly LbTruth[]> {
  const { projectId: project_id } = await cloud.scope();
  const [items, listeners, floatingIps] = await Promise.all([
    cloud.loadBalancer.listLoadBalancers({ project_id }),
    cloud.loadBalancer.listListeners({ project_id }),
    cloud.network.listFloatingIps({ project_id }),
  ]);
  const truths = items.map(async (item) => {
    const role = item.project_id === project_id ? lbRoleOf(cluster, item.name, item.description ?? "") : undefined;
    if (role === undefined) return [];
    return [truthOf(item, role, await cloud.loadBalancer.getStatusTree(item.id), listeners, floatingIps)];
  });
  const rank: readonly LbRole[] = ["api", "service", "ingress"];
  return (await Promise.all(truths))
    .flat()
    .toSorted((a, b) => rank.indexOf(a.role) - rank.indexOf(b.role) || a.name.localeCompare(b.name));
}
