import { request } from "undici";
import { parse } from "yaml";
import { jsonAt, listAt, textAt } from "../../sandbox/openstack/json.ts";
import type { Config } from "../../shared/cluster/config.ts";
import { type KubernetesApi, kubernetesApi } from "../../shared/kubernetes/api.ts";
import { exampleConfig } from "../support/bot.ts";
import { type Town, type TownOptions, town } from "../support/town.ts";

// Goal: data that claims hold goes with its cluster, or stays and is named, and nothing of it is ever left behind unsaid.
jest.setTimeout(300_000);

let now: Town | undefined;
afterEach(() => now?.close());

/** Where a share needs a share network. */
function withShareServers(): Config {
  const config = exampleConfig();
  const tenant = config.tenants["team-a"];
  if (tenant === undefined) throw new Error("the example has team-a");
  return { ...config, tenants: { ...config.tenants, "team-a": { ...tenant, shareType: "rwx-dhss" } } };
}

async function standing(words: string, options: TownOptions = {}) {
  const at = await town({ boots: true, ...options });
  now = at;
  const before = at.things();
  await at.type(words);
  await at.until(() => at.button("request:approve") !== "" || at.live().includes("Creating"));
  if (at.button("request:approve") !== "") await at.click("request:approve", at.button("request:approve"));
  await at.until(async () => (await at.record("team-a/dev"))?.status.told === true);
  expect(at.live()).toContain("is ready");
  const id = (await at.record("team-a/dev"))?.id ?? "";
  return { at, before, id, api: await administrator(at) };
}

/** As kubectl would, with the file that a person downloads. */
async function administrator(at: Town): Promise<KubernetesApi> {
  const answer = JSON.stringify(await at.type("kubeconfig dev --role admin"));
  const [, path = ""] = /links\.example\.org(\/kubeconfig\/[a-z0-9]{43})/.exec(answer) ?? [];
  const file: unknown = parse(await (await request(`${at.url}${path}`, { method: "POST" })).body.text());
  const cluster = jsonAt(listAt(file, "clusters")?.[0], "cluster");
  const user = jsonAt(listAt(file, "users")?.[0], "user");
  const text = (of: unknown, key: string) => Buffer.from(textAt(of, key) ?? "", "base64").toString();
  const { hostname, port } = new URL(textAt(cluster, "server") ?? "");
  const send = at.kubernetes.dial({
    address: hostname,
    port: Number(port),
    serverName: textAt(cluster, "tls-server-name") ?? hostname,
    ca: text(cluster, "certificate-authority-data"),
    certificate: text(user, "client-certificate-data"),
    key: text(user, "client-key-data"),
  });
  return kubernetesApi(async (asked) => {
    await at.kubernetes.settle();
    return send(asked);
  });
}

const claim = (name: string, storageClassName?: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace: "default" },
  spec: {
    accessModes: [storageClassName === undefined ? "ReadWriteMany" : "ReadWriteOnce"],
    resources: { requests: { storage: "3Gi" } },
    ...(storageClassName === undefined ? {} : { storageClassName }),
  },
});

const user = (claimName: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "database", namespace: "default" },
  spec: {
    containers: [{ name: "database", image: "database" }],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
  },
});

async function pass(at: Town, api: KubernetesApi): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) {
    await at.clock.wait(5000);
    await api.listNodes();
  }
}

const volumes = (at: Town) => at.sandbox.everything("team-a").filter(({ type }) => type === "volume");

async function gone(at: Town, words: string): Promise<void> {
  await at.type(words);
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(() => at.live().includes("is deleted after"));
}

test("a claim of the class cinder gets its volume when a pod wants it, on that pod's server, and both go", async () => {
  const { at, before, id, api } = await standing("create dev --rwo");
  await api.apply(claim("late", "cinder"));
  await pass(at, api);
  expect(volumes(at)).toEqual([]);
  await api.apply(user("late"));
  await pass(at, api);
  expect(volumes(at)).toMatchObject([
    { status: "in-use", fields: { size: 3, metadata: { "cinder.csi.openstack.org/cluster": id } } },
  ]);
  await gone(at, "delete dev");
  expect(at.things()).toEqual(before);
});

/** Claims of both kinds with a pod on the second, and a snapshot as a snapshotter would make it. */
async function filled(at: Town, api: KubernetesApi, id: string): Promise<void> {
  await api.apply(claim("files"));
  await api.apply(claim("late", "cinder"));
  await api.apply(user("late"));
  await pass(at, api);
  const [volume] = volumes(at);
  const metadata = { "cinder.csi.openstack.org/cluster": id };
  const snapshot = { volume_id: volume?.id, name: "snapshot-1", force: true, metadata };
  await inCinder(at, "POST", "/volume/v3/snapshots", { snapshot });
}

async function inCinder(at: Town, method: string, path: string, body: unknown): Promise<void> {
  const send = (to: string, headers: Record<string, string>, said: unknown) =>
    at.sandbox.send({
      method,
      url: `http://openstack.sandbox${to}`,
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(said),
      timeoutMs: 1000,
    });
  const domain = { name: "Default" };
  const password = { user: { name: "team-a", domain, password: "demo" } };
  const auth = { identity: { methods: ["password"], password }, scope: { project: { name: "team-a", domain } } };
  const { headers } = await send("/identity/v3/auth/tokens", {}, { auth });
  expect((await send(path, { "x-auth-token": headers["x-subject-token"] ?? "" }, body)).status).toBe(202);
}

test("an API that answers no more keeps no volume: it goes after its snapshot and its server", async () => {
  const { at, before, id, api } = await standing("create dev --rwo --rwx 100G");
  await filled(at, api, id);
  const planes = at.sandbox.everything("team-a").filter(({ name }) => name.endsWith("-server-control-plane-1"));
  for (const plane of planes) at.kubernetes.stop(plane.id);
  expect(at.things().filter((one) => /^(volume|volume-snapshot) /.test(one))).toHaveLength(2);
  await gone(at, "delete dev");
  expect(at.things()).toEqual(before);
});

test("with --keep-data what was claimed stays, and people are told which it is, where, and whose", async () => {
  const { at, before, id, api } = await standing("create dev --rwo --rwx 100G");
  await filled(at, api, id);
  await gone(at, "delete dev --keep-data");
  const left = at.sandbox.everything("team-a").filter(({ type, name }) => !before.includes(`${type} ${name}`));
  const idOf = (type: string, name: RegExp) =>
    left.find((one) => one.type === type && name.test(one.name))?.id ?? "absent";
  expect(left.map(({ type }) => type).sort()).toEqual(["share", "share", "share-access", "volume", "volume-snapshot"]);
  const claimed = idOf("share", /^pvc-/);
  const [path = ""] = await at.cloudOf("team-a").sharedFileSystem.listExportLocations(claimed);
  const said = [at.live(), JSON.stringify(at.slack.said.at(-1)?.message)];
  for (const words of said) {
    expect(words).toContain(`${idOf("share", /share-rwx$/)} (`);
    expect(words).toContain(`${claimed} (${path}`);
    expect(words).toMatch(new RegExp(`${claimed} \\(.*\\), claimed by default/files`));
    expect(words).toContain(`volume ${idOf("volume", /^pvc-/)} (3 GiB), claimed by default/late`);
    expect(words).toContain(`snapshot ${idOf("volume-snapshot", /./)} of volume ${idOf("volume", /^pvc-/)}`);
  }
});

test("a claimed share keeps the share network that it is in, with its network; without any, nothing stays", async () => {
  const { at, before, api } = await standing("create dev", { config: withShareServers() });
  await api.apply(claim("files"));
  await pass(at, api);
  await gone(at, "delete dev --keep-data");
  const left = at.sandbox.everything("team-a").filter(({ type, name }) => !before.includes(`${type} ${name}`));
  const types = new Set(left.map(({ type }) => type));
  for (const type of ["share", "share-network", "subnet", "network"]) expect(types).toContain(type);
  for (const type of ["router", "server", "floating-ip", "secret", "application-credential"])
    expect(types).not.toContain(type);
  const network = left.find(({ type }) => type === "share-network")?.id;
  expect(at.live()).toContain(`share network rwx ${network}, which shares are reached by`);

  const between = at.things();
  await at.type("create two");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(async () => (await at.record("team-a/two"))?.status.told === true);
  await at.type("delete two --keep-data");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(() => at.live().includes("is deleted after"));
  expect(at.things()).toEqual(between);
  expect(at.live()).toContain("0 resources left");
});
