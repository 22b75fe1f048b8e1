import { X509Certificate } from "node:crypto";
import * as z from "zod";
import { type AddonInput, addons } from "../../../shared/bootstrap/addons/index.ts";
import { bootUserData } from "../../../shared/bootstrap/node.ts";
import { newPki } from "../../../shared/bootstrap/pki.ts";
import { kubernetesApi } from "../../../shared/kubernetes/api.ts";
import { isRefusal } from "../../../shared/kubernetes/errors.ts";
import { town } from "./given.ts";

// Goal: servers boot from their own user-data into a cluster, whose add-ons make it ready and act in its cloud.
const WORKER = { role: "worker", first: false } as const;

async function cluster(with_: Partial<AddonInput> = {}) {
  const made = await town();
  const input = { ...(await made.addonInput()), ...with_ };
  const first = await made.node("dev-control-plane-1", "10.6.0.11");
  await made.pass(90_000);
  const api = await made.api();
  for (const manifest of addons(input).flatMap((addon) => addon.manifests))
    for (let tries = 0; tries < 60; tries++) {
      const applied = await api.apply(manifest).catch((error: unknown) => {
        // A kind that an add-on brings when it runs.
        if (isRefusal(error, "NotFound")) return undefined;
        throw error;
      });
      if (applied !== undefined) break;
      await made.pass(1000);
    }
  const worker = await made.node("dev-worker-1", "10.6.0.12", WORKER);
  await made.pass(90_000);
  return { ...made, input, api, first, worker };
}

test("a cluster comes up from user-data, its nodes are initialised, and its load balancers are Octavia's", async () => {
  const { kubernetes, api, pass, cloud, first, worker, input, sandbox } = await cluster();
  expect(kubernetes.console(first).at(-1)).toBe("kinvirt: this machine is a node");
  expect(kubernetes.console(worker).at(-1)).toBe("kinvirt: this machine is a node");
  await pass(60_000);
  const nodes = await api.listNodes();
  const [ready] = [
    nodes.map(({ metadata, spec, status }) => ({
      name: metadata.name,
      providerID: spec.providerID,
      taints: spec.taints.map(({ key }) => key),
      ready: status.conditions.find(({ type }) => type === "Ready")?.status,
    })),
  ];
  expect(ready).toEqual([
    {
      name: "dev-control-plane-1",
      providerID: `openstack:///${first}`,
      taints: ["node-role.kubernetes.io/control-plane"],
      ready: "True",
    },
    { name: "dev-worker-1", providerID: `openstack:///${worker}`, taints: [], ready: "True" },
  ]);
  const { addresses } = nodes[1]?.status ?? { addresses: [] };
  const workerAddress = addresses.find(({ type }) => type === "InternalIP")?.address;
  const workloads = addons(input).flatMap((addon) => addon.workloads);
  const states = [];
  for (const workload of workloads) states.push({ ...workload, ...(await api.workload(workload)) });
  expect(states.filter(({ available }) => available !== true)).toEqual([]);

  const web = { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "default" } };
  await api.apply({
    ...web,
    spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] },
  } as typeof web);
  await pass(60_000);
  const ref = { apiVersion: "v1", kind: "Service", namespace: "default", name: "web" };
  const shape = z.object({
    status: z.object({ loadBalancer: z.object({ ingress: z.array(z.object({ ip: z.string() })) }) }),
  });
  const found = await api.get(ref, shape);
  const { projectId } = await cloud.scope();
  const [balancer] = await cloud.loadBalancer.listLoadBalancers({ project_id: projectId });
  const name = "kube_service_c7f3a_default_web";
  const words = "Kubernetes external service default/web from cluster c7f3a";
  expect(balancer).toMatchObject({ name, description: words, provisioning_status: "ACTIVE" });
  const [pool] = await cloud.loadBalancer.listPools({ loadbalancer_id: balancer?.id ?? "" });
  const membersOf = async () =>
    (await cloud.loadBalancer.listMembers(pool?.id ?? "")).map(({ name, address }) => [name, address]);
  expect(await membersOf()).toEqual([["dev-worker-1", workerAddress]]);
  kubernetes.stop(worker);
  await pass(60_000);
  expect(await membersOf()).toEqual([]);
  kubernetes.boot(worker, { name: "dev-worker-1", userData: "" });
  const [floating] = await cloud.network.listFloatingIps({ description: `Floating IP for ${words}` });
  expect(found?.status.loadBalancer.ingress).toEqual([{ ip: floating?.floating_ip_address }]);

  expect(await api.remove(ref)).toBe(true);
  await pass(60_000);
  expect(await api.get(ref, z.unknown())).toBeUndefined();
  const left = sandbox
    .everything("team-a")
    .filter(({ type }) => ["loadbalancer", "listener", "floatingip"].includes(type));
  expect(left).toEqual([]);
}, 60_000);

test("a claim of the default class is a share with the cluster's mark, and goes with its claim", async () => {
  const { api, pass, cloud, sandbox } = await cluster();
  await pass(60_000);
  const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", namespace: "default" } };
  const spec = { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "2Gi" } } };
  await api.apply({ ...claim, spec } as typeof claim);
  await pass(120_000);
  const [bound] = await api.listClaims();
  expect([bound?.spec.storageClassName, bound?.status.phase]).toEqual(["manila-nfs", "Bound"]);
  const [share] = await cloud.sharedFileSystem.listShares({ "manila.csi.openstack.org/cluster": "c7f3a" });
  expect(share).toMatchObject({ name: `pvc-${bound?.metadata.uid}`, size: 2, status: "available" });
  expect(bound?.spec.volumeName).toBe(share?.name);
  await api.remove({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "default", name: "data" });
  await pass(120_000);
  expect(await api.list({ apiVersion: "v1", kind: "PersistentVolume" }, z.unknown())).toEqual([]);
  expect(sandbox.everything("team-a").filter(({ type }) => type === "share")).toEqual([]);
}, 60_000);

test("an Ingress of the class openstack is a load balancer of amphorae, for as long as it is there", async () => {
  const { api, pass, cloud, sandbox } = await cluster({ loadBalancerProvider: "amphora" });
  await pass(60_000);
  const ports = [{ port: 80 }];
  const web = { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "default" } };
  await api.apply({ ...web, spec: { type: "NodePort", ports } } as typeof web);
  const annotations = { "kubernetes.io/ingress.class": "openstack", "octavia.ingress.kubernetes.io/internal": "false" };
  const metadata = { name: "site", namespace: "default", annotations };
  const defaultBackend = { service: { name: "web", port: { number: 80 } } };
  await api.apply({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata,
    spec: { defaultBackend },
  } as typeof web);
  await pass(180_000);
  const { projectId } = await cloud.scope();
  const [balancer] = await cloud.loadBalancer.listLoadBalancers({ project_id: projectId });
  const words = "Kubernetes ingress site in namespace default from cluster c7f3a";
  expect(balancer).toMatchObject({ name: "kube_ingress_c7f3a_default_site", description: words, provider: "amphora" });
  expect(await cloud.network.listFloatingIps({ description: `Floating IP for ${words}` })).toHaveLength(1);
  await api.remove({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace: "default", name: "site" });
  await pass(120_000);
  const left = sandbox.everything("team-a").filter(({ type }) => ["loadbalancer", "floatingip"].includes(type));
  expect(left).toEqual([]);
}, 60_000);

test("a lost node is not ready, and goes when its server is gone; without its control plane nobody answers", async () => {
  const { api, pass, kubernetes, cloud, first, worker } = await cluster();
  await pass(60_000);
  const readyOf = async () =>
    (await api.listNodes()).map(({ status }) => status.conditions.find(({ type }) => type === "Ready")?.status);
  expect(await readyOf()).toEqual(["True", "True"]);
  kubernetes.stop(worker);
  await pass(60_000);
  expect(await readyOf()).toEqual(["True", "Unknown"]);
  kubernetes.boot(worker, { name: "dev-worker-1", userData: "" });
  await pass(60_000);
  expect(await readyOf()).toEqual(["True", "True"]);
  kubernetes.stop(worker);
  await cloud.compute.deleteServer(worker);
  await pass(120_000);
  expect((await api.listNodes()).map(({ metadata }) => metadata.name)).toEqual(["dev-control-plane-1"]);
  kubernetes.stop(first);
  await expect(api.version()).rejects.toMatchObject({ unreachable: true });
  kubernetes.boot(first, { name: "dev-control-plane-1", userData: "" });
  expect((await api.version()).gitVersion).toMatch(/^v1\.36\./);
}, 60_000);

test("further control planes join with the cluster's own keys; two of three are enough", async () => {
  const { api, pass, kubernetes, node, first } = await cluster();
  const second = await node("dev-control-plane-2", "10.6.0.13", { first: false });
  await node("dev-control-plane-3", "10.6.0.14", { first: false });
  await pass(180_000);
  expect(kubernetes.console(second).at(-1)).toBe("kinvirt: this machine is a node");
  const roles = (await api.listNodes()).map(({ metadata }) =>
    Object.hasOwn(metadata.labels, "node-role.kubernetes.io/control-plane"),
  );
  expect(roles).toEqual([true, true, true, false]);
  kubernetes.stop(first);
  expect(await api.readyz()).toEqual({ ready: true, failing: [] });
  kubernetes.stop(second);
  await expect(api.readyz()).rejects.toMatchObject({ unreachable: true });
}, 60_000);

test("people have what their group is bound to, and a node has no more than itself", async () => {
  const { api, ...made } = await cluster();
  const refused = (asked: Promise<unknown>) =>
    asked.then(
      () => "allowed",
      (error) => (isRefusal(error, "Forbidden") ? "refused" : String(error)),
    );
  const [ada, kubelet] = [
    await dialAs(made, "ada", "kinvirt:view"),
    await dialAs(made, "system:node:dev-worker-1", "system:nodes"),
  ];
  expect(await refused(ada.listNodes())).toBe("allowed");
  expect(await refused(ada.list({ apiVersion: "v1", kind: "Secret" }, z.unknown()))).toBe("refused");
  expect(await refused(kubelet.list({ apiVersion: "v1", kind: "Secret" }, z.unknown()))).toBe("refused");
  expect(await refused(kubelet.cordon("dev-control-plane-1"))).toBe("refused");
  expect(await refused(kubelet.cordon("dev-worker-1"))).toBe("allowed");
  const csrs = await api.listCsrs();
  const shown = csrs.map(({ spec, status }) => [spec.signerName, spec.username, status.certificate !== undefined]);
  const serving = (name: string, issued: boolean) => ["kubernetes.io/kubelet-serving", `system:node:${name}`, issued];
  expect(shown).toContainEqual(serving("dev-worker-1", false));
  expect(shown).toContainEqual(serving("dev-control-plane-1", false));
  expect(shown).toContainEqual(["kubernetes.io/kube-apiserver-client-kubelet", "system:node:dev-worker-1", true]);
  const open = csrs.filter(({ status }) => status.conditions.length === 0);
  for (const csr of open) await api.approveCsr(csr, "it is that server");
  await made.pass(2000);
  const issued = (await api.listCsrs()).find(({ metadata }) => metadata.name === open[0]?.metadata.name);
  const certificate = new X509Certificate(Buffer.from(issued?.status.certificate ?? "", "base64"));
  expect(certificate.verify(new X509Certificate(made.pki.ca.certificate).publicKey)).toBe(true);
  expect(certificate.subject).toBe(`O=system:nodes\nCN=${issued?.spec.username}`);
  expect(certificate.subjectAltName).toMatch(/^DNS:dev-[a-z]+-[a-z0-9-]+, IP Address:10\.6\.0\.1[12]$/);
}, 60_000);

const dialAs = async (
  made: Pick<Awaited<ReturnType<typeof town>>, "kubernetes" | "access">,
  user: string,
  group: string,
) => {
  return kubernetesApi(made.kubernetes.dial(await made.access(user, group)));
};

test("a node whose certificate nobody approves waits ten minutes, and comes with the binding that lets it in", async () => {
  const made = await town();
  await made.node("dev-control-plane-1", "10.6.0.11");
  await made.pass(90_000);
  const worker = await made.node("dev-worker-1", "10.6.0.12", WORKER);
  await made.pass(12 * 60_000);
  expect(made.kubernetes.console(worker)).toContain(
    "error execution phase kubelet-wait-bootstrap: timed out waiting for the condition",
  );
  const api = await made.api();
  const [base] = addons(await made.addonInput());
  for (const manifest of base?.manifests ?? []) await api.apply(manifest);
  await made.pass(3 * 60_000);
  expect(made.kubernetes.console(worker).at(-1)).toBe("kinvirt: this machine is a node");
}, 60_000);

test.each(["cilium", "kuryr"] as const)("with %s all add-ons become available too", async (cni) => {
  const kuryr = { podSubnetId: "p", serviceSubnetId: "s", podSecurityGroupIds: ["g"] };
  const { api, pass, input } = await cluster({ cni, kuryr });
  await pass(90_000);
  const late = [];
  for (const workload of addons(input).flatMap((addon) => addon.workloads))
    if ((await api.workload(workload))?.available !== true) late.push(workload.name);
  expect(late).toEqual([]);
}, 60_000);

test.each([
  [
    "a payload of another cluster's authority",
    { other: true },
    "kinvirt: the certificate authority in the secret is another cluster's",
  ],
  ["a credential that is over", { seconds: 10 }, "curl: (22) The requested URL returned error: 401"],
])(
  "a node does not come with %s, and its console says why",
  async (_, how: { other?: boolean; seconds?: number }, line) => {
    const made = await town();
    const bare = made.bootOf("dev-control-plane-1", "10.6.0.11");
    const pki = how.other === true ? await newPki({ cluster: "x", nowMs: made.clock.nowMs(), seed: "s" }) : made.pki;
    const boot = {
      ...bare,
      fetch: await made.fetchOf(bare, { pki, ...(how.seconds === undefined ? {} : { seconds: how.seconds }) }),
    };
    made.kubernetes.boot("s1", { name: boot.hostname, userData: bootUserData(boot).toString("base64") });
    await made.pass(30 * 60_000);
    expect(made.kubernetes.console("s1")).toContain(line);
    expect(made.kubernetes.console("s1")).not.toContain("kinvirt: this machine is a node");
    expect(made.kubernetes.clusterAt("203.0.113.9")).toBeUndefined();
  },
  60_000,
);
