import { openstackCalls, tracedEnds } from "../../functions/observe.ts";
import { sweep } from "../../handlers/work/sweep.ts";
import { taken } from "../../handlers/work/taken.ts";
import { openTracing } from "../../shared/adapters/otel.ts";
import { spanIdOf, traceIdOf } from "../../shared/adapters/otel-ids.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { HttpRequest } from "../../shared/openstack/send.ts";
import { collector, type Span } from "../support/collector.ts";
import { type Town, town } from "../support/town.ts";

// Goal: one request is one trace, from the signed request of Slack to the last call of the cloud, whoever works on it and
// whatever message is lost; and nothing in it is a secret or a person's words.
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

let at: Town;
/** All that was told of a whole life. */
let spans: readonly Span[] = [];
let told = "";
/** What was sent to the cloud: in all, and from the command until the cluster was ready. */
const sent: HttpRequest[] = [];
let sentForCreate = 0;
let made: ClusterRecord | undefined;
const requests = { create: "", delete: "" };
let link = "";

/** What a worker does with its queue, until `enough`; messages that `loses` never come, until a sweep wakes their records. */
async function work(enough: () => boolean | Promise<boolean>, loses: (is: string) => boolean = () => false) {
  for (let left = 600; left > 0 && !(await enough()); left -= 1) {
    const [next] = at.queue.due(Number.POSITIVE_INFINITY);
    if (next === undefined) {
      await at.clock.wait(10_000);
      await sweep(at.deps);
      continue;
    }
    await at.clock.wait(Math.max(0, next.dueMs - at.clock.nowMs()));
    at.queue.take();
    if (!loses(next.message.is)) await taken(next.message, at.deps, { lateMs: 0, traceparent: next.traceparent });
  }
}

const nothingWaits = (): boolean => at.queue.due(Number.POSITIVE_INFINITY).length === 0;
const record = () => at.record("team-a/dev");

async function life(): Promise<void> {
  const lost = { plan: 1, reconcile: 2 };
  const loses = (is: string): boolean => (is === "plan" || is === "reconcile") && lost[is]-- > 0;
  await at.type("create dev --rwx 100G");
  requests.create = (await record())?.request ?? "";
  await work(() => at.button("request:approve") !== "", loses);
  await at.click("request:approve", at.button("request:approve"));
  await work(async () => (await record())?.status.told === true, loses);
  expect([lost.plan, lost.reconcile].every((left) => left < 0)).toBe(true);
  made = await record();
  sentForCreate = sent.length;
  await at.type("retry dev", "U0ONCALL");
  await work(nothingWaits);
  await at.type("create other");
  await work(nothingWaits);
  const other = (await at.record("team-a/other"))?.request ?? "";
  await at.type(`deny ${other} quokkas are not a reason`, "U0APPROVER");
  await at.type("kubeconfig dev --role admin");
  const [path = ""] = /\/kubeconfig\/[a-z0-9]{43}/.exec(JSON.stringify(at.answers)) ?? [];
  link = path;
  expect((await fetch(`${at.url}${path}`, { method: "POST" })).status).toBe(200);
  await at.type("mumble about quokkas");
  await work(nothingWaits);
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  requests.delete = (await record())?.request ?? "";
  await work(async () => (await record()) === undefined);
}

beforeAll(async () => {
  const heard = await collector();
  process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = heard.url;
  at = await town();
  const { clock, sandbox, deps } = at;
  const { tracing, close } = await openTracing(
    { protocol: "http/json", share: 1 },
    {},
    { log: quiet, nowMs: clock.nowMs },
  );
  const each = openstackCalls(quiet, undefined, tracing);
  const cloud = connect(sandbox.settings("team-a"), {
    ...clock,
    send: (request) => {
      sent.push(request);
      return sandbox.send(request);
    },
    told: (exchanged) => each("team-a", exchanged),
  });
  Object.assign(deps, { tracing, cloudOf: () => cloud, ...tracedEnds(deps, { tracing }) });
  await life();
  await close();
  spans = heard.spans;
  told = heard.bodies.map(({ text }) => text).join("\n");
  await heard.close();
}, 60_000);
afterAll(() => at.close());

const of = (request: string): readonly Span[] => spans.filter(({ trace }) => trace === traceIdOf(request));
const named = (all: readonly Span[], name: string): readonly Span[] => all.filter((one) => one.name === name);
const isCloud = ({ facts }: Span): boolean => facts["openstack.service"] !== undefined;

/** The names from a span to the first of its trace. */
function upwards(all: readonly Span[], from: Span | undefined): readonly string[] {
  const above = all.find(({ id }) => id === from?.parent);
  return from === undefined ? [] : [from.name, ...upwards(all, above)];
}

test("a create is one trace, whose first span is the command, and each other is inside of one that is there", () => {
  const all = of(requests.create);
  const firsts = all.filter(({ parent }) => parent === "");
  expect(firsts).toMatchObject([
    { name: "slack create", id: spanIdOf(requests.create), facts: { "kinvirt.about": requests.create } },
  ]);
  const ids = new Set(all.map(({ id }) => id));
  expect(ids.size).toBe(all.length);
  expect(all.filter(({ parent }) => parent !== "" && !ids.has(parent))).toEqual([]);
});

test("the approval, and the operation from its begin to its end, are inside of it", () => {
  const all = of(requests.create);
  expect(named(all, "slack block_actions")).toMatchObject([
    { parent: spanIdOf(requests.create), facts: { "slack.what": "request:approve" } },
  ]);
  expect(named(all, "create")).toMatchObject([
    {
      parent: spanIdOf(requests.create),
      startMs: Math.floor(made?.status.startedMs ?? 0),
      endMs: Math.floor(made?.status.finishedMs ?? 0),
      facts: { "kinvirt.cluster": made?.id, "kinvirt.request": requests.create },
    },
  ]);
  const passes = named(all, "pass");
  expect(passes.length).toBeGreaterThan(3);
  expect(passes.at(-1)?.facts).toMatchObject({ "kinvirt.operation": "create", "kinvirt.outcome": "done" });
});

test("each call of the cloud until it is ready is in it, with the step that made it, and so are those of Kubernetes", () => {
  const all = of(requests.create);
  const calls = all.filter(isCloud);
  expect(calls).toHaveLength(sentForCreate);
  const [server] = named(all, "POST /servers");
  expect(server?.facts).toMatchObject({
    "http.request.method": "POST",
    "url.template": "/servers",
    "http.response.status_code": 202,
    "openstack.service": "compute",
    "openstack.request_id": expect.stringMatching(/^req-/),
  });
  const above = ["create server", "pass", "process reconcile", "create", "slack create"];
  expect(upwards(all, server)).toEqual(["POST /servers", ...above]);
  expect(upwards(all, calls.at(-1)).slice(-4)).toEqual(above.slice(1));
  expect(upwards(all, named(all, "GET /readyz")[0]).slice(-4)).toEqual(above.slice(1));
  expect(named(all, "PATCH /apis/apps/v1/namespaces/{namespace}/daemonsets/{name}").length).toBeGreaterThan(0);
});

test("what a lost message was to cause is in it all the same, with a link to the sweep that found it", () => {
  const sweeps = named(spans, "sweep").map(({ trace, id }) => `${trace}/${id}`);
  const links = of(requests.create).flatMap((one) => one.links.map((to) => [one.name, sweeps.includes(to)]));
  expect(links).toContainEqual(["process plan", true]);
  expect(links).toContainEqual(["process reconcile", true]);
});

test("a delete is a trace of its own, and a look at a ready cluster is in that of who asked for it", () => {
  const [retry] = named(spans, "slack retry");
  const looks = spans.filter(({ trace }) => trace === retry?.trace);
  expect(upwards(looks, named(looks, "pass")[0])).toEqual(["pass", "process reconcile", "slack retry"]);
  const all = of(requests.delete);
  const above = ["pass", "process reconcile", "delete", "slack block_actions"];
  expect(upwards(all, named(all, "remove network")[0])).toEqual(["remove network", ...above]);
});

test("no secret, no id in a name, and nobody's words", () => {
  const names = [...new Set(spans.map(({ name }) => name))];
  expect(names).toEqual(expect.arrayContaining(["slack deny", "POST /kubeconfig/{token}"]));
  const secrets = sent.flatMap(({ headers, body = "" }) => [
    headers["x-auth-token"] ?? "",
    ...[...body.matchAll(/"(?:password|secret|user_data|payload)":\s*"([^"]{6,})"/g)].map(([, one = ""]) => one),
  ]);
  const known = [...new Set(secrets)].filter((one) => one !== "");
  expect(known.length).toBeGreaterThan(5);
  expect(known.filter((one) => told.includes(one))).toEqual([]);
  const token = link.split("/").at(-1) ?? "";
  expect(token).toHaveLength(43);
  for (const word of [
    token,
    "quokkas",
    "mumble",
    "shhh-for-tests",
    "BEGIN ",
    "Bearer",
    "team-a/dev",
    "U0DEV",
    "C0TEAMA",
  ])
    expect([word, told.includes(word)]).toEqual([word, false]);
  expect(names.filter((name) => /[0-9a-f]{8}-|[0-9a-f]{16}|\?|kinvirt-shared/.test(name))).toEqual([]);
  expect(names.length).toBeLessThan(200);
});
