import type { Cloud } from "../openstack/cloud.ts";
import type { Quota } from "../openstack/endpoint.ts";
import { claimedShares, claimedSnapshots, claimedVolumes, claimOf } from "./claimed.ts";
import { markOf, type Owner } from "./kind.ts";
import { listOurShares } from "./share.ts";

type Cluster = Pick<Owner, "cluster" | "name">;

export interface ShareTruth {
  readonly id: string;
  /** Manila's own word: `available`, `error`, `extending`. */
  readonly status: string;
  readonly gib: number;
  readonly protocol: string;
  readonly exports: readonly string[];
  /** Who may mount it. */
  readonly rules: readonly {
    readonly id: string;
    readonly to: string;
    /** `rw` or `ro`. */
    readonly level: string;
    readonly state: string;
  }[];
  /** Manila's words for users about what went wrong, the newest first; of a share that is not well. */
  readonly messages: readonly string[];
  readonly networkId?: string;
}

/** What a claim in the cluster has in the cloud. */
export interface ClaimTruth {
  readonly kind: "share" | "volume" | "snapshot";
  readonly id: string;
  /** The service's own word. */
  readonly status: string;
  readonly gib?: number;
  /** `default/data`, where the driver has told. */
  readonly claim?: string;
}

/** A cluster's storage as Manila and Cinder have it. */
export interface StorageTruth {
  /** Those of the cluster itself: one, or none. */
  readonly shares: readonly ShareTruth[];
  readonly networks: readonly { readonly id: string; readonly name: string }[];
  readonly claims: readonly ClaimTruth[];
  /** Room that the project has for shares. */
  readonly quota: readonly Quota[];
}

/** Which services the cluster uses at all. */
interface Uses {
  readonly shares: boolean;
  readonly volumes: boolean;
}

async function sharesOf(cloud: Cloud, cluster: Cluster): Promise<readonly ShareTruth[]> {
  const { sharedFileSystem: manila } = cloud;
  const found = (await listOurShares(cloud, cluster)).map(async (one): Promise<ShareTruth> => {
    const well = one.status === "available";
    const [exports, rules, messages] = await Promise.all([
      well ? manila.listExportLocations(one.id) : [],
      manila.listAccessRules(one.id),
      well ? [] : manila.listMessages(one.id),
    ]);
    return {
      id: one.id,
      status: one.status,
      gib: one.size,
      protocol: one.share_proto,
      exports,
      rules: rules.map((rule) => ({ id: rule.id, to: rule.access_to, level: rule.access_level, state: rule.state })),
      messages,
      ...(one.share_network_id ? { networkId: one.share_network_id } : {}),
    };
  });
  return Promise.all(found);
}

async function claimsOf(cloud: Cloud, cluster: Cluster, uses: Uses): Promise<readonly ClaimTruth[]> {
  const [shares, volumes, snapshots] = await Promise.all([
    uses.shares ? claimedShares(cloud, cluster) : [],
    uses.volumes ? claimedVolumes(cloud, cluster) : [],
    uses.volumes ? claimedSnapshots(cloud, cluster) : [],
  ]);
  const named = (metadata: Readonly<Record<string, string>>) => {
    const claim = claimOf(metadata);
    return claim === undefined ? {} : { claim };
  };
  return [
    ...shares.map((one) => ({
      kind: "share" as const,
      id: one.id,
      status: one.status,
      gib: one.size,
      ...named(one.metadata),
    })),
    ...volumes.map((one) => ({
      kind: "volume" as const,
      id: one.id,
      status: one.status,
      gib: one.size,
      ...named(one.metadata),
    })),
    ...snapshots.map((one) => ({ kind: "snapshot" as const, id: one.id, status: one.status, ...named(one.metadata) })),
  ];
}

/** Asks Manila and Cinder each time, and only those that the cluster uses. */
export async function inspectStorage(cloud: Cloud, cluster: Cluster, uses: Uses): Promise<StorageTruth> {
  const { projectId } = await cloud.scope();
  const networksOf = async () =>
    (await cloud.sharedFileSystem.listShareNetworks()).filter(
      (one) => one.project_id === projectId && one.description === markOf(cluster),
    );
  const [shares, networks, claims, quota] = await Promise.all([
    uses.shares ? sharesOf(cloud, cluster) : [],
    uses.shares ? networksOf() : [],
    claimsOf(cloud, cluster, uses),
    uses.shares ? cloud.sharedFileSystem.quota(projectId) : [],
  ]);
  return { shares, networks: networks.map(({ id, name }) => ({ id, name: name ?? "" })), claims, quota };
}
