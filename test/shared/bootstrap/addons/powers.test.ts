import type { IPolicyRule } from "kubernetes-models/rbac.authorization.k8s.io/v1/PolicyRule";
import type { AddonInput, Manifest } from "../../../../shared/bootstrap/addons/index.ts";
import { CALICO, CALLS, type Call } from "./calls.ts";
import { ALL, addonOf, manifestsOf, nameOf, variant } from "./input.ts";

// Goal: each program may make the calls without which it does nothing, where it makes them.

/** Rules that are bound to an account, with the namespace that they hold in. */
function bound(manifests: readonly Manifest[], account: string): readonly (IPolicyRule & { namespace?: string })[] {
  const roles = manifests.flatMap((one) => {
    if (one.kind !== "ClusterRoleBinding" && one.kind !== "RoleBinding") return [];
    if (!one.subjects?.some(({ kind, name }) => kind === "ServiceAccount" && name === account)) return [];
    const { namespace } = one.metadata;
    const { kind, name } = one.roleRef;
    return [{ role: kind === "Role" ? `Role ${namespace}/${name}` : `ClusterRole ${name}`, namespace }];
  });
  return roles.flatMap(({ role, namespace }) => {
    const found = manifests.find((one) => nameOf(one) === role);
    const rules = found?.kind === "ClusterRole" || found?.kind === "Role" ? (found.rules ?? []) : [];
    return rules.map((rule) => ({ ...rule, ...(namespace === undefined ? {} : { namespace }) }));
  });
}

const denied = (input: AddonInput, account: string, { verbs, resource, group = "", name, namespace }: Call): string[] =>
  verbs.split(" ").flatMap((verb) => {
    const may = bound(manifestsOf(input), account).some(
      (rule) =>
        rule.apiGroups?.includes(group) &&
        rule.resources?.includes(resource) &&
        rule.verbs.includes(verb) &&
        (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name))) &&
        (rule.namespace === undefined || rule.namespace === namespace),
    );
    return may ? [] : [`${account} may not ${verb} ${resource}`];
  });

test.each(CALLS)("%s: %s", (name, account, calls) => {
  expect(calls.flatMap((call) => denied(variant(name), account, call))).toEqual([]);
});

test.each(ALL)("%s: whoever watches lists first", (_, input) => {
  const blind = manifestsOf(input).flatMap((one) =>
    one.kind === "ClusterRole" || one.kind === "Role"
      ? (one.rules ?? []).filter(({ verbs }) => verbs.includes("watch") && !verbs.includes("list"))
      : [],
  );
  expect(blind).toEqual([]);
});

test("what runs beside people's pods is held to more than they are, whatever is asked of a cluster", () => {
  const ours = addonOf(variant("rwo"), "base").manifests.find(({ kind }) => kind === "Namespace");
  // Only `enforce` refuses a pod; without the label a namespace has the cluster's default, `baseline`.
  expect(ours?.metadata).toEqual({
    name: "kinvirt-system",
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
});

test.each(["view", "edit"])("who may %s sees what is in no namespace, and sees it change", (role) => {
  const { manifests } = addonOf(variant("rwo"), "base");
  const groups = manifests.flatMap((one) =>
    one.kind === "ClusterRoleBinding" && one.subjects?.some(({ name }) => name === `kinvirt:${role}`)
      ? [one.roleRef.name]
      : [],
  );
  const rules = manifests.flatMap((one) =>
    one.kind === "ClusterRole" && groups.includes(one.metadata.name) ? (one.rules ?? []) : [],
  );
  // `kubectl get -w`, and each program that keeps what it has read: a watch follows each list.
  const seen = rules.flatMap(({ verbs, apiGroups, resources = [] }) =>
    resources.map(
      (resource) => `${[...verbs].sort().join(" ")} ${resource}${apiGroups?.map((one) => one && `.${one}`)}`,
    ),
  );
  expect(seen).toEqual([
    "get list watch namespaces",
    "get list watch nodes",
    "get list watch persistentvolumes",
    "get list watch storageclasses.storage.k8s.io",
  ]);
});

test("each kind of Calico's that is allowed is one that is there, and in a namespace where policies are", () => {
  const kinds = manifestsOf(variant("rwo")).flatMap((one) =>
    one.kind === "CustomResourceDefinition" && one.spec.group === CALICO ? [one.spec] : [],
  );
  const plurals = new Set(kinds.map(({ names }) => names.plural));
  const used = manifestsOf(variant("rwo")).flatMap((one) =>
    one.kind === "ClusterRole"
      ? (one.rules ?? []).flatMap(({ apiGroups, resources = [] }) => (apiGroups?.includes(CALICO) ? resources : []))
      : [],
  );
  expect(used.map((name) => name.replace(/\/.*/, "")).filter((name) => !plurals.has(name))).toEqual([]);
  const scoped = kinds.filter(({ scope }) => scope === "Namespaced").map(({ names }) => names.plural);
  expect(scoped).toEqual([
    "networkpolicies",
    "networksets",
    "stagedkubernetesnetworkpolicies",
    "stagednetworkpolicies",
  ]);
  // The API server takes no kind of a k8s.io group without it.
  const reviewed = manifestsOf(variant("rwo")).filter(
    (one) => one.kind === "CustomResourceDefinition" && one.spec.group.endsWith(".k8s.io"),
  );
  expect(reviewed).toHaveLength(1);
  for (const one of reviewed) expect(JSON.stringify(one.metadata)).toContain('"api-approved.kubernetes.io":"https://');
});
