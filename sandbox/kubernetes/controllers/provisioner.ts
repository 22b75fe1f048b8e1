import { parseSize } from "../../../shared/units.ts";
import { at, jsonAt, listAt, textAt } from "../../openstack/json.ts";
import { apiVersionOf, builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { isReady } from "../remove.ts";
import type { Store } from "../store.ts";
import { ownerOf } from "./nodes.ts";
import type { Pass } from "./pass.ts";

/*
 * What the csi-provisioner sidecar does whatever the driver: a volume for each claim of its classes, and none for a volume
 * that is going.
 */

const [CLAIMS, VOLUMES, CLASSES] = [
  builtIn("PersistentVolumeClaim"),
  builtIn("PersistentVolume"),
  builtIn("StorageClass"),
];
const FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";

/** The driver's controller, if one of its pods runs. */
export function controllerOf(store: Store, name: RegExp): Obj | undefined {
  const pods = store.list(builtIn("Pod")).filter(isReady);
  return [builtIn("StatefulSet"), builtIn("Deployment")]
    .flatMap((kind) => store.list(kind))
    .find((one) => name.test(one.metadata.name) && pods.some((pod) => ownerOf(pod) === one.metadata.name));
}

/** Claims that wait for a volume, all volumes and those of them that are to go, of each class of this driver. */
export function workOf(store: Store, driver: RegExp) {
  return store
    .list(CLASSES)
    .filter((kind) => driver.test(textAt(kind, "provisioner") ?? ""))
    .map((kind) => {
      const mine = (one: Obj) => textAt(one["spec"], "storageClassName") === kind.metadata.name;
      const waits = (one: Obj) => mine(one) && textAt(one["status"], "phase") === "Pending";
      const volumes = store.list(VOLUMES).filter(mine);
      const going = volumes.filter(
        ({ metadata }) => metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(FINALIZER),
      );
      const driverName = textAt(kind, "provisioner") ?? "";
      return { kind, driver: driverName, open: store.list(CLAIMS).filter(waits), volumes, going };
    });
}

export const volumeNameOf = (claim: Obj) => `pvc-${claim.metadata.uid}`;

const storageOf = (claim: Obj) => textAt(jsonAt(jsonAt(claim["spec"], "resources"), "requests"), "storage");
export const gibOf = (claim: Obj): number => parseSize(storageOf(claim) ?? "1Gi") ?? 1;

/** What `--extra-create-metadata` tells the driver. */
export const claimMetadata = (claim: Obj): Readonly<Record<string, string>> => ({
  "csi.storage.k8s.io/pvc/name": claim.metadata.name,
  "csi.storage.k8s.io/pvc/namespace": claim.metadata.namespace ?? "",
  "csi.storage.k8s.io/pv/name": volumeNameOf(claim),
});

interface Csi {
  readonly driver: string;
  readonly volumeHandle: string;
  readonly volumeAttributes?: Readonly<Record<string, string>>;
}

export function addVolume({ store }: Pass, claim: Obj, csi: Csi) {
  if (store.get(VOLUMES, undefined, volumeNameOf(claim)) !== undefined) return;
  const { name, namespace, uid } = claim.metadata;
  store.add(VOLUMES, {
    apiVersion: apiVersionOf(VOLUMES),
    kind: "PersistentVolume",
    metadata: {
      name: volumeNameOf(claim),
      annotations: { "pv.kubernetes.io/provisioned-by": csi.driver },
      finalizers: [FINALIZER],
    },
    spec: {
      ...{ accessModes: at(claim["spec"], "accessModes"), volumeMode: "Filesystem" },
      capacity: { storage: storageOf(claim) },
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: textAt(claim["spec"], "storageClassName"),
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      csi,
    },
    status: { phase: "Available" },
  });
}

export const handleOf = (volume: Obj): string => textAt(jsonAt(volume["spec"], "csi"), "volumeHandle") ?? "";

/** What was behind it is gone. */
export function forget({ store }: Pass, volume: Obj): void {
  const fresh = store.get(VOLUMES, undefined, volume.metadata.name);
  if (fresh !== undefined) store.put(VOLUMES, { ...fresh, metadata: { ...fresh.metadata, finalizers: [] } });
}

/** Live pods that mount the claim of this name. */
export const usersOf = (store: Store, namespace: string, claim: string): readonly Obj[] =>
  store.list(builtIn("Pod"), namespace).filter((pod) => {
    const mounted = (listAt(pod["spec"], "volumes") ?? []).map((one) =>
      textAt(jsonAt(one, "persistentVolumeClaim"), "claimName"),
    );
    return pod.metadata.deletionTimestamp === undefined && mounted.includes(claim);
  });
