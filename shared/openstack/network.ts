import * as z from "zod";
import type { Endpoint, Quota } from "./endpoint.ts";
import { addresses } from "./network-addresses.ts";
import { collection, type Labels } from "./network-collection.ts";
import { routers } from "./network-routers.ts";
import { securityGroups } from "./network-security.ts";
import { trunks } from "./network-trunks.ts";

const network = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  project_id: z.string(),
  /** ACTIVE, DOWN, BUILD or ERROR. */
  status: z.string(),
  mtu: z.int().nullish(),
  "router:external": z.boolean().nullish(),
});

export type Network = z.infer<typeof network>;

const subnet = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  project_id: z.string(),
  network_id: z.string(),
  cidr: z.string(),
  gateway_ip: z.string().nullable(),
  dns_nameservers: z.array(z.string()),
});

export type Subnet = z.infer<typeof subnet>;

export interface AddressPool {
  readonly start: string;
  readonly end: string;
}

const quotaDetails = z.object({
  quota: z.record(z.string(), z.object({ limit: z.int(), used: z.int(), reserved: z.int() })),
});

/** Those of Neutron's quotas that a cluster uses. */
const COUNTED = ["network", "subnet", "router", "port", "floatingip", "security_group", "security_group_rule", "trunk"];

/**
 * Neutron, API v2.0. Lists are filtered by equality on any attribute (`description`, `project_id`, `router:external`).
 * Source: https://docs.openstack.org/api-ref/network/v2/.
 */
export function networking(endpoint: Endpoint) {
  const networks = collection(endpoint, "/networks", "network", network);
  const subnets = collection(endpoint, "/subnets", "subnet", subnet);
  return {
    listNetworks: networks.list,
    getNetwork: networks.get,
    createNetwork: (asked: Labels) => networks.create({ ...asked }),
    updateNetwork: (id: string, change: Partial<Labels>) => networks.update(id, change),
    deleteNetwork: networks.delete,
    listSubnets: subnets.list,
    getSubnet: subnets.get,
    createSubnet: (
      asked: Labels &
        Pick<Subnet, "network_id" | "cidr"> &
        Partial<Pick<Subnet, "gateway_ip">> & {
          readonly dns_nameservers: readonly string[];
          /** All addresses but the gateway's unless named. */
          readonly allocation_pools?: readonly AddressPool[];
        },
    ) => subnets.create({ ...asked, ip_version: 4 }),
    updateSubnet: (id: string, change: { readonly dns_nameservers: readonly string[] }) => subnets.update(id, change),
    deleteSubnet: subnets.delete,
    ...routers(endpoint),
    ...securityGroups(endpoint),
    ...addresses(endpoint),
    ...trunks(endpoint),
    /** What the project may have and has, of the resources that a cluster uses. Members may read their own project's. */
    async quota(projectId: string): Promise<readonly Quota[]> {
      const path = `/quotas/${projectId}/details`;
      const { quota } = await endpoint.call({ method: "GET", path, answer: quotaDetails });
      return COUNTED.flatMap((resource) => {
        const one = quota[resource];
        if (one === undefined) return [];
        return [{ service: endpoint.service, resource, limit: one.limit, used: one.used + one.reserved }];
      });
    },
    /** Aliases, such as `standard-attr-description` and `dns-integration`. */
    async listExtensions(): Promise<readonly string[]> {
      const item = z.object({ alias: z.string() });
      return (await endpoint.all({ path: "/extensions", key: "extensions", item })).map((one) => one.alias);
    },
  };
}

export type Networking = ReturnType<typeof networking>;
