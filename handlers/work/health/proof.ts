import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { clusterKey, clusters } from "../../../shared/state/index.ts";
import type { Found } from "./fold.ts";
import { inTurn } from "./in-turn.ts";
import { isGone, listedAs } from "./look.ts";

type Claim = Found & { readonly record: ClusterRecord };

/** What is not listed is asked for by its id; where very much is not listed, some of it speaks for the rest. */
const ASKED_MAX = 20;
const AT_A_TIME = 4;

/** Without an id its own record says that it is not there. */
const isMissing = ({ finding, record }: Claim): boolean =>
  ["gone", "lost"].includes(finding.symptom) && record.status.steps[finding.about]?.id !== undefined;
const listedOf = ({ finding, record }: Claim) => {
  const status = record.status.steps[finding.about];
  return status === undefined ? undefined : listedAs(finding.about, status);
};

/**
 * Nobody is woken because a listing was behind or cut: `found` is proved, of `doubted` nothing is known. A record that has
 * changed meanwhile is looked at by the next pass.
 */
export async function proven(
  deps: Pick<Deps, "store">,
  cloud: Cloud,
  claims: readonly Claim[],
): Promise<{ readonly found: readonly Claim[]; readonly doubted: readonly Claim[] }> {
  const doubted = new Set<Claim>();
  const missing = Map.groupBy(claims.filter(isMissing), (one) => listedOf(one)?.listing);
  for (const [listing, all] of missing) {
    if (listing === undefined) continue;
    const sample = all.slice(0, ASKED_MAX);
    const gone = new Set<Claim>();
    await inTurn(sample, AT_A_TIME, async (one) => {
      const { record, finding } = one;
      const id = listedOf(one)?.id ?? "";
      const now = await clusters(deps.store).get(clusterKey(record));
      if (now === undefined || now.status.movedMs !== record.status.movedMs || now.wish !== record.wish) return;
      if (await isGone(cloud, { cluster: record.id, name: record.spec.name }, finding.about, id)) gone.add(one);
    });
    for (const one of sample) if (!gone.has(one)) doubted.add(one);
    if (gone.size < sample.length) for (const one of all.slice(ASKED_MAX)) doubted.add(one);
  }
  return { found: claims.filter((one) => !doubted.has(one)), doubted: [...doubted] };
}
