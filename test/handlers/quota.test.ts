import { type QuotaView, quotaMessage } from "../../handlers/views/quota-room.ts";
import { messageBlocks } from "../../sandbox/slack/limits.ts";
import { clusterKey, clusters, requests } from "../../shared/state/index.ts";
import { exampleConfig } from "../support/bot.ts";
import { town } from "../support/town.ts";
import { desk, wordsOf } from "./desk.ts";
import { record, request, spec, step } from "./given.ts";

// Goal: `/k8s quota` tells how many clusters still fit beside what was promised to others, and which quota ends first.
type Town = Awaited<ReturnType<typeof town>>;

async function told(prepare: (here: Town) => Promise<void> | void, options: Parameters<typeof town>[0] = {}) {
  const here = await town(options);
  try {
    await prepare(here);
    await here.type("quota");
    await here.work(async () => here.slack.whispers.length > 0);
    return here.slack.whispers.map(wordsOf).join("\n").split("\n");
  } finally {
    await here.close();
  }
}

const limit = (here: Town, service: "compute" | "load-balancer" | "network", resource: string, most: number) =>
  here.sandbox.quotas.set(here.sandbox.project("team-a").id, service, resource, most);

test("it is answered at once, and asked of the cloud by a worker", async () => {
  const { type, queued } = desk();
  expect(await type("quota")).toBe(":mag: Looking at the quotas of *team-a*…");
  expect(queued()).toEqual([{ is: "ask", what: "quota", cluster: "team-a/", channel: "C0TEAMA", user: "U0DEV" }]);
});

test("how many fit, what ends first, and bars with figures", async () => {
  const lines = await told((here) => limit(here, "compute", "cores", 40));
  expect(lines.slice(0, 4)).toEqual([
    ":bar_chart: *team-a* has room for 4 more `small` or 2 `ha`; the bottleneck is cores.",
    "*What still fits*, with nothing else made meanwhile",
    "• `small`: 4 more; limited by cores: each needs 10, 40 left",
    "• `ha`: 2 more; limited by cores: each needs 18, 40 left",
  ]);
  expect(lines).toContain("cores          ░░░░░░░░░░░░░░░░  0 used, 40 left of 40");
  expect(lines).toContain("security group rules  █░░░░░░░░░░░░░░░  4 used, 196 left of 200");
  expect(lines).toContain(
    "*Octavia* no limit of load balancers (0 used), listeners (0 used), pools (0 used), health monitors (0 used), members (0 used)",
  );
  expect(lines).toContain("█ used   ▒ promised to requests and creates   ░ left");
});

test("what a request that waits will take is promised to it", async () => {
  const lines = await told(async (here) => {
    limit(here, "compute", "cores", 40);
    await here.type("create dev --workers 4 --rwx 100G");
    await here.work(async () => (await here.request("kkkkk1"))?.state === "waiting", 20);
  });
  expect(lines[0]).toBe(":bar_chart: *team-a* has room for 2 more `small` or 1 `ha`; the bottleneck is cores.");
  expect(lines).toContain("• *dev* waits for its plan or an approval");
  expect(lines).toContain("cores          ▒▒▒▒▒▒▒░░░░░░░░░  0 used, 18 promised, 22 left of 40");
  expect(lines.join("\n")).toMatch(/share capacity {2}▒░{15} {2}0 GiB used, 94 GiB promised, /);
});

const asked = (over: Parameters<typeof record>[0], status: Parameters<typeof record>[1]) =>
  record({ id: "k7f3m2q9x1", ...over }, { ...status });

test.each<[string, Parameters<typeof record>[1], Parameters<typeof record>[0], string]>([
  ["one that is ready takes nothing more", { phase: "ready" }, {}, "0 used, 40 left of 40"],
  ["one that goes takes nothing more", { phase: "deleting" }, { wish: "absent" }, "0 used, 40 left of 40"],
  ["one that begins takes all of it", { phase: "creating", steps: {} }, {}, "0 used, 6 promised, 34 left of 40"],
  [
    "one that has a server takes the rest",
    {
      phase: "creating",
      steps: { "server/control-plane-1": step({ id: "s1" }), "server/worker-1": step({ id: "s2" }) },
    },
    {},
    "0 used, 2 promised, 38 left of 40",
  ],
  ["one that gets new logins takes nothing more", { phase: "creating", doing: "renew" }, {}, "0 used, 40 left of 40"],
  ["one that has stopped halfway too", { phase: "blocked", steps: {} }, {}, "0 used, 6 promised, 34 left of 40"],
])("%s", async (_what, status, over, figures) => {
  const lines = await told(async (here) => {
    limit(here, "compute", "cores", 40);
    const one = asked(over, status);
    await clusters(here.deps.store).add(clusterKey(one), one);
  });
  expect(lines.find((text) => text.startsWith("cores"))).toContain(figures);
});

test("a request that was refused has nothing promised", async () => {
  const lines = await told(async (here) => {
    const one = asked({ request: "k3m9qz" }, { phase: "requested", steps: {} });
    await clusters(here.deps.store).add(clusterKey(one), one);
    await requests(here.deps.store).add("k3m9qz", request({ state: "refused" }));
  });
  expect(lines.join("\n")).not.toContain("promised to *");
  expect(lines.join("\n")).not.toMatch(/\d promised/);
});

test("a request without a plan yet is counted by what it asks for", async () => {
  const lines = await told(async (here) => {
    limit(here, "compute", "cores", 40);
    const one = asked(
      { request: "k3m9qz", spec: spec({ workers: { count: 1, flavor: "m1.large" } }) },
      { phase: "requested" },
    );
    await clusters(here.deps.store).add(clusterKey(one), one);
    const { plan: _plan, ...planning } = request({ state: "planning" });
    await requests(here.deps.store).add("k3m9qz", planning);
  });
  expect(lines).toContain("cores          ▒▒░░░░░░░░░░░░░░  0 used, 6 promised, 34 left of 40");
});

test("no room: what would have to be there", async () => {
  const lines = await told((here) => limit(here, "load-balancer", "load_balancer", 0));
  expect(lines.slice(0, 3)).toEqual([
    ":no_entry: *team-a* has no room for another cluster; the bottleneck is load balancers.",
    "*What still fits*, with nothing else made meanwhile",
    "• `small`: 0 more; limited by load balancers: each needs 1, 0 left",
  ]);
  expect(lines).toContain("load balancers  none allowed      0 used, 0 left of 0");
});

test("of several that end, the one that is furthest from enough", async () => {
  const lines = await told((here) => {
    limit(here, "compute", "instances", 2);
    limit(here, "compute", "cores", 0);
  });
  expect(lines[0]).toBe(":no_entry: *team-a* has no room for another cluster; the bottleneck is cores.");
});

test("where no quota ends first, the configuration does", async () => {
  const config = exampleConfig();
  const team = config.tenants["team-a"];
  if (team !== undefined) team.limits.clusters = 2;
  const lines = await told(() => undefined, { config });
  expect(lines.slice(0, 3)).toEqual([
    ":bar_chart: *team-a* has room for 2 more `small` or 2 `ha`; the bottleneck is the configuration's limit of 2 clusters.",
    "*What still fits*, with nothing else made meanwhile",
    "• `small`: 2 more; 0 of the 2 clusters that the configuration allows are there",
  ]);
});

test("a service that does not answer is said, and the others are counted", async () => {
  const lines = await told((here) => void here.sandbox.faults.down("load-balancer"));
  expect(lines[0]).toBe(
    ":bar_chart: *team-a* has room for 5 more `small` or 5 `ha`; the bottleneck is floating IPs, as far as the services answer.",
  );
  expect(lines).toContain(
    ":warning: Octavia does not tell its quota: Service Unavailable. Ask again in a minute, or type `/k8s doctor`.",
  );
});

test("a flavor that does not exist is no cluster that fits", async () => {
  const config = exampleConfig();
  const ha = config.templates["ha"];
  if (ha !== undefined) ha.workers.flavor = "c5.large";
  const lines = await told(() => undefined, { config });
  expect(lines[0]).toBe(":bar_chart: *team-a* has room for 5 more `small`; the bottleneck is floating IPs.");
  expect(lines).toContain("• `ha`: can't be made, there is no flavor `c5.large`");
});

const view = (over: Partial<QuotaView>): QuotaView => ({
  tenant: "team-a",
  quotas: [],
  reserved: new Map(),
  templates: [],
  promised: [],
  silent: [],
  limit: { clusters: 0, most: 20 },
  ...over,
});
const NASTY = "<!channel> `x` ```";

test.each<[string, QuotaView]>([
  ["nothing", view({})],
  [
    "far too much",
    view({
      quotas: Array.from({ length: 40 }, (_, at) => ({
        service: "compute" as const,
        resource: `r${at}`,
        limit: 1,
        used: 9,
      })),
      reserved: new Map(Array.from({ length: 40 }, (_, at) => [`compute/r${at}`, 5] as const)),
      promised: Array.from({ length: 90 }, () => ({ name: NASTY, is: "waiting" as const, amounts: new Map() })),
      silent: Array.from({ length: 7 }, () => ({ service: "dns" as const, fault: NASTY.repeat(40) })),
      templates: Array.from({ length: 60 }, () => ({
        name: NASTY,
        needs: new Map(),
        missing: [],
        room: { clusters: 3 },
      })),
    }),
  ],
])("Slack takes it with %s", (_what, given) => {
  const { blocks, text } = quotaMessage(given);
  expect(messageBlocks(blocks)).toHaveLength(blocks.length);
  expect(`${text}${JSON.stringify(blocks)}`).not.toContain("<!channel>");
});
