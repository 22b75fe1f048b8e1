import { at, jsonAt, textAt } from "../../openstack/json.ts";
import { builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { remove } from "../remove.ts";
import type { Pass } from "./pass.ts";

const [CLAIMS, VOLUMES] = [builtIn("PersistentVolumeClaim"), builtIn("PersistentVolume")];

const phaseOf = (of: Obj) => textAt(of["status"], "phase");
const isFor = (volume: Obj, { metadata }: Obj): boolean => {
  const ref = jsonAt(volume["spec"], "claimRef");
  return textAt(ref, "namespace") === metadata.namespace && textAt(ref, "name") === metadata.name;
};

/** Both sides name each other, and only a volume of the claim's class and with its name or a place for it is taken. */
function bind({ store }: Pass, claim: Obj): void {
  const [wanted, kind] = [textAt(claim["spec"], "volumeName"), textAt(claim["spec"], "storageClassName") ?? ""];
  const volume = store.list(VOLUMES).find((one) => {
    const free = at(one["spec"], "claimRef") === undefined && wanted === one.metadata.name;
    const same = (textAt(one["spec"], "storageClassName") ?? "") === kind;
    return same && ["Available", "Bound"].includes(phaseOf(one) ?? "") && (free || isFor(one, claim));
  });
  if (volume === undefined || volume.metadata.deletionTimestamp !== undefined) return;
  const { name, namespace, uid } = claim.metadata;
  const claimRef = { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid };
  const spec = jsonAt(volume, "spec");
  store.put(VOLUMES, { ...volume, spec: { ...spec, claimRef }, status: { phase: "Bound" } });
  const status = { phase: "Bound", accessModes: spec?.["accessModes"], capacity: spec?.["capacity"] };
  store.put(CLAIMS, { ...claim, spec: { ...jsonAt(claim, "spec"), volumeName: volume.metadata.name }, status });
}

/** The persistent volume controller: binding, and release of volumes whose claim is gone. */
export function claims(pass: Pass): void {
  const { store, nowMs } = pass;
  for (const claim of store.list(CLAIMS)) if (phaseOf(claim) === "Pending") bind(pass, claim);
  for (const volume of store.list(VOLUMES)) {
    const uid = textAt(jsonAt(volume["spec"], "claimRef"), "uid");
    if (uid === undefined || phaseOf(volume) !== "Bound") continue;
    if (store.list(CLAIMS).some((claim) => claim.metadata.uid === uid)) continue;
    const released = store.put(VOLUMES, { ...volume, status: { phase: "Released" } });
    const doomed = textAt(volume["spec"], "persistentVolumeReclaimPolicy") === "Delete";
    if (doomed) remove({ store, nowMs }, VOLUMES, released);
  }
}
