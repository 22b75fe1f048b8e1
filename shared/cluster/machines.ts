import { type Node, node } from "../resources/node.ts";
import { port } from "../resources/port.ts";
import { server } from "../resources/server.ts";
import { serverGroup } from "../resources/server-group.ts";
import { bootNeeds, fetching, userDataOf } from "./boot.ts";
import type { GraphInput, Ground } from "./graph.ts";
import { hasKuryr, kuryrSwept, trunkOf } from "./kuryr.ts";
import { type Member, members, nodeStep } from "./names.ts";

/** A port, a server and what it boots with for each member, in server groups that keep a role's members on different hosts. */
export function machines(input: Ground): readonly Node[] {
  const { spec, resolved } = input;
  const policy = resolved.antiAffinity === "hard" ? "anti-affinity" : "soft-anti-affinity";
  const swept = input.leaving === true && input.kubernetes !== undefined ? kuryrSwept : [];
  const roles = [...new Set(members(spec).map((member) => member.role))];
  return [
    ...roles.map((role) => node(`server-group/${role}`, serverGroup, () => ({ policy }))),
    ...members(spec).flatMap((member) => [
      portOf(input, member),
      ...(hasKuryr(spec) ? [trunkOf(member.name, swept)] : []),
      ...fetching(input, member, nodeStep(member.name)),
      serverOf(input, member),
    ]),
  ];
}

const portOf = ({ cluster, spec }: GraphInput, { role, name }: Member): Node =>
  node(
    `port/${name}`,
    port,
    (from) => ({
      networkId: from.of("network").id,
      subnetId: from.of("subnet").id,
      securityGroupId: from.of(`security-group/${role}`).id,
      // By its tag Kuryr knows a trunk of its own when it starts anew.
      ...(hasKuryr(spec) ? { tags: [cluster] } : {}),
    }),
    // Its rules are let in by the time that a server is on it.
    { needs: ["network", "subnet"], exists: [`security-group/${role}`] },
  );

function serverOf(input: Ground, member: Member): Node {
  const { spec, resolved } = input;
  const { role, name, at } = member;
  const { needs, exists } = bootNeeds(input, member);
  const isNext = role === "control-plane" && at > 1 && input.leaving !== true;
  return node(
    `server/${name}`,
    server,
    (from) => ({
      portId: from.of(`port/${name}`).id,
      flavorId: (role === "worker" ? resolved.workerFlavor : resolved.controlPlaneFlavor).id,
      imageId: resolved.image.id,
      serverGroupId: from.of(`server-group/${role}`).id,
      userData: userDataOf(input, member, from),
    }),
    {
      needs: [
        ...needs,
        `security-group/${role}`,
        `server-group/${role}`,
        ...(hasKuryr(spec) ? [`trunk/${name}`] : []),
        // Creates that run side by side defeat soft anti-affinity, so control planes come one after another.
        ...(isNext ? [`server/control-plane-${at - 1}`] : []),
      ],
      // It boots for longer than it takes to join the router to its subnet, and fetches again what it could not.
      exists: [...exists, "router"],
      // Its disk is etcd's; and a first control plane that is made again would make another cluster.
      ...(role === "control-plane" ? { holdsSince: nodeStep(name) } : {}),
    },
  );
}
