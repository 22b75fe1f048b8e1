import { createHash } from "node:crypto";
import { isoOf, jsonAt, listAt, numberAt, textAt } from "../../openstack/json.ts";
import { apiVersionOf, builtIn, type Kind } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { isReady, ownedBy, remove } from "../remove.ts";
import { nodeOf } from "./nodes.ts";
import type { Pass } from "./pass.ts";
import { fitsOn } from "./placing.ts";

const [NODES, PODS] = [builtIn("Node"), builtIn("Pod")];
const [DEPLOYMENTS, DAEMONS, STATEFUL] = [builtIn("Deployment"), builtIn("DaemonSet"), builtIn("StatefulSet")];
const HASH = "controller-revision-hash";

const templateOf = (of: Obj) => jsonAt(of["spec"], "template");
const hashOf = (of: Obj): string =>
  createHash("sha256")
    .update(JSON.stringify(templateOf(of)))
    .digest("hex")
    .slice(0, 10);
const isGoing = (of: Obj) => of.metadata.deletionTimestamp !== undefined;

function podOf(kind: Kind, owner: Obj, name: string, hash: string, nodeName: string | undefined) {
  const template = templateOf(owner);
  const meta = jsonAt(template, "metadata");
  const { uid, namespace } = owner.metadata;
  const reference = { apiVersion: apiVersionOf(kind), kind: kind.kind, name: owner.metadata.name, uid };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...(jsonAt(meta, "labels") as Record<string, string> | undefined), [HASH]: hash },
      ownerReferences: [{ ...reference, controller: true, blockOwnerDeletion: true }],
    },
    spec: { ...jsonAt(template, "spec"), ...(nodeName === undefined ? {} : { nodeName }) },
    status: { phase: "Pending" },
  };
}

/** Makes what is missing and removes what is too much or of an older template. Answers how many there should be. */
function level(pass: Pass, kind: Kind, owner: Obj, mine: readonly Obj[], hash: string): number {
  const { store, nowMs, token } = pass;
  const { name } = owner.metadata;
  const spec = jsonAt(templateOf(owner), "spec");
  const current = mine.filter((pod) => !isGoing(pod) && pod.metadata.labels?.[HASH] === hash);
  const stale = mine.filter((pod) => !isGoing(pod) && pod.metadata.labels?.[HASH] !== hash);
  const drop = (pods: readonly Obj[]) => {
    for (const pod of pods) remove({ store, nowMs }, PODS, pod, "Background", 1);
  };
  drop(stale);
  if (kind === DAEMONS) {
    const nodes = store.list(NODES).filter((node) => fitsOn(spec, node, true));
    drop(current.filter((pod) => !nodes.some((node) => node.metadata.name === nodeOf(pod))));
    for (const node of nodes)
      if (!mine.some((pod) => nodeOf(pod) === node.metadata.name))
        store.add(PODS, podOf(kind, owner, `${name}-${token(5)}`, hash, node.metadata.name));
    return nodes.length;
  }
  const wanted = numberAt(owner["spec"], "replicas") ?? 1;
  if (kind === STATEFUL) {
    const nameOf = (index: number) => `${name}-${index}`;
    const names = Array.from({ length: wanted }, (_, index) => nameOf(index));
    drop(current.filter((pod) => !names.includes(pod.metadata.name)));
    for (const one of names)
      if (!mine.some((pod) => pod.metadata.name === one)) store.add(PODS, podOf(kind, owner, one, hash, undefined));
    return wanted;
  }
  drop(current.slice(wanted));
  for (let count = current.length; count < wanted; count++)
    store.add(PODS, podOf(kind, owner, `${name}-${hash}-${token(5)}`, hash, undefined));
  return wanted;
}

function conditionsOf(owner: Obj, available: boolean, nowMs: number) {
  const condition = (type: string, status: boolean, reason: string) => {
    const before = (listAt(owner["status"], "conditions") ?? []).find((one) => textAt(one, "type") === type);
    if (textAt(before, "status") === (status ? "True" : "False") && textAt(before, "reason") === reason) return before;
    return {
      type,
      status: status ? "True" : "False",
      reason,
      lastTransitionTime: isoOf(nowMs),
      lastUpdateTime: isoOf(nowMs),
    };
  };
  return [
    condition("Available", available, available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable"),
    condition("Progressing", true, available ? "NewReplicaSetAvailable" : "ReplicaSetUpdated"),
  ];
}

function statusOf(kind: Kind, owner: Obj, mine: readonly Obj[], hash: string, wanted: number, nowMs: number): unknown {
  const observedGeneration = owner.metadata.generation ?? 1;
  const live = mine.filter((pod) => !isGoing(pod));
  const ready = live.filter(isReady).length;
  const updated = live.filter((pod) => pod.metadata.labels?.[HASH] === hash).length;
  if (kind === DAEMONS)
    return {
      ...{
        observedGeneration,
        desiredNumberScheduled: wanted,
        currentNumberScheduled: live.length,
        numberMisscheduled: 0,
      },
      ...{ numberReady: ready, numberAvailable: ready, updatedNumberScheduled: updated },
      numberUnavailable: Math.max(0, wanted - ready),
    };
  const counts = { observedGeneration, replicas: live.length, updatedReplicas: updated };
  const good = { readyReplicas: ready, availableReplicas: ready };
  if (kind === STATEFUL)
    return {
      ...counts,
      ...good,
      currentReplicas: updated,
      currentRevision: hash,
      updateRevision: hash,
      collisionCount: 0,
    };
  const unavailableReplicas = Math.max(0, wanted - ready);
  return { ...counts, ...good, unavailableReplicas, conditions: conditionsOf(owner, unavailableReplicas === 0, nowMs) };
}

/** kube-controller-manager's part: pods of Deployments (without the ReplicaSet between), DaemonSets and StatefulSets. */
export function workloads(pass: Pass): void {
  const { store } = pass;
  for (const kind of [DEPLOYMENTS, DAEMONS, STATEFUL])
    for (const owner of store.list(kind)) {
      if (isGoing(owner)) continue;
      const hash = hashOf(owner);
      const mineOf = () => store.list(PODS, owner.metadata.namespace).filter((pod) => ownedBy(pod, owner.metadata.uid));
      const wanted = level(pass, kind, owner, mineOf(), hash);
      const status = statusOf(kind, owner, mineOf(), hash, wanted, pass.nowMs);
      store.put(kind, { ...owner, status });
    }
}
