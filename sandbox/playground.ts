import { join } from "node:path";
import express, { type Express } from "express";
import { helpEntry } from "../handlers/command.ts";
import { commands } from "../handlers/commands/index.ts";
import { download } from "../handlers/download.ts";
import { health } from "../handlers/health.ts";
import { listenOn, type Running, work } from "../handlers/run.ts";
import { slackApp } from "../handlers/slack/app.ts";
import { memoryQueue } from "../shared/adapters/memory-queue.ts";
import { memoryStore } from "../shared/adapters/memory-store.ts";
import { slackWeb } from "../shared/adapters/slack-web.ts";
import { undiciSend } from "../shared/adapters/undici-send.ts";
import { assert } from "../shared/assert.ts";
import type { Config } from "../shared/cluster/config.ts";
import type { Cloud } from "../shared/openstack/cloud.ts";
import { connect } from "../shared/openstack/connect.ts";
import { tracer } from "../shared/openstack/traced.ts";
import type { Chance, Clock } from "../shared/ports/clock.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { Log } from "../shared/ports/log.ts";
import { cloudRows } from "./cloud-rows.ts";
import { datacenter } from "./datacenter.ts";
import { kubectlDoors } from "./kubectl.ts";
import { type Options, PREFIX } from "./openstack/core.ts";
import type { Sandbox } from "./openstack/index.ts";
import { slackPage } from "./page/index.ts";
import { createSlack, type SandboxSlack } from "./slack/index.ts";
import { switchboard } from "./switches.ts";

export interface PlaygroundOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly config: Config;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Where the folder `sandbox` is on disk. */
  readonly folder: string;
  readonly cloud?: Options;
}

export interface Playground extends Running {
  readonly cloud: Sandbox;
  readonly slack: SandboxSlack;
  readonly deps: Deps;
}

/** Who tries it waits half a minute for a cluster, and not three. */
const HASTE = 4;
const SECRET_CHARS = 32;

/** The bot as it is served, between an embedded OpenStack and a Slack-like page, all behind one port and all over HTTP. */
export async function playground(options: PlaygroundOptions): Promise<Playground> {
  const { clock, chance, config, log } = options;
  // The parts need the address, which is known once something listens.
  let web: Express | undefined;
  const front = await listenOn((request, response) => web?.(request, response), options.port, "127.0.0.1");
  const place = { clock, chance, haste: HASTE, options: { wait: (ms: number) => clock.wait(ms), ...options.cloud } };
  const { cloud, kubernetes, newDialer } = datacenter(place);
  const doors = kubectlDoors(kubernetes, clock);
  const [signingSecret, token] = [chance.token(SECRET_CHARS), `xoxb-${chance.token(SECRET_CHARS)}`];
  const slack = createSlack({
    clock,
    chance,
    origin: front.url,
    botUrl: `${front.url}/slack/events`,
    signingSecret,
    token,
  });
  const clouds = cloudsOf(cloud, config, front.url, clock);
  const queue = memoryQueue({ clock, log });
  const deps: Deps = {
    config,
    store: memoryStore(() => clock.nowMs()),
    queue,
    slack: slackWeb({ token, apiUrl: `${front.url}/slack/api/` }),
    cloudOf: clouds.cloudOf,
    trace: clouds.trace,
    kubernetes: { ...newDialer(), urlOf: doors.urlOf },
    nameServers: cloud.nameServers,
    publicUrl: front.url,
    clock,
    chance,
    log,
  };
  web = express();
  web.disable("x-powered-by");
  for (const prefix of Object.values(PREFIX)) {
    web.use((request, response, next) => {
      if (request.path === prefix || request.path.startsWith(`${prefix}/`)) cloud.listener(request, response);
      else next();
    });
  }
  const faults = switchboard(cloud, slack.faults);
  const panel = {
    ...faults,
    rows: () => cloudRows(cloud, Object.keys(config.tenants)),
    commands: commands.map(helpEntry),
    projects: Object.fromEntries(
      Object.entries(config.tenants).flatMap(([name, tenant]) => tenant.channels.map((id) => [id, name])),
    ),
  };
  web.use(slack.router, slackPage(slack, panel, join(options.folder, "page")));
  web.use(slackApp(deps, { signingSecret }).express, health(deps), download(deps));
  const back = work(deps, queue);
  return {
    url: front.url,
    cloud,
    slack,
    deps,
    async stop() {
      await front.stop();
      await back.stop();
      await queue.close();
      await clouds.close();
      await doors.close();
    },
  };
}

/** Each tenant's own login, through the door that everybody else would use. */
function cloudsOf(sandbox: Sandbox, config: Config, url: string, clock: Clock) {
  const send = undiciSend();
  const { trace, through } = tracer();
  const runtime = { send: through(send), nowMs: () => clock.nowMs(), wait: (ms: number) => clock.wait(ms) };
  const clouds = new Map<string, Cloud>(
    Object.entries(config.tenants).map(([name, tenant]) => [
      name,
      connect(sandbox.settings(tenant.cloud, url), runtime),
    ]),
  );
  return {
    trace,
    cloudOf(tenant: string): Cloud {
      const found = clouds.get(tenant);
      assert(found !== undefined, `the tenant ${tenant} is configured`);
      return found;
    },
    close: () => send.close(),
  };
}
