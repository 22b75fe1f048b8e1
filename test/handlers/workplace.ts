import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { homesDue, homesFollow } from "../../handlers/home/publish.ts";
import { slackApp } from "../../handlers/slack/app.ts";
import { dispatch } from "../../handlers/work/dispatch.ts";
import { sweep } from "../../handlers/work/sweep.ts";
import { datacenter } from "../../sandbox/datacenter.ts";
import type { Options } from "../../sandbox/openstack/core.ts";
import { createSlack } from "../../sandbox/slack/index.ts";
import type { Json, Message } from "../../sandbox/slack/model.ts";
import { memoryQueue } from "../../shared/adapters/memory-queue.ts";
import { memoryStore } from "../../shared/adapters/memory-store.ts";
import { slackWeb } from "../../shared/adapters/slack-web.ts";
import type { Config } from "../../shared/cluster/config.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { buttonValue, exampleConfig } from "../support/bot.ts";
import { swiftKubernetes } from "../support/swift-kubernetes.ts";
import { countedChance, virtualClock } from "../support/virtual.ts";

const SECRET = "secret-of-the-workplace";
const TOKEN = "xoxb-workplace";
const PASSES_MAX = 600;
const SWEEP_MS = 10_000;

/** All words of some blocks. */
export function wordsIn(part: unknown): string {
  if (typeof part !== "object" || part === null) return "";
  const own = "type" in part && (part.type === "mrkdwn" || part.type === "plain_text") && "text" in part;
  return own ? String(part.text) : Object.values(part).map(wordsIn).filter(Boolean).join("\n");
}

/** The bot as it is served, between the sandbox's Slack, over HTTP, and its cloud, in virtual time. */
export async function workplace(
  options: { readonly cloud?: Options; readonly config?: Config; readonly wait?: Clock["wait"] } = {},
) {
  const clock = virtualClock();
  const chance = countedChance();
  const place = { clock, chance, ...(options.cloud === undefined ? {} : { options: options.cloud }) };
  const { cloud } = datacenter(place);
  const web = express();
  const server = web.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const slack = createSlack({
    clock,
    chance,
    origin,
    botUrl: `${origin}/slack/events`,
    signingSecret: SECRET,
    token: TOKEN,
  });
  const config = options.config ?? exampleConfig();
  const logged: string[] = [];
  const note = (event: string, fields: object = {}): void => void logged.push(`${event} ${JSON.stringify(fields)}`);
  const queue = memoryQueue({ clock });
  const made = new Map<string, Cloud>();
  const deps: Deps = {
    config,
    store: memoryStore(() => clock.nowMs()),
    queue,
    slack: slackWeb({ token: TOKEN, apiUrl: `${origin}/slack/api/` }),
    cloudOf(tenant) {
      const settings = cloud.settings(config.tenants[tenant]?.cloud ?? "");
      const one = made.get(tenant) ?? connect(settings, { ...clock, send: cloud.send });
      made.set(tenant, one);
      return one;
    },
    kubernetes: swiftKubernetes(() => ["team-a", "team-b"].map((project) => cloud.everything(project))),
    // A deadline must not pass while what it is for is under way.
    clock: { nowMs: clock.nowMs, wait: options.wait ?? (() => new Promise(() => undefined)) },
    chance,
    log: { info: note, warn: note, error: note },
    publicUrl: origin,
  };
  web.use(slack.router, slackApp(deps, { signingSecret: SECRET }).express);

  const handle = async (): Promise<boolean> => {
    const message = queue.take();
    if (message === undefined) return false;
    try {
      await dispatch(message, deps);
      await homesFollow(message, deps);
    } catch (error) {
      // As the queue's worker does: it comes again.
      note("message.failed", { error: String(error) });
      await queue.enqueue(message, 1);
    }
    return true;
  };
  const posts = (channel = "C0TEAMA"): readonly Message[] =>
    slack.workspace.all().filter((one) => one.channel === channel && one.visibleTo === undefined);
  const whispers = (user: string): readonly Message[] => slack.workspace.all().filter((one) => one.visibleTo === user);

  return {
    deps,
    slack,
    cloud,
    clock,
    logged,
    queue,
    posts,
    /** The live message: the newest that is in no thread. */
    live: (channel?: string): Message | undefined => posts(channel).findLast((one) => one.thread_ts === undefined),
    /** What was said to one person last, in words. */
    whispered: (user: string): string => {
      const said = whispers(user).at(-1);
      return said === undefined ? "" : wordsIn(said.blocks) || said.text;
    },
    whispers,
    home: (user: string) => slack.views.of(user).find((view) => view.type === "home"),
    modal: (user: string) => slack.views.of(user).findLast((view) => view.type === "modal"),
    request: (id: string) => requests(deps.store).get(id),
    record: (key = "team-a/dev") => clusters(deps.store).get(key),
    type: (text: string, user = "U0DEV", channel = "C0TEAMA") => slack.acts.slash(user, channel, "/k8s", text),
    /** Presses the button with this action in a message. */
    press: (message: Message, action: string, user = "U0APPROVER") => {
      const value = buttonValue(message.blocks, action);
      const pressed: Json = {
        type: "button",
        action_id: action,
        block_id: "b",
        ...(value === undefined ? {} : { value }),
      };
      return slack.acts.press(user, message.channel, message.ts, pressed, {});
    },
    /** Does what is due, letting time pass in between, until it is enough; sweeps as it goes. */
    async until(enough: () => boolean | Promise<boolean>): Promise<void> {
      let sweptMs = clock.nowMs();
      for (let left = PASSES_MAX; left > 0 && !(await enough()); left -= 1) {
        if (await handle()) continue;
        const [next] = queue.due(Number.POSITIVE_INFINITY);
        const sweepMs = sweptMs + SWEEP_MS;
        await clock.wait(Math.max(0, Math.min(next?.dueMs ?? sweepMs, sweepMs) - clock.nowMs()));
        if (clock.nowMs() < sweepMs) continue;
        sweptMs = clock.nowMs();
        await sweep(deps);
        await homesDue(deps);
      }
      if (!(await enough())) throw new Error(`it never came to that:\n${logged.slice(-20).join("\n")}`);
    },
    async close(): Promise<void> {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export type Workplace = Awaited<ReturnType<typeof workplace>>;
