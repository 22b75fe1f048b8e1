import * as z from "zod";
import { anything, type Counting, type Endpoint, type Quota } from "./endpoint.ts";
import { loadBalancerParts, type NewListener } from "./load-balancer-parts.ts";
import { unlessMissing } from "./network-collection.ts";

const PATH = "/lbaas/loadbalancers";

const loadBalancer = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  project_id: z.string(),
  /** ACTIVE, ERROR, DELETED, or PENDING_* while no change is taken. */
  provisioning_status: z.string(),
  /** ONLINE, DEGRADED, ERROR, OFFLINE, DRAINING, NO_MONITOR: what the health monitors see. */
  operating_status: z.string(),
  vip_address: z.string().nullish(),
  vip_port_id: z.string().nullish(),
  vip_subnet_id: z.string().nullish(),
  provider: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  created_at: z.string().nullish(),
  /** False: somebody switched it off. */
  admin_state_up: z.boolean().nullish(),
  /** Null until the first change. */
  updated_at: z.string().nullish(),
});

export type LoadBalancer = z.infer<typeof loadBalancer>;

const both = { id: z.string(), name: z.string(), provisioning_status: z.string(), operating_status: z.string() };

const member = z.object({ ...both, address: z.string(), protocol_port: z.int() });
const pool = z.object({
  ...both,
  /** Absent where the pool has none; older releases answer an empty object. */
  health_monitor: z.union([z.object({ ...both, type: z.string() }), z.object({})]).nullish(),
  members: z.array(member).default([]),
});
const listener = z.object({ ...both, pools: z.array(pool).default([]) });
const tree = z.object({ ...both, listeners: z.array(listener).default([]) });

/** A load balancer with all that hangs on it, in one answer. */
export type StatusTree = z.infer<typeof tree>;

export interface NewLoadBalancer {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly vip_subnet_id: string;
  readonly vip_address?: string;
  readonly provider: string;
  /** With their default pools, monitors and members: all is made by this one call. */
  readonly listeners?: readonly NewListener[];
}

const limits = z.object({ quota: z.record(z.string(), z.int().nullable()) });

/** Octavia before 2.6 (2019) wrote two of the names without their underscore. */
const OLD_NAMES: Readonly<Record<string, string>> = { load_balancer: "loadbalancer", health_monitor: "healthmonitor" };

/** Octavia says what may be and not what is, so that is counted. */
async function quota(endpoint: Endpoint, projectId: string, counting: Counting): Promise<readonly Quota[]> {
  const asked = endpoint.call({ method: "GET", path: `/lbaas/quotas/${projectId}`, answer: limits });
  const limitOf = async (resource: string): Promise<number> => {
    const { quota: limit } = await asked;
    return limit[resource] ?? limit[OLD_NAMES[resource] ?? ""] ?? -1;
  };
  const matters = async (...resources: readonly string[]): Promise<boolean> =>
    counting === "all" || (await Promise.all(resources.map(limitOf))).some((limit) => limit >= 0);
  const count = async (key: string, resource: string): Promise<number> => {
    if (!(await matters(resource))) return 0;
    const item = z.object({ id: z.string() });
    return (await endpoint.all({ path: `/lbaas/${key}`, key, query: { project_id: projectId, fields: "id" }, item }))
      .length;
  };
  const pooled = z.object({ members: z.array(z.object({ id: z.string() })) });
  const pools = { path: "/lbaas/pools", key: "pools", query: { project_id: projectId }, item: pooled };
  const [, loadBalancers, listeners, monitors, ofPools] = await Promise.all([
    asked,
    count("loadbalancers", "load_balancer"),
    count("listeners", "listener"),
    count("healthmonitors", "health_monitor"),
    matters("pool", "member").then((is) => (is ? endpoint.all(pools) : [])),
  ]);
  const used: readonly (readonly [string, number])[] = [
    ["load_balancer", loadBalancers],
    ["listener", listeners],
    ["pool", ofPools.length],
    ["health_monitor", monitors],
    ["member", ofPools.reduce((sum, one) => sum + one.members.length, 0)],
  ];
  const { service } = endpoint;
  return Promise.all(
    used.map(async ([resource, sum]) => ({ service, resource, limit: await limitOf(resource), used: sum })),
  );
}

const statusTree = z.object({ statuses: z.object({ loadbalancer: tree }) });

/** Octavia, API v2. Source: https://docs.openstack.org/api-ref/load-balancer/v2/. */
export function loadBalancers(endpoint: Endpoint) {
  const one = z.object({ loadbalancer: loadBalancer }).transform((body) => body.loadbalancer);
  return {
    listLoadBalancers: (query: { readonly project_id: string; readonly description?: string }) =>
      endpoint.all({ path: PATH, key: "loadbalancers", query: { ...query }, item: loadBalancer }),
    getLoadBalancer: (id: string) =>
      unlessMissing(endpoint.call({ method: "GET", path: `${PATH}/${id}`, answer: one })),
    createLoadBalancer: (asked: NewLoadBalancer) =>
      endpoint.call({ method: "POST", path: PATH, body: { loadbalancer: asked }, answer: one }),
    /** With listeners, pools, monitors and members. A floating IP on its VIP stays. Conflict while it is PENDING_*. */
    async deleteLoadBalancer(id: string): Promise<void> {
      const asked = { method: "DELETE", path: `${PATH}/${id}`, query: { cascade: true }, answer: anything } as const;
      await unlessMissing(endpoint.call(asked));
    },
    async getStatusTree(id: string): Promise<StatusTree | undefined> {
      const answer = statusTree;
      const said = await unlessMissing(endpoint.call({ method: "GET", path: `${PATH}/${id}/status`, answer }));
      return said?.statuses.loadbalancer;
    },
    ...loadBalancerParts(endpoint),
    /** Names of the providers that this cloud has enabled: `amphora`, `ovn`. */
    async listProviders(): Promise<readonly string[]> {
      const item = z.object({ name: z.string() });
      return (await endpoint.all({ path: "/lbaas/providers", key: "providers", item })).map(
        (provider) => provider.name,
      );
    },
    /** `load_balancer`, `listener`, `pool`, `health_monitor` and `member`. */
    quota: (projectId: string, counting: Counting = "all") => quota(endpoint, projectId, counting),
  };
}

export type LoadBalancers = ReturnType<typeof loadBalancers>;
