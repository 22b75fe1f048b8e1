import { readFileSync } from "node:fs";
import { addonOf, INPUT, manifestsOf, variant } from "./input.ts";
import { podsOf } from "./pods.ts";

// Goal: what these releases wait for at their start is there and allowed to them, and people's names are read as documented.
const allowed = (role: string, group: string, resource: string): string[] =>
  addonOf(INPUT, "calico").manifests.flatMap((manifest) =>
    manifest.kind === "ClusterRole" && manifest.metadata.name === role
      ? (manifest.rules ?? []).flatMap(({ apiGroups, resources, verbs }) =>
          apiGroups?.includes(group) && resources?.includes(resource) ? verbs : [],
        )
      : [],
  );

/** projectcalico/calico pull requests 11957 and 12996; node/pkg/lifecycle/startup/startup.go. */
test("calico-node may list and write what it waits for", () => {
  expect(allowed("calico-node", "kubevirt.io", "virtualmachineinstancemigrations")).toEqual(["get", "list", "watch"]);
  expect(allowed("calico-node", "crd.projectcalico.org", "bgpconfigurations")).toContain("create");
  expect(allowed("calico-node", "", "configmaps")).toEqual(["get"]);
  expect(allowed("calico-cni-plugin", "kubevirt.io", "virtualmachineinstances")).toEqual(["get"]);
  expect(allowed("calico-kube-controllers", "kubevirt.io", "virtualmachines")).toContain("list");
});

/** projectcalico/calico pull request 11889. */
test("Calico's controllers can write the status without which they do not start", () => {
  const subresources = addonOf(INPUT, "calico").manifests.flatMap((manifest) =>
    manifest.kind === "CustomResourceDefinition" && manifest.spec.names.kind === "KubeControllersConfiguration"
      ? manifest.spec.versions.map(({ subresources }) => subresources)
      : [],
  );
  expect(subresources).toEqual([{ status: {} }]);
});

test("Cilium reads its configuration on kernels before 5.17, and stays while the API is away", () => {
  const spec = podsOf(variant("cilium")).find(({ owner }) => owner === "cilium")?.spec;
  const config = spec?.initContainers?.find(({ name }) => name === "config");
  expect(config?.securityContext?.capabilities).toEqual({ add: ["NET_ADMIN"], drop: ["ALL"] });
  expect(spec?.containers[0]?.livenessProbe?.httpGet?.httpHeaders).toContainEqual({
    name: "require-k8s-connectivity",
    value: "false",
  });
});

test("ExternalDNS reads the annotation that README.md tells people to write", () => {
  const [, prefix] = /([\w.-]*external-dns[\w.-]*\/)hostname/.exec(readFileSync("README.md", "utf8")) ?? [];
  expect(prefix).toBeDefined();
  expect(JSON.stringify(manifestsOf(INPUT))).toContain(`"--annotation-prefix=${prefix}"`);
});
