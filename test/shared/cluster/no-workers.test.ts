import { levelOf } from "../../../shared/cluster/doctor/index.ts";
import { planFor } from "../../../shared/cluster/planner.ts";
import { templateSpec } from "../../../shared/cluster/room.ts";
import { exampleConfig } from "../../support/bot.ts";
import { patient } from "./doctor/patient.ts";

// Goal: what a template says of its workers means nothing where it has none: doctor and plan agree on it.
const { small, ...others } = exampleConfig().templates;
if (small === undefined) throw new Error("the example has small");

/** Too small for the image, without a price, or not there at all. */
const withWorkers = (count: number, flavor: string) => ({ ...small, workers: { count, flavor } });

async function seen(count: number, flavor: string) {
  const template = withWorkers(count, flavor);
  const at = patient({
    templates: { ...others, small: template },
    wire: (send) => async (request) => {
      const response = await send(request);
      return { ...response, body: response.body.replaceAll('"min_ram":0', '"min_ram":1024') };
    },
  });
  const prices = { currency: "EUR", flavors: { "m1.medium": 1 }, floatingIp: 0, loadBalancer: 0, rwxGiBMonth: 0 };
  const plan = await planFor({
    cloud: at.cloud,
    config: { ...exampleConfig(), templates: { small: template }, prices },
    tenant: "team-a",
    action: "create",
    spec: templateSpec("small", template),
  });
  const lines = (await at.examine()).lines.filter(({ title }) => title === "Images" || title === "Flavors");
  return { doctor: levelOf({ lines }), plan: "problems" in plan ? plan.problems : plan.value.warnings };
}

test("with workers their flavor is looked at", async () => {
  expect(await seen(2, "m1.tiny")).toEqual({
    doctor: "red",
    plan: ["No price is configured for m1.tiny: the price leaves it out."],
  });
  const missing = await seen(2, "m9.huge");
  expect([missing.doctor, missing.plan[0]]).toEqual([
    "red",
    expect.stringContaining('There is no flavor "m9.huge" here.'),
  ]);
});

test.each(["m1.tiny", "m9.huge"])("without workers %s troubles nobody", async (flavor) => {
  expect(await seen(0, flavor)).toEqual({ doctor: "green", plan: [] });
});
