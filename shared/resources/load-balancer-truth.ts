import type { Cloud } from "../openstack/cloud.ts";
import { isTrouble } from "../openstack/errors.ts";
import type { LoadBalancer, StatusTree } from "../openstack/load-balancer.ts";
import type { Listener, Member } from "../openstack/load-balancer-parts.ts";
import type { FloatingIp } from "../openstack/network-addresses.ts";
import { markOf, type Owner } from "./kind.ts";

/** `api` and `inner` (pods' way to it, beside Kuryr) are ours; the others were made by the cluster's own controllers. */
type LbRole = "api" | "inner" | "service" | "ingress";

interface Health {
  /** ACTIVE, ERROR, PENDING_*: what became of the last change. */
  readonly provisioning: string;
  /** ONLINE, DEGRADED, ERROR, OFFLINE, NO_MONITOR: what the health monitor sees. */
  readonly operating: string;
}

export interface LbMember extends Health, Pick<Member, "id" | "name" | "address"> {
  readonly port: number;
  /** Id of a pool that it is in. */
  readonly pool: string;
  /** Whether its pool has a health monitor: NO_MONITOR then means that none of its reports has come yet. */
  readonly monitored: boolean;
  /** Somebody has switched it off (`admin_state_up`). */
  readonly disabled?: true;
  /** ISO 8601, UTC, of the last change. */
  readonly updatedAt?: string;
}

interface LbPool extends Health {
  readonly id: string;
  readonly name: string;
  /** Type of its health monitor: `TCP`. Absent: it has none. */
  readonly monitor?: string;
  readonly members: number;
}

/** One load balancer of a cluster as Octavia and Neutron describe it at this moment. */
export interface LbTruth extends Health {
  readonly id: string;
  readonly name: string;
  readonly role: LbRole;
  /** What people call it: `api`, and by the objects that it was made for `default/shop`. */
  readonly of: readonly string[];
  /** Empty where Octavia does not say. */
  readonly provider: string;
  /** Somebody has switched it off (`admin_state_up`). */
  readonly disabled?: true;
  readonly vip: string;
  readonly floatingIp?: string;
  readonly listeners: readonly (Health & { readonly protocol: string; readonly port: number })[];
  readonly pools: readonly LbPool[];
  /** Each once, whatever the number of pools that it is in. */
  readonly members: readonly LbMember[];
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
  /** ISO 8601, UTC, of the last change. */
  readonly updatedAt?: string;
}

type Cluster = Pick<Owner, "cluster" | "name">;

/**
 * Whose a load balancer is. The controllers put the cluster's id into name and description; both must agree, because a
 * name alone can be anybody's. Sources: cloud-provider-openstack pkg/openstack/loadbalancer.go and
 * pkg/ingress/controller/openstack/octavia.go.
 */
function lbRoleOf({ cluster }: Cluster, { name, description, tags }: LoadBalancer): LbRole | undefined {
  if (description === markOf({ cluster })) return name.endsWith(`-${cluster}-load-balancer-api`) ? "api" : "inner";
  // Kuryr has no words for what it makes, but a tag on all of it.
  if (tags.includes(cluster)) return "service";
  const theirs = new RegExp(`^Kubernetes .+ from cluster ${cluster}(, version: .+)?$`, "s").test(description ?? "");
  if (!theirs) return undefined;
  if (name.startsWith(`kube_service_${cluster}_`)) return "service";
  return name.startsWith(`kube_ingress_${cluster}_`) ? "ingress" : undefined;
}

const healthOf = (item: { readonly provisioning_status: string; readonly operating_status: string }): Health => ({
  provisioning: item.provisioning_status,
  operating: item.operating_status,
});

const utc = (text: string): string => (text.endsWith("Z") ? text : `${text}Z`);

/**
 * The objects that it serves: the controllers name it after the first one, and several Services that share it each have a
 * tag on it.
 */
function servedBy({ cluster }: Cluster, { name, tags }: LoadBalancer): readonly string[] {
  const [, ours] = name.split(`-${cluster}-load-balancer-`);
  if (ours !== undefined) return [ours];
  const prefix = new RegExp(`^kube_(service|ingress)_${cluster}_`);
  const served = [name, ...tags].filter((text) => prefix.test(text));
  if (served.length === 0) return [name];
  return [...new Set(served.map((text) => text.replace(prefix, "").replace("_", "/")))];
}

const poolsOf = (tree: StatusTree | undefined): StatusTree["listeners"][number]["pools"] => {
  const all = (tree?.listeners ?? []).flatMap((one) => one.pools);
  return [...new Map(all.map((pool) => [pool.id, pool])).values()];
};

const monitorOf = ({ health_monitor: monitor }: ReturnType<typeof poolsOf>[number]): string | undefined =>
  monitor !== undefined && monitor !== null && "type" in monitor ? monitor.type : undefined;

/** More of members than their state: the status tree has no more. By id. */
type Details = ReadonlyMap<string, Member>;

function membersOf(tree: StatusTree | undefined, details: Details): LbTruth["members"] {
  const all = poolsOf(tree).flatMap((pool) => pool.members.map((member) => ({ member, pool })));
  const once = new Map(all.map((one) => [`${one.member.address}:${one.member.protocol_port}`, one]));
  return [...once.values()].map(({ member, pool }) => {
    const { admin_state_up: enabled, updated_at: updatedAt } = details.get(member.id) ?? {};
    return {
      id: member.id,
      name: member.name,
      address: member.address,
      port: member.protocol_port,
      pool: pool.id,
      monitored: monitorOf(pool) !== undefined,
      ...(enabled === false ? { disabled: true as const } : {}),
      ...(updatedAt ? { updatedAt: utc(updatedAt) } : {}),
      ...healthOf(member),
    };
  });
}

interface Found {
  readonly role: LbRole;
  readonly tree: StatusTree | undefined;
  readonly details: Details;
  readonly listeners: readonly Listener[];
  readonly floatingIps: readonly FloatingIp[];
}

function truthOf(cluster: Cluster, item: LoadBalancer, found: Found): LbTruth {
  const { role, tree, details, listeners, floatingIps } = found;
  const floating = item.vip_port_id ? floatingIps.find((ip) => ip.port_id === item.vip_port_id) : undefined;
  const updatedAt = item.updated_at ?? item.created_at;
  return {
    id: item.id,
    name: item.name,
    role,
    of: servedBy(cluster, item),
    // The tree is the newer answer of the two.
    ...healthOf(tree ?? item),
    provider: item.provider ?? "",
    ...(item.admin_state_up === false ? { disabled: true as const } : {}),
    vip: item.vip_address ?? "",
    ...(floating === undefined ? {} : { floatingIp: floating.floating_ip_address }),
    listeners: listeners
      .filter((one) => one.loadbalancers.some(({ id }) => id === item.id))
      .map((one) => ({ protocol: one.protocol, port: one.protocol_port, ...healthOf(one) }))
      .toSorted((a, b) => a.port - b.port),
    pools: poolsOf(tree).map((pool) => {
      const monitor = monitorOf(pool);
      const { id, name, members } = pool;
      return { id, name, members: members.length, ...(monitor === undefined ? {} : { monitor }), ...healthOf(pool) };
    }),
    members: membersOf(tree, details),
    ...(item.created_at ? { createdAt: utc(item.created_at) } : {}),
    ...(updatedAt ? { updatedAt: utc(updatedAt) } : {}),
  };
}

async function detailsOf(cloud: Cloud, tree: StatusTree | undefined): Promise<Details> {
  const members = poolsOf(tree).map(({ id }) =>
    cloud.loadBalancer.listMembers(id).catch((error: unknown) => {
      // The pool went while it was looked at.
      if (isTrouble(error, "missing")) return [];
      throw error;
    }),
  );
  return new Map((await Promise.all(members)).flat().map((one) => [one.id, one]));
}

/**
 * Every load balancer of a cluster, ours first, then its Services' and Ingresses' by name. Asks the cloud each time: three
 * listings, one call for each load balancer, and one for each of its pools: one that somebody has switched off may be called
 * ONLINE all the same.
 */
export async function inspectLoadBalancers(cloud: Cloud, cluster: Cluster): Promise<readonly LbTruth[]> {
  const { projectId: project_id } = await cloud.scope();
  const [items, listeners, floatingIps] = await Promise.all([
    cloud.loadBalancer.listLoadBalancers({ project_id }),
    cloud.loadBalancer.listListeners({ project_id }),
    cloud.network.listFloatingIps({ project_id }),
  ]);
  const truths = items.map(async (item) => {
    const role = item.project_id === project_id ? lbRoleOf(cluster, item) : undefined;
    if (role === undefined) return [];
    const tree = await cloud.loadBalancer.getStatusTree(item.id);
    return [truthOf(cluster, item, { role, tree, details: await detailsOf(cloud, tree), listeners, floatingIps })];
  });
  const rank: readonly LbRole[] = ["api", "inner", "service", "ingress"];
  return (await Promise.all(truths))
    .flat()
    .toSorted((a, b) => rank.indexOf(a.role) - rank.indexOf(b.role) || a.name.localeCompare(b.name));
}
