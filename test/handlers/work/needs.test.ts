import { planFor } from "../../../shared/cluster/planner.ts";
import { exampleConfig } from "../../support/bot.ts";
import { type Town, town } from "../../support/town.ts";
import { spec } from "../given.ts";

// Goal: what a plan says that a cluster takes of every quota is what its making takes.

const NODES = 3;

let now: Town | undefined;
afterEach(() => now?.close());

/** The plan as it is now: its lines say what is used. */
async function planned(at: Town) {
  const found = await planFor({
    cloud: at.cloudOf("team-a"),
    config: at.deps.config,
    tenant: "team-a",
    action: "create",
    spec: spec({ image: exampleConfig().templates["small"]?.image ?? "" }),
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
