import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { started } from "../../functions/lambda/start.ts";
import { metricsPage } from "../../functions/metrics.ts";
import { openstackCalls } from "../../functions/observe.ts";
import { reconcileFunction } from "../../functions/reconcile.ts";
import { pinoLog } from "../../shared/adapters/pino-log.ts";
import { prometheus } from "../../shared/adapters/prometheus.ts";
import { slackWeb } from "../../shared/adapters/slack-web.ts";
import { networking } from "../../shared/openstack/network.ts";
import type { Exchanged } from "../../shared/openstack/send.ts";
import { during } from "../../shared/ports/log.ts";
import { desk } from "../handlers/desk.ts";
import { endpointOf, failure, fakeCloud, json } from "../shared/openstack/fake-cloud.ts";

// Goal: every call to a cloud or to Slack is a figure, and what failed is a line with the service's own id of the request and
// the cluster that it was for; a function writes its figures with its answer, a process shows them on a page of its own.
const figures = async (text: () => Promise<string>, name: string): Promise<readonly string[]> =>
  (await text()).split("\n").filter((line) => line.startsWith(`${name}_count`));

async function listening(handle: Parameters<typeof createServer>[1]) {
  const server = createServer(handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => new Promise<void>((done) => server.close(() => done()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

test("calls of a cloud: each try by service, method and status, and lines of those that failed", async () => {
  const { metrics, text } = prometheus();
  const lines: string[] = [];
  const log = pinoLog({ destination: { write: (line) => void lines.push(line) } });
  const failed = json({ NeutronError: { message: "boom", type: "X", detail: "" } }, 500, {
    "x-openstack-request-id": "req-7",
  });
  const cloud = fakeCloud([
    new Error("socket hang up"),
    json({ networks: [] }),
    json({ NeutronError: { message: "none", type: "X", detail: "" } }, 404),
    failed,
  ]);
  const tell = openstackCalls(log, metrics);
  const told = (exchanged: Exchanged) => tell("team-a", exchanged);
  const network = networking(endpointOf("network", { ...cloud, runtime: { ...cloud.runtime, told } }));
  await during(log, { cluster: "team-a/dev" }, async () => {
    expect(await network.listNetworks({ name: "secret-name" })).toEqual([]);
    await network.deleteNetwork("n1");
    await failure(network.deleteNetwork("n1"));
  });
  expect(await figures(text, "kinvirt_openstack_call_seconds")).toEqual([
    'kinvirt_openstack_call_seconds_count{service="identity",method="POST",status="2xx"} 1',
    'kinvirt_openstack_call_seconds_count{service="network",method="GET",status="none"} 1',
    'kinvirt_openstack_call_seconds_count{service="network",method="GET",status="2xx"} 1',
    'kinvirt_openstack_call_seconds_count{service="network",method="DELETE",status="4xx"} 1',
    'kinvirt_openstack_call_seconds_count{service="network",method="DELETE",status="5xx"} 1',
  ]);
  const line = { event: "openstack.failed", cluster: "team-a/dev", tenant: "team-a", service: "network" };
  expect(lines.map((one) => JSON.parse(one) as object)).toEqual([
    expect.objectContaining({ ...line, method: "GET", path: "/networks", why: "socket hang up" }),
    expect.objectContaining({ ...line, method: "DELETE", path: "/networks/n1", status: 500, requestId: "req-7" }),
  ]);
});

test("calls of Slack: what came of each, and those that were not made while it rests", async () => {
  const answers: readonly (readonly [number, object, Record<string, string>?])[] = [
    [200, { ok: true }],
    [200, { ok: false, error: "channel_not_found" }],
    [500, {}],
    [429, {}, { "retry-after": "30" }],
  ];
  let at = 0;
  const slackSide = await listening((_request, response) => {
    const [status, body, headers = {}] = answers[at] ?? [200, { ok: true }];
    at += 1;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  });
  const { metrics, text } = prometheus();
  const slack = slackWeb({ token: "xoxb-1", apiUrl: `${slackSide.url}/`, metrics });
  for (let call = 0; call < 5; call += 1)
    await slack.edit("C1", "1.0", { text: "x", blocks: [] }).catch(() => undefined);
  await slackSide.close();
  expect(at).toBe(4);
  const count = (result: string, times: number) =>
    `kinvirt_slack_call_seconds_count{method="chat.update",result="${result}"} ${times}`;
  expect(await figures(text, "kinvirt_slack_call_seconds")).toEqual([
    count("ok", 1),
    count("refused", 1),
    count("no_answer", 1),
    count("ratelimited", 2),
  ]);
});

test("the page: figures as Prometheus reads them, and nothing that names a tenant", async () => {
  const measured = prometheus();
  measured.metrics.set("kinvirt_clusters", { phase: "ready" }, 2);
  const page = await listening(express().use(metricsPage(measured)));
  const answer = await fetch(`${page.url}/metrics`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, measured.contentType]);
  expect(await answer.text()).toContain('kinvirt_clusters{phase="ready"} 2\n');
  await page.close();
});

test("a function with SQS's messages: how late each is that comes for the first time, whatever it was held back for", async () => {
  const { metrics, text } = prometheus();
  const { deps, clock } = desk({ metrics });
  const record = (delay: string | undefined, receives: string, lateMs: number) => ({
    messageId: `${delay}/${receives}`,
    body: JSON.stringify({ is: "home", user: "U0DEV" }),
    attributes: {
      SentTimestamp: String(clock.nowMs() - lateMs - Number(delay ?? 0) * 1000),
      ApproximateReceiveCount: receives,
    },
    messageAttributes: delay === undefined ? {} : { delay: { stringValue: delay, dataType: "Number" } },
  });
  const records = [
    record("0", "1", 250),
    record("30", "1", 1250),
    record("0", "2", 60_000),
    record(undefined, "1", 9000),
  ];
  expect(await reconcileFunction(deps)({ Records: records })).toEqual({ batchItemFailures: [] });
  const lines = (await text()).split("\n").filter((line) => /^kinvirt_queue_wait_seconds_(count|sum)/.test(line));
  expect(lines).toEqual([
    'kinvirt_queue_wait_seconds_sum{message="home"} 1.5',
    'kinvirt_queue_wait_seconds_count{message="home"} 2',
  ]);
});

describe("a function", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "kinvirt-observe-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function settings() {
    const auth = "auth_url: https://keystone.example.org/v3, username: a, password: pass-word, project_name: a";
    const domains = "user_domain_name: Default, project_domain_name: Default";
    const one = `{ region_name: RegionOne, auth: { ${auth}, ${domains} } }`;
    writeFileSync(join(root, "clouds.yaml"), `clouds:\n  team-a: ${one}\n  team-b: ${one}\n`);
    return {
      HOME: root,
      KINVIRT_CONFIG: "kinvirt.example.yaml",
      OS_CLIENT_CONFIG_FILE: join(root, "clouds.yaml"),
      SLACK_SIGNING_SECRET: "signing",
      SLACK_BOT_TOKEN: "xoxb-1",
      KINVIRT_STORE: "memory:",
      KINVIRT_QUEUE: "memory:",
    };
  }

  test("writes what a call has measured at its end, also when it fails", async () => {
    const lines: string[] = [];
    const handler = started<number, number>(
      ({ deps }) =>
        async (event) => {
          deps.metrics?.observe("kinvirt_sweep_seconds", {}, event);
          if (event > 1) throw new Error("no");
          return event;
        },
      settings(),
      (line) => void lines.push(line),
    );
    expect(await handler(1, {})).toBe(1);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ kinvirt_sweep_seconds: [1], _aws: expect.objectContaining({}) }),
    ]);
    await expect(handler(2, {})).rejects.toThrow("no");
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ kinvirt_sweep_seconds: [2] });
  });
});
