import type { Cloud } from "../openstack/cloud.ts";
import type { Counting, Quota } from "../openstack/endpoint.ts";

/** How each service's quota of our project is read. Designate counts in a zone, so without one it has none to tell. */
export function quotaReaders(cloud: Cloud, zoneId: () => Promise<string | undefined>, counting: Counting = "all") {
  const ours = async (read: (projectId: string) => Promise<readonly Quota[]>) => read((await cloud.scope()).projectId);
  return {
    compute: () => ours(cloud.compute.quota),
    network: () => ours(cloud.network.quota),
    "load-balancer": () => ours((projectId) => cloud.loadBalancer.quota(projectId, counting)),
    async dns() {
      const zone = await zoneId();
      return zone === undefined ? [] : ours((projectId) => cloud.dns.quota(projectId, zone));
    },
    "key-manager": () => cloud.keyManager.quota(counting),
    "shared-file-system": () => ours(cloud.sharedFileSystem.quota),
  };
}

export type QuotaService = keyof ReturnType<typeof quotaReaders>;
