import { dispatch } from "../../handlers/work/dispatch.ts";
import { bury } from "../../handlers/work/grave.ts";
import { sweep } from "../../handlers/work/sweep.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Metrics } from "../../shared/ports/metrics.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import { floatingIp } from "../../shared/resources/floating-ip.ts";
import { labelsOf } from "../../shared/resources/listed.ts";
import { newestFirst } from "../../shared/state/audit.ts";
import { clusters, graves } from "../../shared/state/index.ts";
import { cases } from "../conformance/cases/index.ts";
import { collect } from "../conformance/store.suite.ts";
import { tap, testWorld } from "../conformance/world.ts";
import { type Town, type TownOptions, town } from "../support/town.ts";
import { wordsOf } from "./desk.ts";
import { record, resolved, spec, step } from "./given.ts";

// Goal: what the cloud does when a cluster has gone is found by its id and removed, whoever dies, and nothing else is touched.
const CLAIMED = "manila.csi.openstack.org/cluster";
const MINUTE_MS = 60_000;

let now: Town | undefined;
afterEach(() => now?.close());

async function start(options?: TownOptions): Promise<Town> {
  now = await town(options);
  return now;
}

async function created(at: Town): Promise<string> {
  const approves = at.button("request:approve");
  await at.type("create dev --workers 1 --rwx 100G");
  await at.until(() => at.button("request:approve") !== approves);
  await at.click("request:approve", at.button("request:approve"));
  await at.until(() => at.live().includes("is ready after"));
  return (await at.record("team-a/dev"))?.id ?? "";
}

async function deleted(at: Town, words = "delete dev"): Promise<void> {
  await at.type(words);
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(() => at.live().includes("is deleted after"));
  await at.until(async () => (await at.record("team-a/dev")) === undefined);
}

/** A cluster that has gone, as if it had been deleted in this moment. */
async function buried(at: Town, ...over: Parameters<typeof record>): Promise<ClusterRecord> {
  const gone = { state: "gone", facts: {}, recreated: false } as const;
  const [fields = {}, status = {}] = over;
  const steps = { "server/control-plane-1": gone, "floating-ip/api": gone, ...status.steps };
  const ended = record({ wish: "absent", ...fields }, { phase: "deleting", ...status, steps });
  const { ts } = await at.deps.slack.post("C0TEAMA", { text: "deleted", blocks: [] });
  const message = { channel: "C0TEAMA", key: "request:k3m9qz", ts };
  await bury(at.deps, { ...ended, status: { ...ended.status, message } });
  return ended;
}

const gravesOf = (at: Town) => collect(graves(at.deps.store).list());
const ids = (at: Town, type: string) =>
  at.sandbox
    .everything("team-a")
    .filter((one) => one.type === type)
    .map((one) => one.id);

/** Time passes with a sweep each minute, and all messages that fall due in it are handled. */
async function pass(at: Town, minutes: number, deps = at.deps): Promise<void> {
  const { clock, queue } = at;
  const endMs = clock.nowMs() + minutes * MINUTE_MS;
  for (let sweepMs = clock.nowMs(); clock.nowMs() < endMs; ) {
    const [next] = queue.due(endMs);
    await clock.wait(Math.max(0, Math.min(next?.dueMs ?? endMs, sweepMs + MINUTE_MS, endMs) - clock.nowMs()));
    const message = queue.take();
    if (message !== undefined) await dispatch(message, deps);
    else if (clock.nowMs() >= sweepMs + MINUTE_MS) {
      sweepMs = clock.nowMs();
      await sweep(deps);
    }
  }
}

/** A floating IP with the mark of a cluster that has gone. */
async function lands(at: Town, cluster = record().id): Promise<string> {
  const cloud = at.cloudOf("team-a");
  const [external] = await cloud.network.listNetworks({ "router:external": true });
  const owner = { cluster, name: "dev", step: "floating-ip/api" };
  return (await floatingIp.create(cloud, owner, { networkId: external?.id ?? "", attach: false })).id;
}

const changesOf = async (at: Town) =>
  (await collect(newestFirst(at.deps.store, "team-a")))
    .filter(({ detail }) => detail?.["operation"] === "clean-up")
    .reverse()
    .flatMap(({ what, changes = [] }) =>
      changes.length === 0 ? [what] : changes.map(({ did, step, requestId }) => [did, step, requestId !== undefined]),
    );

test("a create that was lost and is done when the cluster has gone leaves nothing", async () => {
  const at = await start();
  const before = at.things();
  const late = { is: "late", ms: 30 * MINUTE_MS } as const;
  at.sandbox.faults.on({ service: "network", method: "POST", path: /floatingips$/ }, late);
  await created(at);
  await deleted(at);
  expect(at.live()).toContain("0 resources left");
  expect(at.things()).toEqual(before);
  const said = at.slack.said.length;
  const [grave] = await gravesOf(at);
  expect(grave?.status).toMatchObject({ dueMs: at.clock.nowMs() + 5 * MINUTE_MS, told: true });

  const counted: unknown[] = [];
  const metrics = { count: (...one: unknown[]) => void counted.push(one) } as unknown as Metrics;
  const deps = { ...at.deps, metrics: { ...metrics, observe: () => undefined, set: () => undefined } };
  await pass(at, 40, deps);
  await at.cloudOf("team-a").network.listFloatingIps({});
  const [id = ""] = ids(at, "floating-ip");
  expect(at.things()).toHaveLength(before.length + 1);
  await pass(at, 25, deps);
  expect(at.things()).toEqual(before);
  expect(counted).toEqual([["kinvirt_late_resources_total", { kind: "floating-ip" }]]);
  expect(await changesOf(at)).toEqual([
    ["found", `floating-ip/${id}`, false],
    ["deleted", `floating-ip/${id}`, true],
  ]);
  expect(at.slack.said).toHaveLength(said);

  // More may come: both looks begin anew.
  const cluster = grave?.id ?? "";
  await lands(at, cluster);
  await pass(at, 6, deps);
  expect(at.things()).toEqual(before);
  expect(await gravesOf(at)).toHaveLength(1);
  await pass(at, 66, deps);
  expect(await gravesOf(at)).toEqual([]);
  expect(at.queue.due(Number.POSITIVE_INFINITY)).toEqual([]);
});

/** Everything that a cluster may have, with the mark of one that has gone. */
async function everything(at: Town, cluster: string): Promise<void> {
  const { send } = at.sandbox;
  const cloud = at.cloudOf("team-a");
  const settle = () => at.clock.wait(1000);
  const ground = testWorld({ cloud, tap: tap(send), settle, newId: () => cluster }, { cluster, name: "dev" });
  for (const one of cases) {
    const { minimal } = await one.prepare(ground);
    await ground.make(one.kind, `${one.step}-${cases.indexOf(one)}`, minimal);
  }
}

/** What programs in it made of their own. */
async function foreign(at: Town, cluster: string): Promise<void> {
  const { network, dns, sharedFileSystem } = at.cloudOf("team-a");
  const [external] = await network.listNetworks({ "router:external": true });
  const [zone] = await dns.listZones({});
  const words = `default/web from cluster ${cluster}`;
  await network.createFloatingIp({
    floating_network_id: external?.id ?? "",
    description: `Floating IP for Kubernetes external service ${words}`,
  });
  await network.createSecurityGroup({ name: "lb-sg", description: `Security Group for ${words}` });
  const name = `www.apps.dev.${zone?.name}`;
  const owner = { name: `a-${name}`, type: "TXT", records: [`"heritage=external-dns,external-dns/owner=${cluster}"`] };
  await dns.createRecordset(zone?.id ?? "", { name, type: "A", records: ["203.0.113.9"], ttl: 60, description: "" });
  await dns.createRecordset(zone?.id ?? "", { ...owner, ttl: 60, description: "" });
  const share = { share_proto: "NFS", size: 1, share_type: "rwx", name: "pvc-1", metadata: { [CLAIMED]: cluster } };
  await sharedFileSystem.createShare(share);
}

test("whatever kind came late goes at the first look, and what bears another mark stays", async () => {
  const at = await start();
  const before = at.things();
  const prefixes = { "shared-file-system": "/v2" };
  const { id } = await buried(at, { spec: spec({ cni: "kuryr" }), resolved: resolved({ prefixes }) });
  await everything(at, id);
  await foreign(at, id);
  expect(new Set(at.things().map((one) => one.split(" ")[0])).size).toBeGreaterThan(15);
  const labels = labelsOf({ cluster: "kother0000", name: "dev", step: "network" });
  await at.cloudOf("team-a").network.createNetwork(labels);
  await pass(at, 90);
  expect(at.things()).toEqual([...before, `network ${labels.name}`].sort());
});

test("a new cluster of the same name is another one: nothing of it is touched", async () => {
  const at = await start();
  const old = await buried(at);
  const id = await created(at);
  expect(id).not.toBe(old.id);
  const before = at.things();
  const [writes, late] = [at.writes.length, await lands(at)];
  await pass(at, 90);
  expect(at.things()).toEqual(before);
  const deletes = at.writes.slice(writes).filter(({ method }) => method === "DELETE");
  expect(deletes.map(({ url }) => url.slice(url.lastIndexOf("/") + 1))).toEqual([late]);
  expect((await at.record("team-a/dev"))?.status.phase).toBe("ready");
  expect(await gravesOf(at)).toEqual([]);
});

test("a grave is nobody's cluster: its name is free, and no list shows it", async () => {
  const at = await start();
  await buried(at);
  await at.type("list");
  expect(JSON.stringify(at.answers.at(-1))).toContain("has no clusters");
  await at.type("status dev");
  expect(JSON.stringify(at.answers.at(-1))).toContain("no cluster");
});

/** A store whose next call of this sort is not done, because the process dies before it. */
function dying(at: Town, call: "putIfAbsent" | "delete" | "replace", of: string): Town["deps"] {
  const { store } = at.deps;
  let armed = true;
  const die = (key: string): void => {
    if (!armed || !key.startsWith(of)) return;
    armed = false;
    throw new Error("the process dies");
  };
  const dies = {
    ...store,
    [call]: async (key: string, ...rest: [never, never]) => {
      die(key);
      return store[call](key, ...rest);
    },
  };
  return { ...at.deps, store: dies };
}

const ended = () => record({ wish: "absent" }, { phase: "deleting", steps: {}, kept: [] });

test.each([
  ["before its grave is written", "putIfAbsent", "grave/", 0, true],
  ["before its record is removed", "delete", "cluster/", 1, true],
] as const)("a process that dies %s leaves a record that is buried by the next", async (_, call, of, dug, stays) => {
  const at = await start();
  await clusters(at.deps.store).add("team-a/dev", ended());
  await expect(dispatch({ is: "reconcile", cluster: "team-a/dev" }, dying(at, call, of))).rejects.toThrow("dies");
  expect(await gravesOf(at)).toHaveLength(dug);
  expect((await at.record("team-a/dev")) !== undefined).toBe(stays);
  await pass(at, 4);
  expect(await at.record("team-a/dev")).toBeUndefined();
  expect(await gravesOf(at)).toMatchObject([{ id: record().id, tenant: "team-a", audit: { events: [] } }]);
  const text = JSON.stringify(await gravesOf(at));
  expect(text).not.toContain('"lease"');
  await lands(at);
  await pass(at, 66);
  expect(ids(at, "floating-ip")).toEqual([]);
});

test("a process that dies at its last look, or while it removes, is followed by another", async () => {
  const at = await start();
  await buried(at);
  await pass(at, 59);
  await lands(at);
  const [{ status = undefined } = {}] = await gravesOf(at);
  await at.clock.wait((status?.dueMs ?? 0) - at.clock.nowMs());
  const look = { is: "grave", cluster: `team-a/${record().id}` } as const;
  // It dies right after what it removes is in the record, and before it is told to go.
  const cloud = at.cloudOf("team-a");
  const network = { ...cloud.network, deleteFloatingIp: () => Promise.reject(new Error("the process dies")) };
  const dead = { ...at.deps, cloudOf: () => ({ ...cloud, network }) };
  await expect(dispatch(look, dead)).rejects.toThrow("dies");
  expect(ids(at, "floating-ip")).toHaveLength(1);
  await pass(at, 3);
  expect(ids(at, "floating-ip")).toEqual([]);
  expect(await changesOf(at)).toHaveLength(2);
  // And once more when nothing is left but the grave itself.
  await pass(at, 10);
  const [last] = await gravesOf(at);
  await at.clock.wait((last?.status.dueMs ?? 0) - at.clock.nowMs());
  await expect(dispatch(look, dying(at, "delete", "grave/"))).rejects.toThrow("dies");
  expect(await gravesOf(at)).toHaveLength(1);
  await pass(at, 4);
  expect(await gravesOf(at)).toEqual([]);
});

test("whoever has lost the lease over its last look removes no grave", async () => {
  const at = await start();
  await buried(at);
  await pass(at, 59);
  await at.clock.wait(2 * MINUTE_MS);
  const { store } = at.deps;
  const other = { holder: "another", untilMs: at.clock.nowMs() + MINUTE_MS };
  const remove: typeof store.delete = async (key, version) => {
    if (key.startsWith("grave/"))
      await graves(store).change(key.slice("grave/".length), (one) => ({
        ...one,
        status: { ...one.status, lease: other },
      }));
    return store.delete(key, version);
  };
  await dispatch(
    { is: "grave", cluster: `team-a/${record().id}` },
    { ...at.deps, store: { ...store, delete: remove } },
  );
  expect(await gravesOf(at)).toMatchObject([{ status: { lease: other } }]);
});

test("a look asks for each kind of thing once", async () => {
  const asked: string[] = [];
  const wire: TownOptions["wire"] = (send) => (request) => {
    if (!request.url.endsWith("/auth/tokens")) asked.push(`${request.method} ${request.url}`);
    return send(request);
  };
  const at = await start({ wire });
  const catalog = await at.cloudOf("team-a").catalog();
  const prefixes = Object.fromEntries(Object.entries(catalog).map(([service, { prefix }]) => [service, prefix]));
  const all = resolved({ prefixes, blockStorageType: "ssd" });
  await buried(at, { resolved: all });
  await pass(at, 6);
  const listings = asked.filter((one) => !/\/(v3|v1|v2(\.\d)?)?\/?$/.test(one));
  expect(listings.length).toBeGreaterThan(15);
  // Kinds that are listed in the same words: those of one service that others make too, and what is found through a share.
  const twice = listings.filter((one, index) => listings.indexOf(one) !== index);
  expect(twice.map((one) => /\w+(?=(\/detail)?\?)/.exec(one)?.[0]).sort()).toEqual([
    "floatingips",
    "secrets",
    "secrets",
    "shares",
  ]);
  expect(listings.filter((one) => !one.startsWith("GET "))).toEqual([]);
});

test("messages that are lost cost a sweep, and one that comes twice is one look", async () => {
  const at = await start();
  await buried(at);
  while (at.queue.due(Number.POSITIVE_INFINITY).length > 0) {
    await at.clock.wait(6 * MINUTE_MS);
    at.queue.take();
  }
  await lands(at);
  await pass(at, 2);
  expect(ids(at, "floating-ip")).toEqual([]);

  await lands(at);
  const [{ status = undefined } = {}] = await gravesOf(at);
  const look = { is: "grave", cluster: `team-a/${record().id}` } as const;
  const writes = at.writes.length;
  await dispatch(look, at.deps);
  expect(at.writes).toHaveLength(writes);
  await at.clock.wait((status?.dueMs ?? 0) - at.clock.nowMs());
  await Promise.all([dispatch(look, at.deps), dispatch(look, at.deps)]);
  expect(at.writes.slice(writes).map(({ method }) => method)).toEqual(["DELETE"]);
});

test("data that somebody wanted to keep stays, and what came of it late is told once", async () => {
  const at = await start();
  const prefixes = { "shared-file-system": "/v2" };
  const { sharedFileSystem } = at.cloudOf("team-a");
  const make = (name: string, metadata: Readonly<Record<string, string>>) =>
    sharedFileSystem.createShare({ share_proto: "NFS", size: 1, share_type: "rwx", name, metadata });
  const mark = { kinvirt: record().id };
  const owned = await make(`dev-${record().id}-share-rwx`, { ...mark, "kinvirt-step": "share/rwx" });
  const kept = await make("pvc-1", { [CLAIMED]: record().id });
  const over = { keepData: true, resolved: resolved({ prefixes }) };
  await buried(at, over, { kept: [`${kept.id} (10.0.0.1:/a)`], steps: { "share/rwx": step({ id: owned.id }) } });
  const said = at.slack.said.length;
  const late = await make("pvc-2", { [CLAIMED]: record().id });
  const copy = await make(owned.name ?? "", owned.metadata);
  await lands(at);
  await pass(at, 140);
  expect(ids(at, "share").sort()).toEqual([owned.id, kept.id, late.id, copy.id].sort());
  expect(ids(at, "floating-ip")).toEqual([]);
  const [told = "", ...more] = at.slack.said.slice(said).map(({ message }) => wordsOf(message));
  expect(more).toEqual([]);
  expect(told.split("\n")).toEqual([
    "<@U0DEV> Data of *dev* came after its delete had ended, and stays, because you asked to keep its data.",
    expect.stringMatching(new RegExp(`^• \`${copy.id} \\(.*\\)\`$`)),
    expect.stringMatching(new RegExp(`^• \`${late.id} \\(.*\\)\`$`)),
  ]);
});

describe("what can't be removed", () => {
  const refuses = (at: Town) =>
    at.sandbox.faults.on(
      { service: "network", method: "DELETE", path: /floatingips/, times: Number.POSITIVE_INFINITY },
      { is: "answer", status: 403, message: "rule:delete_floatingip is disallowed by policy" },
    );

  test("is told once, in the thread of the delete and to those on call, and tried again; so is its end", async () => {
    const at = await start();
    await buried(at);
    const [{ ts = "" } = {}] = at.slack.said;
    const mended = refuses(at);
    const id = await lands(at);
    // What can be removed is none of their business.
    await at.cloudOf("team-a").network.createNetwork(labelsOf({ cluster: record().id, name: "dev", step: "network" }));
    await pass(at, 6);
    const told = at.slack.said.slice(1);
    expect(told.map(({ channel, thread }) => [channel, thread])).toEqual([
      ["C0TEAMA", ts],
      ["C0ONCALL", undefined],
    ]);
    for (const { message } of told)
      expect(wordsOf(message).split("\n")).toEqual([
        ":warning: Something of *dev* came after its delete had ended, and can't be removed: it may cost money.",
        `• floating IP \`${id}\``,
        "floating IP api: rule:delete_floatingip is disallowed by policy",
        "Mend the cause, or remove it in the cloud by hand. kinvirt tries again once an hour for a week, and says here when it is gone.",
        expect.stringMatching(/^OpenStack request `req-.*` · cluster of team-a · deleted in <#C0TEAMA>$/),
      ]);
    const { slack } = at.deps;
    const asks = jest.fn(slack.findPosted);
    await pass(at, 130, { ...at.deps, slack: { ...slack, findPosted: asks } });
    expect([at.slack.said.length, asks.mock.calls]).toEqual([3, []]);
    mended();
    await pass(at, 70);
    expect(ids(at, "floating-ip")).toEqual([]);
    const gone = ":white_check_mark: What came of *dev* after its delete is gone now: nothing of it is left.";
    expect(at.slack.said.map(({ thread, message }) => [thread, wordsOf(message)]).slice(2)).toEqual([
      [undefined, gone],
      [ts, gone],
    ]);
    expect((await changesOf(at)).filter((one) => !/network/.test(String(one)))).toEqual([
      ["found", `floating-ip/${id}`, true],
      ["failed", "floating-ip/api", true],
      "operation.stopped",
      ["deleted", `floating-ip/${id}`, true],
    ]);
    await pass(at, 70);
    expect(await gravesOf(at)).toEqual([]);
  });

  test("is told too when something of a stranger's has been in its way for half an hour", async () => {
    const at = await start();
    await buried(at);
    const { network } = at.cloudOf("team-a");
    const { id } = await network.createNetwork(labelsOf({ cluster: record().id, name: "dev", step: "network" }));
    const place = { network_id: id, name: "a stranger's", description: "", security_groups: [] };
    const { id: subnet } = await network.createSubnet({
      network_id: id,
      cidr: "10.9.0.0/24",
      name: "a stranger's",
      description: "",
      dns_nameservers: [],
    });
    const [stranger] = await network.createPorts([{ ...place, fixed_ips: [{ subnet_id: subnet }] }]);
    await pass(at, 30);
    expect(at.slack.said).toHaveLength(1);
    await pass(at, 10);
    expect(at.slack.said.map(({ message }) => wordsOf(message)).slice(1)).toEqual([
      expect.stringContaining(`• network \`${id}\`\n`),
      expect.stringContaining(`• network \`${id}\`\n`),
    ]);
    const writes = at.writes.length;
    await pass(at, 65);
    expect(at.writes.length - writes).toBe(1);
    await network.deletePort(stranger?.id ?? "");
    await pass(at, 65);
    expect(at.things().filter((one) => one.startsWith("network "))).toEqual([]);
  });

  test("is left to whoever was told after a week", async () => {
    const at = await start();
    await buried(at);
    refuses(at);
    await lands(at);
    await pass(at, 6);
    await at.clock.wait(7 * 24 * 60 * MINUTE_MS);
    expect(await gravesOf(at)).toHaveLength(1);
    await pass(at, 4);
    expect(await gravesOf(at)).toEqual([]);
    expect(at.slack.said).toHaveLength(3);
  });

  test("is told when Slack hears again", async () => {
    const at = await start();
    await buried(at);
    refuses(at);
    await lands(at);
    const { post } = at.deps.slack;
    const away = { ...at.deps.slack, post: () => Promise.reject(new SlackError("no_answer", "Slack is away")) };
    await pass(at, 6, { ...at.deps, slack: away });
    expect(at.slack.said).toHaveLength(1);
    await pass(at, 1, { ...at.deps, slack: { ...at.deps.slack, post } });
    expect(at.slack.said).toHaveLength(3);
  });
});

test("a tenant that is in the configuration no more is looked at when it is there again, within a week", async () => {
  const at = await start();
  await buried(at);
  const { "team-b": other } = at.deps.config.tenants;
  const without = {
    ...at.deps,
    config: { ...at.deps.config, tenants: other === undefined ? {} : { "team-b": other } },
  };
  await pass(at, 66, without);
  expect(await gravesOf(at)).toHaveLength(1);
  await lands(at);
  await pass(at, 66);
  expect(ids(at, "floating-ip")).toEqual([]);
});

test("a look that is refused tells nobody: nothing is known that anybody could remove", async () => {
  const at = await start();
  await buried(at);
  const mended = at.sandbox.faults.on(
    { service: "network", method: "GET", times: Number.POSITIVE_INFINITY },
    { is: "answer", status: 403, message: "not for you" },
  );
  await pass(at, 6);
  expect(at.slack.said).toHaveLength(1);
  expect(await changesOf(at)).toEqual([]);
  mended();
  await pass(at, 61);
  expect(await gravesOf(at)).toEqual([]);
});
