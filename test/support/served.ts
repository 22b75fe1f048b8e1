import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { createSlack, type SandboxSlack } from "../../sandbox/slack/index.ts";
import type { Message } from "../../sandbox/slack/model.ts";
import { systemChance } from "../../shared/adapters/system-chance.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { buttonValue } from "./bot.ts";

const SECRET = "signing-secret-of-the-test";
const TOKEN = "xoxb-of-the-test";

async function listen(web: express.Express): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(web);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function freePort(): Promise<number> {
  const taken = await listen(express());
  await taken.close();
  return taken.port;
}

export interface Served {
  readonly slack: SandboxSlack;
  readonly url: string;
  /** Starts `server.ts` as a process of its own, and resolves when it is served. */
  start(): Promise<void>;
  /** As `kill -9` does: nothing is finished, nothing is let go of. */
  kill(): Promise<void>;
  /** As an operator stops it. */
  stop(): Promise<void>;
  /** What the process has logged so far. */
  log(): string;
  type(text: string, user?: string): Promise<void>;
  press(action: string, user: string): Promise<void>;
  /** What people see in the channel, oldest first; `user` sees what is for them alone too. */
  seen(user?: string): readonly Message[];
  until<T>(what: string, look: () => T | undefined | Promise<T | undefined>, seconds?: number): Promise<T>;
  close(): Promise<void>;
}

export interface ServedOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly channel: string;
}

/** The served bot, as operators run it, before a Slack that outlives it. */
export async function served({ env, channel }: ServedOptions): Promise<Served> {
  const clock = systemClock();
  const port = await freePort();
  const web = express();
  const front = await listen(web);
  const origin = `http://127.0.0.1:${front.port}`;
  const url = `http://127.0.0.1:${port}`;
  const slack = createSlack({
    clock,
    chance: systemChance(),
    origin,
    botUrl: `${url}/slack/events`,
    signingSecret: SECRET,
    token: TOKEN,
  });
  web.use(slack.router);
  let child: ChildProcess | undefined;
  let log = "";

  async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>, seconds = 120): Promise<T> {
    const endMs = clock.nowMs() + seconds * 1000;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (clock.nowMs() > endMs) throw new Error(`waited ${seconds} s: ${what}\n${log.slice(-4000)}`);
      await clock.wait(100);
    }
  }
  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
  const seen = (user?: string) =>
    slack.workspace
      .all()
      .filter((one) => one.channel === channel && (one.visibleTo === undefined || one.visibleTo === user));

  return {
    slack,
    url,
    async start() {
      log = "";
      const variables = {
        ...process.env,
        ...env,
        PORT: String(port),
        SLACK_SIGNING_SECRET: SECRET,
        SLACK_BOT_TOKEN: TOKEN,
        SLACK_API_URL: `${origin}/slack/api/`,
      };
      child = spawn(process.execPath, ["server.ts"], { env: variables, stdio: ["ignore", "pipe", "pipe"] });
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (log += String(chunk)));
      await until("the bot is served", () => (log.includes('"serving"') ? true : undefined), 20);
    },
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    log: () => log,
    type: (text, user = "U0DEV") => slack.acts.slash(user, channel, "/k8s", text),
    async press(action, user) {
      const found = seen(user).findLast((one) => buttonValue(one.blocks, action) !== undefined);
      if (found === undefined) throw new Error(`there is no button ${action}`);
      const block = { action_id: action, block_id: "b", type: "button", value: buttonValue(found.blocks, action) };
      await slack.acts.press(user, channel, found.ts, block, {});
    },
    seen,
    until,
    async close() {
      await end("SIGKILL");
      await front.close();
    },
  };
}
