import type { Cloud } from "../openstack/cloud.ts";
import type { Share } from "../openstack/shared-file-system.ts";
import { type Kind, nameOf, type Owner, type Seen } from "./kind.ts";

export interface ShareSpec {
  readonly gib: number;
  readonly protocol: "NFS" | "CEPHFS";
  readonly typeName: string;
  /** Exactly where the share type needs one (driver_handles_share_servers). */
  readonly shareNetworkId?: string;
  /** `remove` then hands the share over to its people instead of deleting it. Undefined leaves what was decided before. */
  readonly keep?: boolean;
}

/** Metadata keys. */
const MARK = "kinvirt";
const STEP = "kinvirt-step";
/** Set while the cluster lives: its share is to stay. */
const KEEP = "kinvirt-keep";
/** In place of the mark once the cluster has gone: whose share it was. */
const KEPT = "kinvirt-kept";

export const shareLabels = (owner: Owner) => ({ [MARK]: owner.cluster, [STEP]: owner.step });

/** The step that metadata names; undefined when the mark is not this cluster's. */
export function labelledStep(
  cluster: Pick<Owner, "cluster">,
  metadata: Readonly<Record<string, string>> | null | undefined,
): string | undefined {
  return metadata?.[MARK] === cluster.cluster ? (metadata[STEP] ?? "") : undefined;
}

const isOurs = (share: Share, cluster: Pick<Owner, "cluster">, projectId: string): boolean =>
  share.project_id === projectId && labelledStep(cluster, share.metadata) !== undefined;

/** The cluster's shares, those being deleted included. */
export async function listOurShares(cloud: Cloud, cluster: Pick<Owner, "cluster">): Promise<readonly Share[]> {
  const { projectId } = await cloud.scope();
  const shares = await cloud.sharedFileSystem.listShares({ [MARK]: cluster.cluster });
  return shares.filter((one) => isOurs(one, cluster, projectId));
}

/** Source: manila/common/constants.py. Whatever else there is moves on by itself. */
function statusOf(word: string): Seen["status"] {
  if (word === "available") return "ready";
  if (/error/.test(word)) return "failed";
  return /^(deferred_)?deleting$|^deleted$|^unmanaged$/.test(word) ? "leaving" : "pending";
}

function seen(share: Share, more: { readonly fault?: string; readonly exports?: readonly string[] } = {}): Seen {
  return {
    id: share.id,
    name: share.name ?? "",
    status: statusOf(share.status),
    state: share.status,
    ...(more.fault === undefined ? {} : { fault: more.fault }),
    facts: {
      gib: String(share.size),
      cluster: share.metadata[MARK] ?? "",
      ...(share.metadata[KEEP] === "true" ? { keep: "true" } : {}),
      ...(more.exports === undefined ? {} : { exports: more.exports.join(",") }),
    },
  };
}

/** With what Manila tells elsewhere: the export locations of a usable share, and why a failed one failed. */
async function see(cloud: Cloud, share: Share): Promise<Seen> {
  const status = statusOf(share.status);
  if (status === "ready") return seen(share, { exports: await cloud.sharedFileSystem.listExportLocations(share.id) });
  if (status !== "failed") return seen(share);
  const [fault = "Manila gave no reason"] = await cloud.sharedFileSystem.listMessages(share.id);
  return seen(share, { fault });
}

/**
 * A Manila share: the ReadWriteMany storage of a cluster. It grows and never shrinks, because Manila's shrinking can lose data.
 * Facts: gib, exports (comma-separated, from when it is available) and keep.
 */
export const share: Kind<ShareSpec> = {
  kind: "share",
  async find(cloud, cluster) {
    return Promise.all((await listOurShares(cloud, cluster)).map((one) => see(cloud, one)));
  },
  async get(cloud, cluster, id) {
    const { projectId } = await cloud.scope();
    const found = await cloud.sharedFileSystem.getShare(id);
    return found !== undefined && isOurs(found, cluster, projectId) ? see(cloud, found) : undefined;
  },
  async create(cloud, owner, { gib, protocol, typeName, shareNetworkId, keep }) {
    const made = await cloud.sharedFileSystem.createShare({
      name: nameOf(owner),
      size: gib,
      share_proto: protocol,
      share_type: typeName,
      ...(shareNetworkId === undefined ? {} : { share_network_id: shareNetworkId }),
      metadata: { ...shareLabels(owner), ...(keep === true ? { [KEEP]: "true" } : {}) },
    });
    return seen(made);
  },
  async update(cloud, _owner, { gib, keep }, now) {
    const { keep: _was, ...facts } = now.facts;
    const kept = now.facts["keep"] === "true";
    if (keep === true && !kept) await cloud.sharedFileSystem.setShareMetadata(now.id, { [KEEP]: "true" });
    if (keep === false && kept) await cloud.sharedFileSystem.deleteShareMetadata(now.id, KEEP);
    const after = { ...now, facts: (keep ?? kept) ? { ...facts, keep: "true" } : facts };
    if (gib <= Number(now.facts["gib"]) || now.status !== "ready") return after;
    await cloud.sharedFileSystem.extendShare(now.id, gib);
    return { ...after, status: "pending", state: "extending" };
  },
  async remove(cloud, now) {
    if (now.facts["keep"] !== "true") return cloud.sharedFileSystem.deleteShare(now.id);
    // Without the mark it is no longer ours, and no later run can touch it.
    await cloud.sharedFileSystem.setShareMetadata(now.id, { [KEPT]: now.facts["cluster"] ?? "" });
    await cloud.sharedFileSystem.deleteShareMetadata(now.id, MARK);
  },
};
