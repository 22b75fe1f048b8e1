import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { compose } from "../../functions/compose.ts";
import { started } from "../../functions/lambda/start.ts";
import { slackFunction } from "../../functions/slack.ts";
import { tracingOf } from "../../functions/tracing.ts";
import type { OpenTracing } from "../../shared/adapters/otel.ts";
import { pinoLog } from "../../shared/adapters/pino-log.ts";
import { slackWeb } from "../../shared/adapters/slack-web.ts";
import { command, FORM, signed } from "../handlers/slack/front.ts";
import { httpEvent } from "../support/aws-events.ts";
import { collector } from "../support/collector.ts";

// Goal: who wants no traces pays nothing for them; who wants them gets them in the form that was asked for, with the last ones at
// the end of a call or of the process; and whoever should take them may be away without anybody noticing.
let heard: Awaited<ReturnType<typeof collector>>;
let root = "";
const before = { ...process.env };
beforeEach(async () => {
  heard = await collector();
  root = mkdtempSync(join(tmpdir(), "kinvirt-tracing-"));
});
afterEach(async () => {
  for (const name of Object.keys(process.env))
    if (name.startsWith("OTEL_") && !(name in before)) delete process.env[name];
  rmSync(root, { recursive: true, force: true });
  await heard.close();
});

const json = { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };

async function opened(env: Readonly<Record<string, string>>): Promise<OpenTracing> {
  const traced = await tracingOf(env);
  if (traced === undefined || "problems" in traced) throw new Error(JSON.stringify(traced));
  return traced;
}

const one = ({ tracing }: OpenTracing, name = "one"): Promise<string> => tracing.during({ name }, async () => name);

function settings(over: Readonly<Record<string, string>> = {}) {
  const auth = "auth_url: https://keystone.example.org/v3, username: a, password: pass-word, project_name: a";
  const cloud = `{ region_name: RegionOne, auth: { ${auth}, user_domain_name: Default, project_domain_name: Default } }`;
  writeFileSync(join(root, "clouds.yaml"), `clouds:\n  team-a: ${cloud}\n  team-b: ${cloud}\n`);
  return {
    HOME: root,
    KINVIRT_CONFIG: "kinvirt.example.yaml",
    OS_CLIENT_CONFIG_FILE: join(root, "clouds.yaml"),
    SLACK_SIGNING_SECRET: "signing-secret-of-the-test",
    SLACK_BOT_TOKEN: "xoxb-1",
    KINVIRT_STORE: "memory:",
    KINVIRT_QUEUE: "memory:",
    ...over,
  };
}

test("nothing is loaded where nobody wants traces", async () => {
  const program = `
    const { registerHooks } = await import("node:module");
    let loaded = 0;
    registerHooks({
      load(url, context, next) {
        if (url.includes("@opentelemetry")) loaded += 1;
        return next(url, context);
      },
    });
    await import("./functions/compose.ts");
    const { tracingOf } = await import("./functions/tracing.ts");
    const address = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" };
    for (const env of [
      { OTEL_SERVICE_NAME: "kinvirt" },
      { ...address, OTEL_SDK_DISABLED: "true" },
      { ...address, OTEL_TRACES_EXPORTER: "none" },
      address,
    ]) {
      await tracingOf(env);
      process.stdout.write(loaded + " ");
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  const counts = stdout.trim().split(" ").map(Number);
  expect(counts.slice(0, 3)).toEqual([0, 0, 0]);
  expect(counts[3]).toBeGreaterThan(10);
});

test("the settings are OpenTelemetry's own", async () => {
  const traced = await opened({
    ...json,
    OTEL_EXPORTER_OTLP_ENDPOINT: `${heard.url}/otlp`,
    OTEL_SERVICE_NAME: "kinvirt-prod",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=prod",
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
  });
  await one(traced);
  await traced.close();
  expect(heard.bodies.map(({ path }) => path)).toEqual(["/otlp/v1/traces"]);
  expect(heard.spans).toMatchObject([{ name: "one", parent: "" }]);
  expect(heard.resources[0]).toMatchObject({
    "service.name": "kinvirt-prod",
    "deployment.environment.name": "prod",
    "telemetry.sdk.language": "nodejs",
  });
});

test("protobuf, unless JSON is asked for; at an address for traces alone, as it is", async () => {
  const traced = await opened({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${heard.url}/traces-here` });
  await one(traced, "in protobuf");
  await traced.close();
  expect(heard.bodies).toEqual([
    { type: "application/x-protobuf", path: "/traces-here", text: expect.stringContaining("in protobuf") },
  ]);
});

test("a share of all traces: all or nothing of each, the same for everybody", async () => {
  const env = { ...json, OTEL_EXPORTER_OTLP_ENDPOINT: heard.url, OTEL_TRACES_SAMPLER_ARG: "0.5" };
  const traced = await opened({ ...env, OTEL_TRACES_SAMPLER: "parentbased_traceidratio" });
  const other = await opened({ ...env, OTEL_TRACES_SAMPLER: "traceidratio" });
  const requests = Array.from({ length: 60 }, (_, nth) => `request-${nth}`);
  for (const request of requests) {
    await traced.tracing.during({ name: "slack" }, async () => traced.tracing.begins(request));
    await other.tracing.during({ name: "process" }, async () =>
      other.tracing.belongs({ trace: request, inside: request }),
    );
  }
  await Promise.all([traced.close(), other.close()]);
  const traces = (name: string) => heard.spans.filter((span) => span.name === name).map(({ trace }) => trace);
  expect(traces("slack").length).toBeGreaterThan(10);
  expect(traces("slack").length).toBeLessThan(50);
  expect(traces("process").sort()).toEqual(traces("slack").sort());
  const none = await opened({ ...env, OTEL_TRACES_SAMPLER: "always_off" });
  await one(none, "none");
  await none.close();
  expect(traces("none")).toEqual([]);
});

test("all that is wrong with the settings is told at once, with all else", async () => {
  const traced = await tracingOf({
    OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318",
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_TRACES_SAMPLER: "sometimes",
    OTEL_TRACES_EXPORTER: "zipkin",
  });
  const composed = compose(settings({ SLACK_BOT_TOKEN: "" }), undefined, traced);
  expect("problems" in composed && composed.problems).toEqual([
    'OTEL_TRACES_EXPORTER is "zipkin": write otlp, or none for no traces.',
    "OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https address: write http://HOST:4318, or leave it out for no traces.",
    'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc": write http/protobuf or http/json. A collector takes both at port 4318.',
    'OTEL_TRACES_SAMPLER is "sometimes": write one of always_on, always_off, traceidratio, parentbased_always_on, ' +
      "parentbased_always_off, parentbased_traceidratio.",
    expect.stringContaining("SLACK_BOT_TOKEN is not set"),
  ]);
  const arg = {
    OTEL_EXPORTER_OTLP_ENDPOINT: heard.url,
    OTEL_TRACES_SAMPLER: "traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "5",
  };
  expect(await tracingOf(arg)).toEqual({
    problems: ['OTEL_TRACES_SAMPLER_ARG is "5": write a number from 0 to 1, the share of all traces.'],
  });
});

describe("whoever should take them", () => {
  let taker: Server | undefined;
  afterEach(() => {
    taker?.close();
    taker?.closeAllConnections();
  });
  async function url(refuses: boolean): Promise<string> {
    const server = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    taker = server;
    if (refuses) server.close();
    return `http://127.0.0.1:${port}`;
  }
  async function took(work: () => Promise<unknown>): Promise<number> {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  }

  test.each([
    ["refuses", true],
    ["is silent", false],
  ])("%s: nobody waits for long, and not again soon", async (_what, refuses) => {
    const limit = { OTEL_EXPORTER_OTLP_TIMEOUT: "1500" };
    const traced = await opened({ ...json, ...limit, OTEL_EXPORTER_OTLP_ENDPOINT: await url(refuses) });
    expect(await one(traced)).toBe("one");
    expect(await took(() => traced.flush())).toBeLessThan(1300);
    await one(traced);
    expect(await took(() => traced.flush())).toBeLessThan(250);
    expect(await took(() => traced.close())).toBeLessThan(5500);
  });
});

test("a sweep that wakes nobody is no trace, and one that wakes somebody or fails is", async () => {
  const traced = await opened({ ...json, OTEL_EXPORTER_OTLP_ENDPOINT: heard.url });
  const { tracing } = traced;
  const sweep = (name: string, work: () => Promise<unknown>) => tracing.during({ name, ifBusy: true }, work);
  await sweep("idle", async () => undefined);
  await sweep("busy", async () => tracing.traceparent());
  await sweep("broken", () => Promise.reject(new TypeError("no"))).catch(() => undefined);
  await traced.close();
  expect(heard.spans).toMatchObject([
    { name: "busy", failed: false },
    { name: "broken", failed: true, facts: { "error.type": "TypeError" } },
  ]);
});

test("a process sends its last spans when it ends", async () => {
  const env = settings({ ...json, OTEL_EXPORTER_OTLP_ENDPOINT: heard.url });
  const composed = compose(env, undefined, await tracingOf(env));
  if ("problems" in composed) throw new Error(composed.problems.join());
  await composed.deps.tracing?.during({ name: "the last" }, async () => undefined);
  expect(heard.spans).toEqual([]);
  await composed.close();
  expect(heard.spans).toMatchObject([{ name: "the last" }]);
});

test("a function has sent its spans when it answers, also those of a request of Slack's", async () => {
  const env = settings({
    ...json,
    OTEL_EXPORTER_OTLP_ENDPOINT: heard.url,
    AWS_LAMBDA_FUNCTION_NAME: "kinvirt-prod-slack",
  });
  const handler = started(
    ({ deps, signingSecret }) => slackFunction(deps, signingSecret) as unknown as (event: object) => Promise<object>,
    env,
    () => undefined,
  );
  const body = command("help");
  const headers = { "content-type": FORM, ...signed(body, Date.now()) };
  const event = httpEvent("POST", "/slack/events", headers, body);
  expect(await handler(event, {})).toMatchObject({ statusCode: 200 });
  expect(heard.spans).toMatchObject([
    { name: "slack help", facts: { "slack.command": "help", "http.response.status_code": 200 }, failed: false },
  ]);
  expect(heard.resources[0]).toMatchObject({ "cloud.provider": "aws", "faas.name": "kinvirt-prod-slack" });
  // What nobody has signed is no request.
  const forged = { ...event, headers: { ...headers, "x-slack-signature": "v0=00" } };
  expect(await handler(forged, {})).toMatchObject({ statusCode: 401 });
  expect(heard.spans).toHaveLength(1);
});

test("lines of the log carry the ids; calls of Slack are spans, those that failed too", async () => {
  const traced = await opened({ ...json, OTEL_EXPORTER_OTLP_ENDPOINT: heard.url });
  const lines: string[] = [];
  const log = pinoLog({ destination: { write: (line) => void lines.push(line) }, ids: traced.ids });
  const slack = slackWeb({ token: "xoxb-1", apiUrl: "http://127.0.0.1:9/", tracing: traced.tracing });
  log.info("before");
  await traced.tracing.during({ name: "work" }, async () => {
    await slack.edit("C1", "1.0", { text: "words", blocks: [] }).catch(() => log.warn("untold"));
  });
  await traced.flush();
  const work = heard.spans.find(({ name }) => name === "work");
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).not.toHaveProperty("trace_id");
  expect(second).toMatchObject({ event: "untold", trace_id: work?.trace, span_id: work?.id });
  expect(heard.spans.find(({ name }) => name === "slack chat.update")).toMatchObject({
    parent: work?.id,
    facts: { "slack.method": "chat.update", "slack.result": "no_answer", "error.type": "no_answer" },
    failed: true,
  });
  await traced.close();
});

test("what turns out late to be the begin of a trace is linked with it", async () => {
  const traced = await opened({ ...json, OTEL_EXPORTER_OTLP_ENDPOINT: heard.url });
  const { tracing } = traced;
  await tracing.during({ name: "slack create", kind: "server" }, async () => {
    tracing.call({ name: "slack views.open", seconds: 0.01, facts: {} });
    tracing.begins("k3m9qz");
  });
  await tracing.during({ name: "process plan" }, async () => tracing.belongs({ trace: "k3m9qz", inside: "k3m9qz" }));
  await traced.close();
  const [plan] = heard.spans.filter(({ name }) => name === "process plan");
  const [own, derived] = heard.spans
    .filter(({ name }) => name === "slack create")
    .sort((a, b) => Number(a.trace === plan?.trace) - Number(b.trace === plan?.trace));
  expect([plan?.trace, plan?.parent]).toEqual([derived?.trace, derived?.id]);
  expect(own?.links).toEqual([`${derived?.trace}/${derived?.id}`]);
  expect(derived?.links).toEqual([`${own?.trace}/${own?.id}`]);
});
