import { share } from "../../../shared/resources/share.ts";
import { type ShareAccessSpec, shareAccess } from "../../../shared/resources/share-access.ts";
import type { KindCase } from "../kind-case.ts";
import { CIDR } from "./ground.ts";
import { shareTypeName } from "./share-type.ts";

export const shareAccessCase: KindCase<ShareAccessSpec> = {
  name: "share-access",
  kind: shareAccess,
  step: "share-access/rwx",
  ownGround: true,
  async prepare(world) {
    const typeName = await shareTypeName(world, false);
    const { id } = await world.make(share, "share/rwx", { gib: 1, protocol: "NFS", typeName });
    const minimal = { shareId: id, cidr: CIDR, level: "rw" } as const;
    return { minimal, full: { ...minimal, accessType: "ip" }, twin: { ...minimal, cidr: "10.7.0.0/24" } };
  },
};
