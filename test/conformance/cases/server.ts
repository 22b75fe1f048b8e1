import { type ServerSpec, server } from "../../../shared/resources/server.ts";
import { serverGroup } from "../../../shared/resources/server-group.ts";
import type { KindCase } from "../kind-case.ts";
import { makePort, makeSecurityGroup, makeSubnet } from "./ground.ts";

const IMAGE = "ubuntu-24.04-kube";

export const serverCase: KindCase<ServerSpec> = {
  name: "server",
  kind: server,
  step: "server/worker-1",
  async prepare(world) {
    const place = { ...(await makeSubnet(world)), securityGroupId: await makeSecurityGroup(world) };
    const [flavor] = (await world.cloud.compute.listFlavors()).toSorted((a, b) => a.ram - b.ram);
    const image = await world.cloud.image.findImage(IMAGE);
    if (flavor === undefined || image === undefined) throw new Error(`this cloud has no flavor or no image ${IMAGE}`);
    const full = {
      portId: await makePort(world, place),
      flavorId: flavor.id,
      imageId: image.id,
      serverGroupId: (await world.make(serverGroup, "server-group/worker", { policy: "soft-anti-affinity" })).id,
      userData: () => "#cloud-config\nhostname: conf\n",
    };
    // Nova refuses a second server on one port.
    const twin = { ...full, userData: () => "", portId: await makePort(world, place, "port/worker-2") };
    return { minimal: { ...full, userData: () => "" }, full, twin };
  },
};
