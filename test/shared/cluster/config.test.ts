import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { config } from "../../../shared/cluster/config.ts";

// Goal: the example works as it stands, and every mistake is named by its path.
const example = () => parse(readFileSync("kinvirt.example.yaml", "utf8"));

test("the example is accepted, with sizes in GiB and durations in seconds", () => {
  const read = config.parse(example());
  expect(read.tenants["team-a"]?.limits).toEqual({ clusters: 20, workers: 10, rwx: 2048, ttl: 2_592_000 });
  expect(read.tenants["team-b"]?.loadBalancerProvider).toBe("amphora");
  expect(read.policy.autoApprove.create).toEqual({ workers: 2, rwx: 50, ttl: 259_200 });
});

test.each([
  ["a zone without its dot", "tenants.team-a.dnsZone", "k8s.example.org"],
  ["a name server that is no address", "tenants.team-a.nameServers.0", "ns1.example.org"],
  ["a range that begins inside itself", "tenants.team-a.cidrs.pods", "10.244.1.0/16"],
  ["a range that is none", "tenants.team-a.cidrs.nodes", "10.20.0.0"],
  ["a size without a unit", "tenants.team-a.limits.rwx", "200"],
  ["an unknown key", "tenants.team-a.flavour", "m1"],
  ["an even control plane", "templates.ha.controlPlane.count", 2],
  ["a version that YAML reads as a number", "templates.ha.version", 1.36],
  ["a default template that is not there", "defaultTemplate", "tiny"],
  ["a channel of two tenants", "tenants.team-b.channels.0", "C0TEAMA"],
  ["a policy that asks for no approval by a slip", "policy.approvals", 0],
  ["an approver that is no Slack id", "policy.approvers.0", "@anna"],
  ["a rule for an action that there is not", "policy.actions.explode", {}],
  ["more approvals than there are approvers", "policy.approvals", 3],
  ["the same of a tenant", "tenants.team-a.policy", { approvals: 3 }],
  ["a tenant's rule that asks for nobody", "tenants.team-a.policy.approvals", 0],
  ["a role that is no list", "roles.retry", "everyone"],
  ["a tenant's role for what is no deed", "tenants.team-a.roles.destroy", ["everyone"]],
])("%s is named by its path %s", (_what, path, value) => {
  const broken = example();
  broken.tenants["team-a"].nameServers = ["192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:53"];
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  keys.reduce((at, key) => {
    at[key] ??= {};
    return at[key];
  }, broken)[last] = value;
  const result = config.safeParse(broken);
  const named = result.error?.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => [...issue.path, key].join("."))
      : [issue.path.join(".")],
  );
  expect(named).toContain(path);
});

test("without roles everything is as it always was", () => {
  expect(config.parse(example()).roles).toEqual({
    create: ["everyone"],
    delete: ["everyone"],
    kubeconfig: ["everyone"],
    kubeconfigAdmin: ["requester", "approvers"],
    renew: ["requester", "approvers"],
    retry: ["everyone"],
  });
});
