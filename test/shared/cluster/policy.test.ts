import { config } from "../../../shared/cluster/config.ts";
import { shortages } from "../../../shared/cluster/needs.ts";
import { overlaps } from "../../../shared/cluster/planner.ts";
import { reasonsToAsk, rulesOf } from "../../../shared/cluster/policy.ts";
import type { ClusterSpec } from "../../../shared/cluster/spec.ts";

// Goal: what needs a person is asked for with its reason, and what can't fit is said in numbers before anything is made.
const policy = config.shape.policy.parse({
  autoApprove: { create: { workers: 2, rwx: "50Gi", ttl: "3d" }, delete: { own: true } },
});
const spec = (over: Partial<ClusterSpec>): ClusterSpec => ({
  name: "dev",
  template: "small",
  version: "1.36",
  image: "ubuntu",
  controlPlane: { count: 1, flavor: "m1.medium" },
  workers: { count: 2, flavor: "m1.large" },
  cni: "calico",
  ttlSeconds: 86_400,
  ...over,
});

test.each([
  ["within all", {}, []],
  ["workers", { workers: { count: 3, flavor: "m1.large" } }, ["3 workers: up to 2 would need no approval"]],
  [
    "control planes, where the template has fewer",
    { controlPlane: { count: 7, flavor: "m1.medium" }, workers: { count: 0, flavor: "m1.large" } },
    ["7 control planes: up to 1 would need no approval"],
  ],
  ["storage", { rwxGib: 94 }, ["94 GiB of shared storage: up to 50 GiB would need no approval"]],
  ["time", { ttlSeconds: 604_800 }, ["7d to live: up to 3d would need no approval"]],
])("create: %s", (_what, over, reasons) => {
  expect(reasonsToAsk(policy, { action: "create", spec: spec(over), own: true, planes: 1 })).toEqual(reasons);
});

test("a cluster that never expires asks, and says which --ttl would not", () => {
  const { ttlSeconds: _never, ...rest } = spec({});
  const brief = config.shape.policy.parse({ autoApprove: { create: { ttl: "36h" } } });
  expect(reasonsToAsk(brief, { action: "create", spec: rest, own: true, planes: 1 })).toEqual([
    "a cluster that never ends: with --ttl 1d12h or less it would need no approval",
  ]);
});

test("deleting one's own needs nobody, another's does, and without a rule everything asks", () => {
  expect(reasonsToAsk(policy, { action: "delete", spec: spec({}), own: true, planes: 1 })).toEqual([]);
  expect(reasonsToAsk(policy, { action: "delete", spec: spec({}), own: false, planes: 1 })).toEqual([
    "another person asked for this cluster",
  ]);
  const none = config.shape.policy.parse({});
  expect(reasonsToAsk(none, { action: "create", spec: spec({}), own: true, planes: 1 })).toHaveLength(1);
  expect(reasonsToAsk(none, { action: "delete", spec: spec({}), own: true, planes: 1 })).toEqual([
    "every delete needs an approval",
  ]);
});

test.each([
  ["fits exactly", { needs: 4, used: 6, limit: 10 }, []],
  ["is short", { needs: 16, used: 6, limit: 10 }, ["It needs 12 more cores than the 4 left in team-a."]],
  ["has no limit", { needs: 16, used: 6, limit: -1 }, []],
  ["is over already", { needs: 1, used: 12, limit: 10 }, ["It needs 1 more core than the 0 left in team-a."]],
])("a quota line that %s", (_what, numbers, sentences) => {
  expect(shortages([{ service: "compute", resource: "cores", ...numbers }], "team-a")).toEqual(sentences);
});

test("ranges that overlap are named in pairs", () => {
  expect(overlaps({ nodes: "10.20.0.0/24", pods: "10.244.0.0/16", services: "10.96.0.0/16" })).toEqual([]);
  expect(overlaps({ nodes: "10.244.7.0/24", pods: "10.244.0.0/16", services: "10.96.0.0/16" })).toHaveLength(1);
});

const tenant = { cloud: "c", channels: ["C1"], externalNetwork: "public", dnsZone: "k8s.example.org." };
const whole = config.parse({
  tenants: {
    plain: tenant,
    own: {
      ...tenant,
      channels: ["C2"],
      policy: { approvals: 3, autoApprove: { create: { workers: 9 } }, actions: { delete: { approvers: ["S9"] } } },
    },
    strict: {
      ...tenant,
      channels: ["C3"],
      policy: {
        approvers: ["U6", "U7"],
        actions: { delete: { approvers: ["U8", "U9"], approvals: 2, expiresAfter: "2h" } },
      },
    },
  },
  templates: {
    small: {
      version: "1.36",
      image: "i",
      controlPlane: { count: 1, flavor: "f" },
      workers: { count: 1, flavor: "f" },
    },
  },
  defaultTemplate: "small",
  policy: {
    approvers: ["U1", "S1"],
    expiresAfter: "2h",
    autoApprove: { create: { workers: 2 }, delete: { own: true } },
    actions: { delete: { approvals: 2 } },
  },
});
const auto = { create: { workers: 2 }, delete: { own: true } };

test.each([
  ["what holds for all", "plain", "create", { approvers: ["U1", "S1"], approvals: 1, autoApprove: auto }],
  ["what holds for one action", "plain", "delete", { approvers: ["U1", "S1"], approvals: 2, autoApprove: auto }],
  [
    "what a tenant says over it",
    "own",
    "create",
    { approvers: ["U1", "S1"], approvals: 3, autoApprove: { ...auto, create: { workers: 9 } } },
  ],
  [
    "what a tenant says of one action, and of all, over what the top says of that action",
    "own",
    "delete",
    { approvers: ["S9"], approvals: 3, autoApprove: { ...auto, create: { workers: 9 } } },
  ],
  [
    "what a tenant says of one action over what it says of all",
    "strict",
    "delete",
    { approvers: ["U8", "U9"], approvals: 2, autoApprove: auto },
  ],
  [
    "what a tenant says of one action, and of no other",
    "strict",
    "create",
    { approvers: ["U6", "U7"], approvals: 1, autoApprove: auto },
  ],
  [
    "a tenant that is in the configuration no more",
    "gone",
    "create",
    { approvers: ["U1", "S1"], approvals: 1, autoApprove: auto },
  ],
] as const)("rules: %s", (_what, name, action, rules) => {
  expect(rulesOf(whole, name, action)).toEqual({ ...rules, expiresAfter: 7200 });
});
