import type { IPolicyRule } from "kubernetes-models/rbac.authorization.k8s.io/v1/PolicyRule";
import type { Manifest } from "./types.ts";

const GROUP = "rbac.authorization.k8s.io";
const API = `${GROUP}/v1` as const;

interface Holder {
  readonly namespace: string;
  readonly account: string;
}

/** `rule("get list", "pods nodes")`, `rule("update", "leases", "coordination.k8s.io", "my-lock")`. */
export const rule = (verbs: string, resources: string, apiGroup = "", names?: string): IPolicyRule => ({
  apiGroups: [apiGroup],
  resources: resources.split(" "),
  ...(names === undefined ? {} : { resourceNames: names.split(" ") }),
  verbs: verbs.split(" "),
});

export const serviceAccount = ({ namespace, account }: Holder): Manifest => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: account, namespace },
});

const subjects = ({ namespace, account }: Holder) => [{ kind: "ServiceAccount", name: account, namespace }];

/** Rights in the whole cluster. */
export const clusterAccess = (holder: Holder, rules: IPolicyRule[], name = holder.account): Manifest[] => [
  { apiVersion: API, kind: "ClusterRole", metadata: { name }, rules },
  {
    apiVersion: API,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind: "ClusterRole", name },
    subjects: subjects(holder),
  },
];

/** Rights in one namespace, by default the holder's own. */
export function namespaceAccess(holder: Holder, rules: IPolicyRule[], name = holder.account): Manifest[] {
  const metadata = { name, namespace: holder.namespace };
  return [
    { apiVersion: API, kind: "Role", metadata, rules },
    {
      apiVersion: API,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: GROUP, kind: "Role", name },
      subjects: subjects(holder),
    },
  ];
}

/** A ClusterRole that Kubernetes or we made, for people or nodes known by their group. */
export const groupBinding = (name: string, role: string, group: string): Manifest => ({
  apiVersion: API,
  kind: "ClusterRoleBinding",
  metadata: { name },
  roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: role },
  subjects: [{ apiGroup: GROUP, kind: "Group", name: group }],
});

/** The same in one namespace. */
export const groupInNamespace = (name: string, role: string, group: string, namespace: string): Manifest => ({
  apiVersion: API,
  kind: "RoleBinding",
  metadata: { name, namespace },
  roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: role },
  subjects: [{ apiGroup: GROUP, kind: "Group", name: group }],
});

/** A Role that Kubernetes made in kube-system. */
export const systemRoleBinding = (holder: Holder, name: string, role: string): Manifest => ({
  apiVersion: API,
  kind: "RoleBinding",
  metadata: { name, namespace: "kube-system" },
  roleRef: { apiGroup: GROUP, kind: "Role", name: role },
  subjects: subjects(holder),
});
