import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { Agent, request } from "undici";
import { parse } from "yaml";
import { download } from "../../handlers/download.ts";
import { slackApp } from "../../handlers/slack/app.ts";
import { dispatch } from "../../handlers/work/dispatch.ts";
import { memoryQueue } from "../../shared/adapters/memory-queue.ts";
import { openStore } from "../../shared/adapters/stores.ts";
import { type Config, config as configuration } from "../../shared/cluster/config.ts";
import type { KubernetesDialer } from "../../shared/kubernetes/send.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import type { Trace } from "../../shared/openstack/traced.ts";
import type { Chance, Clock } from "../../shared/ports/clock.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { NameServers } from "../../shared/ports/name-servers.ts";
import type { Slack, SlackMessage } from "../../shared/ports/slack.ts";

const SECRET = "shhh-for-tests";

export const exampleConfig = (): Config => configuration.parse(parse(readFileSync("kinvirt.example.yaml", "utf8")));

interface Said {
  readonly channel: string;
  readonly ts: string;
  readonly key: string | undefined;
  readonly thread: string | undefined;
  message: SlackMessage;
}

/** A Slack that keeps what it is told. */
export function recordingSlack(): Slack & { readonly said: Said[]; readonly whispers: SlackMessage[] } {
  const said: Said[] = [];
  const whispers: SlackMessage[] = [];
  return {
    said,
    whispers,
    async post(channel, message, options) {
      const ts = `${said.length + 1}.000000`;
      said.push({ channel, ts, key: options?.key, thread: options?.thread, message });
      return { ts };
    },
    async edit(_channel, ts, message) {
      const found = said.find((one) => one.ts === ts);
      if (found !== undefined) found.message = message;
    },
    findPosted: async (channel, key) => said.find((one) => one.channel === channel && one.key === key)?.ts,
    ephemeral: async (_channel, _user, message) => void whispers.push(message),
    openModal: async () => undefined,
    updateModal: async () => undefined,
    publishHome: async () => undefined,
    membersOf: async () => [],
    isReachable: async () => true,
  };
}

/** The value of the button with this action, wherever it is in a message. */
export function buttonValue(part: unknown, action: string): string | undefined {
  if (typeof part !== "object" || part === null) return undefined;
  if ("action_id" in part && part.action_id === action && "value" in part) return String(part.value);
  for (const inner of Object.values(part)) {
    const found = buttonValue(inner, action);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const nobodyAnswers: KubernetesDialer = {
  connect: async () => async () => {
    throw new Error("connect ECONNREFUSED");
  },
  urlOf: async ({ name, port }) => `https://${name}:${port}`,
};

const LINKS = "https://links.example.org";

/** The bot behind its real front door, with signed requests, and the queue in the test's hand. */
export async function bot(outside: {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Lets time pass; the clock's own `wait` unless told. */
  readonly advance?: (ms: number) => Promise<void>;
  /** The example's unless told. */
  readonly config?: Config;
  cloudOf(tenant: string): Cloud;
  /** Nobody answers unless told. */
  readonly kubernetes?: KubernetesDialer;
  readonly trace?: Trace;
  /** Names are not looked up unless told. */
  readonly nameServers?: NameServers;
}) {
  const { clock, chance, advance = (ms) => clock.wait(ms) } = outside;
  const slack = recordingSlack();
  const queue = memoryQueue({ clock });
  const store = openStore("memory:", () => clock.nowMs());
  const quiet = () => undefined;
  const log = { info: quiet, warn: quiet, error: quiet };
  const config = outside.config ?? exampleConfig();
  const { cloudOf, kubernetes = nobodyAnswers } = outside;
  const { nameServers, trace } = outside;
  const deps: Deps = {
    ...{ config, store, queue, slack, clock, chance, log, cloudOf, kubernetes, publicUrl: LINKS },
    ...(nameServers === undefined ? {} : { nameServers }),
    ...(trace === undefined ? {} : { trace }),
  };
  const web = slackApp(deps, { signingSecret: SECRET }).express;
  web.use(download(deps));
  const server = web.listen(0);
  await new Promise((listening) => server.once("listening", listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${origin}/slack/events`;
  // A connection for each request: a kept one may be closed from the other side in the moment that it is used again.
  const agent = new Agent({ pipelining: 0 });
  let trigger = 0;
  /** What was answered at once, for the person's own eyes. */
  const answers: unknown[] = [];

  async function send(fields: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams(fields).toString();
    const timestamp = String(Math.floor(clock.nowMs() / 1000));
    const signature = `v0=${createHmac("sha256", SECRET).update(`v0:${timestamp}:${body}`).digest("hex")}`;
    const answer = await request(url, {
      dispatcher: agent,
      method: "POST",
      body,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature,
      },
    });
    const text = await answer.body.text();
    if (text.startsWith("{")) answers.push(JSON.parse(text));
    return text;
  }

  return {
    deps,
    /** Where its front door is. */
    url: origin,
    slack,
    queue,
    answers,
    async close(): Promise<void> {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
      await agent.destroy();
    },
    type: (text: string, user = "U0DEV", channel = "C0TEAMA") => {
      trigger += 1;
      const whose = { user_id: user, channel_id: channel, team_id: "T1", trigger_id: `t${trigger}` };
      return send({ command: "/k8s", text, response_url: "http://127.0.0.1:9/none", ...whose });
    },
    click: (action: string, value: string, user = "U0APPROVER", channel = "C0TEAMA") => {
      trigger += 1;
      const payload = {
        type: "block_actions",
        user: { id: user },
        team: { id: "T1" },
        channel: { id: channel },
        container: { type: "message", channel_id: channel, message_ts: "1.000000" },
        trigger_id: `t${trigger}`,
        response_url: "http://127.0.0.1:9/none",
        actions: [{ type: "button", action_id: action, block_id: "b", value, action_ts: String(trigger) }],
      };
      return send({ payload: JSON.stringify(payload) });
    },
    /** Handles messages as they fall due, letting the clock wait in between, until `enough` or nothing waits. */
    async work(enough: () => Promise<boolean>, passes = 400): Promise<void> {
      for (let left = passes; left > 0 && !(await enough()); left -= 1) {
        const [next] = queue.due(Number.POSITIVE_INFINITY);
        if (next === undefined) return;
        await advance(Math.max(0, next.dueMs - clock.nowMs()));
        const message = queue.take();
        if (message !== undefined) await dispatch(message, deps);
      }
    },
    /** The value of a button in what was said, whispered or answered last; empty when there is none. */
    button: (action: string): string =>
      [...slack.said.map((one) => one.message), ...slack.whispers, ...answers]
        .map((message) => buttonValue(message, action))
        .filter((value) => value !== undefined)
        .at(-1) ?? "",
  };
}
