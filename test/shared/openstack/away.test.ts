import { type Town, town } from "../../support/town.ts";

// Goal: while a service is away for minutes, a create neither fails nor asks it again and again; people are told once, who asks has it
// asked, and once it is back the cluster becomes ready.
const AWAY_MS = 10 * 60_000;

let one: Town;
afterEach(() => one.close());

async function approved(one: Town): Promise<void> {
  await one.type("create dev");
  await one.until(() => one.button("request:approve") !== "");
  await one.click("request:approve", one.button("request:approve"));
}

test("Octavia is away for ten minutes of a create", async () => {
  let asked = 0;
  one = await town({
    wire: (send) => (request) => {
      if (request.url.includes("/load-balancer/")) asked += 1;
      return send(request);
    },
  });
  await approved(one);
  await one.until(async () => (await one.record("team-a/dev"))?.status.steps["network"]?.state === "ready");
  asked = 0;
  const back = one.sandbox.faults.down("load-balancer", "refused");
  const sinceMs = one.clock.nowMs();
  await one.until(() => one.clock.nowMs() - sinceMs > AWAY_MS);
  // Each pass that asks would have tried three times.
  expect(asked).toBeLessThanOrEqual(20);
  const record = await one.record("team-a/dev");
  expect([record?.status.phase, record?.status.failures.length]).toEqual(["creating", 1]);
  const before = asked;
  await one.type("lb dev");
  await one.until(() => one.whispered().includes("load-balancer service gave no answer"));
  expect(asked).toBeGreaterThan(before);
  back();
  const backMs = one.clock.nowMs();
  await one.until(async () => (await one.record("team-a/dev"))?.status.phase === "ready");
  expect(one.clock.nowMs() - backMs).toBeLessThan(120_000);
  const fault = "no answer from the service (connect ECONNREFUSED openstack.sandbox:80)";
  expect(one.slack.said.filter(({ thread }) => thread !== undefined).map(({ message }) => message.text)).toEqual([
    `:warning: load balancer api: ${fault}`,
    "<@U0DEV> dev is ready.",
  ]);
});
