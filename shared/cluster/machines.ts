import { nodeUserData } from "../bootstrap/node.ts";
import { nameOf } from "../resources/kind.ts";
import { type Node, node } from "../resources/node.ts";
import { port } from "../resources/port.ts";
import { server } from "../resources/server.ts";
import { serverGroup } from "../resources/server-group.ts";
import type { Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

/** `control-plane-1`, `worker-2`: the members of a role. */
export const members = (spec: ClusterSpec): { role: "control-plane" | "worker"; name: string; at: number }[] =>
  (["control-plane", "worker"] as const).flatMap((role) => {
    const { count } = role === "worker" ? spec.workers : spec.controlPlane;
    return Array.from({ length: count }, (_, index) => ({ role, name: `${role}-${index + 1}`, at: index + 1 }));
  });

/** A port and a server for each member, in server groups that keep the members of a role on different hosts. */
export function machines(cluster: string, spec: ClusterSpec, resolved: Resolved): Node[] {
  const policy = resolved.antiAffinity === "hard" ? "anti-affinity" : "soft-anti-affinity";
  const roles = [...new Set(members(spec).map((member) => member.role))];
  return [
    ...roles.map((role) => node(`server-group/${role}`, serverGroup, () => ({ policy }))),
    ...members(spec).flatMap(({ role, name, at }) => [
      node(
        `port/${name}`,
        port,
        (from) => ({
          networkId: from.of("network").id,
          subnetId: from.of("subnet").id,
          securityGroupId: from.of(`security-group/${role}`).id,
        }),
        { needs: ["network", "subnet", `security-group/${role}`] },
      ),
      node(
        `server/${name}`,
        server,
        (from) => ({
          portId: from.of(`port/${name}`).id,
          flavorId: (role === "worker" ? resolved.workerFlavor : resolved.controlPlaneFlavor).id,
          imageId: resolved.image.id,
          serverGroupId: from.of(`server-group/${role}`).id,
          userData: nodeUserData(nameOf({ cluster, name: spec.name, step: `server/${name}` })),
        }),
        // Creates that run side by side defeat soft anti-affinity, so control planes come one after another.
        {
          needs: [
            `port/${name}`,
            "router",
            `server-group/${role}`,
            ...(role === "control-plane" && at > 1 ? [`server/control-plane-${at - 1}`] : []),
          ],
        },
      ),
    ]),
  ];
}
