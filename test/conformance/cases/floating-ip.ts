import { type FloatingIpSeen, type FloatingIpSpec, floatingIp } from "../../../shared/resources/floating-ip.ts";
import type { KindCase } from "../kind-case.ts";
import { externalNetworkId, makePort, makeRoutedSubnet } from "./ground.ts";

export const floatingIpCase: KindCase<FloatingIpSpec, FloatingIpSeen> = {
  name: "floating-ip",
  kind: floatingIp,
  step: "floating-ip/api",
  async prepare(world) {
    const place = await makeRoutedSubnet(world);
    const incomplete = { networkId: await externalNetworkId(world), attach: true };
    const full = { ...incomplete, portId: await makePort(world, place) };
    const changed = { ...full, portId: await makePort(world, place, "port/worker-2") };
    return { minimal: { ...incomplete, attach: false }, full, changed, incomplete };
  },
  disturb: (world, { id }) => world.cloud.network.updateFloatingIp(id, { port_id: null }),
};

/** Kept for an ingress controller, which attaches it when it comes: that is not ours to undo. */
export const reservedFloatingIpCase: KindCase<FloatingIpSpec, FloatingIpSeen> = {
  name: "floating-ip, reserved",
  kind: floatingIp,
  step: "floating-ip/apps",
  async prepare(world) {
    const reserved = { networkId: await externalNetworkId(world), attach: false };
    return { minimal: reserved, full: reserved };
  },
  async disturb(world, { id }) {
    const portId = await makePort(world, await makeRoutedSubnet(world));
    await world.cloud.network.updateFloatingIp(id, { port_id: portId });
  },
};
