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
    const full = { ...minimal, tags: ["conf-a"] };
    return { minimal, full, changed: { ...full, securityGroupId: other, tags: ["conf-a", "conf-b"] } };
  },
  async disturb(world, { id }) {
    await world.cloud.network.updatePort(id, { security_groups: [] });
    await world.cloud.network.setPortTags(id, ["conf-c"]);
  },
};
