import { type SubnetSeen, type SubnetSpec, subnet } from "../../../shared/resources/subnet.ts";
import type { KindCase } from "../kind-case.ts";
import { CIDR, makeNetwork, makePort } from "./ground.ts";

export const subnetCase: KindCase<SubnetSpec, SubnetSeen> = {
  name: "subnet",
  kind: subnet,
  step: "subnet",
  async prepare(world) {
    const minimal = { networkId: await makeNetwork(world), cidr: CIDR, dnsNameservers: [] };
    return {
      minimal,
      full: {
        ...minimal,
        dnsNameservers: ["192.0.2.54", "192.0.2.53"],
        gateway: "10.6.0.254",
        pool: { start: "10.6.0.128", end: "10.6.0.253" },
      },
      changed: { ...minimal, dnsNameservers: ["192.0.2.53"] },
      // Subnets of one network must not overlap.
      twin: { ...minimal, networkId: await makeNetwork(world, "network/2") },
    };
  },
  async use(world, { id }) {
    const [found] = await world.cloud.network.listSubnets({ id });
    if (found === undefined) throw new Error("the subnet has gone");
    await makePort(world, { networkId: found.network_id, subnetId: id });
  },
  disturb: (world, { id }) => world.cloud.network.updateSubnet(id, { dns_nameservers: ["192.0.2.66"] }),
};
