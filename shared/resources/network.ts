import type { Network } from "../openstack/network.ts";
import type { Kind, Seen } from "./kind.ts";
import { byDescription, labelsOf, statusOf } from "./listed.ts";

const seen = (item: Network): Seen => ({
  id: item.id,
  name: item.name,
  facts: {},
  ...statusOf("network", item.status),
});

/** A tenant network: the nodes', or Kuryr's. MTU and port security are the cloud's defaults. */
export const network: Kind<Record<never, never>> = {
  kind: "network",
  ...byDescription(
    (cloud, query) => cloud.network.listNetworks(query),
    (cloud, id) => cloud.network.getNetwork(id),
    seen,
  ),
  create: async (cloud, owner) => seen(await cloud.network.createNetwork(labelsOf(owner))),
  update: async (_cloud, _owner, _spec, now) => now,
  remove: (cloud, now) => cloud.network.deleteNetwork(now.id),
};
