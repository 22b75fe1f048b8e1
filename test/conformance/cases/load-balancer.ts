import { type LoadBalancerSeen, type LoadBalancerSpec, loadBalancer } from "../../../shared/resources/load-balancer.ts";
import type { KindCase, World } from "../kind-case.ts";
import { makeSubnet } from "./ground.ts";

const members = (...hosts: readonly number[]) =>
  hosts.map((host) => ({ name: `cp-${host}`, address: `10.6.0.${host}` }));

/** Somebody takes the health monitor away. */
async function disturb({ cloud, cluster, settle }: World, { id, parts }: LoadBalancerSeen): Promise<void> {
  await cloud.loadBalancer.deleteMonitor(parts?.monitorId ?? "");
  // Until then Octavia takes no other change, and a listing still has the monitor.
  while ((await loadBalancer.get(cloud, cluster, id))?.state !== "ACTIVE") await settle();
}

const ofProvider = (provider: LoadBalancerSpec["provider"]): KindCase<LoadBalancerSpec, LoadBalancerSeen> => ({
  name: `load-balancer, ${provider}`,
  kind: loadBalancer,
  step: "load-balancer/api",
  async prepare(world) {
    const { subnetId } = await makeSubnet(world);
    const minimal = { subnetId, provider, port: 6443, members: [] };
    return {
      minimal,
      full: { ...minimal, members: members(211, 212, 213) },
      changed: { ...minimal, members: members(212, 214) },
    };
  },
  disturb,
});

export const ovnLoadBalancerCase = ofProvider("ovn");
export const amphoraLoadBalancerCase = ofProvider("amphora");
