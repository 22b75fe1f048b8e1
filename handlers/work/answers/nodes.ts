import { members, nodeStep } from "../../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { inspectMembers } from "../../../shared/resources/node-truth.ts";
import { nextAbout } from "../../views/on-call/buttons.ts";
import { type NodesOf, nodeFindings, nodesMessage } from "../../views/on-call/nodes.ts";
import { cloudRefusal } from "../cloud-refusal.ts";
import { insideIfToBeHad, insideOrWhyNot } from "./inside.ts";
import { type Answer, alone, mending, ownerOf, stageOf } from "./question.ts";

/** All members of one cluster, in the cloud and in Kubernetes. */
export async function nodesOf(record: ClusterRecord, deps: Deps): Promise<NodesOf> {
  const all = members(record.spec);
  const names = all.map(({ name }) => name);
  const wasIn = (name: string) => record.status.steps[nodeStep(name)]?.readyMs !== undefined;
  const holds = all.flatMap(({ role, name: member }) => (role === "control-plane" && wasIn(member) ? [member] : []));
  let why: Pick<NodesOf, "unasked" | "unread"> = {};
  const [truth, readiness] = await Promise.all([
    inspectMembers(deps.cloudOf(record.tenant), ownerOf(record), names, async (ask) => {
      const { said, unasked, unread } = await insideOrWhyNot(record, deps, ask);
      if (unasked !== undefined) why = { unasked: cloudRefusal(unasked) };
      if (unread !== undefined) why = { unread: unread.failure.message };
      return said;
    }),
    insideIfToBeHad(record, deps, (api) => api.readyz()),
  ]);
  const underWay = record.status.phase === "creating" ? names.filter((one) => !wasIn(one)) : [];
  const { name, version } = record.spec;
  const failing = readiness?.failing ?? [];
  return { cluster: name, stage: stageOf(record), version, truth, failing, holds, underWay, ...why };
}

export const nodes: Answer = alone(async (record, deps) => {
  const of = await nodesOf(record, deps);
  return { ...nodesMessage(of), next: nextAbout(record, "lb", "events"), ...mending(record, nodeFindings(of)) };
});
