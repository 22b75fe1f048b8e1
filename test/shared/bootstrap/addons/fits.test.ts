import type { AddonInput } from "../../../../shared/bootstrap/addons/index.ts";
import { misfits } from "../../../../shared/cluster/ranges.ts";
import { sections } from "./ini.ts";
import { ALL, addonOf, INPUT, manifestsOf, textOf, variant } from "./input.ts";
import { type Pod, podsOf } from "./pods.ts";

// Goal: what one part of an add-on says is what another part goes by.
const argsOf = (pod: Pod | undefined): string => pod?.containers.flatMap(({ args = [] }) => args).join(" ") ?? "";
const podOf = (input: AddonInput, owner: string): Pod | undefined => podsOf(input).find((pod) => pod.owner === owner);
const container = (input: AddonInput, owner: string, name: string) =>
  podOf(input, owner)?.containers.find((one) => one.name === name);

test.each(ALL)("%s: what a driver's kind and class promise has a program that does it", (_, input) => {
  const manifests = manifestsOf(input);
  for (const { name, prefix } of [
    { name: "cinder.csi.openstack.org", prefix: "cinder-csi" },
    { name: "nfs.manila.csi.openstack.org", prefix: "manila-csi" },
  ]) {
    const driver = manifests.find((one) => one.kind === "CSIDriver" && one.metadata.name === name);
    if (driver?.kind !== "CSIDriver") continue;
    const sidecars = podOf(input, `${prefix}-controller`)?.containers.map((one) => one.name) ?? [];
    expect([name, driver.spec?.attachRequired]).toEqual([name, sidecars.includes("csi-attacher")]);
    const classes = manifests.flatMap((one) =>
      one.kind === "StorageClass" && one.provisioner === name
        ? [[one.allowVolumeExpansion, one.volumeBindingMode === "WaitForFirstConsumer"]]
        : [],
    );
    // A disk is made in the zone of the pod that waits for it, which the provisioner knows by the topology alone.
    const knowsZones = argsOf(podOf(input, `${prefix}-controller`)).includes("Topology=true");
    expect(classes).toEqual([[sidecars.includes("csi-resizer"), knowsZones]]);
    const own = (part: string) => container(input, `${prefix}-${part}`, `${prefix}-plugin`)?.args?.join(" ");
    expect([own("controller"), own("node")]).toEqual([
      expect.stringContaining("--provide-node-service=false"),
      expect.stringContaining("--provide-controller-service=false"),
    ]);
    // By it a delete finds what the cluster has made.
    expect(own("controller")).toMatch(new RegExp(`--cluster(-id)?=${input.clusterId}`));
  }
});

/** external-provisioner's and external-resizer's parameters; a share is mounted with the same login. */
test("each of the driver's calls that needs the login gets it", () => {
  const found = manifestsOf(INPUT).find(({ kind, metadata }) => kind === "StorageClass" && metadata.name);
  const keys = found?.kind === "StorageClass" ? Object.keys(found.parameters ?? {}) : [];
  for (const use of ["provisioner", "controller-expand", "node-stage", "node-publish"])
    for (const part of ["name", "namespace"]) expect(keys).toContain(`csi.storage.k8s.io/${use}-secret-${part}`);
  expect(addonOf(INPUT, "shared-volume").manifests[0]).toMatchObject({
    spec: {
      storageClassName: "",
      csi: {
        nodeStageSecretRef: { name: "manila-csi", namespace: "kube-system" },
        nodePublishSecretRef: { name: "manila-csi", namespace: "kube-system" },
      },
    },
  });
});

test("parts of one project are of one release", () => {
  for (const [, input] of ALL) {
    const images = podsOf(input).flatMap(({ containers }) => containers.flatMap(({ image = "" }) => image));
    for (const project of ["calico", "cilium", "kuryr", "provider-os"]) {
      const releases = images.filter((image) => image.includes(`/${project}/`)).map((image) => image.split(":").at(-1));
      expect([project, [...new Set(releases)].length <= 1]).toEqual([project, true]);
    }
  }
});

test.each(ALL)("%s: whoever is there once leaves a machine that has died, and comes back alone", (_, input) => {
  const once = manifestsOf(input).flatMap((one) => (one.kind === "Deployment" ? [one] : []));
  expect(once.length).toBeGreaterThan(0);
  for (const { metadata, spec } of once) {
    // Of these taints Kubernetes' own tolerations end after five minutes; one without an end keeps the pod there for ever.
    const stays = spec?.template.spec?.tolerations?.filter(
      ({ key, effect }) =>
        (effect === undefined || effect === "NoExecute") &&
        (key === undefined || key === "node.kubernetes.io/unreachable" || key === "node.kubernetes.io/not-ready"),
    );
    expect([metadata.name, stays]).toEqual([metadata.name, []]);
    // The ports of one in the node's network are taken until it is gone.
    expect([metadata.name, spec?.strategy?.type]).toEqual([metadata.name, "Recreate"]);
  }
  for (const one of manifestsOf(input))
    if (one.kind === "Deployment" || one.kind === "DaemonSet" || one.kind === "StatefulSet")
      expect(one.spec?.template.metadata?.labels).toEqual(one.spec?.selector.matchLabels);
});

test("what makes new nodes usable runs before they are", () => {
  for (const [input, owner] of [
    [INPUT, "calico-kube-controllers"],
    [variant("cilium"), "cilium-operator"],
    [variant("kuryr"), "kuryr-controller"],
    [INPUT, "openstack-cloud-controller-manager"],
  ] as const) {
    const tolerations = podOf(input, owner)?.spec.tolerations ?? [];
    const tolerates = (key: string, value?: string) =>
      tolerations.some(
        (one) => one.key === key && one.effect === "NoSchedule" && (one.operator === "Exists" || one.value === value),
      );
    expect([owner, tolerates("node.cloudprovider.kubernetes.io/uninitialized", "true")]).toEqual([owner, true]);
    expect([owner, tolerates("node.kubernetes.io/not-ready")]).toEqual([owner, true]);
    expect([owner, tolerates("node-role.kubernetes.io/control-plane")]).toEqual([owner, true]);
  }
  const taint = textOf(variant("cilium"), "ConfigMap kube-system/cilium-config", "agent-not-ready-taint-key");
  const operator = podOf(variant("cilium"), "cilium-operator")?.spec.tolerations;
  expect(operator).toContainEqual({ key: taint, operator: "Exists", effect: "NoSchedule" });
});

test("files of a Secret are for the group that reads them", () => {
  const modes = podsOf(variant("everything")).flatMap(({ spec }) =>
    (spec.volumes ?? []).flatMap(({ secret }) => (secret ? [secret.defaultMode] : [])),
  );
  expect(new Set(modes)).toEqual(new Set([0o440]));
});

/** docs.tigera.io/calico/latest/reference/configure-calico-node and configure-cni-plugins. */
test("Calico's plugin, daemon and controllers are of one mind", () => {
  const daemon = container(INPUT, "calico-node", "calico-node");
  const env = Object.fromEntries(daemon?.env?.map(({ name, value }) => [name, value]) ?? []);
  expect(env).toMatchObject({ CALICO_NETWORKING_BACKEND: "vxlan", FELIX_HEALTHENABLED: "true" });
  // A node's own answers to its pods: kubelet's probes, the API on a control plane.
  expect(env["FELIX_DEFAULTENDPOINTTOHOSTACTION"]).toBe("ACCEPT");
  expect(podOf(INPUT, "calico-node")?.spec.hostNetwork).toBe(true);
  const cni = container(INPUT, "calico-node", "install-cni");
  const conflist = JSON.parse(
    (cni?.env?.find(({ name }) => name === "CNI_NETWORK_CONFIG")?.value ?? "").replace("__CNI_MTU__", "0"),
  );
  // Only its own IPAM knows the pool, and gives back what nodes leave.
  expect(conflist.plugins[0]).toMatchObject({ type: "calico", ipam: { type: "calico-ipam" }, policy: { type: "k8s" } });
  expect(cni?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(["/host/opt/cni/bin", "/host/etc/cni/net.d"]);
  const controllers = container(INPUT, "calico-kube-controllers", "calico-kube-controllers");
  // Its `loadbalancer` would answer for the cloud's.
  expect(controllers?.env).toContainEqual({ name: "ENABLED_CONTROLLERS", value: "node" });
});

test("Cilium's agent, operator and init containers are of one mind", () => {
  const input = variant("cilium");
  const config = (key: string) => textOf(input, "ConfigMap kube-system/cilium-config", key);
  const spec = podOf(input, "cilium")?.spec;
  const mounts = container(input, "cilium", "cilium-agent")?.volumeMounts ?? [];
  expect([config("routing-mode"), config("ipam")]).toEqual(["tunnel", "cluster-pool"]);
  const written = config("write-cni-conf-when-ready").replace(/\/[^/]+$/, "");
  expect(mounts).toContainEqual({ name: "etc-cni-netd", mountPath: written });
  // What is mounted for the agent by the containers before it, it sees.
  const bpf = spec?.initContainers?.find(({ name }) => name === "mount-bpf-fs")?.volumeMounts?.[0];
  expect(bpf).toEqual({ name: "bpf-maps", mountPath: config("bpf-root"), mountPropagation: "Bidirectional" });
  const seen = mounts.find(({ name }) => name === "bpf-maps");
  expect(seen).toEqual({ name: "bpf-maps", mountPath: config("bpf-root"), mountPropagation: "HostToContainer" });
  expect(spec?.volumes?.find(({ name }) => name === "cilium-cgroup")?.hostPath?.path).toBe(config("cgroup-root"));
  // `config` leaves what it has read where the agent looks for it.
  const shared = spec?.initContainers?.[0]?.volumeMounts?.[0];
  expect(mounts).toContainEqual(shared);
  // A new agent compiles its programs first.
  const startup = container(input, "cilium", "cilium-agent")?.startupProbe;
  expect((startup?.failureThreshold ?? 0) * (startup?.periodSeconds ?? 0)).toBeGreaterThanOrEqual(600);
  // Programs run on the node from where they were copied to.
  for (const one of ["mount-cgroup", "apply-sysctl-overwrites"])
    expect(container(input, "cilium", one)?.args?.[0]).toMatch(
      /cp \S+ \/hostbin\/(\S+); nsenter .* \/opt\/cni\/bin\/\1 /,
    );
});

test("a range that is taken for enough nodes is one that Cilium cuts as many parts of", () => {
  const size = Number(textOf(variant("cilium"), "ConfigMap kube-system/cilium-config", "cluster-pool-ipv4-mask-size"));
  const asked = (workers: number) =>
    ({ cni: "cilium", controlPlane: { count: 1, flavor: "f" }, workers: { count: workers, flavor: "f" } }) as const;
  const cidrs = { ...INPUT.cidrs, pods: "10.100.0.0/22" };
  expect([misfits(cidrs, asked(2 ** (size - 22) - 1)), misfits(cidrs, asked(2 ** (size - 22))).length]).toEqual([
    [],
    1,
  ]);
});

test("the metadata are kept from pods by a policy of the tier that it says, which is before all others", () => {
  const [tier, policy] = addonOf(INPUT, "calico").manifests.slice(-2);
  // Calico refuses a policy whose name does not begin with its tier's.
  expect(policy?.metadata.name.startsWith(`${tier?.metadata.name}.`)).toBe(true);
  expect(policy).toMatchObject({
    spec: { tier: tier?.metadata.name, selector: "projectcalico.org/orchestrator == 'k8s'" },
  });
});

test("addresses for the world come from the external network, and members are where the nodes are", () => {
  const input = variant("amphora");
  const { LoadBalancer } = sections(textOf(input, "Secret kube-system/cloud-config", "cloud.conf"));
  const ingress = JSON.parse(textOf(input, "Secret kinvirt-system/octavia-ingress-controller", "config.yaml"));
  for (const one of [LoadBalancer, ingress.octavia])
    expect(one).toMatchObject({ "floating-network-id": INPUT.externalNetworkId, "subnet-id": INPUT.subnetId });
  expect(LoadBalancer).toMatchObject({ "member-subnet-id": INPUT.subnetId, "network-id": INPUT.networkId });
});

test("the cloud controller needs no DNS of the cluster, whose pods wait for it", () => {
  expect(podOf(INPUT, "openstack-cloud-controller-manager")?.spec.dnsPolicy).toBe("Default");
  expect(argsOf(podOf(INPUT, "openstack-cloud-controller-manager"))).toContain(
    "--controllers=cloud-node,cloud-node-lifecycle,service ",
  );
});
