import { type RouterSeen, type RouterSpec, router } from "../../../shared/resources/router.ts";
import type { KindCase } from "../kind-case.ts";
import { externalNetworkId, makeFloatingIp, makePort, makeSubnet } from "./ground.ts";

export const routerCase: KindCase<RouterSpec, RouterSeen> = {
  name: "router",
  kind: router,
  step: "router",
  async prepare(world) {
    const incomplete = { externalNetworkId: await externalNetworkId(world) };
    const full = { ...incomplete, subnetIds: [(await makeSubnet(world)).subnetId] };
    return { minimal: full, full, incomplete };
  },
  // Its interface can't go while a floating IP needs it.
  async use(world, { id }) {
    const ports = await world.cloud.network.listPorts({ device_id: id, device_owner: "network:router_interface" });
    const [own] = ports.flatMap((port) =>
      port.fixed_ips.map((ip) => ({ networkId: port.network_id, subnetId: ip.subnet_id })),
    );
    if (own === undefined) throw new Error("the router has no interface");
    await makeFloatingIp(world, await makePort(world, own));
  },
  disturb: (world, { id }) => world.cloud.network.updateRouter(id, { external_gateway_info: {} }),
};
