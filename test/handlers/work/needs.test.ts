import type { Plan } from "../../../shared/cluster/plan.ts";
import { planFor } from "../../../shared/cluster/planner.ts";
import type { Send } from "../../../shared/openstack/send.ts";
import { exampleConfig } from "../../support/bot.ts";
import { type Town, town } from "../../support/town.ts";
import { spec } from "../given.ts";

// Goal: what a plan says that a cluster takes of every quota is what its making takes.

const NODES = 3;

let now: Town | undefined;
afterEach(() => now?.close());

/** The plan as it is now: its lines say what is used. */
async function planned(at: Town, before?: Plan) {
  const found = await planFor({
    cloud: at.cloudOf("team-a"),
    config: at.deps.config,
    tenant: "team-a",
    action: "create",
    spec: spec({ image: exampleConfig().templates["small"]?.image ?? "" }),
    ...(before === undefined ? {} : { before }),
  });
  if ("problems" in found) throw new Error(found.problems.join(" "));
  return found.value;
}

test.each([
  "ovn",
  "amphora",
] as const)("every line of the quota is used as the plan says, with %s", async (provider) => {
  const config = exampleConfig();
  const teamA = config.tenants["team-a"];
  if (teamA === undefined) throw new Error("the example has team-a");
  const tenants = { ...config.tenants, "team-a": { ...teamA, loadBalancerProvider: provider } };
  const at = await town({ config: { ...config, tenants } });
  now = at;
  const before = (await planned(at)).quota;
  expect(before.length).toBeGreaterThan(15);
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(() => at.live().includes("is ready after"));
  const after = (await planned(at)).quota;
  const taken = before.map(({ resource, used }) => [
    resource,
    (after.find((line) => line.resource === resource)?.used ?? 0) - used,
  ]);
  // Each node's payload is a secret too, until the node is in.
  const over = (resource: string) => (resource === "secrets" ? NODES : 0);
  expect(taken).toEqual(before.map(({ resource, needs }) => [resource, needs - over(resource)]));
});

test("a plan that is made again counts only what has a limit, in one round, and sees a limit that has shrunk", async () => {
  const asked: string[] = [];
  const wire =
    (send: Send): Send =>
    (request) => {
      asked.push(request.url.replace(/^https?:\/\/[^/]+/, ""));
      return send(request);
    };
  const at = await town({ wire });
  now = at;
  const first = await planned(at);
  const whole = asked.splice(0).filter((url) => !/auth|\/$/.test(url));
  const again = await planned(at, first);
  expect(again).toEqual(first);
  const endless = new Set(first.quota.filter(({ limit }) => limit < 0).map(({ resource }) => resource));
  expect([...endless]).toEqual(expect.arrayContaining(["load_balancer", "member", "secrets"]));
  expect(whole.length - asked.length).toBe(6); // load balancers, listeners, monitors, pools; secrets, orders
  expect(asked.some((url) => /os-quota-sets/.test(url)) && asked.some((url) => /lbaas\/quotas/.test(url))).toBe(true);
  const lines = first.quota.map((line) => ({ ...line, used: line.used + 1 }));
  const { quota } = await planned(at, { ...first, quota: lines });
  // What was counted is as it is; the rest as it was.
  for (const line of quota) {
    const before = first.quota.find(({ resource }) => resource === line.resource);
    expect(line.used - (before?.used ?? 0)).toBe(endless.has(line.resource) ? 1 : 0);
  }
  const elsewhere = { ...first.resolved, zone: { id: "another", name: first.resolved.zone.name } };
  expect((await planned(at, { ...first, resolved: elsewhere })).quota).toEqual(first.quota);
});

test("the cluster's own logins get no role that they do not need", async () => {
  const at = await town();
  now = at;
  const { roles } = await at.cloudOf("team-a").scope();
  const plan = await planned(at);
  expect(roles.length).toBeGreaterThan(plan.resolved.roles.length);
  expect(plan.resolved.roles).toEqual(
    ["member", "load-balancer_member", "creator"].filter((role) => roles.includes(role)),
  );
});
