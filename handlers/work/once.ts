import type { Cloud } from "../../shared/openstack/cloud.ts";

type Asked<A extends readonly unknown[], T> = (...args: A) => Promise<T>;

/** What is asked a second time with the same words is not asked again. */
function once<A extends readonly unknown[], T>(ask: Asked<A, T>): Asked<A, T> {
  const known = new Map<string, Promise<T>>();
  return (...args) => {
    const words = JSON.stringify(args);
    const answer = known.get(words) ?? ask(...args);
    known.set(words, answer);
    return answer;
  };
}

/**
 * A cloud for one answer about several clusters: the listings of a project are the same for each of them, so the calls grow
 * with what is there and not with the clusters. For reading only: it does not see what was changed meanwhile.
 */
export function readOnce(cloud: Cloud): Cloud {
  const { dns, loadBalancer, network, keyManager, sharedFileSystem, identity } = cloud;
  return {
    ...cloud,
    dns: {
      ...dns,
      getZone: once(dns.getZone),
      listPointers: once(dns.listPointers),
      listRecordsets: once(dns.listRecordsets),
      listZoneRecordsets: once(dns.listZoneRecordsets),
    },
    loadBalancer: {
      ...loadBalancer,
      listLoadBalancers: once(loadBalancer.listLoadBalancers),
      listListeners: once(loadBalancer.listListeners),
    },
    network: { ...network, listFloatingIps: once(network.listFloatingIps) },
    keyManager: {
      ...keyManager,
      listSecrets: once(keyManager.listSecrets),
      listOrders: once(keyManager.listOrders),
    },
    sharedFileSystem: { ...sharedFileSystem, listShareNetworks: once(sharedFileSystem.listShareNetworks) },
    identity: { ...identity, listApplicationCredentials: once(identity.listApplicationCredentials) },
  };
}
