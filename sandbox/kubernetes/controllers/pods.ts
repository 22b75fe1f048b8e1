import { at, isoOf, jsonAt, listAt, textAt } from "../../openstack/json.ts";
import { builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { isReady, remove } from "../remove.ts";
import { nodeOf } from "./nodes.ts";
import type { Pass } from "./pass.ts";
import { fitsOn } from "./placing.ts";

const [NODES, PODS] = [builtIn("Node"), builtIn("Pod")];
/** From the binding to Ready: image and start. */
const START_MS = 3000;

/** kube-scheduler: each pod that waits goes where the fewest are. */
function bind({ store }: Pass): void {
  const nodes = store.list(NODES);
  for (const pod of store.list(PODS)) {
    if (nodeOf(pod) !== undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    const load = (node: Obj) => store.list(PODS).filter((one) => nodeOf(one) === node.metadata.name).length;
    const [best] = nodes
      .filter((node) => fitsOn(pod["spec"], node, false))
      .map((node) => ({ node, load: load(node) }))
      .sort((one, other) => one.load - other.load);
    if (best !== undefined)
      store.put(PODS, { ...pod, spec: { ...jsonAt(pod, "spec"), nodeName: best.node.metadata.name } });
  }
}

function addressOf(pod: Obj, node: Obj): string {
  const addresses = listAt(node["status"], "addresses") ?? [];
  const own = textAt(
    addresses.find((one) => textAt(one, "type") === "InternalIP"),
    "address",
  );
  if (at(pod["spec"], "hostNetwork") === true && own !== undefined) return own;
  const seed = [...pod.metadata.uid].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) & 0xffff, 7);
  return `10.244.${seed >> 8}.${Math.max(1, seed & 0xff)}`;
}

function running(pod: Obj, node: Obj, nowMs: number): Obj {
  const containers = (listAt(pod["spec"], "containers") ?? []).map((container) => ({
    name: textAt(container, "name"),
    image: textAt(container, "image"),
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: isoOf(nowMs) } },
  }));
  const ip = addressOf(pod, node);
  const conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) => ({
    ...{ type, status: "True", lastTransitionTime: isoOf(nowMs) },
  }));
  const status = { ...jsonAt(pod, "status"), phase: "Running", podIP: ip, podIPs: [{ ip }], conditions };
  return { ...pod, status: { ...status, containerStatuses: containers } };
}

/** The kubelets' part: a pod starts where its node and its network are there, and is not ready on a lost node. */
export function pods(pass: Pass): void {
  const { store, nowMs, again, alive } = pass;
  bind(pass);
  for (const pod of store.list(PODS)) {
    const name = nodeOf(pod);
    if (name === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    const node = store.get(NODES, undefined, name);
    if (node === undefined) {
      remove({ store, nowMs }, PODS, pod, "Background", 0);
    } else if (!alive(name)) {
      if (!isReady(pod)) continue;
      const conditions = [{ type: "Ready", status: "False", reason: "NodeLost", lastTransitionTime: isoOf(nowMs) }];
      store.put(PODS, { ...pod, status: { ...jsonAt(pod, "status"), conditions } });
    } else if (!isReady(pod)) {
      const started = textAt(pod["status"], "startTime");
      if (at(pod["spec"], "hostNetwork") !== true && !isReady(node)) continue;
      if (started === undefined) {
        store.put(PODS, { ...pod, status: { ...jsonAt(pod, "status"), startTime: isoOf(nowMs) } });
        again(START_MS);
      } else if (nowMs >= Date.parse(started) + START_MS) store.put(PODS, running(pod, node, nowMs));
      else again(Date.parse(started) + START_MS - nowMs);
    }
  }
}
