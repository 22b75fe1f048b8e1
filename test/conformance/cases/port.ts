import { type PortSeen, type PortSpec, port } from "../../../shared/resources/port.ts";
import type { KindCase } from "../kind-case.ts";
import { makeSecurityGroup, makeSubnet } from "./ground.ts";

export const portCase: KindCase<PortSpec, PortSeen> = {
  name: "port",
  kind: port,
  step: "port/worker-1",
  async prepare(world) {
    const minimal = { ...(await makeSubnet(world)), securityGroupId: await makeSecurityGroup(world) };
    const other = await makeSecurityGroup(world, "security-group/control-plane");
    return { minimal, full: minimal, changed: { ...minimal, securityGroupId: other } };
  },
  disturb: (world, { id }) => world.cloud.network.updatePort(id, { security_groups: [] }),
};
