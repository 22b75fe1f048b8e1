import { addressAt } from "./defaults.ts";
import { apiVersionOf, builtIn } from "./kinds.ts";
import type { Fields } from "./object.ts";
import { CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES } from "./roles.ts";
import type { Store } from "./store.ts";

/** What an API server makes at its first start. */
export function begin(into: Store, serviceCidr: string): void {
  const labels = { "kubernetes.io/bootstrapping": "rbac-defaults" };
  for (const name of ["default", "kube-node-lease", "kube-public", "kube-system"])
    into.add(builtIn("Namespace"), {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  const [roles, bindings] = [builtIn("ClusterRole"), builtIn("ClusterRoleBinding")];
  const add = (kind: typeof roles, name: string, more: Fields) =>
    into.add(kind, { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name, labels }, ...more });
  const apiGroup = "rbac.authorization.k8s.io";
  for (const [name, rules] of Object.entries(CLUSTER_ROLES)) add(roles, name, { rules });
  for (const [name, groups] of Object.entries(CLUSTER_ROLE_BINDINGS))
    add(bindings, name, {
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects: groups.map((group) => ({ apiGroup, kind: "Group", name: group })),
    });
  into.add(builtIn("Service"), {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kubernetes", namespace: "default", labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      type: "ClusterIP",
      clusterIP: addressAt(serviceCidr, 1),
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }],
    },
    status: { loadBalancer: {} },
  });
}
