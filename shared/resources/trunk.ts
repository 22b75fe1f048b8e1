import type { Trunk } from "../openstack/network-trunks.ts";
import type { Kind, Seen } from "./kind.ts";
import { byDescription, labelsOf, statusOf } from "./listed.ts";

export interface TrunkSpec {
  /** The parent: the port that a server is going to boot on. */
  readonly portId: string;
}

/** It is of use before its parent is bound, and while some of its subports are not wired. */
const USABLE = ["ACTIVE", "DOWN", "BUILD", "DEGRADED"];

const seen = (item: Trunk): Seen => ({
  id: item.id,
  name: item.name,
  facts: {},
  ...statusOf("trunk", item.status, USABLE),
});

/** What lets a server's port carry its pods' ports, one VLAN each. */
export const trunk: Kind<TrunkSpec> = {
  kind: "trunk",
  ...byDescription(
    (cloud, query) => cloud.network.listTrunks(query),
    (cloud, id) => cloud.network.getTrunk(id),
    seen,
  ),
  create: async (cloud, owner, { portId }) =>
    seen(await cloud.network.createTrunk({ ...labelsOf(owner), port_id: portId })),
  // Neutron cannot change a trunk's parent, and its subports are Kuryr's.
  update: async (_cloud, _owner, _spec, now) => now,
  remove: (cloud, now) => cloud.network.deleteTrunk(now.id),
};
