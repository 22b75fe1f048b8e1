import type { ShareNetwork } from "../openstack/shared-file-system.ts";
import type { Kind, Seen } from "./kind.ts";
import { byDescription, labelsOf } from "./listed.ts";

export interface ShareNetworkSpec {
  /** Neutron's ids. */
  readonly networkId: string;
  readonly subnetId: string;
}

const see = (found: ShareNetwork): Seen => ({
  id: found.id,
  name: found.name ?? "",
  status: "ready",
  state: "active",
  facts: {},
});

/** Where Manila puts the share servers of a share type that needs them (driver_handles_share_servers). */
export const shareNetwork: Kind<ShareNetworkSpec> = {
  kind: "share-network",
  ...byDescription(
    (cloud) => cloud.sharedFileSystem.listShareNetworks(),
    (cloud, id) => cloud.sharedFileSystem.getShareNetwork(id),
    see,
  ),
  async create(cloud, owner, { networkId, subnetId }) {
    const made = await cloud.sharedFileSystem.createShareNetwork({
      ...labelsOf(owner),
      neutron_net_id: networkId,
      neutron_subnet_id: subnetId,
    });
    return see(made);
  },
  update: async (_cloud, _owner, _spec, seen) => seen,
  remove: (cloud, seen) => cloud.sharedFileSystem.deleteShareNetwork(seen.id),
};
