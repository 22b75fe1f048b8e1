import { hasShares, type Resolved } from "../../shared/cluster/plan.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { OpenStackError } from "../../shared/openstack/errors.ts";
import { mayAppear, type Pass } from "../../shared/reconcile/converge.ts";
import { unseen } from "../../shared/reconcile/journal.ts";
import { attempt } from "../../shared/reconcile/observe.ts";
import type { Outcome } from "../../shared/reconcile/outcome.ts";
import { callOf } from "../../shared/reconcile/status.ts";
import { unwind } from "../../shared/reconcile/unwind.ts";
import { leftStep } from "../../shared/resources/by-cluster.ts";
import { claimedShares, claimedSnapshots, claimedVolumes, claimOf } from "../../shared/resources/claimed.ts";
import type { Seen } from "../../shared/resources/kind.ts";
import type { Node } from "../../shared/resources/node.ts";
import { keptShareWords, keptSnapshotWords, keptVolumeWords } from "../views/kept.ts";

export interface Left {
  readonly outcome: Outcome;
  /** Data that claims made and that stays, in words. Told when all else has gone. */
  readonly claimed: readonly string[];
}

/** One walk back. With `--keep-data` it leaves what holds data, and what that is reached by. */
export async function leave(walk: Pass, record: ClusterRecord): Promise<Left> {
  const { resolved } = record;
  if (!record.keepData || resolved === undefined) return { outcome: await unwind(walk, new Set()), claimed: [] };
  const shares = await attempt(Promise.all([sharesOf(walk, resolved), isThere(walk)]));
  if (shares instanceof OpenStackError) return unknown(walk, shares);
  const [{ length: claims }, own] = shares;
  const outcome = await unwind(walk, keptSteps(walk.graph, { claimed: claims > 0, own }));
  if (outcome.is !== "done") return { outcome, claimed: [] };
  // Looked at once more: nothing in the cluster can make any more of it now.
  const claimed = await attempt(wordsOf(walk, resolved));
  return claimed instanceof OpenStackError ? unknown(walk, claimed) : { outcome, claimed };
}

const unknown = ({ nowMs }: Pass, error: OpenStackError): Left => {
  const step = leftStep(error.detail.service === "block-storage" ? "claim-volume" : "claim-share");
  return { outcome: { is: "waiting", on: [step], troubles: [callOf(step, error, nowMs())] }, claimed: [] };
};

const sharesOf = async ({ cloud, cluster }: Pass, resolved: Resolved) =>
  hasShares(resolved) ? claimedShares(cloud, cluster) : [];

async function wordsOf(walk: Pass, resolved: Resolved): Promise<readonly string[]> {
  const { cloud, cluster } = walk;
  const blocks = resolved.blockStorageType !== undefined;
  const [own, shares, volumes, snapshots] = await Promise.all([
    strayShares(walk),
    sharesOf(walk, resolved),
    blocks ? claimedVolumes(cloud, cluster) : [],
    blocks ? claimedSnapshots(cloud, cluster) : [],
  ]);
  const exported = shares.map(async (one) =>
    keptShareWords(one.id, await exportsOf(cloud, one.id), claimOf(one.metadata)),
  );
  return [
    ...own.map(({ id, facts }) => keptShareWords(id, facts["exports"]?.split(",") ?? [])),
    ...(await Promise.all(exported)),
    ...volumes.map((one) => keptVolumeWords(one.id, one.size, claimOf(one.metadata))),
    ...snapshots.map((one) => keptSnapshotWords(one.id, one.volume_id)),
  ];
}

/** Shares of ours that the record does not know: it never heard of their creates again. */
async function strayShares({ cloud, cluster, graph, journal }: Pass): Promise<readonly Seen[]> {
  const known = new Set(journal.steps().map((step) => journal.step(step)?.id));
  const found = await Promise.all(graph.filter(isShare).map(({ kind }) => kind.find(cloud, cluster)));
  return found.flat().filter(({ id }) => !known.has(id));
}

const exportsOf = (cloud: Cloud, id: string) => cloud.sharedFileSystem.listExportLocations(id);

const isShare = ({ kind }: Node): boolean => kind.kind === "share";

/** Whether the share that was asked for with the cluster is there, or may be. */
async function isThere({ cloud, cluster, graph, journal, nowMs }: Pass): Promise<boolean> {
  const [one] = graph.filter(isShare);
  if (one === undefined) return false;
  const { id, state } = journal.step(one.step) ?? unseen;
  if ((id !== undefined && state !== "gone") || mayAppear(journal, one.step, nowMs())) return true;
  return (await one.kind.find(cloud, cluster)).length > 0;
}

/** No share goes, whenever it came; where one is, all that it is reached by stays too. Who may reach it went with the nodes. */
function keptSteps(
  graph: readonly Node[],
  { claimed, own }: { readonly claimed: boolean; readonly own: boolean },
): ReadonlySet<string> {
  const reached = (n: Node) => (own && isShare(n)) || (claimed && n.kind.kind === "share-network");
  const kept = new Set(graph.filter(reached).map((n) => n.step));
  for (const n of graph.toReversed()) if (kept.has(n.step)) for (const step of n.needs) kept.add(step);
  return new Set([...kept, ...graph.filter(isShare).map((n) => n.step)]);
}
