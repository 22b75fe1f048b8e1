import { placesOf, remember } from "../../handlers/home/place.ts";
import { alertMessage } from "../../handlers/views/alert.ts";
import { homeView } from "../../handlers/views/home.ts";
import { listMessage, statusMessage } from "../../handlers/views/list.ts";
import { nodesMessage } from "../../handlers/views/on-call/nodes.ts";
import { verdictMessage } from "../../handlers/views/on-call/verdict.ts";
import { quotaBlocks } from "../../handlers/views/quota.ts";
import { memoryStore } from "../../shared/adapters/memory-store.ts";
import { nodeShape } from "../../shared/kubernetes/shapes.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { OpenStackError, type Trouble } from "../../shared/openstack/errors.ts";
import { markOf } from "../../shared/resources/kind.ts";
import { inspectMembers, nodeTruth } from "../../shared/resources/node-truth.ts";
import { exampleConfig } from "../support/bot.ts";
import { wordsOf } from "./desk.ts";
import { NOW_MS, record } from "./given.ts";
import { alert } from "./views/alert-given.ts";
import { node, nodesOf, worker } from "./views/on-call/given.ts";
import { wordsIn } from "./workplace.ts";

// Goal: what people read of a cluster that is half there is so: no end that nobody counts, no advice that frees nothing, no
// answer that one dead host takes away.
const DAY_MS = 86_400_000;
const owner = { cluster: "k7f3m2q9x1", name: "dev" };

describe("the console of a node that is not Ready", () => {
  const members = (asked: () => Promise<string>) => {
    const server = {
      id: "s1",
      name: "dev-k7f3m2q9x1-server-worker-1",
      status: "ACTIVE",
      tenant_id: "p1",
      tags: [markOf(owner)],
      flavor: { original_name: "m1.large" },
      addresses: {},
    };
    const compute = { listServers: async () => [server], getConsoleLog: asked };
    const cloud = { scope: async () => ({ projectId: "p1" }), compute } as unknown as Cloud;
    return inspectMembers(cloud, owner, ["worker-1"], async () => []);
  };
  const failing = (trouble: Trouble) => () =>
    Promise.reject(
      new OpenStackError({ service: "compute", method: "POST", path: "/", fault: "MessagingTimeout", trouble }),
    );

  test.each<[Trouble, string]>([
    ["retry", "Nova does not tell the end of its console: MessagingTimeout"],
    ["missing", "Nova does not tell the end of its console: MessagingTimeout"],
    ["conflict", "Its console says nothing."],
    ["denied", "Its console says nothing."],
  ])("that Nova does not give (%s) takes nothing else away", async (trouble, says) => {
    const truth = await members(failing(trouble));
    expect(wordsOf(nodesMessage(nodesOf(truth.members))).split("\n")).toContain(says);
  });

  test("says its last lines; what is no answer of Nova's goes up", async () => {
    expect((await members(async () => "a\n\n b \n")).members[0]?.lastLines).toEqual(["a", "b"]);
    await expect(members(() => Promise.reject(new Error("ours")))).rejects.toThrow("ours");
  });
});

test("a node evicts pods for what it is short of, and for nothing else that it reports", () => {
  const truth = nodeTruth(
    nodeShape.parse({
      metadata: { name: "n1", uid: "u1", resourceVersion: "1" },
      status: {
        conditions: [
          { type: "Ready", status: "True" },
          { type: "DiskPressure", status: "True" },
          { type: "MemoryPressure", status: "False" },
          { type: "NetworkUnavailable", status: "True" },
          { type: "KernelDeadlock", status: "True" },
        ],
      },
    }),
  );
  expect(truth).toMatchObject({ pressures: ["DiskPressure"], conditions: ["NetworkUnavailable", "KernelDeadlock"] });
});

test.each([
  ["NetworkUnavailable", {}, ":x:"],
  ["NetworkUnavailable", { underWay: ["worker-1"] }, ":hourglass_flowing_sand:"],
  ["KernelDeadlock", {}, ":hourglass_flowing_sand:"],
])("a node that reports %s %j", (condition, over, sign) => {
  const said = wordsOf(nodesMessage(nodesOf([worker({ node: node({ conditions: [condition] }) })], over)));
  const [, line] = said.split("\n");
  const describe = "`kubectl describe node dev-k7f3m2q9x1-server-worker-1` says why.";
  expect(line).toBe(`${sign} *node worker-1*: It reports ${condition}: ${describe}`);
});

describe("when a cluster's time to live ends", () => {
  const shown = (wish: "present" | "absent") => {
    const one = record({ wish, expiresMs: NOW_MS + DAY_MS }, { phase: wish === "present" ? "ready" : "blocked" });
    const tenants = [{ name: "team-a", channel: "C0TEAMA", clusters: [one], clustersMax: 20 }];
    const user = one.requester;
    return [
      wordsOf(listMessage("team-a", [one], NOW_MS)),
      wordsOf(statusMessage(one, undefined, NOW_MS)),
      wordsOf(verdictMessage(one, [], NOW_MS)),
      wordsIn(homeView({ user, tenants, decisions: [], asked: [], page: 0 })),
    ].map((words) => /\b(until|lives)\b/i.test(words));
  };
  test("is told", () => expect(shown("present")).toEqual([true, true, true, true]));
  test("is nobody's question while it is deleted, or its delete has stopped", () =>
    expect(shown("absent")).toEqual([false, false, false, false]));
});

test.each([
  [55, 100, "55 %"],
  [7, 100, "7 %"],
  [1, 3, "34 %"],
])("%s of %s used after is %s", (needs, limit, percent) => {
  const words = wordsOf({
    text: "",
    blocks: quotaBlocks([{ service: "compute", resource: "cores", needs, used: 0, limit }]),
  });
  expect(words).toContain(percent);
});

test("an alert tells RAM in the unit that people know", () => {
  const quota = { about: "quota", symptom: "quota", mends: false } as const;
  const words = wordsOf(
    alertMessage(alert({ ...quota, facts: { lines: "compute ram 196608 204800\ncompute cores 19 20" } })),
  );
  expect(words).toMatch(/compute ram +192 GiB +200 GiB/);
  expect(words).toMatch(/compute cores +19 +20/);
});

test("somebody who comes every day stays a channel's own; a week after the last day they are not", async () => {
  let nowMs = NOW_MS;
  const clock = { nowMs: () => nowMs, wait: async () => undefined };
  const deps = { config: exampleConfig(), store: memoryStore(() => nowMs), log: undefined as never, clock };
  const places = async (days: number) => {
    nowMs = NOW_MS + days * DAY_MS;
    return [...(await placesOf(deps, "U0DEV"))];
  };
  await remember(deps, "U0DEV", "C0TEAMA");
  nowMs = NOW_MS + 6 * DAY_MS;
  await remember(deps, "U0DEV", "C0TEAMA");
  expect(await places(8)).toEqual([["team-a", "C0TEAMA"]]);
  expect(await places(13.1)).toEqual([]);
});
