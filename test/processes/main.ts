import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import express from "express";
import { request } from "undici";
import { stringify } from "yaml";
import { listenOn } from "../../handlers/run.ts";
import { datacenter } from "../../sandbox/datacenter.ts";
import { PREFIX } from "../../sandbox/openstack/core.ts";
import { createSlack } from "../../sandbox/slack/index.ts";
import { openStore } from "../../shared/adapters/stores.ts";
import { systemChance } from "../../shared/adapters/system-chance.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { clusters } from "../../shared/state/index.ts";
import { buttonValue, exampleConfig } from "../support/bot.ts";
import { postgresServer, redisServer } from "../support/servers.ts";
import { swiftKubernetes } from "../support/swift-kubernetes.ts";

// Goal: several processes share the work on many clusters through one store, while one of them is killed every second: each
// cluster comes to be with everything once, is told once, goes again, and nothing is left.

const { values } = parseArgs({
  options: {
    clusters: { type: "string", default: "200" },
    processes: { type: "string", default: "4" },
    store: { type: "string", default: "redis" },
    kill: { type: "string", default: "1" },
  },
});
const COUNT = Number(values.clusters);
const SECRET = "signing-secret-of-the-processes";
const TOKEN = "xoxb-of-the-processes";
const MINUTES_MAX = 60;
const clock = systemClock();
const chance = systemChance();
const folder = mkdtempSync(join(tmpdir(), "kinvirt-processes-"));
const say = (words: string): void => void process.stdout.write(`${words}\n`);

const database = await (values.store === "postgres" ? postgresServer() : redisServer());
const storeUrl =
  values.store === "postgres"
    ? `postgres://postgres@127.0.0.1:${database.port}/postgres`
    : `redis://127.0.0.1:${database.port}`;

// The cloud, Slack and a load balancer in front of the processes.
const web = express();
const front = await listenOn(web, 0, "127.0.0.1");
const { cloud } = datacenter({ clock, chance, options: { speed: 20, hosts: 1000, wait: (ms) => clock.wait(ms) } });
for (const service of ["compute", "network", "load-balancer", "shared-file-system", "dns", "key-manager"] as const)
  for (const { resource } of cloud.quotas.of(cloud.project("team-a").id, service))
    cloud.quotas.set(cloud.project("team-a").id, service, resource, -1);
const slack = createSlack({
  clock,
  chance,
  origin: front.url,
  botUrl: `${front.url}/bot`,
  signingSecret: SECRET,
  token: TOKEN,
});
const swift = swiftKubernetes(() => [cloud.everything("team-a", "server")]);
for (const prefix of Object.values(PREFIX))
  web.use((asked, response, next) => {
    if (asked.path === prefix || asked.path.startsWith(`${prefix}/`)) cloud.listener(asked, response);
    else next();
  });
web.use(slack.router);
web.post("/kubernetes", express.json({ limit: "10mb" }), async (asked, response) => {
  try {
    const send = await swift.connect(asked.body.key, () => Promise.reject(new Error("nobody asks")));
    response.json(await send(asked.body.asked));
  } catch (error) {
    response.status(502).send(error instanceof Error ? error.message : String(error));
  }
});

interface Worker {
  readonly port: number;
  child: ChildProcess;
}
const workers: Worker[] = [];
web.post("/bot", express.raw({ type: () => true, limit: "1mb" }), async (asked, response) => {
  const { host: _host, "content-length": _length, connection: _connection, ...headers } = asked.headers;
  for (let tries = 0; tries < 40; tries += 1) {
    const one = workers[Math.floor(clock.nowMs() / 7 + tries) % workers.length];
    try {
      const url = `http://127.0.0.1:${one?.port}/slack/events`;
      const answer = await request(url, {
        method: "POST",
        headers: headers as Record<string, string>,
        body: asked.body,
      });
      response.status(answer.statusCode).type(String(answer.headers["content-type"] ?? "text/plain"));
      return void response.send(await answer.body.text());
    } catch {
      await clock.wait(100);
    }
  }
  response.status(502).send();
});

const example = exampleConfig();
const { "team-a": teamA } = example.tenants;
const config = {
  tenants: {
    "team-a": { ...teamA, channels: ["C0TEAMA"], limits: { clusters: COUNT + 1, workers: 10, rwx: "2Ti", ttl: "30d" } },
  },
  templates: example.templates,
  defaultTemplate: "small",
  policy: {
    approvers: ["U0APPROVER"],
    approvals: 1,
    expiresAfter: "24h",
    autoApprove: { create: { workers: 2, rwx: "50Gi", ttl: "3d" }, delete: { own: true } },
  },
};
writeFileSync(join(folder, "kinvirt.yaml"), stringify(config));
const auth = {
  auth_url: `${front.url}${PREFIX.identity}/v3`,
  username: "team-a",
  password: "demo",
  project_name: "team-a",
};
const names = { user_domain_name: "Default", project_domain_name: "Default" };
writeFileSync(
  join(folder, "clouds.yaml"),
  stringify({ clouds: { "team-a": { region_name: "RegionOne", auth: { ...auth, ...names } } } }),
);

/** One file starts in half the time, and a process lives for a few seconds only. */
const program = join(folder, "worker.cjs");
await build({
  entryPoints: ["test/processes/worker.ts"],
  outfile: program,
  bundle: true,
  platform: "node",
  target: "node24",
  format: "cjs",
  external: ["pg-native", "supports-color", "bullmq-otel", "redis"],
  logLevel: "error",
});

let errors = "";
function begin(port: number): ChildProcess {
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: join(folder, "compile-cache"),
    PORT: String(port),
    KINVIRT_STORE: storeUrl,
    KINVIRT_CONFIG: join(folder, "kinvirt.yaml"),
    OS_CLIENT_CONFIG_FILE: join(folder, "clouds.yaml"),
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_BOT_TOKEN: TOKEN,
    SLACK_API_URL: `${front.url}/slack/api/`,
    KUBERNETES_URL: `${front.url}/kubernetes`,
  };
  const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      errors = `${errors}${String(chunk)
        .split("\n")
        .filter((line) => /"level":"error"|Error/.test(line))
        .join("\n")}`.slice(-4000);
    });
  return child;
}
for (let n = 0; n < Number(values.processes); n += 1) {
  const spare = await listenOn(express(), 0, "127.0.0.1");
  const port = Number(new URL(spare.url).port);
  await spare.stop();
  workers.push({ port, child: begin(port) });
}

let killed = 0;
let killing = true;
async function reaper(): Promise<void> {
  while (killing) {
    await clock.wait(Number(values.kill) * 1000);
    const one = workers[killed % workers.length];
    if (one === undefined || !killing) return;
    const ended = once(one.child, "exit");
    one.child.kill("SIGKILL");
    await ended;
    killed += 1;
    one.child = begin(one.port);
  }
}

const store = openStore(storeUrl, () => clock.nowMs());
const startMs = clock.nowMs();
const seconds = (): number => Math.round((clock.nowMs() - startMs) / 1000);
async function until(what: string, look: () => Promise<number>): Promise<void> {
  let shownMs = 0;
  for (;;) {
    const left = await look();
    if (left === 0) return;
    if (clock.nowMs() - shownMs > 15_000) {
      shownMs = clock.nowMs();
      say(`${String(seconds()).padStart(5)} s: ${left} of ${COUNT} not yet ${what}, ${killed} kills`);
    }
    if (seconds() > MINUTES_MAX * 60) throw new Error(`not ${what} within ${MINUTES_MAX} minutes:\n${errors}`);
    await clock.wait(500);
  }
}
async function phases(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { spec, status } of clusters(store).list())
    found.set(spec.name, status.told ? status.phase : "untold");
  return found;
}

const nameOf = (n: number): string => `c${n}`;
const all = Array.from({ length: COUNT }, (_, n) => nameOf(n));
const things = () => cloud.everything("team-a").map(({ type, name }) => `${type} ${name}`);
const before = things().sort();
/** What each cluster of one control plane and one worker has. */
const ONCE = Object.entries({
  network: 1,
  subnet: 1,
  router: 1,
  "security-group": 2,
  port: 2,
  server: 2,
  "server-group": 2,
  "load-balancer": 1,
  listener: 1,
  pool: 1,
  secret: 5,
});
/** What people in the channel read, oldest first. */
const read = () => slack.workspace.all().filter(({ channel }) => channel === "C0TEAMA");
const type = (text: string) => slack.acts.slash("U0DEV", "C0TEAMA", "/k8s", text);

await clock.wait(3000);
const reaping = Number(values.kill) > 0 ? reaper() : Promise.resolve();
for (const name of all) {
  // A process may die over a command: then nobody answers, and the person types it again.
  for (let tries = 0; tries < 20 && (await clusters(store).get(`team-a/${name}`)) === undefined; tries += 1)
    await type(`create ${name} --ttl 3d --workers 1`);
}
say(`${String(seconds()).padStart(5)} s: ${COUNT} clusters are asked for`);
await until("ready", async () => COUNT - [...(await phases()).values()].filter((one) => one === "ready").length);
const readySeconds = seconds();
const problems: string[] = [];
const made = things();
for (const name of all) {
  for (const [kind, count] of ONCE) {
    const found = made.filter((one) => one.startsWith(`${kind} ${name}-`)).length;
    if (found !== count) problems.push(`${name} has ${found} of ${kind}`);
  }
  const told = read().filter(
    ({ text, thread_ts: thread }) => thread === undefined && new RegExp(`\\b${name}\\b.* is ready after`).test(text),
  );
  if (told.length !== 1) problems.push(`${name} is told ${told.length} times to be ready`);
}
for (const name of all) {
  for (let tries = 0; tries < 20 && (await clusters(store).get(`team-a/${name}`))?.wish === "present"; tries += 1) {
    await type(`delete ${name}`);
    const question = slack.workspace.all().findLast((one) => buttonValue(one.blocks, "delete:confirm") !== undefined);
    if (question === undefined) continue;
    const value = buttonValue(question.blocks, "delete:confirm");
    await slack.acts.press(
      "U0DEV",
      "C0TEAMA",
      question.ts,
      { action_id: "delete:confirm", block_id: "b", type: "button", value },
      {},
    );
  }
}
await until("gone", async () => (await phases()).size);
killing = false;
await reaping;
const after = things().sort();
if (JSON.stringify(after) !== JSON.stringify(before))
  problems.push(
    `left: ${after
      .filter((one) => !before.includes(one))
      .slice(0, 20)
      .join(", ")}`,
  );
say(
  `${COUNT} clusters on ${values.processes} processes and ${values.store}: ready after ${readySeconds} s, gone after ${seconds()} s, ${killed} kills; ${problems.length === 0 ? "nothing lost, nothing twice, nothing left" : problems.join("\n")}`,
);
for (const { child } of workers) child.kill("SIGKILL");
await store.close();
await front.stop();
await database.close();
rmSync(folder, { recursive: true });
process.exit(problems.length === 0 ? 0 : 1);
