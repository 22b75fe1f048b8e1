import type { Config } from "../../shared/cluster/config.ts";
import { timingsOf } from "../../shared/state/index.ts";
import { exampleConfig } from "../support/bot.ts";
import type { Draw } from "./draw.ts";
import { PROJECTS } from "./watch.ts";
import type { World } from "./world.ts";

const EXAMPLE = exampleConfig();
const CNIS = ["cilium", "cilium", "cilium", "calico"] as const;
/** Of most worlds the bot has made clusters before: in seconds, what these take in the sandbox. */
const SEEN = {
  ...{ "create/1": 90, "create/2": 95, "delete/1": 60, "delete/2": 60 },
  ...{ "kind/server": 9, "kind/load-balancer": 9.6, "kind/share": 4.7, "kind/share-access": 5.3 },
  ...{ "kind/recordset": 4, "kind/ptr": 4.6, "kind/key": 2.7 },
  ...{ "kind/kubernetes-api": 13.6, "kind/kubernetes-node": 13.7, "kind/kubernetes-addon": 25 },
};

/**
 * What a world's clusters are made of. A bug is there in few things as in many, so most have the network add-on with the fewest
 * objects, and one team's cloud often shares no files.
 */
export function configOf(draw: Draw, healthSeconds: number): Config {
  const cni = draw.fork("cni").pick(CNIS);
  const bare = draw.fork("bare").yes(0.75);
  const templates = Object.entries(EXAMPLE.templates).map(([name, template]) => [name, { ...template, cni }]);
  const tenants = Object.entries(EXAMPLE.tenants).map(([name, { shareType, ...tenant }]) => [
    name,
    { ...tenant, ...(shareType === undefined || (bare && name === "team-b") ? {} : { shareType }) },
  ]);
  return {
    ...EXAMPLE,
    tenants: Object.fromEntries(tenants),
    templates: Object.fromEntries(templates),
    health: { every: healthSeconds },
  };
}

/** Whether the bot knows how long things take in these clouds: one that does not looks more often. */
export async function remembers({ store, draw }: Pick<World, "store" | "draw">): Promise<void> {
  for (const tenant of PROJECTS)
    if (draw.fork(`seen/${tenant}`).yes(0.75)) {
      const took = Object.fromEntries(Object.entries(SEEN).map(([what, seconds]) => [what, [seconds]]));
      await timingsOf(store).add(tenant, { schema: 2, took });
    }
}
