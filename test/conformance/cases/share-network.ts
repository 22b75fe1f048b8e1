import { share } from "../../../shared/resources/share.ts";
import { type ShareNetworkSpec, shareNetwork } from "../../../shared/resources/share-network.ts";
import type { KindCase } from "../kind-case.ts";
import { makeSubnet } from "./ground.ts";
import { shareTypeName } from "./share-type.ts";

export const shareNetworkCase: KindCase<ShareNetworkSpec> = {
  name: "share-network",
  kind: shareNetwork,
  step: "share-network/rwx",
  async prepare(world) {
    const minimal = await makeSubnet(world);
    return { minimal, full: minimal };
  },
  use: async (world, { id }) =>
    world.make(share, "share/rwx", {
      gib: 1,
      protocol: "NFS",
      typeName: await shareTypeName(world, true),
      shareNetworkId: id,
    }),
};
