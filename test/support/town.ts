import { datacenter } from "../../sandbox/datacenter.ts";
import type { Options } from "../../sandbox/openstack/core.ts";
import type { Config } from "../../shared/cluster/config.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import type { CloudSettings } from "../../shared/openstack/clouds.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { HttpRequest, Send } from "../../shared/openstack/send.ts";
import { tracer } from "../../shared/openstack/traced.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { bot, exampleConfig } from "./bot.ts";
import { swiftKubernetes } from "./swift-kubernetes.ts";
import { countedChance, virtualClock } from "./virtual.ts";

export interface TownOptions {
  readonly config?: Config;
  readonly cloud?: Options;
  /** Servers really boot, and take their time. Otherwise a cluster is there with its servers. */
  readonly boots?: boolean;
  /** How a tenant logs in; the right way unless told. */
  readonly login?: (settings: CloudSettings) => CloudSettings;
  /** Stands between the bot and the cloud. */
  readonly wire?: (send: Send) => Send;
}

const PASSES_MAX = 600;

/** The bot, an embedded cloud and a recording Slack in one virtual time. */
export async function town(options: TownOptions = {}) {
  const clock = virtualClock();
  const chance = countedChance();
  const place = { clock, chance, ...(options.cloud === undefined ? {} : { options: options.cloud }) };
  const { cloud: sandbox, kubernetes, newDialer } = datacenter(place);
  const swift = swiftKubernetes(() => ["team-a", "team-b"].map((project) => sandbox.everything(project, "server")));
  const way = options.boots === true ? newDialer() : swift;
  const writes: HttpRequest[] = [];
  const wire = options.wire?.(sandbox.send) ?? sandbox.send;
  const counting: Send = (request) => {
    if (request.method !== "GET" && !request.url.endsWith("/auth/tokens")) writes.push(request);
    return wire(request);
  };
  const config = options.config ?? exampleConfig();
  const made = new Map<string, Cloud>();
  const { trace, through } = tracer();
  const cloudOf = (tenant: string): Cloud => {
    const login = options.login ?? ((settings) => settings);
    const cloud =
      made.get(tenant) ??
      connect(login(sandbox.settings(config.tenants[tenant]?.cloud ?? "")), { ...clock, send: through(counting) });
    made.set(tenant, cloud);
    return cloud;
  };
  // A deadline must not pass while what it is for is under way: in the bot, time moves between messages only.
  const still = { nowMs: clock.nowMs, wait: () => new Promise<void>(() => undefined) };
  const { nameServers } = sandbox;
  const outside = { clock: still, advance: clock.wait, chance, config, cloudOf, kubernetes: way, nameServers, trace };
  const people = await bot(outside);
  const { store } = people.deps;

  return {
    ...people,
    clock,
    sandbox,
    kubernetes,
    /** Requests so far that may have changed something in the cloud. */
    writes,
    cloudOf,
    record: (key: string) => clusters(store).get(key),
    request: (id: string) => requests(store).get(id),
    /** Everything that is in the project of this name, one line each. */
    things: (project = "team-a"): readonly string[] =>
      sandbox
        .everything(project)
        .map((one) => `${one.type} ${one.name}`)
        .sort(),
    /** What the channels show now. */
    shown: (): string => JSON.stringify(people.slack.said.map((one) => one.message)),
    /** What was said last in team-a's channel outside of a thread: the live message of its request or cluster. */
    live: (): string =>
      JSON.stringify(
        people.slack.said.findLast((one) => one.thread === undefined && one.channel === "C0TEAMA")?.message ?? {},
      ),
    whispered: (): string => JSON.stringify(people.slack.whispers.at(-1) ?? {}),
    async until(enough: () => boolean | Promise<boolean>, passes = PASSES_MAX): Promise<void> {
      await people.work(async () => enough(), passes);
      if (!(await enough()))
        throw new Error(`it never came to that: ${JSON.stringify(people.slack.said.at(-1)?.message)}`);
    },
  };
}

export type Town = Awaited<ReturnType<typeof town>>;
