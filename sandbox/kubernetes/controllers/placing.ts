import { at, jsonAt, listAt, textAt } from "../../openstack/json.ts";
import { type Obj, textsIn } from "../object.ts";
import { expressed } from "../selectors.ts";
import { taintsOf } from "./nodes.ts";

/** What the DaemonSet controller lets its pods bear. */
const DAEMON_KEYS = [
  "not-ready",
  "unreachable",
  "disk-pressure",
  "memory-pressure",
  "pid-pressure",
  "unschedulable",
].map((word) => `node.kubernetes.io/${word}`);

function tolerates(toleration: unknown, taint: unknown): boolean {
  const [key, effect, value] = [textAt(toleration, "key"), textAt(toleration, "effect"), textAt(toleration, "value")];
  if (effect !== undefined && effect !== "" && effect !== textAt(taint, "effect")) return false;
  if (textAt(toleration, "operator") === "Exists") return key === undefined || key === textAt(taint, "key");
  return key === textAt(taint, "key") && (value ?? "") === (textAt(taint, "value") ?? "");
}

function selected(pod: unknown, node: Obj): boolean {
  const labels = textsIn(node.metadata.labels);
  const wanted = Object.entries(textsIn(at(pod, "nodeSelector")));
  if (!wanted.every(([name, value]) => labels[name] === value)) return false;
  const affinity = jsonAt(jsonAt(pod, "affinity"), "nodeAffinity");
  const terms = listAt(jsonAt(affinity, "requiredDuringSchedulingIgnoredDuringExecution"), "nodeSelectorTerms");
  return (
    terms === undefined ||
    terms.some((term) => (listAt(term, "matchExpressions") ?? []).every((expression) => expressed(expression, labels)))
  );
}

/** Whether a pod with this spec may run on this node. */
export function fitsOn(pod: unknown, node: Obj, daemon: boolean): boolean {
  if (node.metadata.deletionTimestamp !== undefined || !selected(pod, node)) return false;
  if (!daemon && at(node["spec"], "unschedulable") === true) return false;
  const tolerations = listAt(pod, "tolerations") ?? [];
  return taintsOf(node)
    .filter((taint) => textAt(taint, "effect") !== "PreferNoSchedule")
    .every(
      (taint) =>
        (daemon && DAEMON_KEYS.includes(textAt(taint, "key") ?? "")) ||
        tolerations.some((toleration) => tolerates(toleration, taint)),
    );
}
