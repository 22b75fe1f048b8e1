import { type TrunkSpec, trunk } from "../../../shared/resources/trunk.ts";
import type { KindCase } from "../kind-case.ts";
import { makePort, makeSecurityGroup, makeSubnet } from "./ground.ts";

export const trunkCase: KindCase<TrunkSpec> = {
  name: "trunk",
  kind: trunk,
  step: "trunk/worker-1",
  async prepare(world) {
    const place = { ...(await makeSubnet(world)), securityGroupId: await makeSecurityGroup(world) };
    const full = { portId: await makePort(world, place) };
    // A port is the parent of one trunk only.
    return { minimal: full, full, twin: { portId: await makePort(world, place, "port/worker-2") } };
  },
};
