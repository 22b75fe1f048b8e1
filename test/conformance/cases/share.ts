import { type ShareSpec, share } from "../../../shared/resources/share.ts";
import { shareNetwork } from "../../../shared/resources/share-network.ts";
import type { KindCase } from "../kind-case.ts";
import { makeSubnet } from "./ground.ts";
import { shareTypeName } from "./share-type.ts";

export const shareCase: KindCase<ShareSpec> = {
  name: "share",
  kind: share,
  step: "share/rwx",
  async prepare(world) {
    const { id } = await world.make(shareNetwork, "share-network/rwx", await makeSubnet(world));
    const minimal = { gib: 1, protocol: "NFS", typeName: await shareTypeName(world, false) } as const;
    // Without `keep`, for a share that is kept would outlive the test.
    const full = { ...minimal, typeName: await shareTypeName(world, true), shareNetworkId: id };
    return { minimal, full, changed: { ...full, gib: 2 } };
  },
};
