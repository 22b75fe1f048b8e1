import { builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { FOREGROUND, remove } from "../remove.ts";
import type { Pass } from "./pass.ts";

const NAMESPACES = builtIn("Namespace");
const PODS = builtIn("Pod");

/** What nobody owns any more goes, and what goes last waits for what it owns. */
export function garbage({ store, nowMs }: Pass): void {
  const all = store.kinds().flatMap((kind) => store.list(kind).map((one) => [kind, one] as const));
  const uids = new Set(all.map(([, one]) => one.metadata.uid));
  const owning = new Set(all.flatMap(([, one]) => (one.metadata.ownerReferences ?? []).map(({ uid }) => uid)));
  const waits = (one: Obj) => one.metadata.finalizers?.includes(FOREGROUND) === true;
  const going = new Set(all.filter(([, one]) => waits(one)).map(([, one]) => one.metadata.uid));
  for (const [kind, one] of all) {
    const owners = one.metadata.ownerReferences ?? [];
    const orphan = owners.length > 0 && owners.every(({ uid }) => !uids.has(uid));
    const goes = orphan || owners.some(({ uid }) => going.has(uid));
    if (goes && one.metadata.deletionTimestamp === undefined) remove({ store, nowMs }, kind, one);
    if (!waits(one) || owning.has(one.metadata.uid)) continue;
    const left = (one.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FOREGROUND);
    store.put(kind, { ...one, metadata: { ...one.metadata, finalizers: left } });
  }
}

/** A namespace that is going takes all that is in it along, and goes when nothing is left. */
export function namespaces({ store, nowMs }: Pass): void {
  for (const space of store.list(NAMESPACES)) {
    if (space.metadata.deletionTimestamp === undefined) continue;
    const kinds = store.kinds().filter((kind) => kind.namespaced);
    for (const kind of kinds)
      for (const one of store.list(kind, space.metadata.name))
        if (one.metadata.deletionTimestamp === undefined) remove({ store, nowMs }, kind, one);
    if (kinds.every((kind) => store.list(kind, space.metadata.name).length === 0)) store.drop(NAMESPACES, space);
  }
}

/** Kubelets stop a pod that is going in a second, or as long as it was given; a lost kubelet never does. */
export function endings({ store, nowMs, alive, again }: Pass): void {
  for (const pod of store.list(PODS)) {
    const { deletionTimestamp, finalizers = [] } = pod.metadata;
    const node = (pod["spec"] as { nodeName?: string } | undefined)?.nodeName;
    if (deletionTimestamp === undefined || finalizers.length > 0) continue;
    if (node !== undefined && store.get(builtIn("Node"), undefined, node) !== undefined && !alive(node)) continue;
    const grace = pod.metadata.deletionGracePeriodSeconds ?? 0;
    const dueMs = Date.parse(deletionTimestamp) - grace * 1000 + Math.min(grace * 1000, 1000);
    if (dueMs <= nowMs) store.drop(PODS, pod);
    else again(dueMs - nowMs);
  }
}
