import { isTrouble } from "../../../shared/openstack/errors.ts";
import { type LoadBalancerSeen, type LoadBalancerSpec, loadBalancer } from "../../../shared/resources/load-balancer.ts";
import type { KindCase, World } from "../kind-case.ts";
import { makeSubnet } from "./ground.ts";

const members = (...hosts: readonly number[]) =>
  hosts.map((host) => ({ name: `cp-${host}`, address: `10.6.0.${host}` }));

/** Somebody takes the health monitor away. */
async function disturb({ cloud, cluster, settle }: World, { id, parts }: LoadBalancerSeen): Promise<void> {
  const taken = () =>
    cloud.loadBalancer.deleteMonitor(parts?.monitorId ?? "").then(
      () => true,
      (error: unknown) => {
        if (isTrouble(error, "conflict")) return false;
        throw error;
      },
    );
  // OVN's is ACTIVE before its pool is, and a pool takes no change before.
  while (!(await taken())) await settle();
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
