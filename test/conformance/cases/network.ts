import { network } from "../../../shared/resources/network.ts";
import type { KindCase } from "../kind-case.ts";
import { makePort, makeSubnet } from "./ground.ts";

export const networkCase: KindCase<Record<never, never>> = {
  name: "network",
  kind: network,
  step: "network",
  prepare: async () => ({ minimal: {}, full: {} }),
  use: async (world, { id }) => makePort(world, await makeSubnet(world, id)),
};
