import {
  type SecurityGroupSeen,
  type SecurityGroupSpec,
  securityGroup,
} from "../../../shared/resources/security-group.ts";
import { controlPlaneRules, workerRules } from "../../../shared/resources/security-rules.ts";
import type { KindCase } from "../kind-case.ts";
import { CIDR, makePort, makeSubnet } from "./ground.ts";

const traffic = { nodeCidr: CIDR, podCidr: "10.244.0.0/16", cni: "calico", provider: "ovn" } as const;

export const securityGroupCase: KindCase<SecurityGroupSpec, SecurityGroupSeen> = {
  name: "security-group",
  kind: securityGroup,
  step: "security-group/control-plane",
  prepare: async () => ({
    minimal: { rules: [] },
    full: { rules: controlPlaneRules(traffic) },
    changed: { rules: workerRules({ ...traffic, cni: "cilium" }) },
  }),
  use: async (world, { id }) => makePort(world, { ...(await makeSubnet(world)), securityGroupId: id }),
  async disturb(world, { id, rules }) {
    const [first] = rules.filter((rule) => rule.direction === "ingress");
    if (first !== undefined) await world.cloud.network.deleteSecurityGroupRule(first.id);
    const any = { port_range_min: null, port_range_max: null, remote_ip_prefix: null, remote_group_id: null };
    await world.cloud.network.createSecurityGroupRules([
      {
        ...any,
        security_group_id: id,
        direction: "ingress",
        ethertype: "IPv4",
        protocol: null,
        description: "let me in",
      },
    ]);
  },
};
