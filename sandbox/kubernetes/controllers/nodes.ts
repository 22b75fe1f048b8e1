import { at, isoOf, listAt, textAt } from "../../openstack/json.ts";
import { builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { isReady } from "../remove.ts";
import type { Pass } from "./pass.ts";

const [NODES, PODS] = [builtIn("Node"), builtIn("Pod")];
const NETWORKS = /^(calico-node|cilium|kuryr-cni|kube-flannel|weave-net)(-ds)?$/;
const NOT_READY = "node.kubernetes.io/not-ready";
const UNREACHABLE = "node.kubernetes.io/unreachable";

export const nodeOf = (pod: Obj): string | undefined => textAt(pod["spec"], "nodeName");
export const ownerOf = (of: Obj): string | undefined =>
  of.metadata.ownerReferences?.find((owner) => owner.controller === true)?.name;
export const taintsOf = (node: Obj) => listAt(node["spec"], "taints") ?? [];

const NO_NETWORK =
  "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady " +
  "message:Network plugin returns error: cni plugin not initialized";

interface Health {
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly taint?: string;
}

function healthOf({ store, alive }: Pass, node: Obj): Health {
  const { name } = node.metadata;
  if (!alive(name))
    return {
      ...{ status: "Unknown", reason: "NodeStatusUnknown", taint: UNREACHABLE },
      message: "Kubelet stopped posting node status.",
    };
  const networked = store
    .list(PODS)
    .some((pod) => nodeOf(pod) === name && isReady(pod) && NETWORKS.test(ownerOf(pod) ?? ""));
  return networked
    ? { status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" }
    : { status: "False", reason: "KubeletNotReady", message: NO_NETWORK, taint: NOT_READY };
}

const QUIET = ["MemoryPressure", "DiskPressure", "PIDPressure"];

/** The kubelets' and the node controller's part: Ready by the network, Unknown by silence, and the taints that follow. */
export function nodes(pass: Pass): void {
  const { store, nowMs } = pass;
  for (const node of store.list(NODES)) {
    const { taint, ...health } = healthOf(pass, node);
    const conditions = listAt(node["status"], "conditions") ?? [];
    const before = conditions.find((one) => textAt(one, "type") === "Ready");
    const same = textAt(before, "status") === health.status && textAt(before, "reason") === health.reason;
    if (same) continue;
    const times = { lastHeartbeatTime: isoOf(nowMs), lastTransitionTime: isoOf(nowMs) };
    const unknown = health.status === "Unknown";
    const others = QUIET.map((type) => ({
      type,
      status: unknown ? "Unknown" : "False",
      reason: unknown ? "NodeStatusUnknown" : `KubeletHasSufficient${type.replace("Pressure", "")}`,
      ...times,
    }));
    const kept = taintsOf(node).filter((one) => ![NOT_READY, UNREACHABLE].includes(textAt(one, "key") ?? ""));
    const effects = taint === undefined ? [] : ["NoSchedule", "NoExecute"];
    store.put(NODES, {
      ...node,
      spec: { ...(at(node, "spec") ?? {}), taints: [...kept, ...effects.map((effect) => ({ key: taint, effect }))] },
      status: { ...(at(node, "status") ?? {}), conditions: [...others, { type: "Ready", ...health, ...times }] },
    });
  }
}
