import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { App, ExpressReceiver } from "@slack/bolt";
import { listenOn } from "../handlers/run.ts";
import { slackApp } from "../handlers/slack/app.ts";
import { openQueue } from "../shared/adapters/queues.ts";
import { openStore } from "../shared/adapters/stores.ts";
import { systemChance } from "../shared/adapters/system-chance.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import type { Config } from "../shared/cluster/config.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { exampleConfig, nobodyAnswers, recordingSlack } from "../test/support/bot.ts";

/** One side of the comparison in a process of its own: `kinvirt` or `bare`. Prints its URL. */
const [side = "kinvirt", signingSecret = "", tenants = "1"] = process.argv.slice(2);
const quiet = () => undefined;
const log = { info: quiet, warn: quiet, error: quiet };

/** As many tenants as it takes for no limit of clusters to be met. */
function manyTenants(count: number): Config {
  const config = exampleConfig();
  const tenant = config.tenants["team-a"];
  if (tenant === undefined) throw new Error("the example has team-a");
  const named = Array.from({ length: count }, (_, at) => ({
    name: `team-${at}`,
    tenant: { ...tenant, channels: [`C${at}`] },
  }));
  return { ...config, tenants: Object.fromEntries(named.map((one) => [one.name, one.tenant])) };
}

function kinvirt() {
  const clock = systemClock();
  const storeUrl = `sqlite://${join(mkdtempSync(join(tmpdir(), "kinvirt-bench-")), "state.db")}`;
  const deps: Deps = {
    config: manyTenants(Number(tenants)),
    store: openStore(storeUrl, () => clock.nowMs()),
    queue: openQueue("sqlite:", { clock, log, storeUrl }),
    slack: recordingSlack(),
    kubernetes: nobodyAnswers,
    cloudOf: () => {
      throw new Error("nobody works here");
    },
    clock,
    chance: systemChance(),
    log,
  };
  return slackApp(deps, { signingSecret }).express;
}

/** What Bolt's own first page has: a verified command and nothing done with it. */
function bare() {
  const receiver = new ExpressReceiver({ signingSecret, endpoints: "/slack/events", processBeforeResponse: true });
  const app = new App({ receiver, authorize: async () => ({}) });
  app.command("/k8s", async ({ ack }) => ack("ok"));
  return receiver.app;
}

const { url } = await listenOn(side === "bare" ? bare() : kinvirt(), 0, "127.0.0.1");
process.stdout.write(`${url}\n`);
