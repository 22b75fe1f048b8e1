import type { Volume, VolumeSnapshot } from "../openstack/block-storage.ts";
import type { Cloud } from "../openstack/cloud.ts";
import type { Share } from "../openstack/shared-file-system.ts";
import type { Owner } from "./kind.ts";

/*
 * What CSI drivers made for the claims in a cluster, by the metadata that they set from their cluster flags.
 * Source: kubernetes/cloud-provider-openstack pkg/csi/manila/controllerserver.go, pkg/csi/cinder/controllerserver.go.
 */

type Cluster = Pick<Owner, "cluster">;

const SHARE_OF = "manila.csi.openstack.org/cluster";
const VOLUME_OF = "cinder.csi.openstack.org/cluster";

/** Shares of the default StorageClass. */
export async function claimedShares(cloud: Cloud, { cluster }: Cluster): Promise<readonly Share[]> {
  const { projectId } = await cloud.scope();
  const all = await cloud.sharedFileSystem.listShares({ [SHARE_OF]: cluster });
  return all.filter((one) => one.project_id === projectId && one.metadata[SHARE_OF] === cluster);
}

const carries =
  (cluster: string) =>
  ({ metadata }: { readonly metadata: Readonly<Record<string, string>> }): boolean =>
    metadata[VOLUME_OF] === cluster;

/** Volumes of the StorageClass `cinder`. */
export const claimedVolumes = async (cloud: Cloud, { cluster }: Cluster): Promise<readonly Volume[]> =>
  (await cloud.blockStorage.listVolumes({ [VOLUME_OF]: cluster })).filter(carries(cluster));

export const claimedSnapshots = async (cloud: Cloud, { cluster }: Cluster): Promise<readonly VolumeSnapshot[]> =>
  (await cloud.blockStorage.listSnapshots({ [VOLUME_OF]: cluster })).filter(carries(cluster));

/** `default/data`: whose claim it was. */
export function claimOf(metadata: Readonly<Record<string, string>>): string | undefined {
  const [namespace, name] = ["namespace", "name"].map((what) => metadata[`csi.storage.k8s.io/pvc/${what}`]);
  return namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`;
}
