import { at, listAt, textAt, textsAt } from "../openstack/json.ts";
import { builtIn, type Kind } from "./kinds.ts";
import type { Obj } from "./object.ts";
import { ApiError, resourceOf } from "./status.ts";
import type { Store } from "./store.ts";

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

export const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };
export const MASTERS = "system:masters";
export const NODES = "system:nodes";

/** What is asked for: a resource, or a path that is none. */
export interface Asking {
  readonly verb: string;
  readonly group?: string;
  /** `pods`, `pods/eviction`. */
  readonly resource?: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly path?: string;
}

const [ROLES, CLUSTER_ROLES] = [builtIn("Role"), builtIn("ClusterRole")];
const [BINDINGS, CLUSTER_BINDINGS] = [builtIn("RoleBinding"), builtIn("ClusterRoleBinding")];

const names = (list: readonly string[] | undefined, wanted: string | undefined): boolean =>
  list !== undefined && wanted !== undefined && (list.includes("*") || list.includes(wanted));

function allows(rule: unknown, asking: Asking): boolean {
  if (!names(textsAt(rule, "verbs"), asking.verb)) return false;
  const { path, resource = "", name } = asking;
  if (path !== undefined)
    return (textsAt(rule, "nonResourceURLs") ?? []).some(
      (url) => url === path || (url.endsWith("*") && path.startsWith(url.slice(0, -1))),
    );
  const resources = textsAt(rule, "resources") ?? [];
  const [, sub] = resource.split("/");
  const fits = names(resources, resource) || (sub !== undefined && resources.includes(`*/${sub}`));
  const only = textsAt(rule, "resourceNames") ?? [];
  return (
    fits &&
    names(textsAt(rule, "apiGroups"), asking.group) &&
    (only.length === 0 || (name !== undefined && only.includes(name)))
  );
}

function isBound(binding: Obj, user: User): boolean {
  return (listAt(binding, "subjects") ?? []).some((subject) => {
    const name = textAt(subject, "name") ?? "";
    if (textAt(subject, "kind") === "User") return name === user.name;
    if (textAt(subject, "kind") === "Group") return user.groups.includes(name);
    return `system:serviceaccount:${textAt(subject, "namespace") ?? binding.metadata.namespace}:${name}` === user.name;
  });
}

const rulesOf = (role: Obj | undefined) => listAt(role, "rules") ?? [];

/** Rules of the role that this binding names. */
function bound(store: Store, binding: Obj): readonly unknown[] {
  const ref = at(binding, "roleRef");
  const name = textAt(ref, "name") ?? "";
  return textAt(ref, "kind") === "Role"
    ? rulesOf(store.get(ROLES, binding.metadata.namespace, name))
    : rulesOf(store.get(CLUSTER_ROLES, undefined, name));
}

/** What RBAC lets this user do in all namespaces, and in this one. */
export function rulesFor(store: Store, user: User, namespace: string | undefined): readonly unknown[] {
  const bindings = [
    ...store.list(CLUSTER_BINDINGS),
    ...(namespace === undefined ? [] : store.list(BINDINGS, namespace)),
  ];
  return bindings.filter((binding) => isBound(binding, user)).flatMap((binding) => bound(store, binding));
}

const NODE_READS = ["services", "nodes", "endpoints", "endpointslices", "csidrivers", "runtimeclasses", "pods"];
const NODE_MOUNTS = ["secrets", "configmaps", "persistentvolumeclaims", "persistentvolumes"];

/**
 * The node authorizer, roughly: a kubelet writes its own Node, its pods' status and its leases, reads what is public among
 * nodes, and by name what its pods mount.
 */
function nodeMay(store: Store, user: User, { verb, resource = "", name, namespace }: Asking): boolean {
  const node = user.name.replace(/^system:node:/, "");
  if (node === user.name) return false;
  const reads = ["get", "list", "watch"].includes(verb);
  const [plural = "", sub] = resource.split("/");
  if (plural === "nodes") return reads || verb === "create" || name === node;
  if (plural === "leases") return namespace === "kube-node-lease" && (verb === "create" || name === node);
  if (plural === "csinodes") return verb === "create" || name === node;
  if (plural === "events") return !reads;
  if (plural === "certificatesigningrequests") return sub === undefined && (verb === "create" || reads);
  if (plural === "pods" && !reads) return true;
  if (NODE_READS.includes(plural)) return reads;
  if (!NODE_MOUNTS.includes(plural) || verb !== "get" || name === undefined) return false;
  const pods = store.list(builtIn("Pod"), namespace).filter((pod) => textAt(pod["spec"], "nodeName") === node);
  return pods.some((pod) => JSON.stringify(pod["spec"]).includes(JSON.stringify(name)));
}

export function may(store: Store, user: User, asking: Asking): boolean {
  if (user.groups.includes(MASTERS)) return true;
  if (user.groups.includes(NODES) && nodeMay(store, user, asking)) return true;
  return rulesFor(store, user, asking.namespace).some((rule) => allows(rule, asking));
}

export function refuse(user: User, kind: Pick<Kind, "group" | "plural" | "kind">, asking: Asking): ApiError {
  const { verb, resource = "", group = "", namespace, name } = asking;
  const where = namespace === undefined ? " at the cluster scope" : ` in the namespace "${namespace}"`;
  const what = name === undefined ? resourceOf(kind) : `${resourceOf(kind)} "${name}"`;
  const why = `User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}"${where}`;
  return new ApiError(403, "Forbidden", `${what} is forbidden: ${why}`, {
    ...(name === undefined ? {} : { name }),
    ...(group === "" ? {} : { group }),
    kind: kind.plural,
  });
}

export const refusePath = (user: User, verb: string, path: string): ApiError =>
  new ApiError(403, "Forbidden", `forbidden: User "${user.name}" cannot ${verb} path "${path}"`);
