import type { Cloud } from "../openstack/cloud.ts";
import type { StatusTree } from "../openstack/load-balancer.ts";
import type { NewListener, NewMember, NewMonitor, NewPool } from "../openstack/load-balancer-parts.ts";

interface LoadBalancerMember {
  readonly name: string;
  readonly address: string;
}

export interface LoadBalancerSpec {
  /** Of the VIP, and of the members unless they have another. */
  readonly subnetId: string;
  readonly memberSubnetId?: string;
  /** The VIP, where it is no choice of Neutron's. */
  readonly address?: string;
  readonly provider: "ovn" | "amphora";
  /** Of the listener, and of the members unless they have another. */
  readonly port: number;
  readonly memberPort?: number;
  readonly members: readonly LoadBalancerMember[];
}

/** Those parts of a load balancer that are ours, each undefined where the one before it is. */
export interface Parts {
  readonly listenerId?: string;
  readonly poolId?: string;
  readonly monitorId?: string;
  /** `address:port` of those that Octavia did not put into ERROR. */
  readonly members: readonly string[];
  /** All that the pool has, in ERROR or not. */
  readonly memberCount: number;
  /** Status of a part that is under way: OVN has its load balancer ACTIVE before them, and takes changes that pile up. */
  readonly pending?: string;
  /** Which of them is in ERROR, as a sentence. */
  readonly broken?: string;
}

const partName = (name: string, part: "listener" | "pool" | "monitor"): string => `${name}-${part}`;

const memberKey = (member: { readonly address: string; readonly protocol_port: number }): string =>
  `${member.address}:${member.protocol_port}`;

/** What other people hung on our load balancer has other names, and is left alone. */
export function partsOf(name: string, tree: StatusTree): Parts {
  const listener = tree.listeners.find((one) => one.name === partName(name, "listener"));
  const pool = listener?.pools.find((one) => one.name === partName(name, "pool"));
  const health = pool?.health_monitor;
  const monitor = health && "id" in health ? health : undefined;
  const broken = [listener, pool, monitor].find((one) => one?.provisioning_status === "ERROR");
  const members = pool?.members ?? [];
  const pending = [listener, pool, monitor, ...members]
    .map((one) => one?.provisioning_status)
    .find((status) => status?.startsWith("PENDING_"));
  return {
    ...(listener === undefined ? {} : { listenerId: listener.id }),
    ...(pool === undefined ? {} : { poolId: pool.id }),
    ...(monitor === undefined ? {} : { monitorId: monitor.id }),
    members: members.filter((one) => one.provisioning_status !== "ERROR").map(memberKey),
    memberCount: members.length,
    ...(pending === undefined ? {} : { pending }),
    ...(broken === undefined ? {} : { broken: `Octavia reports its part ${broken.name} in ERROR and gives no reason` }),
  };
}

/** OVN has no other algorithm. Source: octavia feature matrix. */
const poolOf = (name: string, { provider }: LoadBalancerSpec): NewPool => ({
  name: partName(name, "pool"),
  protocol: "TCP",
  lb_algorithm: provider === "ovn" ? "SOURCE_IP_PORT" : "ROUND_ROBIN",
});

const monitorOf = (name: string): NewMonitor => ({
  name: partName(name, "monitor"),
  type: "TCP",
  delay: 10,
  timeout: 5,
  max_retries: 3,
  max_retries_down: 3,
});

const membersOf = ({ members, port, memberPort, subnetId, memberSubnetId }: LoadBalancerSpec): readonly NewMember[] =>
  members.map(({ name, address }) => ({
    name,
    address,
    protocol_port: memberPort ?? port,
    subnet_id: memberSubnetId ?? subnetId,
  }));

/** As long as a watch of Kubernetes lasts at most (--min-request-timeout, doubled), whether anything happens or not. */
const SILENT_MS = 3_600_000;

const bareListener = (name: string, { port, provider }: LoadBalancerSpec): NewListener => ({
  name: partName(name, "listener"),
  protocol: "TCP",
  protocol_port: port,
  ...(provider === "amphora" ? { timeout_client_data: SILENT_MS, timeout_member_data: SILENT_MS } : {}),
});

/** The listener with all below it. */
export const listenerOf = (name: string, spec: LoadBalancerSpec): NewListener => ({
  ...bareListener(name, spec),
  default_pool: { ...poolOf(name, spec), healthmonitor: monitorOf(name), members: membersOf(spec) },
});

function membersDiffer(parts: Parts, spec: LoadBalancerSpec): boolean {
  const wanted = membersOf(spec).map(memberKey);
  return parts.memberCount !== wanted.length || wanted.some((key) => !parts.members.includes(key));
}

/** Whether it is not yet as `spec` wants it. */
export const lacks = (parts: Parts, spec: LoadBalancerSpec): boolean =>
  parts.monitorId === undefined || membersDiffer(parts, spec);

/** Whether somebody switched a member off. The status tree does not say: OVN calls it ONLINE for a while, amphorae OFFLINE. */
export async function hasMemberOff(cloud: Cloud, { poolId, memberCount }: Parts): Promise<boolean> {
  if (poolId === undefined || memberCount === 0) return false;
  return (await cloud.loadBalancer.listMembers(poolId)).some((one) => one.admin_state_up === false);
}

/** Makes the first part that lacks; where none does, all members as they should be. */
export async function completeOne(
  cloud: Cloud,
  { id, name }: { readonly id: string; readonly name: string },
  { listenerId, poolId, monitorId }: Parts,
  spec: LoadBalancerSpec,
): Promise<void> {
  const api = cloud.loadBalancer;
  if (listenerId === undefined) await api.createListener({ ...bareListener(name, spec), loadbalancer_id: id });
  else if (poolId === undefined) await api.createPool({ ...poolOf(name, spec), listener_id: listenerId });
  else if (monitorId === undefined) await api.createMonitor({ ...monitorOf(name), pool_id: poolId });
  // Octavia leaves as it is what is not named: one that was switched off would stay so.
  else
    await api.replaceMembers(
      poolId,
      membersOf(spec).map((one) => ({ ...one, admin_state_up: true })),
    );
}
