import { request } from "undici";
import { parse } from "yaml";
import { type KubernetesApi, kubernetesApi } from "../../shared/kubernetes/api.ts";
import { metaShape } from "../../shared/kubernetes/shapes.ts";
import { type Town, town } from "../support/town.ts";

// Goal: what is called ready is a cluster that works: its nodes are in, its storage and load balancers are the cloud's, people
// get logins that end by themselves, and what it made in the cloud goes with it.
jest.setTimeout(120_000);

let at: Town;
let before: readonly string[];

beforeAll(async () => {
  at = await town({ boots: true });
  before = at.things();
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(async () => (await at.record("team-a/dev"))?.status.told === true);
});
afterAll(() => at.close());

/** The file behind the link that was whispered last, and what a second try gets. */
async function downloaded(command: string, user = "U0DEV") {
  const answer = JSON.stringify(await at.type(command, user));
  const [, path = ""] = /links\.example\.org(\/kubeconfig\/[a-z0-9]{43})/.exec(answer) ?? [];
  const url = `${at.url}${path}`;
  const look = await request(url);
  const [page, first] = [await look.body.text(), await request(url, { method: "POST" })];
  const [file, second] = [await first.body.text(), await request(url, { method: "POST" })];
  return { page, file, headers: first.headers, again: [second.statusCode, await second.body.text()] as const };
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

/** As kubectl would use the file. */
function through(file: string): KubernetesApi {
  const { clusters, users } = parse(file) as Kubeconfig;
  const [{ cluster } = { cluster: {} }] = clusters;
  const [{ user } = { user: {} }] = users;
  const text = (of: Readonly<Record<string, string>>, key: string) => Buffer.from(of[key] ?? "", "base64").toString();
  const { hostname, port } = new URL(cluster["server"] ?? "");
  const send = at.kubernetes.dial({
    address: hostname,
    port: Number(port),
    serverName: cluster["tls-server-name"] ?? hostname,
    ca: text(cluster, "certificate-authority-data"),
    certificate: text(user, "client-certificate-data"),
    key: text(user, "client-key-data"),
  });
  return kubernetesApi(async (asked) => {
    await at.kubernetes.settle();
    return send(asked);
  });
}

test("it is ready when every node is in and every add-on is available", async () => {
  const api = through((await downloaded("kubeconfig dev --role admin")).file);
  const nodes = await api.listNodes();
  expect(nodes.map(({ status }) => status.conditions.find(({ type }) => type === "Ready")?.status)).toEqual(
    Array(3).fill("True"),
  );
  expect(nodes.every(({ spec }) => spec.providerID?.startsWith("openstack:///") === true)).toBe(true);
  expect((await api.listCsrs()).every(({ status }) => status.conditions.some(({ type }) => type === "Approved"))).toBe(
    true,
  );
  const volume = await api.get({ apiVersion: "v1", kind: "PersistentVolume", name: "kinvirt-shared" }, metaShape);
  expect(volume?.metadata.name).toBe("kinvirt-shared");
});

test("what the machines booted with is gone, and nothing of the cluster's keys is in the record", async () => {
  const things = at.things().join("\n");
  for (const member of ["control-plane-1", "worker-1", "worker-2"]) {
    expect(things).not.toContain(`secret-${member}`);
    expect(things).not.toContain(`credential-${member}`);
  }
  const record = JSON.stringify(await at.record("team-a/dev"));
  expect(record).not.toMatch(/BEGIN|PRIVATE|certificate-data/);
});

test("a kubeconfig is downloaded once, by its role, and ends in hours", async () => {
  const { page, file, headers, again } = await downloaded("kubeconfig dev --role view --hours 2");
  expect(page).toContain("Download it once");
  expect(page).not.toContain("certificate-data");
  expect([headers["cache-control"], headers["content-disposition"]]).toEqual([
    "no-store",
    'attachment; filename="dev.kubeconfig"',
  ]);
  expect(again[0]).toBe(410);
  const api = through(file);
  expect(await api.listNodes()).toHaveLength(3);
  const manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", namespace: "default" } };
  await expect(api.apply(manifest)).rejects.toMatchObject({ reason: "Forbidden" });
  await at.clock.wait(3 * 3_600_000);
  await expect(api.listNodes()).rejects.toMatchObject({ reason: "Unauthorized" });
});

test("a cloud that is away uses up no link, and of two clicks at once one gets the file", async () => {
  const answer = JSON.stringify(await at.type("kubeconfig dev"));
  const [, path = ""] = /links\.example\.org(\/kubeconfig\/[a-z0-9]{43})/.exec(answer) ?? [];
  const post = async () => {
    const { statusCode, body } = await request(`${at.url}${path}`, { method: "POST" });
    return [statusCode, await body.text()] as const;
  };
  const back = at.sandbox.faults.down("key-manager", "503");
  const [status, words] = await post();
  expect([status, words.includes("still good"), words.includes("    at ")]).toEqual([503, true, false]);
  back();
  const both = await Promise.all([post(), post()]);
  expect(both.map(([code]) => code).sort()).toEqual([200, 410]);
});

test("a link is over after ten minutes, and admin is not for everybody", async () => {
  const answer = JSON.stringify(await at.type("kubeconfig dev", "U0OPS"));
  const [, path = ""] = /links\.example\.org(\/kubeconfig\/[a-z0-9]{43})/.exec(answer) ?? [];
  await at.clock.wait(601_000);
  expect((await request(`${at.url}${path}`, { method: "POST" })).statusCode).toBe(410);
  expect(JSON.stringify(await at.type("kubeconfig dev --role admin", "U0OPS"))).toContain(
    "is for whoever asked for it, <@U0APPROVER> and <@U0SECOND>",
  );
  expect(JSON.stringify(await at.type("kubeconfig dev --hours 48"))).toContain("1 to 24 hours");
});

test("with the role edit people work in their namespace, and get neither at the cloud's logins nor beside them", async () => {
  const api = through((await downloaded("kubeconfig dev --role edit", "U0OPS")).file);
  const kind = (name: string, namespace: string) => ({ apiVersion: "v1", kind: name, namespace });
  const own = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "mine", namespace: "default" } };
  expect((await api.apply(own)).name).toBe("mine");
  expect(await api.list(kind("Secret", "default"), metaShape)).toEqual([]);
  expect((await api.list(kind("Pod", "kube-system"), metaShape)).length).toBeGreaterThan(0);
  const forbidden = { reason: "Forbidden" };
  await expect(api.list(kind("Secret", "kube-system"), metaShape)).rejects.toMatchObject(forbidden);
  const containers = [{ name: "root", image: "busybox", securityContext: { privileged: true } }];
  const root = {
    ...kind("Pod", "kube-system"),
    metadata: { name: "root", namespace: "kube-system" },
    spec: { containers },
  };
  await expect(api.apply(root)).rejects.toMatchObject(forbidden);
});

test("a Service gets an address from the cloud, and a delete takes all of it along", async () => {
  const api = through((await downloaded("kubeconfig dev --role admin")).file);
  const spec = { type: "LoadBalancer", ports: [{ port: 80 }], selector: { app: "web" } };
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "default" }, spec };
  await api.apply(service);
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "default" },
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
  };
  await api.apply(claim);
  for (let turn = 0; turn < 30; turn += 1) {
    await at.clock.wait(5000);
    await api.listNodes();
  }
  const record = await at.record("team-a/dev");
  expect(at.things()).toContain(`load-balancer kube_service_${record?.id}_default_web`);
  expect(at.things().filter((one) => one.startsWith("share pvc-"))).toHaveLength(1);
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(() => at.live().includes("is deleted after"));
  expect(at.things()).toEqual(before);
});

test("an API that answers no more keeps nothing: what the cluster made is found by its marks", async () => {
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(async () => (await at.record("team-a/dev"))?.status.told === true);
  const api = through((await downloaded("kubeconfig dev --role admin")).file);
  const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "default" }, spec };
  await api.apply(service);
  for (let turn = 0; turn < 30; turn += 1) {
    await at.clock.wait(5000);
    await api.listNodes();
  }
  const planes = at.sandbox.everything("team-a").filter(({ name }) => name.endsWith("-server-control-plane-1"));
  for (const { id } of planes) at.kubernetes.stop(id);
  await expect(api.listNodes()).rejects.toThrow();
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(() => at.live().includes("is deleted after"));
  expect(at.things()).toEqual(before);
});
