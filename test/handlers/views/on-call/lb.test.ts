import { lbMessage, oneLbMessage } from "../../../../handlers/views/on-call/lb.ts";
import type { LbWanted } from "../../../../handlers/views/on-call/lb-findings.ts";
import type { LbTruth } from "../../../../shared/resources/load-balancer-truth.ts";
import { wordsOf } from "../../desk.ts";
import { lb, lbsOf, member, serviceLb } from "./given.ts";

// Goal: on-call's first question is answered in its first line, then what is wrong and what to do, and nothing cries wolf.
const first = (text: string): string => text.split("\n")[0] ?? "";
const todo = (text: string): readonly string[] => text.split("\n").filter((line) => line.startsWith(":point_right:"));

test("one that is well", () => {
  expect(wordsOf(lbMessage([lbsOf([lb()])], "dev"))).toBe(
    [
      ":white_check_mark: The load balancer of *dev* is well.",
      "*dev-k7f3m2q9x1-load-balancer-api* (api, ovn) `203.0.113.68 → 10.20.0.9`",
      "operating ONLINE, provisioning ACTIVE",
      "listener TCP 6443: ONLINE, ACTIVE",
      ":white_check_mark: control-plane-1 `10.20.0.11:6443` ONLINE, ACTIVE",
    ].join("\n"),
  );
});

test("since when", () => {
  const members = [member("one", "ERROR", { updatedAt: "2026-01-01T11:59:00Z" })];
  const said = wordsOf(lbMessage([lbsOf([lb({ updatedAt: "2026-01-01T12:00:00Z", members })])], "dev"));
  expect(said).toContain("provisioning ACTIVE, changed last <!date^1767268800^");
  expect(said).toContain("ERROR, ACTIVE since <!date^1767268740^");
});

test("what is not well comes first, and the verdict counts it", () => {
  const said = wordsOf(lbMessage([lbsOf([serviceLb({ name: "well" }), lb({ name: "bad", members: [] })])], "dev"));
  expect(first(said)).toBe(":warning: *dev*: 1 of 2 load balancers needs a person.");
  expect(said.indexOf("*bad*")).toBeLessThan(said.indexOf("*well*"));
});

const two = (a: string, b: string) => [member("one", a), member("two", b)];
const AWAY: Partial<LbWanted> = { members: [{ name: "one", address: "10.20.0.11" }] };
const monitor = "Octavia's health monitor says that no control plane answers, and the API answers all the same.";
test.each<[string, Partial<LbTruth>, readonly string[]]>([
  [
    "in ERROR",
    { provisioning: "ERROR", provider: "amphora" },
    [
      "Octavia could not build or change it: an operator runs `openstack loadbalancer failover lb-1` or looks in Octavia's log.",
    ],
  ],
  [
    "being changed",
    { provisioning: "PENDING_UPDATE" },
    ["Octavia is working on it (PENDING_UPDATE); it refuses changes until it has ended. Look again in a minute."],
  ],
  [
    "switched off",
    { disabled: true },
    ["Somebody has switched it off: if nobody meant it, `openstack loadbalancer set --enable lb-1` switches it on."],
  ],
  [
    "whose listener failed",
    { listeners: [{ protocol: "TCP", port: 6443, provisioning: "ERROR", operating: "OFFLINE" }] },
    ["Octavia has its listener on port 6443 in ERROR: an operator looks in its log."],
  ],
  ["without a listener", { listeners: [] }, ["It has no listener, so nothing is answered at its address."]],
  [
    "without members",
    { members: [] },
    ["It has no members, so it has nowhere to send traffic: look whether the servers exist, with `/k8s nodes dev`."],
  ],
  [
    "with one down of two",
    { members: two("ERROR", "ONLINE") },
    ["one down: traffic goes to the others. Look at what answers on its port."],
  ],
  [
    "with one switched off, whatever Octavia calls it",
    { members: [member("one", "ONLINE", { disabled: true }), member("two", "ONLINE")] },
    [
      "one switched off by somebody: if nobody meant it, switch it on with `openstack loadbalancer member set --enable pool-1 member-one`.",
    ],
  ],
  [
    "of an API that answers, with all down",
    { members: two("ERROR", "ERROR") },
    [`${monitor} Look again in a minute; if it stays so, an operator looks at the monitor.`],
  ],
  [
    "without a monitor",
    { members: [member("one", "NO_MONITOR", { monitored: false })] },
    ["1 member without a health monitor: Octavia does not know whether they answer."],
  ],
  [
    "whose monitor is silent",
    { members: [member("one", "NO_MONITOR")] },
    [
      "Octavia's health monitor has not reported yet. If it stays so for minutes, an operator looks whether its amphorae send heartbeats.",
    ],
  ],
  [
    "with a stranger and without a control plane",
    { members: [member("x", "ONLINE", { address: "10.20.0.99" })] },
    [
      "one is not among its members: `/k8s retry dev` puts it back.",
      "`10.20.0.99:6443` is no control plane of this cluster: `/k8s retry dev` takes it out.",
    ],
  ],
  [
    "without its floating IP",
    { floatingIp: "203.0.113.99" },
    ["It has `203.0.113.99` and should have `203.0.113.68`: `/k8s retry dev` puts that right."],
  ],
])("a load balancer %s: what to do", (_what, over, what) => {
  const said = wordsOf(lbMessage([lbsOf([lb(over)], AWAY)], "dev"));
  const passes = /Look again in a minute|not reported yet/.test(what.join());
  expect(first(said)).toBe(
    passes
      ? ":hourglass_flowing_sand: *dev*: 1 thing to look at again in a minute."
      : ":warning: *dev*: the load balancer needs a person.",
  );
  expect(todo(said)).toEqual(what.map((one) => `:point_right: ${one}`));
});

test.each([
  [
    "there",
    "No control plane answers, so nobody reaches the API: `/k8s nodes dev` shows their servers and the end of their consoles.",
  ],
  [
    "coming",
    "No control plane answers yet, as is expected while it is created: `/k8s nodes dev` shows how far their boot came.",
  ],
] as const)("all members of an API that does not answer, of a cluster that is %s", (stage, what) => {
  const wanted = { ...lbsOf([]).wanted, services: undefined };
  const { services: _, ...silent } = wanted;
  const of = { cluster: "dev", stage, wanted: silent, lbs: [lb({ members: two("ERROR", "ERROR") })] };
  expect(todo(wordsOf(lbMessage([of], "dev")))).toEqual([`:point_right: ${what}`]);
});

test("a Service's that has no monitor is well as far as anybody knows", () => {
  const members = [member("one", "NO_MONITOR", { monitored: false })];
  const said = wordsOf(lbMessage([lbsOf([lb(), serviceLb({ members })])], "dev"));
  expect(first(said)).toBe(":white_check_mark: All 2 load balancers of *dev* are well.");
  expect(said).toContain("without a health monitor: Octavia does not know whether they answer");
});

test("one that is missing beside one that is not well, and all of a team's", () => {
  const all = [lbsOf([lb({ members: [] })], { services: [] }), lbsOf([])];
  expect(first(wordsOf(lbMessage(all)))).toBe(
    ":warning: This team: the load balancer needs a person, and 1 load balancer is missing.",
  );
  expect(first(wordsOf(lbMessage([])))).toBe(
    ":white_check_mark: This team has no load balancer in the cloud, and should have none.",
  );
});

test("a Service's with all down", () => {
  const said = wordsOf(lbMessage([lbsOf([lb(), serviceLb({ members: two("ERROR", "OFFLINE") })])], "dev"));
  expect(todo(said)).toEqual([
    ":point_right: All members are down: look whether the nodes are Ready (`/k8s nodes dev`) and whether the Service's pods are.",
  ]);
});

test("a Service's without members, and pods' way to the API", () => {
  const inner = lb({ role: "inner", of: ["kubernetes"], members: two("ERROR", "ERROR") });
  const said = wordsOf(lbMessage([lbsOf([lb(), inner, serviceLb({ members: [] })])], "dev"));
  expect(todo(said)).toEqual([
    ":point_right: No control plane answers, so pods do not reach the API: `/k8s nodes dev` shows their servers.",
    ":point_right: It has no members, so it has nowhere to send traffic: look whether its pods are Ready, and the nodes that they run on.",
  ]);
});

test("what is missing: the API's own, and that of a Service", () => {
  expect(wordsOf(lbMessage([lbsOf([])], "dev"))).toBe(
    [
      ":warning: *dev*: 1 load balancer is missing.",
      ":x: *load balancer api*: It is not in the cloud any more, so nobody reaches the API: `/k8s retry dev` makes it again.",
    ].join("\n"),
  );
  const said = wordsOf(lbMessage([lbsOf([lb(), serviceLb()], { services: ["default/shop", "web/blog"] })], "dev"));
  expect(said.split("\n").slice(0, 2)).toEqual([
    ":hourglass_flowing_sand: *dev*: 1 thing to look at again in a minute.",
    ":hourglass_flowing_sand: *Service web/blog*: The Service has no load balancer in the cloud. If it is older than some minutes, `kubectl -n web describe service blog` says why.",
  ]);
});

test("nothing is missed of a cluster that is going, and little of one that comes", () => {
  expect(wordsOf(lbMessage([lbsOf([], {}, "leaving")], "dev"))).toBe(
    ":white_check_mark: *dev* has no load balancer in the cloud, and should have none.",
  );
  expect(wordsOf(lbMessage([lbsOf([], { made: false }, "coming")], "dev")).split("\n")).toEqual([
    ":hourglass_flowing_sand: *dev*: 1 thing to look at again in a minute.",
    ":hourglass_flowing_sand: *load balancer api*: It is not there yet: it comes once the network is there.",
  ]);
});

test("more than fit are counted, and how to see one is told", () => {
  const many = Array.from({ length: 45 }, () => lb());
  expect(wordsOf(lbMessage([lbsOf(many)]))).toContain("and 5 more: `/k8s lb NAME LB` tells about one");
});

test("everything about one: what each state means", () => {
  const one = serviceLb({
    createdAt: "2026-01-01T12:00:00Z",
    of: ["default/shop", "default/blog"],
    operating: "DEGRADED",
    members: two("ERROR", "ONLINE"),
  });
  const lines = wordsOf(oneLbMessage(one, lbsOf([one]))).split("\n");
  expect(lines[0]).toBe(":warning: *dev*, load balancer default/shop: 1 thing needs a person.");
  expect(lines).toContain("operating DEGRADED (some of its members do not answer)");
  expect(lines).toContain("provisioning ACTIVE (its last change is done)");
  expect(lines).toContain("serves `default/shop`, `default/blog`");
  expect(lines).toContain("pool dev-pool: 1 member, health monitor TCP, ONLINE, ACTIVE");
  expect(lines).toContain("`openstack loadbalancer status show lb-2` shows the same");
});
