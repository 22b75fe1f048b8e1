import { at, jsonAt, listAt, textAt } from "../openstack/json.ts";
import { type Obj, textsIn } from "./object.ts";
import { badRequest } from "./status.ts";

export type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

const SET_TERM = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^)]*)\)$/;
const PAIR_TERM = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/;

function termOf(term: string): Test {
  const [, key = "", verb, list = ""] = SET_TERM.exec(term) ?? [];
  if (verb !== undefined) {
    const values = list.split(",").map((value) => value.trim());
    const inside = (labels: Labels) => values.includes(labels[key] ?? "") && labels[key] !== undefined;
    return verb === "in" ? inside : (labels) => !inside(labels);
  }
  const [, name = "", sign, value = ""] = PAIR_TERM.exec(term) ?? [];
  if (sign !== undefined)
    return sign === "!=" ? (labels) => labels[name] !== value : (labels) => labels[name] === value;
  if (/^![^\s!=,()]+$/.test(term)) return (labels) => labels[term.slice(1)] === undefined;
  if (/^[^\s!=,()]+$/.test(term)) return (labels) => labels[term] !== undefined;
  throw badRequest(`unable to parse requirement: ${term}`);
}

/** `app=web,tier in (a, b),!legacy`. */
export function labelTest(selector: string): Test {
  const terms = selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== "")
    .map(termOf);
  return (labels) => terms.every((term) => term(labels));
}

/** A `LabelSelector`, as workloads and budgets have it. An empty one selects everything. */
export function selects(selector: unknown, labels: Labels): boolean {
  const pairs = Object.entries(textsIn(at(selector, "matchLabels")));
  return (
    pairs.every(([name, value]) => labels[name] === value) &&
    (listAt(selector, "matchExpressions") ?? []).every((term) => expressed(term, labels))
  );
}

/** One of the `matchExpressions` of a selector of labels, or of nodes. */
export function expressed(term: unknown, labels: Labels): boolean {
  const value = labels[textAt(term, "key") ?? ""];
  const values = listAt(term, "values") ?? [];
  switch (textAt(term, "operator")) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/** Fields that a selector may name, besides name and namespace. Source: Kubernetes, `ToSelectableFields` of each kind. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
  ],
  Node: ["spec.unschedulable"],
  Namespace: ["status.phase"],
  Secret: ["type"],
  Service: ["spec.clusterIP", "spec.type"],
  CertificateSigningRequest: ["spec.signerName"],
  Event: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "reason",
    "type",
  ],
};

function fieldOf(of: Obj, path: string): string {
  let found: unknown = of;
  for (const part of path.split(".")) found = at(found, part);
  return found === undefined || found === null ? (path === "spec.unschedulable" ? "false" : "") : String(found);
}

export function fieldTest(kind: string, selector: string): (of: Obj) => boolean {
  const terms = selector
    .split(",")
    .filter((term) => term !== "")
    .map((term) => {
      const [, path = "", sign = "", value = ""] = /^([\w.]+)(==|=|!=)(.*)$/.exec(term) ?? [];
      if (path === "") throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
      if (!["metadata.name", "metadata.namespace", ...(SELECTABLE[kind] ?? [])].includes(path))
        throw badRequest(
          `Unable to find "${kind}" that match label selector "", field selector "${selector}": ` +
            `field label not supported: ${path}`,
        );
      return (of: Obj) => (fieldOf(of, path) === value) === (sign !== "!=");
    });
  return (of) => terms.every((term) => term(of));
}

export const podLabelsOf = (workload: Obj): Labels =>
  textsIn(at(jsonAt(jsonAt(jsonAt(workload, "spec"), "template"), "metadata"), "labels"));
