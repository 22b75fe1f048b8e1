import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Message, SlackEvent } from "../sandbox/slack/model.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { place } from "../test/lab/place.ts";
import { buttonValue } from "../test/support/bot.ts";
import type { Call } from "./wire.ts";

/** The bot as it is served, before a cloud and a Slack, in a process that is counted. */
export interface Stage {
  /** The cloud in this process's clouds.yaml. */
  readonly cloud: string;
  type(text: string): Promise<void>;
  press(action: string, user: string): Promise<void>;
  /** The moment when people were told; what was told before this call counts too. */
  told(words: RegExp): Promise<number>;
  /** What they were told, as JSON. */
  said(words: RegExp): Promise<string>;
  /** Where the bot's links lead. */
  readonly url: string;
  calls(): readonly Call[];
  close(): Promise<void>;
}

const SECONDS_MAX = 600;
const PAGE_MS_MAX = 5000;
const clock = systemClock();

/** What a child's environment needs for its requests to be written down, and how they are read. */
function wired() {
  const file = join(mkdtempSync(join(tmpdir(), "kinvirt-bench-")), "wire.jsonl");
  const preload = join(import.meta.dirname, "wire.ts");
  return {
    env: { WIRE: file, NODE_OPTIONS: `--import=${preload}` },
    calls: () =>
      (existsSync(file) ? readFileSync(file, "utf8") : "")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Call)
        .filter(({ url }) => !url.includes("/slack/")),
  };
}

/** Every text that was ever shown, with its moment. */
function hearing() {
  const heard: { readonly atMs: number; readonly text: string }[] = [];
  async function first(words: RegExp) {
    for (const endMs = Date.now() + SECONDS_MAX * 1000; Date.now() < endMs; await clock.wait(50)) {
      const found = heard.find(({ text }) => words.test(text));
      if (found !== undefined) return found;
      const stopped = heard.find(({ text }) => /needs a person/.test(text));
      if (stopped !== undefined) throw new Error(`it stopped: ${stopped.text}`);
    }
    throw new Error(`it was never told: ${words.source}; last: ${heard.at(-1)?.text}`);
  }
  return {
    hear: (message: Message) => void heard.push({ atMs: Date.now(), text: JSON.stringify(message.blocks) }),
    told: async (words: RegExp) => (await first(words)).atMs,
    said: async (words: RegExp) => (await first(words)).text,
  };
}

/** The real cloud that OS_CLOUD names. */
export async function labStage(): Promise<Stage> {
  const wire = wired();
  const { bot, leave } = await place({ ...wire.env, KINVIRT_PUBLIC_URL: "http://localhost" });
  const ears = hearing();
  bot.slack.workspace.subscribe((event) => {
    if (event.is === "message") ears.hear(event.message);
  });
  return {
    cloud: process.env["OS_CLOUD"] ?? "",
    type: (text) => bot.type(text),
    press: (action, user) => bot.press(action, user),
    told: ears.told,
    said: ears.said,
    url: bot.url,
    calls: wire.calls,
    close: leave,
  };
}

/** The clouds.yaml of the sandbox's own OpenStack, which becomes this process's. */
function useSandboxCloud(url: string): void {
  const path = join(mkdtempSync(join(tmpdir(), "kinvirt-bench-")), "clouds.yaml");
  const auth = { auth_url: `${url}/identity/v3`, username: "team-a", password: "demo", project_name: "team-a" };
  const domains = { user_domain_name: "Default", project_domain_name: "Default" };
  writeFileSync(path, JSON.stringify({ clouds: { "team-a": { auth: { ...auth, ...domains } } } }), { mode: 0o600 });
  process.env["OS_CLIENT_CONFIG_FILE"] = path;
}

/** What a person's page is sent, as it comes. */
async function listen(url: string, user: string, hear: (message: Message) => void): Promise<void> {
  const answer = await fetch(`${url}/sandbox/stream?as=${user}`);
  let text = "";
  for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const [, name, data = "null"] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      if (name !== "slack") continue;
      const told = JSON.parse(data) as SlackEvent;
      if (told.is === "message") hear(told.message);
    }
  }
}

/** `npm start`: the embedded OpenStack at the lab's pace and the bot, in real time and over HTTP. */
export async function sandboxStage(): Promise<Stage> {
  const wire = wired();
  const child = spawn(process.execPath, ["sandbox/main.ts"], {
    env: { ...process.env, ...wire.env, PORT: "0", KINVIRT_CONFIG: "kinvirt.example.yaml" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill());
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const url = /open (\S+)/.exec(line.toString())?.[1] ?? "";
  useSandboxCloud(url);
  const ears = hearing();
  const shown = new Map<string, { readonly message: Message; readonly as: string }>();
  for (const as of ["U0DEV", "U0APPROVER"])
    void listen(url, as, (message) => {
      shown.set(`${message.ts} ${as}`, { message, as });
      ears.hear(message);
    }).catch(() => undefined);
  const act = async (name: string, body: object): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/sandbox/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  };
  return {
    cloud: "team-a",
    type: (text) => act("slash", { user: "U0DEV", channel: "C0TEAMA", command: "/k8s", text }),
    async press(action, user) {
      const look = () =>
        [...shown.values()].findLast(
          ({ message, as }) => as === user && buttonValue(message.blocks, action) !== undefined,
        )?.message;
      // Each person's page is told by a stream of its own.
      for (const endMs = Date.now() + PAGE_MS_MAX; look() === undefined && Date.now() < endMs; ) await clock.wait(10);
      const found = look();
      if (found === undefined) throw new Error(`there is no button ${action}`);
      const button = { action_id: action, block_id: "b", type: "button", value: buttonValue(found.blocks, action) };
      await act("press", { user, channel: "C0TEAMA", ts: found.ts, action: button, values: {} });
    },
    told: ears.told,
    said: ears.said,
    url,
    calls: wire.calls,
    async close() {
      const exited = once(child, "exit");
      child.kill();
      await exited;
    },
  };
}
