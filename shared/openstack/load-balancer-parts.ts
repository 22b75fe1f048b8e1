import * as z from "zod";
import { anything, type Endpoint, type Query } from "./endpoint.ts";
import { unlessMissing } from "./network-collection.ts";

const reference = z.object({ id: z.string() });
const both = { id: z.string(), name: z.string(), provisioning_status: z.string(), operating_status: z.string() };

const listener = z.object({
  ...both,
  protocol: z.string(),
  protocol_port: z.int(),
  default_pool_id: z.string().nullish(),
  loadbalancers: z.array(reference),
});

export type Listener = z.infer<typeof listener>;

const pool = z.object({
  ...both,
  protocol: z.string(),
  lb_algorithm: z.string(),
  members: z.array(reference),
  loadbalancers: z.array(reference).default([]),
  /** Null until the first change. One of a member is one of its pool. */
  updated_at: z.string().nullish(),
});

export type Pool = z.infer<typeof pool>;

const monitor = z.object({ ...both, type: z.string() });
const member = z.object({
  ...both,
  address: z.string(),
  protocol_port: z.int(),
  /** False: somebody switched it off, and the health monitor leaves it alone. */
  admin_state_up: z.boolean().nullish(),
  weight: z.int().nullish(),
  /** Null until the first change. */
  updated_at: z.string().nullish(),
});

export type Member = z.infer<typeof member>;

export interface NewMember {
  readonly name: string;
  readonly address: string;
  readonly protocol_port: number;
  readonly subnet_id: string;
  readonly admin_state_up?: boolean;
}

export interface NewMonitor {
  readonly name: string;
  readonly type: "TCP";
  /** Seconds between two probes. */
  readonly delay: number;
  /** Seconds; less than `delay`. */
  readonly timeout: number;
  readonly max_retries: number;
  readonly max_retries_down: number;
}

export interface NewPool {
  readonly name: string;
  readonly protocol: "TCP";
  readonly lb_algorithm: "SOURCE_IP_PORT" | "ROUND_ROBIN";
  /** Only within the create call of a load balancer. */
  readonly healthmonitor?: NewMonitor;
  /** Only within the create call of a load balancer. */
  readonly members?: readonly NewMember[];
}

export interface NewListener {
  readonly name: string;
  readonly protocol: "TCP";
  readonly protocol_port: number;
  /** Milliseconds that a connection may be silent on either side; 50 s unless named. OVN ends none. */
  readonly timeout_client_data?: number;
  readonly timeout_member_data?: number;
  /** Only within the create call of a load balancer. */
  readonly default_pool?: NewPool;
}

/**
 * One collection: `listeners` of `listener`. Every change turns the load balancer to PENDING_UPDATE, and it takes the next
 * one (conflict until then) once it is ACTIVE.
 */
function family<T, New extends object>(endpoint: Endpoint, path: string, one: string, item: z.ZodType<T>) {
  const key = path.split("/").at(-1) ?? path;
  const answer = z.object({ [one]: item }).transform((body) => body[one] as T);
  return {
    list: (query: Query = {}) => endpoint.all({ path, key, query, item }),
    create: (asked: New) => endpoint.call({ method: "POST", path, body: { [one]: asked }, answer }),
    update: (id: string, change: Partial<New>) =>
      endpoint.call({ method: "PUT", path: `${path}/${id}`, body: { [one]: change }, answer }),
    async delete(id: string): Promise<void> {
      await unlessMissing(endpoint.call({ method: "DELETE", path: `${path}/${id}`, answer: anything }));
    },
  };
}

const membersPath = (poolId: string) => `/lbaas/pools/${poolId}/members`;

/** What hangs on a load balancer. */
export function loadBalancerParts(endpoint: Endpoint) {
  type OfLoadBalancer = NewListener & { readonly loadbalancer_id: string };
  type OfListener = NewPool & { readonly listener_id: string };
  type OfPool = NewMonitor & { readonly pool_id: string };
  const listeners = family<Listener, OfLoadBalancer>(endpoint, "/lbaas/listeners", "listener", listener);
  const pools = family<Pool, OfListener>(endpoint, "/lbaas/pools", "pool", pool);
  const monitors = family<z.infer<typeof monitor>, OfPool>(endpoint, "/lbaas/healthmonitors", "healthmonitor", monitor);
  const members = (poolId: string) => family<Member, NewMember>(endpoint, membersPath(poolId), "member", member);
  return {
    listListeners: listeners.list,
    createListener: listeners.create,
    updateListener: listeners.update,
    deleteListener: listeners.delete,
    listPools: pools.list,
    /** The default pool of `listener_id`. */
    createPool: pools.create,
    updatePool: pools.update,
    deletePool: pools.delete,
    listMonitors: monitors.list,
    createMonitor: monitors.create,
    updateMonitor: monitors.update,
    deleteMonitor: monitors.delete,
    listMembers: (poolId: string) => members(poolId).list(),
    createMember: (poolId: string, asked: NewMember) => members(poolId).create(asked),
    updateMember: (poolId: string, id: string, change: Partial<NewMember>) => members(poolId).update(id, change),
    deleteMember: (poolId: string, id: string) => members(poolId).delete(id),
    /** All members at once, known by address and port: makes what lacks and removes what is not among them. */
    async replaceMembers(poolId: string, wanted: readonly NewMember[]): Promise<void> {
      await endpoint.call({ method: "PUT", path: membersPath(poolId), body: { members: wanted }, answer: anything });
    },
  };
}
