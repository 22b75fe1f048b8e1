import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { health } from "../../handlers/health.ts";
import { slackApp } from "../../handlers/slack/app.ts";
import { openQueue } from "../../shared/adapters/queues.ts";
import { openStore } from "../../shared/adapters/stores.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { collect } from "../conformance/store.suite.ts";
import { desk } from "../handlers/desk.ts";
import { command, FORM, SECRET, signed } from "../handlers/slack/front.ts";
import { hasRedis, redisServer, type TestServer } from "../support/servers.ts";

// Goal: while the server behind store and queue is away, whoever types is told so before Slack gives up and nothing is half done;
// the process stays, says that it is not ready, and goes on by itself once the server is back.
jest.setTimeout(60_000);

const SLACK_MS = 3000;
const SILENT = "kinvirt's store does not answer, so nothing was done. Try again in a minute.";
const clock = systemClock();

let server: TestServer;
let deps: Deps;
let front: Server;
let origin = "";

beforeAll(async () => {
  if (!hasRedis) return;
  server = await redisServer();
  const url = `redis://127.0.0.1:${server.port}`;
  const store = openStore(url, () => clock.nowMs());
  const queue = openQueue(url, { clock, storeUrl: url });
  const cloudOf = () => ({ scope: async () => ({}) }) as unknown as Cloud;
  deps = desk({ store, queue, clock, cloudOf }).deps;
  const web = slackApp(deps, { signingSecret: SECRET }).express;
  web.use(health(deps));
  front = web.listen(0, "127.0.0.1");
  await once(front, "listening");
  origin = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
});
afterAll(async () => {
  if (!hasRedis) return;
  await deps.queue.close();
  await deps.store.close();
  front.close();
  front.closeAllConnections();
  await server.close();
});

let typed = 0;
async function type(text: string): Promise<string> {
  typed += 1;
  const body = command(text, `t${typed}`);
  const begunMs = clock.nowMs();
  const headers = { "content-type": FORM, ...signed(body, begunMs) };
  const answer = await fetch(`${origin}/slack/events`, { method: "POST", headers, body });
  expect(answer.status).toBe(200);
  expect(clock.nowMs() - begunMs).toBeLessThan(SLACK_MS);
  return ((await answer.json()) as { readonly text: string }).text;
}

const statusOf = async (path: string) => (await fetch(origin + path)).status;

async function eventually(work: () => Promise<boolean>): Promise<void> {
  const endMs = clock.nowMs() + 15_000;
  while (!(await work())) {
    if (clock.nowMs() > endMs) throw new Error("it never came to that");
    await clock.wait(50);
  }
}

(hasRedis ? test : test.skip)("killed, frozen, and back", async () => {
  expect([await statusOf("/healthz"), await statusOf("/readyz")]).toEqual([200, 200]);
  for (const away of ["kill", "freeze"] as const) {
    await server[away]();
    expect(await type(`create ${away}`)).toBe(SILENT);
    expect([await statusOf("/healthz"), await statusOf("/readyz")]).toEqual([200, 503]);
    if (away === "kill") await server.start();
    else server.thaw();
    await eventually(async () => (await statusOf("/readyz")) === 200);
  }
  expect(await collect(clusters(deps.store).list())).toEqual([]);
  expect(await collect(requests(deps.store).list())).toEqual([]);
  expect(await type("create dev")).toContain("Planning to create");
  expect((await clusters(deps.store).get("team-a/dev"))?.status.phase).toBe("requested");
});
