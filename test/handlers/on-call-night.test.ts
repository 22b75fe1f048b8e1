import { inside } from "../../handlers/work/answers/inside.ts";
import type { KubernetesApi } from "../../shared/kubernetes/api.ts";
import { clusters } from "../../shared/state/index.ts";
import { type Town, type TownOptions, town } from "../support/town.ts";
import { wordsOf } from "./desk.ts";

// Goal: whatever somebody breaks by hand in a cluster that is ready, the questions of on-call people name it in their first
// lines, with what to do, and say of nothing else that it is broken.
jest.setTimeout(120_000);

let at: Town;
/** Every call to the cloud. */
const seen: string[] = [];

// One cluster for the whole night: it gets worse from test to test.
beforeAll(async () => {
  const wire: TownOptions["wire"] = (send) => (request) => {
    seen.push(`${request.method} ${request.url}`);
    return send(request);
  };
  at = await town({ boots: true, wire });
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(async () => (await record()).status.phase === "ready");
});
afterAll(() => at.close());

async function record() {
  const found = await at.record("team-a/dev");
  if (found === undefined) throw new Error("the cluster is there");
  return found;
}

const cloud = () => at.cloudOf("team-a");
const idOf = async (step: string): Promise<string> => (await record()).status.steps[step]?.id ?? "";

/** What a question comes to, line by line; moments are left out. */
async function asked(text: string): Promise<readonly string[]> {
  const before = at.slack.whispers.length;
  await at.type(text, "U0ONCALL");
  await at.work(async () => at.slack.whispers.length > before);
  const words = wordsOf(at.slack.whispers.at(-1) ?? { text: "", blocks: [] });
  return words.replaceAll(/<!date[^>]*>/g, "THEN").split("\n");
}

/** Something in the cluster, done as its administrator. */
const within = async <T>(act: (api: KubernetesApi) => Promise<T>): Promise<void> => {
  await inside(await record(), at.deps, act);
};

test("all is well: each question says so first, and nothing offers to mend it", async () => {
  const well = ":white_check_mark:";
  const firsts = [
    ["lb dev", `${well} The load balancer of *dev* is well.`],
    ["dns dev", `${well} All 3 DNS names of *dev* are right.`],
    ["nodes dev", `${well} All 3 nodes of *dev* are Ready.`],
    ["storage dev", `${well} The storage of *dev* is well: 1 share, 0 claimed.`],
    ["kms dev", `${well} The key, the secrets and the logins of *dev* are as they should be.`],
    ["status dev", `${well} *dev* is well, as the cloud says now.`],
  ] as const;
  const writes = at.writes.length;
  for (const [text, first] of firsts) {
    const said = await asked(text);
    expect(said[0]).toBe(first);
    expect(said).not.toContain("Retry");
  }
  expect(at.writes.slice(writes)).toEqual([]);
});

test("two clusters: the listings of the project are asked for once", async () => {
  const one = await record();
  const second = { ...one, id: "another001", spec: { ...one.spec, name: "second" } };
  await clusters(at.deps.store).add("team-a/second", second);
  const before = seen.length;
  const said = await asked("lb");
  const listings = seen.slice(before).filter((call) => /\/(loadbalancers|listeners|floatingips)\?/.test(call));
  expect(listings).toHaveLength(3);
  expect(said[0]).toBe(":warning: This team: 1 load balancer is missing.");
  await clusters(at.deps.store).remove("team-a/second", () => true);
});

test("a record deleted by hand, and a wrong one: told, looked up, and mended by the button", async () => {
  const { resolved } = await record();
  const zone = resolved?.zone.id ?? "";
  const idIn = async (step: string) => (await idOf(step)).split("/").at(-1) ?? "";
  const address = (await record()).status.steps["floating-ip/api"]?.facts["address"] ?? "";
  await cloud().dns.deleteRecordset(zone, await idIn("dns/apps"));
  await cloud().dns.updateRecordset(zone, await idIn("dns/api"), { records: ["198.51.100.1"] });
  await at.clock.wait(60_000);
  const said = await asked("dns dev");
  expect(said.slice(0, 5)).toEqual([
    ":warning: *dev*: 2 things need a person.",
    ":x: *`api.dev.k8s.example.org.` A*: Points elsewhere: somebody changed it, or the address has moved. `/k8s retry dev` puts it right.",
    ":x: *`*.apps.dev.k8s.example.org.` A*: Missing: it was deleted by hand, or never made. `/k8s retry dev` puts it right.",
    `:x: points elsewhere: \`api.dev.k8s.example.org.\` A wanted \`${address}\`, found \`198.51.100.1\` (ACTIVE)`,
    expect.stringContaining(":x: missing: `*.apps.dev.k8s.example.org.` A wanted"),
  ]);
  expect(said).toContain(
    ":x: `ns1.example.org`: `kinvirt-looks.apps.dev.k8s.example.org.` A says that there is no such name (NXDOMAIN)",
  );
  expect(await asked("dns shop.apps.dev.k8s.example.org")).toEqual([
    ":warning: `shop.apps.dev.k8s.example.org.` is not there: no record of it and no wildcard above it.",
    "The names that *dev* should have: `/k8s dns dev`. Others come with a Service or an Ingress.",
    "*Looked up*",
    ":white_check_mark: `ns1.example.org`: `shop.apps.dev.k8s.example.org.` A right, `no such record`",
    "Read live from the cloud THEN",
    "Refresh",
    "DNS names",
    "Load balancers",
    "Post here for all",
  ]);
  await asked("dns dev");
  await at.click("cluster:retry", at.button("cluster:retry"), "U0ONCALL");
  await at.clock.wait(60_000);
  await at.work(async () => false, 40);
  await at.clock.wait(60_000);
  expect((await asked("dns dev"))[0]).toBe(":white_check_mark: All 3 DNS names of *dev* are right.");
});

test("an alias is answered by what it stands for", async () => {
  const zone = (await record()).resolved?.zone.id ?? "";
  const address = (await record()).status.steps["floating-ip/api"]?.facts["address"];
  const fields = { records: ["api.dev.k8s.example.org."], ttl: 60, description: "" };
  await cloud().dns.createRecordset(zone, { name: "www.dev.k8s.example.org.", type: "CNAME", ...fields });
  await at.clock.wait(60_000);
  const said = await asked("dns www.dev.k8s.example.org");
  expect(said[0]).toBe(":white_check_mark: `www.dev.k8s.example.org.` is answered as it should be.");
  expect(said).toContain(
    `:white_check_mark: \`ns1.example.org\`: \`www.dev.k8s.example.org.\` A right, \`${address}\``,
  );
});

test("a Service's load balancer is told by its name, and one service that is away costs no other an answer", async () => {
  await within((api) =>
    api.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "shop", namespace: "default" },
      spec: { type: "LoadBalancer", selector: { app: "shop" }, ports: [{ port: 80, protocol: "TCP" }] },
    } as Parameters<KubernetesApi["apply"]>[0]),
  );
  expect(await asked("lb dev")).toContain(
    ":hourglass_flowing_sand: *Service default/shop*: The Service has no load balancer in the cloud. If it is older than some minutes, `kubectl -n default describe service shop` says why.",
  );
  for (let left = 20; left > 0; left -= 1) {
    await at.clock.wait(5000);
    await at.kubernetes.settle();
  }
  expect(await asked("lb dev shop")).toContainEqual(
    expect.stringMatching(/^\*kube_service_\w+_default_shop\* \(service, ovn\)/),
  );
  at.sandbox.faults.down("key-manager");
  const said = await asked("status dev");
  expect(said.join("\n")).toContain("*Keys and logins*: The cloud's key-manager service gave no answer");
  expect(said).toContain(":white_check_mark: *DNS names*: nothing wrong");
  at.sandbox.faults.clear();
  // For so long what did not answer is left alone at most.
  await at.clock.wait(60_000);
});

test("a secret and an access rule that are gone, and a claim that waits", async () => {
  await cloud().keyManager.deleteSecret(await idOf("secret/storage"));
  await cloud().sharedFileSystem.deleteAccessRule(await idOf("share/rwx"), await idOf("share-access/rwx"));
  await within((api) =>
    api.apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", namespace: "default" },
      spec: { accessModes: ["ReadWriteOnce"], storageClassName: "nope", resources: { requests: { storage: "1Gi" } } },
    } as Parameters<KubernetesApi["apply"]>[0]),
  );
  await at.clock.wait(60_000);
  expect((await asked("kms dev")).slice(0, 2)).toEqual([
    ":warning: *dev*: 1 thing needs a person.",
    ":x: *secret storage*: It is gone. `/k8s retry dev` makes it again.",
  ]);
  expect((await asked("storage dev")).slice(0, 3)).toEqual([
    ":warning: *dev*: 1 thing needs a person.",
    ":x: *shared storage*: No access rule lets the nodes (`10.20.0.0/24`) mount it: `/k8s retry dev` makes it again.",
    ":hourglass_flowing_sand: *claim `default/data`*: It has no volume yet (StorageClass nope). If it stays so for minutes, `kubectl -n default describe pvc data` says why.",
  ]);
  const status = await asked("status dev");
  expect(status.slice(0, 3)).toEqual([
    ":warning: *dev*: 2 things need a person.",
    ":x: *shared storage*: No access rule lets the nodes (`10.20.0.0/24`) mount it: `/k8s retry dev` makes it again.",
    ":x: *secret storage*: It is gone. `/k8s retry dev` makes it again.",
  ]);
  expect(status).toContain(":x: *Keys and logins*: 1 thing wrong, `/k8s kms dev`");
  expect(status).toContain("1 more thing: the buttons below tell which.");
});

test("a member that somebody switched off, then a load balancer that is gone", async () => {
  const [pool] = await cloud().loadBalancer.listPools();
  const [member] = await cloud().loadBalancer.listMembers(pool?.id ?? "");
  const off = { admin_state_up: false } as object;
  await cloud().loadBalancer.updateMember(pool?.id ?? "", member?.id ?? "", off);
  await at.clock.wait(60_000);
  const said = await asked("lb dev api");
  const what = `control-plane-1 switched off by somebody: if nobody meant it, switch it on with \`openstack loadbalancer member set --enable ${pool?.id} ${member?.id}\`.`;
  expect(said[0]).toBe(":warning: *dev*, load balancer api: 1 thing needs a person.");
  expect(said).toContain(`:point_right: ${what}`);
  expect(said.some((line) => /^:x: control-plane-1 `\S+` ONLINE, ACTIVE, switched off since THEN$/.test(line))).toBe(
    true,
  );
  expect((await asked("status dev")).slice(0, 2)).toEqual([
    ":warning: *dev*: 3 things need a person.",
    `:x: *load balancer api*: ${what}`,
  ]);
  await cloud().loadBalancer.deleteLoadBalancer(await idOf("load-balancer/api"));
  await at.clock.wait(60_000);
  expect((await asked("lb dev")).slice(0, 2)).toEqual([
    ":warning: *dev*: 1 load balancer is missing.",
    ":x: *load balancer api*: It is not in the cloud any more, so nobody reaches the API: `/k8s retry dev` makes it again.",
  ]);
});

test("a worker that is silent, and a server that is gone", async () => {
  at.kubernetes.stop(await idOf("server/worker-1"));
  await cloud().compute.deleteServer(await idOf("server/worker-2"));
  await at.clock.wait(120_000);
  const said = await asked("nodes dev");
  expect(said[0]).toBe(":warning: *dev*: 2 things need a person.");
  expect(said).toContain(
    ":x: *node worker-1*: Its kubelet is silent since THEN (NodeStatusUnknown: Kubelet stopped posting node status.): look at the end of its console, and whether the server answers at all.",
  );
  expect(said).toContain(":x: *node worker-2*: Its server is gone: `/k8s retry dev` makes it again.");
  expect(said).toContain("The end of its console:");
  expect(said).toContain("Retry");
});
