import { planFor } from "../../shared/cluster/planner.ts";
import type { Send } from "../../shared/openstack/send.ts";
import { exampleConfig } from "../support/bot.ts";
import { type Town, town } from "../support/town.ts";
import { wordsOf } from "./desk.ts";
import { spec } from "./given.ts";

// Goal: a cluster with Kuryr, which is retired and must be asked for by name, is made, works and goes like any other.
jest.setTimeout(120_000);

const BATCH = 10;
const NODES = 3;

let now: Town | undefined;
afterEach(() => now?.close());

async function asked(at: Town): Promise<void> {
  await at.type("create dev --rwx 100G --cni kuryr");
  await at.until(() => at.button("request:approve") !== "");
}

async function planned(at: Town) {
  const image = exampleConfig().templates["small"]?.image ?? "";
  const found = await planFor({
    cloud: at.cloudOf("team-a"),
    config: at.deps.config,
    tenant: "team-a",
    action: "create",
    spec: spec({ image, cni: "kuryr" }),
  });
  if ("problems" in found) throw new Error(found.problems.join(" "));
  return found.value;
}

const partsOf = (at: Town, type: string) => at.sandbox.everything("team-a").filter((one) => one.type === type);
const field = (one: { readonly fields: Readonly<Record<string, unknown>> } | undefined, name: string) =>
  one?.fields[name];

test.each(["ovn", "amphora"] as const)("from its plan until nothing of it is left, with %s", async (provider) => {
  const config = exampleConfig();
  const teamA = config.tenants["team-a"];
  if (teamA === undefined) throw new Error("the example has team-a");
  const tenants = { ...config.tenants, "team-a": { ...teamA, loadBalancerProvider: provider } };
  const at = await town({ boots: true, config: { ...config, tenants } });
  now = at;
  const before = at.things();
  const plan = await planned(at);
  await asked(at);
  expect(at.shown()).toContain("OpenStack retired Kuryr-Kubernetes on 2024-10-17");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(async () => (await at.record("team-a/dev"))?.status.told === true);
  expect(at.live()).toContain("is ready");
  for (let turn = 0; turn < 60; turn += 1) {
    await at.clock.wait(2000);
    await at.kubernetes.settle();
  }
  const { id: cluster = "" } = (await at.record("team-a/dev")) ?? {};

  // Every node is on a trunk, and those that pods came to carry a batch of ports, tagged with the cluster's id.
  const trunks = partsOf(at, "trunk");
  expect(trunks).toHaveLength(NODES);
  const sizes = trunks.map((one) => (field(one, "sub_ports") as readonly unknown[]).length);
  expect(sizes.filter((size) => size !== 0 && size !== BATCH)).toEqual([]);
  expect(sizes).toContain(BATCH);
  const pods = partsOf(at, "port").filter((one) => field(one, "device_owner") === "trunk:subport");
  expect(pods.map((one) => field(one, "tags"))).toEqual(pods.map(() => [cluster]));

  // Services have the addresses that Kubernetes gave them, out of the half that Neutron leaves alone.
  const balancers = partsOf(at, "load-balancer").map((one) => [one.name, field(one, "vip_address")]);
  expect(balancers).toEqual([
    [`dev-${cluster}-load-balancer-api`, expect.stringMatching(/^10\.20\.0\./)],
    [`dev-${cluster}-load-balancer-kubernetes`, "10.96.0.1"],
    ["kube-system/kube-dns", "10.96.0.10"],
  ]);

  // Those on call see each of them for what it is.
  await at.type("lb dev", "U0ONCALL");
  await at.work(async () => at.whispered().includes("load balancers of"));
  expect(at.whispered()).toContain(":hourglass_flowing_sand: *dev*: 1 thing to look at again in a minute.");
  expect(at.whispered()).toContain("*kube-system/kube-dns* (service,");
  expect(at.whispered()).toContain("look whether its pods are Ready, and the nodes that they run on.");

  // What the plan said is what is used, but for ports of nodes that no pod came to yet and for DNS' members.
  const after = (await planned(at)).quota;
  const over = (resource: string): number =>
    ({ secrets: NODES, port: sizes.filter((size) => size === 0).length * BATCH, member: 6 })[resource] ?? 0;
  const used = plan.quota.map((line) => [
    line.resource,
    (after.find(({ resource }) => resource === line.resource)?.used ?? 0) - line.used,
  ]);
  expect(used).toEqual(plan.quota.map(({ resource, needs }) => [resource, needs - over(resource)]));

  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(() => at.live().includes("is deleted after"));
  expect(at.things()).toEqual(before);
});

test("a cloud without trunks is told apart before anything is made", async () => {
  const wire =
    (send: Send): Send =>
    async (request) => {
      const answer = await send(request);
      if (!request.url.endsWith("/v2.0/extensions")) return answer;
      return { ...answer, body: answer.body.replaceAll('"alias":"trunk"', '"alias":"no-trunk"') };
    };
  const at = await town({ wire });
  now = at;
  await at.type("create dev --cni kuryr");
  await at.until(() => at.slack.said.length > 0);
  const [said] = at.slack.said;
  expect(said === undefined ? "" : wordsOf(said.message)).toContain(
    'Kuryr needs the Neutron extension "trunk", which this cloud does not have: choose calico or cilium.',
  );
  expect(at.writes).toEqual([]);
});
