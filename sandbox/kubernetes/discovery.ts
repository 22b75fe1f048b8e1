import { apiVersionOf, type Kind } from "./kinds.ts";
import type { Reply } from "./request.ts";
import { noSuchPath } from "./status.ts";

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const REVIEWS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "authorization.k8s.io": [
    ["selfsubjectaccessreviews", "SelfSubjectAccessReview"],
    ["selfsubjectrulesreviews", "SelfSubjectRulesReview"],
    ["subjectaccessreviews", "SubjectAccessReview"],
  ],
  "authentication.k8s.io": [["selfsubjectreviews", "SelfSubjectReview"]],
};
const SUB_KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scale: { group: "autoscaling", version: "v1", kind: "Scale" },
  eviction: { group: "policy", version: "v1", kind: "Eviction" },
};

const resourcesOf = (kind: Kind) => [
  {
    name: kind.plural,
    singularName: kind.kind.toLowerCase(),
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: VERBS,
    ...(kind.short.length === 0 ? {} : { shortNames: kind.short }),
    ...(kind.namespaced && ["", "apps"].includes(kind.group) && !["Secret", "ConfigMap"].includes(kind.kind)
      ? { categories: ["all"] }
      : {}),
  },
  ...kind.sub.map((sub) => ({
    name: `${kind.plural}/${sub}`,
    singularName: "",
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: sub === "eviction" ? ["create"] : ["get", "patch", "update"],
    ...SUB_KINDS[sub],
  })),
];

const reviewsOf = (group: string) =>
  (REVIEWS[group] ?? []).map(([name, kind]) => ({
    name,
    singularName: "",
    namespaced: false,
    kind,
    verbs: ["create"],
  }));

function groupsOf(kinds: readonly Kind[]) {
  const versions = new Map<string, string[]>(Object.keys(REVIEWS).map((group) => [group, ["v1"]]));
  for (const { group, version } of kinds) {
    if (group === "") continue;
    const found = versions.get(group) ?? [];
    versions.set(group, found.includes(version) ? found : [...found, version]);
  }
  return [...versions].map(([name, found]) => {
    const all = found.map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions: all, preferredVersion: all[0] };
  });
}

/** `/api`, `/apis` and what is told below them. Undefined: the path is none of these. */
export function discovery(path: string, kinds: readonly Kind[]): Reply | undefined {
  const [, root, ...parts] = path.replace(/\/$/, "").split("/");
  if (root === "api" && parts.length === 0)
    return { status: 200, body: { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] } };
  const groups = groupsOf(kinds);
  if (root === "apis" && parts.length === 0)
    return { status: 200, body: { kind: "APIGroupList", apiVersion: "v1", groups } };
  if (root === "apis" && parts.length === 1) {
    const group = groups.find(({ name }) => name === parts[0]);
    if (group === undefined) throw noSuchPath();
    return { status: 200, body: { kind: "APIGroup", apiVersion: "v1", ...group } };
  }
  const depth = root === "api" ? 1 : root === "apis" ? 2 : -1;
  if (parts.length !== depth) return undefined;
  const groupVersion = parts.join("/");
  const mine = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  const resources = [...mine.flatMap(resourcesOf), ...(groupVersion.endsWith("/v1") ? reviewsOf(parts[0] ?? "") : [])];
  if (resources.length === 0) throw noSuchPath();
  return { status: 200, body: { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources } };
}
