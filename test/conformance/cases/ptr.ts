import { floatingIp } from "../../../shared/resources/floating-ip.ts";
import { type PtrSpec, ptr } from "../../../shared/resources/ptr.ts";
import type { KindCase } from "../kind-case.ts";
import { zoneOf } from "./dns.ts";
import { externalNetworkId } from "./ground.ts";

export const ptrCase: KindCase<PtrSpec> = {
  name: "ptr",
  kind: ptr,
  step: "ptr/api",
  async prepare(world) {
    const [{ region }, zone, networkId] = [
      await world.cloud.scope(),
      await zoneOf(world),
      await externalNetworkId(world),
    ];
    const address = async (step: string) => (await world.make(floatingIp, step, { networkId, attach: false })).id;
    const minimal = { region, floatingIpId: await address("floating-ip/api"), ptrdname: `api.${zone.name}`, ttl: 60 };
    const changed = { ...minimal, ptrdname: `other.${zone.name}`, ttl: 120 };
    return { minimal, full: minimal, changed, twin: { ...minimal, floatingIpId: await address("floating-ip/apps") } };
  },
};
