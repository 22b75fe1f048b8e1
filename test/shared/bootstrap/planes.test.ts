import { parse, parseAllDocuments } from "yaml";
import type { NodeBoot } from "../../../shared/bootstrap/boot.ts";
import { kmsConf } from "../../../shared/bootstrap/kms-conf.ts";
import { nodePayload } from "../../../shared/bootstrap/node.ts";
import type { Pki } from "../../../shared/bootstrap/pki.ts";
import { RELEASES } from "../../../shared/bootstrap/versions.ts";
import { sections } from "./addons/ini.ts";
import { bootOf, cluster, filesOf, NOW, payloadFiles, testPki, userDataText } from "./world.ts";

// Goal: what kubeadm, kubelet, API server and KMS plugin of one machine are told goes together, and says what we mean.
let pki: Pki;
beforeAll(async () => {
  pki = await testPki();
});

const fileOf = (boot: NodeBoot, end: string): string =>
  filesOf(userDataText(boot)).find(({ path }) => path.endsWith(end))?.content ?? "";
const kubeadm = (boot: NodeBoot) => parseAllDocuments(fileOf(boot, "/kubeadm.yaml")).map((document) => document.toJS());
const flagsOf = (list: readonly { name: string; value: string }[]) =>
  Object.fromEntries(list.map(({ name, value }) => [name, value]));
const nodes = (cni: NodeBoot["cni"] = "calico") => cluster(pki, [3, 1], { cni });

test("the API server finds each KMS plugin where it listens, and the plugin its login where the payload puts it", async () => {
  const certified = { ...bootOf(pki).fetch, caCertificate: "PEM\n" };
  const boot = bootOf(pki, { kms: ["barbican-2", "barbican"], fetch: certified });
  const payload = payloadFiles(
    await nodePayload({ pki, boot, kmsCloudConf: { barbican: "old", "barbican-2": "new" }, nowMs: NOW }),
  );
  const [{ resources, providers }] = parse(fileOf(boot, "/encryption.yaml")).resources;
  expect(resources).toEqual(["secrets"]);
  // The first of another kind, as `identity`, would take what somebody has written in plain text for ours.
  expect(providers.map((one: object) => Object.keys(one).join())).toEqual(["kms", "kms"]);
  for (const { kms } of providers) {
    expect(kms.apiVersion).toBe("v2");
    const { spec } = parse(fileOf(boot, `/manifests/kms-${kms.name}.yaml`));
    const [{ args, volumeMounts, securityContext }] = spec.containers;
    const at = (flag: string) => args.find((arg: string) => arg.startsWith(`--${flag}=`)).split("=")[1];
    expect(`unix://${at("socketpath")}`).toBe(kms.endpoint);
    expect(payload.map(({ path }) => path)).toContain(at("cloud-config"));
    const mounted = (path: string) =>
      volumeMounts.find((one: { mountPath: string }) => path === one.mountPath || path.startsWith(`${one.mountPath}/`));
    expect(mounted(at("socketpath"))).toMatchObject({ readOnly: false });
    expect(mounted(at("cloud-config"))).toMatchObject({ readOnly: true });
    // From 3 on it logs keys: cloud-provider-openstack pkg/kms/server/server.go.
    expect(Number(at("v"))).toBeLessThan(3);
    // There is no other network before there is an API; and what it reads is root's.
    expect([spec.hostNetwork, spec.securityContext.runAsUser, securityContext.runAsUser]).toEqual([true, 0, undefined]);
    const region = { authUrl: "https://k/v3", region: "R", caCertificate: "PEM\n" };
    const conf = sections(kmsConf(region, { id: "i", secret: "s" }, "key"));
    expect(mounted(conf["Global"]?.["ca-file"] ?? "nowhere")).toMatchObject({ readOnly: true });
    expect(conf["KeyManager"]).toEqual({ "key-id": "key" });
  }
  const { apiServer } = kubeadm(boot)[1];
  const volumes = apiServer.extraVolumes.map((one: { hostPath: string; readOnly: boolean }) => [
    one.hostPath,
    one.readOnly,
  ]);
  expect(Object.fromEntries(volumes)).toEqual({
    "/etc/kubernetes/apiserver": true,
    "/var/lib/kms": false,
    "/var/log/kubernetes/audit": false,
  });
  // A socket in it is a new one with each start, and a new key is one without a restart.
  expect(flagsOf(apiServer.extraArgs)).toMatchObject({ "encryption-provider-config-automatic-reload": "true" });
  // What kubelet's own place has is swept by `kubeadm reset`.
  const places = filesOf(userDataText(boot)).map(({ path }) => path);
  expect(places.filter((path) => path.startsWith("/etc/kubernetes/manifests"))).toEqual([]);
});

interface Asked {
  readonly user?: string;
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly path?: string;
}

/** The level of the first rule that fits. Source: k8s.io/apiserver pkg/audit/policy/checker.go. */
function auditLevel({ user = "anna", verb, group = "", resource, path }: Asked): string {
  const { rules } = parse(fileOf(bootOf(pki), "/audit-policy.yaml"));
  const matches = (rule: Record<string, never[]>): boolean => {
    const { users, verbs, resources, nonResourceURLs } = rule as Record<string, undefined | never[]>;
    if (users && !users.includes(user as never)) return false;
    if (verbs && !verbs.includes(verb as never)) return false;
    if (nonResourceURLs)
      return nonResourceURLs.some((one: string) =>
        one.endsWith("*") ? path?.startsWith(one.slice(0, -1)) : one === path,
      );
    if (!resources) return true;
    return resources.some(
      (one: { group: string; resources?: string[] }) =>
        resource !== undefined && one.group === group && (one.resources?.includes(resource) ?? true),
    );
  };
  return rules.find(matches)?.level ?? "None";
}

test.each<[string, Asked, string]>([
  ["a Secret is read", { verb: "get", resource: "secrets" }, "Metadata"],
  ["a Secret is written, of which the body is the secret", { verb: "create", resource: "secrets" }, "Metadata"],
  ["a token is made", { verb: "create", resource: "serviceaccounts/token" }, "Metadata"],
  ["a token is shown", { verb: "create", group: "authentication.k8s.io", resource: "tokenreviews" }, "Metadata"],
  ["a right is given", { verb: "create", group: "rbac.authorization.k8s.io", resource: "rolebindings" }, "Request"],
  ["somebody enters a pod", { verb: "create", resource: "pods/exec" }, "Request"],
  ["a pod is deleted", { verb: "delete", resource: "pods" }, "Metadata"],
  ["a lease is renewed", { verb: "update", group: "coordination.k8s.io", resource: "leases" }, "None"],
  ["health is asked", { verb: "get", path: "/readyz" }, "None"],
  ["a path that nobody knows is asked", { verb: "get", path: "/metrics" }, "Metadata"],
  ["a person watches Services", { verb: "watch", resource: "services" }, "Metadata"],
  [
    // cmd/kubeadm/app/phases/addons/proxy: it runs with a ServiceAccount, and not as system:kube-proxy.
    "kube-proxy watches Services",
    { user: "system:serviceaccount:kube-system:kube-proxy", verb: "watch", resource: "services" },
    "None",
  ],
])("%s: %j is logged at %s", (_what, asked, level) => expect([asked, auditLevel(asked)]).toEqual([asked, level]));

test("pods of people are not the node's root, and nobody without a name gets further than the health checks", () => {
  const boot = bootOf(pki);
  const { plugins } = parse(fileOf(boot, "/admission.yaml"));
  const security = plugins.find((one: { name: string }) => one.name === "PodSecurity").configuration;
  expect([security.defaults.enforce, security.exemptions]).toEqual([
    "baseline",
    { usernames: [], runtimeClasses: [], namespaces: ["kube-system"] },
  ]);
  const { anonymous } = parse(fileOf(boot, "/authentication.yaml"));
  // The load balancer asks /readyz, kubelet's probes of kubeadm's static pods /livez and /readyz.
  expect(anonymous).toEqual({
    enabled: true,
    conditions: [{ path: "/livez" }, { path: "/readyz" }, { path: "/healthz" }],
  });
  const flags = flagsOf(kubeadm(boot)[1].apiServer.extraArgs);
  const enabled = String(flags["enable-admission-plugins"]).split(",");
  // PodSecurity is on by itself; what is configured and not on would do nothing.
  const named = plugins.map((one: { name: string }) => one.name).filter((name: string) => name !== "PodSecurity");
  expect(enabled).toEqual(expect.arrayContaining([...named, "NodeRestriction"]));
  // Without it a token of a bootstrap lets its holder become any node.
  expect(kubeadm(boot)[0].skipPhases).toContain("bootstrap-token");
});

test("each node is the cloud's, with its own name and address", () => {
  for (const boot of nodes()) {
    const [registered] = kubeadm(boot);
    expect(registered.nodeRegistration.name).toBe(boot.hostname);
    expect(flagsOf(registered.nodeRegistration.kubeletExtraArgs)).toEqual({
      "cloud-provider": "external",
      "node-ip": boot.address,
    });
    expect(registered.nodeRegistration.criSocket).toBe("unix:///run/containerd/containerd.sock");
    const local = registered.localAPIEndpoint ?? registered.controlPlane?.localAPIEndpoint;
    // The port that the load balancer's members have.
    const own = { advertiseAddress: boot.address, bindPort: 6443 };
    expect(local).toEqual(boot.role === "worker" ? undefined : own);
    // Images of a whole control plane are pulled within it.
    expect(Number.parseInt(registered.timeouts.controlPlaneComponentHealthCheck, 10)).toBeGreaterThanOrEqual(10);
    // The KMS plugin's manifest lies there. Its name: cmd/kubeadm/app/preflight/checks.go, DirAvailableCheck.
    const ignored = boot.first || boot.role === "worker" ? undefined : ["DirAvailable--etc-kubernetes-manifests"];
    expect(registered.nodeRegistration.ignorePreflightErrors).toEqual(ignored);
    // cloud-init leaves a name alone that it finds, where it is told to.
    expect(JSON.parse(userDataText(boot).slice("#cloud-config\n".length))).toMatchObject({
      hostname: boot.hostname,
      preserve_hostname: false,
    });
  }
});

test("kubelet and containerd are of one mind, and the kernel is as kubelet wants it", () => {
  const boot = bootOf(pki);
  const kubelet = kubeadm(boot)[2];
  expect([kubelet.cgroupDriver, /SystemdCgroup = (\w+)/.exec(fileOf(boot, "/config.toml"))?.[1]]).toEqual([
    "systemd",
    "true",
  ]);
  // The API server checks it, so each kubelet must ask for one.
  expect(kubelet.serverTLSBootstrap).toBe(true);
  expect(flagsOf(kubeadm(boot)[1].apiServer.extraArgs)["kubelet-certificate-authority"]).toBe(
    "/etc/kubernetes/pki/ca.crt",
  );
  const sysctl = Object.fromEntries(
    fileOf(boot, "/90-kubernetes.conf")
      .split("\n")
      .map((line) => line.split(" = ")),
  );
  // Kubelet refuses to start otherwise (protectKernelDefaults): pkg/kubelet/cm/container_manager_linux.go, setupKernelTunables.
  expect(sysctl).toMatchObject({
    "vm.overcommit_memory": "1",
    "vm.panic_on_oom": "0",
    "kernel.panic": "10",
    "kernel.panic_on_oops": "1",
    "kernel.keys.root_maxkeys": "1000000",
    "kernel.keys.root_maxbytes": "25000000",
  });
  // kubeadm's preflight wants the first, and kube-proxy's rules see no pods without the others and their module.
  expect(sysctl).toMatchObject({ "net.ipv4.ip_forward": "1", "net.bridge.bridge-nf-call-iptables": "1" });
  expect(fileOf(boot, "/modules-load.d/kubernetes.conf").split("\n")).toContain("br_netfilter");
  const safe = /^TLS_(ECDHE_(ECDSA|RSA)_WITH_)?(AES_128_GCM_SHA256|AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256)$/;
  expect(kubelet.tlsCipherSuites.filter((one: string) => !safe.test(one))).toEqual([]);
});

test("beside Kuryr there are no node's ranges and no kube-proxy; the others have both", () => {
  const of = (cni: NodeBoot["cni"]) => kubeadm(bootOf(pki, { cni }))[1];
  expect(of("kuryr")).toMatchObject({ proxy: { disabled: true }, networking: { serviceSubnet: "10.96.0.0/16" } });
  expect(of("kuryr").networking.podSubnet).toBeUndefined();
  for (const cni of ["calico", "cilium"] as const)
    expect([of(cni).proxy, of(cni).networking.podSubnet]).toEqual([undefined, "10.244.0.0/16"]);
});

test("a minor version's parts are of that version", () => {
  for (const version of ["1.35", "1.36"] as const) {
    const { release, cloudProvider, pause } = RELEASES[version];
    for (const one of [release, cloudProvider]) expect(one.startsWith(`v${version}.`)).toBe(true);
    const boot = bootOf(pki, { version });
    expect(fileOf(boot, "/node.env")).toContain(`/core:/stable:/v${version}/deb'`);
    expect(fileOf(boot, "/config.toml")).toContain(`/pause:${pause}"`);
  }
  // cmd/kubeadm/app/constants, PauseVersion.
  expect([RELEASES["1.35"].pause, RELEASES["1.36"].pause]).toEqual(["3.10.1", "3.10.2"]);
});
