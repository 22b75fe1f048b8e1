import type { Cloud } from "../openstack/cloud.ts";
import { isTrouble, OpenStackError } from "../openstack/errors.ts";
import type { LoadBalancer, StatusTree } from "../openstack/load-balancer.ts";
import type { Kind, Seen } from "./kind.ts";
import { byDescription, labelsOf } from "./listed.ts";
import {
  completeOne,
  hasMemberOff,
  type LoadBalancerSpec,
  lacks,
  listenerOf,
  type Parts,
  partsOf,
} from "./load-balancer-parts.ts";

export type { LoadBalancerSpec } from "./load-balancer-parts.ts";

export interface LoadBalancerSeen extends Seen {
  /** What of ours hangs on it; undefined unless it is ACTIVE. */
  readonly parts: Parts | undefined;
  /** Made a moment ago, so that nobody has switched off any of it. */
  readonly fresh?: true;
}

const FAULT =
  "Octavia reports the load balancer in ERROR and gives no reason; its operators find it in the worker's log";

function statusOf(state: string): Seen["status"] {
  if (state === "ERROR") return "failed";
  return state === "PENDING_DELETE" || state === "DELETED" ? "leaving" : "pending";
}

/** `facts`: `operating` (what the health monitor sees), and once they are known `vip`, `vipPortId` and `provider`. */
function seen(item: LoadBalancer): LoadBalancerSeen {
  const state = item.provisioning_status;
  return {
    id: item.id,
    name: item.name,
    status: statusOf(state),
    state,
    ...(state === "ERROR" ? { fault: FAULT } : {}),
    facts: {
      operating: item.operating_status,
      ...(item.vip_address ? { vip: item.vip_address } : {}),
      ...(item.vip_port_id ? { vipPortId: item.vip_port_id } : {}),
      ...(item.provider ? { provider: item.provider } : {}),
    },
    parts: undefined,
  };
}

/** One more call for an ACTIVE one: a provider may have made it without its listener, pool, monitor or members. */
async function withParts(cloud: Cloud, now: LoadBalancerSeen): Promise<LoadBalancerSeen> {
  if (now.state !== "ACTIVE") return now;
  const tree = await cloud.loadBalancer.getStatusTree(now.id);
  return tree === undefined ? { ...now, status: "leaving", state: "DELETED" } : within(now, tree);
}

function within(now: LoadBalancerSeen, tree: StatusTree): LoadBalancerSeen {
  const parts = partsOf(now.name, tree);
  if (parts.broken !== undefined) return { ...now, parts, status: "failed", fault: parts.broken };
  if (parts.pending !== undefined) return { ...now, parts, status: "pending", state: parts.pending };
  return { ...now, parts, status: parts.monitorId === undefined ? "pending" : "ready" };
}

/** Undefined: it has failed, or is leaving. */
function onItsWay(tree: StatusTree, known: Seen["facts"]): LoadBalancerSeen | undefined {
  const { id, name, provisioning_status: state, operating_status: operating } = tree;
  if (!/^(ACTIVE|PENDING_(CREATE|UPDATE))$/.test(state)) return undefined;
  const now = {
    id,
    name,
    status: "pending",
    state,
    facts: { ...known, operating },
    parts: undefined,
    fresh: true,
  } as const;
  const found = state === "ACTIVE" ? within(now, tree) : now;
  return found.status === "failed" ? undefined : found;
}

const listed = byDescription(
  (cloud, query) => cloud.loadBalancer.listLoadBalancers(query),
  (cloud, id) => cloud.loadBalancer.getLoadBalancer(id),
  seen,
);

/**
 * Octavia answers 400, "Subnet … not found.", for whatever kept it from asking Neutron, Keystone being down too. Our subnet
 * was just seen, so that passes.
 */
const mayNotSee = (error: OpenStackError): OpenStackError =>
  error.trouble === "invalid" && /^Subnet \S+ not found/.test(error.detail.fault)
    ? new OpenStackError({ ...error.detail, trouble: "conflict", cause: error })
    : error;

/** A TCP load balancer with one listener, in front of the Kubernetes API. */
export const loadBalancer: Kind<LoadBalancerSpec, LoadBalancerSeen> = {
  kind: "load-balancer",
  find: async (cloud, cluster) =>
    Promise.all((await listed.find(cloud, cluster)).map((found) => withParts(cloud, found))),
  async get(cloud, cluster, id) {
    const now = await listed.get(cloud, cluster, id);
    return now === undefined ? undefined : withParts(cloud, now);
  },
  /** The status tree alone: the rest was in the answer to its create. */
  async look(cloud, cluster, { id, name, facts }) {
    const tree = await cloud.loadBalancer.getStatusTree(id);
    const isTold = facts["vip"] !== undefined && facts["vipPortId"] !== undefined;
    const found = tree?.name === name && isTold ? onItsWay(tree, facts) : undefined;
    return found ?? loadBalancer.get(cloud, cluster, id);
  },
  async create(cloud, owner, spec) {
    const labels = labelsOf(owner);
    const { subnetId: vip_subnet_id, provider, address } = spec;
    const vip = { vip_subnet_id, ...(address === undefined ? {} : { vip_address: address }) };
    const bare = { ...labels, tags: [labels.description], ...vip, provider };
    try {
      const whole = { ...bare, listeners: [listenerOf(labels.name, spec)] };
      return seen(await cloud.loadBalancer.createLoadBalancer(whole));
    } catch (error) {
      const refusal = error instanceof OpenStackError ? mayNotSee(error) : error;
      // A provider that can't make all at once has made nothing. `update` adds the parts one by one.
      if (!isTrouble(refusal, "invalid")) throw refusal;
      return seen(await cloud.loadBalancer.createLoadBalancer(bare));
    }
  },
  /** One change a time: each turns it to PENDING_UPDATE, and it takes the next once it is ACTIVE. */
  async update(cloud, _owner, spec, now) {
    if (now.parts === undefined || now.status === "failed" || now.status === "leaving") return now;
    if (now.parts.pending !== undefined) return now;
    const isWhole = !lacks(now.parts, spec) && (now.fresh === true || !(await hasMemberOff(cloud, now.parts)));
    if (isWhole) return { ...now, status: "ready" };
    try {
      await completeOne(cloud, now, now.parts, spec);
    } catch (error) {
      const after = isTrouble(error, "conflict") ? await cloud.loadBalancer.getLoadBalancer(now.id) : undefined;
      if (after === undefined || after.provisioning_status === "ACTIVE") throw error;
      return seen(after);
    }
    return { ...now, status: "pending", state: "PENDING_UPDATE", parts: undefined };
  },
  remove: (cloud, now) => cloud.loadBalancer.deleteLoadBalancer(now.id),
};
