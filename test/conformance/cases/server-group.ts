import { type ServerGroupSpec, serverGroup } from "../../../shared/resources/server-group.ts";
import type { KindCase } from "../kind-case.ts";

export const serverGroupCase: KindCase<ServerGroupSpec> = {
  name: "server-group",
  kind: serverGroup,
  step: "server-group/worker",
  markIsName: true,
  prepare: async () => ({ minimal: { policy: "soft-anti-affinity" }, full: { policy: "anti-affinity" } }),
};
