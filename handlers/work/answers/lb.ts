import { members, nodeStep } from "../../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { inspectLoadBalancers, type LbTruth } from "../../../shared/resources/load-balancer-truth.ts";
import { refused } from "../../views/answers.ts";
import { detailsOf, type Next, nextAbout } from "../../views/on-call/buttons.ts";
import { lbMessage, oneLbMessage } from "../../views/on-call/lb.ts";
import { type LbsOf, type LbWanted, lbFindings, lbTroubles } from "../../views/on-call/lb-findings.ts";
import { code } from "../../views/text.ts";
import { insideIfToBeHad } from "./inside.ts";
import { type Answer, mending, ownerOf, stageOf } from "./question.ts";

/** Those that the cloud controller makes load balancers for. */
const servicesOf = (record: ClusterRecord, deps: Deps): Promise<readonly string[] | undefined> =>
  insideIfToBeHad(record, deps, async (api) =>
    (await api.listLoadBalancerServices())
      .filter(({ spec }) => spec.loadBalancerClass == null)
      .map(({ metadata }) => `${metadata.namespace ?? "default"}/${metadata.name}`),
  );

function wantedOf({ spec, status }: ClusterRecord, services: readonly string[] | undefined): LbWanted {
  const planes = members(spec).filter(({ role }) => role === "control-plane");
  const isComing = (name: string) => status.phase === "creating" && status.steps[nodeStep(name)]?.readyMs === undefined;
  const floatingIp = status.steps["floating-ip/api"]?.facts["address"];
  return {
    made: status.steps["load-balancer/api"]?.readyMs !== undefined,
    members: planes.map(({ name }) => ({
      name,
      address: status.steps[`port/${name}`]?.facts["address"] ?? "",
      ...(isComing(name) ? { coming: true as const } : {}),
    })),
    ...(floatingIp === undefined ? {} : { floatingIp }),
    ...(services === undefined ? {} : { services }),
  };
}

/** All load balancers of one cluster beside what should be. */
export async function lbsOf(record: ClusterRecord, deps: Deps): Promise<LbsOf> {
  const [lbs, services] = await Promise.all([
    inspectLoadBalancers(deps.cloudOf(record.tenant), ownerOf(record)),
    servicesOf(record, deps),
  ]);
  return { cluster: record.spec.name, stage: stageOf(record), wanted: wantedOf(record, services), lbs };
}

/** By what people call it, by its whole name or by its id. */
const isCalled = (lb: LbTruth, only: string): boolean =>
  [lb.id, lb.name, ...lb.of, ...lb.of.map((one) => one.replace(/^default\//, ""))].includes(only);

/** A message has room for a few. */
const DETAILS_MAX = 4;

/** Those that are not well first. */
function detailsFor(all: readonly LbsOf[], records: readonly ClusterRecord[]): readonly Next[] {
  const each = all.flatMap((of) => of.lbs.map((lb) => ({ of, lb, well: lbTroubles(lb, of).length === 0 })));
  const sorted = [...each.filter(({ well }) => !well), ...each.filter(({ well }) => well)];
  return sorted.slice(0, DETAILS_MAX).flatMap(({ of, lb }) => {
    const record = records.find(({ spec }) => spec.name === of.cluster);
    return record === undefined ? [] : [detailsOf(record, "lb", lb.of[0] ?? lb.name)];
  });
}

export const lb: Answer = async ({ name, records }, { only }, deps) => {
  const all = await Promise.all(records.map((record) => lbsOf(record, deps)));
  const alone = name === undefined ? undefined : records[0];
  const about = alone === undefined ? [] : nextAbout(alone, "nodes");
  if (only === undefined) {
    const mends = mending(alone, all.flatMap(lbFindings));
    return {
      ...lbMessage(all, name),
      next: [...(name === undefined ? [] : detailsFor(all, records)), ...about],
      ...mends,
    };
  }
  const found = all.flatMap((of) => of.lbs.filter((one) => isCalled(one, only)).map((one) => ({ one, of })))[0];
  if (found !== undefined)
    return { ...oneLbMessage(found.one, found.of), next: about, ...mending(alone, lbTroubles(found.one, found.of)) };
  const there = all.flatMap((of) => of.lbs.flatMap((one) => one.of.map((called) => code(called, 80)))).slice(0, 20);
  const are = there.length === 0 ? "it has none." : `there is ${there.join(", ")}.`;
  return refused(`*${name ?? ""}* has no load balancer ${code(only, 120)}; ${are}`);
};
