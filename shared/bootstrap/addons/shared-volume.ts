import { MANILA_DRIVER } from "./manila.ts";
import type { Addon, AddonInput } from "./types.ts";
import { addon, SYSTEM } from "./workload.ts";

/** Of the volume and of its claim. */
export const SHARED_VOLUME = "kinvirt-shared";
const SECRET = { name: "manila-csi", namespace: SYSTEM };

/**
 * The share that was asked for at the cluster's creation, as a claim that pods of the namespace `default` can mount. The
 * share is kept when the claim goes. Source: kubernetes/cloud-provider-openstack
 * examples/manila-csi-plugin/nfs/static-provisioning.
 */
export const sharedVolume = ({ shareId, accessId, gib }: NonNullable<AddonInput["rwx"]>): Addon =>
  addon("shared-volume", [
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: SHARED_VOLUME },
      spec: {
        accessModes: ["ReadWriteMany"],
        capacity: { storage: `${gib}Gi` },
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "",
        claimRef: { namespace: "default", name: SHARED_VOLUME },
        csi: {
          driver: MANILA_DRIVER,
          volumeHandle: shareId,
          nodeStageSecretRef: SECRET,
          nodePublishSecretRef: SECRET,
          volumeAttributes: { shareID: shareId, shareAccessIDs: accessId },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: SHARED_VOLUME, namespace: "default" },
      spec: {
        accessModes: ["ReadWriteMany"],
        resources: { requests: { storage: `${gib}Gi` } },
        storageClassName: "",
        volumeName: SHARED_VOLUME,
      },
    },
  ]);
