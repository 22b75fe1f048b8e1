import { dnsMessage, lbMessage } from "../../../handlers/views/on-call.ts";
import { wordsOf } from "../desk.ts";
import { dns, lb, member } from "./shown.ts";

// Goal: on-call's first question is answered in its first line, then what is wrong and what to do, and nothing cries wolf.
const first = (text: string): string => text.split("\n")[0] ?? "";
const todo = (text: string): readonly string[] => text.split("\n").filter((line) => line.startsWith(":point_right:"));

test("one that is well", () => {
  expect(wordsOf(lbMessage([lb()], "dev"))).toBe(
    [
      ":white_check_mark: The load balancer of *dev* is well.",
      "*dev-k7f3m2q9x1-load-balancer-api* (api, ovn) `203.0.113.68 → 10.20.0.9`",
      "operating ONLINE, provisioning ACTIVE",
      "listener TCP 6443: ONLINE, ACTIVE",
      ":white_check_mark: control-plane-1 `10.20.0.11:6443` ONLINE, ACTIVE",
      "read live from Octavia just now",
    ].join("\n"),
  );
});

test("what is not well comes first, and the verdict counts it", () => {
  const said = wordsOf(lbMessage([lb({ name: "well" }), lb({ name: "bad", members: [] })], "dev"));
  expect(first(said)).toBe(":warning: *dev*: 1 of 2 load balancers needs a look.");
  expect(said.indexOf("*bad*")).toBeLessThan(said.indexOf("*well*"));
});

const two = (a: string, b: string) => [member("one", a), member("two", b)];
test.each<[string, Parameters<typeof lb>[0], readonly string[]]>([
  [
    "in ERROR",
    { provisioning: "ERROR" },
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
    "without members",
    { members: [] },
    ["It has no members, so it has nowhere to send traffic: look whether the servers exist."],
  ],
  [
    "with one down of two",
    { members: two("ERROR", "ONLINE") },
    ["one down: traffic goes to the others. Look at what answers on its port."],
  ],
  [
    "with all down",
    { role: "service", members: two("ERROR", "OFFLINE") },
    ["All members are down: look whether the servers run and whether the Service's pods are ready."],
  ],
  [
    "of the API with all down",
    { members: two("ERROR", "ERROR") },
    [
      "No control plane answers, as is expected while it is created. Later `openstack console log show dev-k7f3m2q9x1-server-one` shows how far its boot came.",
    ],
  ],
  [
    "without a monitor",
    { members: [member("one", "NO_MONITOR", "ACTIVE", false)] },
    ["1 member without a health monitor: Octavia does not know whether they answer."],
  ],
  [
    "whose monitor is silent",
    { members: [member("one", "NO_MONITOR")] },
    [
      "Octavia's health monitor has not reported yet. If it stays so for minutes, an operator looks whether its amphorae send heartbeats.",
    ],
  ],
])("a load balancer %s: what to do", (_what, over, what) => {
  const said = wordsOf(lbMessage([lb(over)], "dev"));
  expect(first(said)).toBe(":warning: *dev*: 1 of 1 load balancer needs a look.");
  expect(todo(said)).toEqual(what.map((one) => `:point_right: ${one}`));
});

test("a Service's that has no monitor is well as far as anybody knows", () => {
  const said = wordsOf(
    lbMessage([lb({ role: "service", members: [member("one", "NO_MONITOR", "ACTIVE", false)] })], "dev"),
  );
  expect(first(said)).toBe(":white_check_mark: The load balancer of *dev* is well.");
  expect(said).toContain("without a health monitor: Octavia does not know whether they answer");
});

test("none at all", () => {
  expect(wordsOf(lbMessage([], "dev"))).toBe(
    ":warning: *dev* has no load balancer in the cloud.\nIf the cluster is ready, it was deleted by hand: type `/k8s retry dev` to have it made again.",
  );
});

test("more than fit are counted", () => {
  expect(wordsOf(lbMessage(Array.from({ length: 45 }, () => lb())))).toContain("and 5 more");
});

test("DNS that is right is one line each", () => {
  expect(wordsOf(dnsMessage([dns()], "dev"))).toBe(
    [
      ":white_check_mark: The DNS name of *dev* is right.",
      "`api.dev.k8s.example.org.` A `203.0.113.68` (ACTIVE)",
      "      :white_check_mark: right",
      "read live from Designate just now",
    ].join("\n"),
  );
});

test.each([
  ["missing", true],
  ["wrong", true],
  ["pending", false],
  ["error", false],
  ["foreign", false],
] as const)("a DNS name that is %s: what is wanted, what is there, and whether a retry mends it (%s)", (verdict, mends) => {
  const said = wordsOf(dnsMessage([dns(), dns({ verdict, actual: ["198.51.100.1"] })], "dev"));
  expect(first(said)).toBe(":warning: *dev*: 1 of 2 DNS names is not right.");
  expect(said).toContain("wanted `203.0.113.68`, found `198.51.100.1` (ACTIVE)");
  expect(said.includes("To have them put right, type `/k8s retry dev`.")).toBe(mends);
});

test("a record that is not there at all", () => {
  const said = wordsOf(dnsMessage([dns({ verdict: "missing", actual: undefined, status: undefined })]));
  expect(said).toContain("wanted `203.0.113.68`, found nothing\n");
  expect(said).toContain("type `/k8s retry NAME`");
});
