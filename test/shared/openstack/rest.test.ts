import * as z from "zod";
import type { Method } from "../../../shared/openstack/endpoint.ts";
import { type Answer, endpointOf, failure, fakeCloud, json, offer } from "./fake-cloud.ts";

// Goal: every call carries the token and the microversion, is repeated only when that is safe, and fails in one shape.
const LOGIN = "POST http://keystone.test/v3/auth/tokens";
const body = z.object({ ok: z.boolean() });
const OK = json({ ok: true });
const call = (method: Method) => ({ method, path: "/things", answer: body });
const lost = new Error("socket hang up");
const busy: Answer = { status: 503, body: "busy" };

test.each<[string, Method, readonly Answer[], number, readonly number[]]>([
  ["a lost answer", "GET", [lost, OK], 2, [500]],
  ["two lost answers", "DELETE", [lost, lost, OK], 3, [500, 1000]],
  ["503 and 502", "PUT", [busy, { status: 502 }, OK], 3, [500, 1000]],
  ["504", "HEAD", [{ status: 504 }, OK], 2, [500]],
  ["429 with seconds", "GET", [{ status: 429, headers: { "retry-after": "7" } }, OK], 2, [7000]],
  ["429 with a long wait", "GET", [{ status: 429, headers: { "retry-after": "3600" } }, OK], 2, [30_000]],
  [
    "503 with a date",
    "GET",
    [{ status: 503, headers: { "retry-after": "Tue, 24 Nov 2026 00:00:04 GMT" } }, OK],
    2,
    [4000],
  ],
  ["503 with nonsense", "GET", [{ status: 503, headers: { "retry-after": "soon" } }, OK], 2, [500]],
])("%s is got over: %s", async (_what, method, answers, sent, waits) => {
  const cloud = fakeCloud(answers);
  expect(await endpointOf("network", cloud).call(call(method))).toEqual({ ok: true });
  expect(cloud.lines).toEqual([LOGIN, ...Array(sent).fill(`${method} http://neutron.test/v2.0/things`)]);
  expect(cloud.waits).toEqual(waits);
});

test.each<[string, Method, readonly Answer[], number, object]>([
  ["POST is not repeated when its answer is lost", "POST", [lost], 1, { trouble: "retry" }],
  [
    "POST is not repeated after 503",
    "POST",
    [{ ...busy, headers: { "retry-after": "9" } }],
    1,
    { trouble: "retry", detail: { retryAfterSeconds: 9, status: 503 } },
  ],
  ["PATCH is not repeated", "PATCH", [lost], 1, { trouble: "retry" }],
  ["three tries are the most", "GET", [lost, lost, lost], 3, { trouble: "retry", detail: { path: "/things" } }],
  ["500 is not repeated at once", "GET", [{ status: 500 }], 1, { trouble: "retry" }],
  ["404 is an answer", "GET", [json({ NeutronError: { message: "gone" } }, 404)], 1, { trouble: "missing" }],
])("%s", async (_what, method, answers, sent, expected) => {
  const cloud = fakeCloud(answers);
  expect(await failure(endpointOf("network", cloud).call(call(method)))).toMatchObject(expected);
  expect(cloud.lines).toHaveLength(sent + 1);
});

test.each<Method>(["GET", "POST"])("%s after a 401 is sent once more with a new token", async (method) => {
  const cloud = fakeCloud([{ status: 401 }, OK]);
  await endpointOf("network", cloud).call({ ...call(method), body: method === "POST" ? { a: 1 } : undefined });
  const sent = cloud.requests.filter((request) => request.url.endsWith("/things"));
  expect(sent.map((request) => request.headers["x-auth-token"])).toEqual(["token-1", "token-2"]);
  expect(sent[1]?.body).toBe(sent[0]?.body);
});

test("a second 401 is denied", async () => {
  const cloud = fakeCloud([{ status: 401 }, { status: 401 }]);
  expect(await failure(endpointOf("network", cloud).call(call("POST")))).toMatchObject({ trouble: "denied" });
  expect(cloud.lines).toHaveLength(4);
});

test("calls that met a 401 together log in once", async () => {
  const cloud = fakeCloud([{ status: 401 }, { status: 401 }, OK, OK]);
  const network = endpointOf("network", cloud);
  await Promise.all([network.call(call("GET")), network.call(call("GET"))]);
  expect(cloud.lines.filter((line) => line === LOGIN)).toHaveLength(2);
});

test("query, body and headers", async () => {
  const cloud = fakeCloud([OK]);
  const query = { name: "a b&c", limit: 5, all: undefined, own: true };
  await endpointOf("key-manager", cloud).call({
    ...call("POST"),
    query,
    body: { x: 1 },
    headers: { accept: "text/plain" },
  });
  const sent = cloud.requests.at(-1);
  expect(sent?.url).toBe("http://barbican.test/v1/things?name=a+b%26c&limit=5&own=true");
  expect(sent).toMatchObject({ body: '{"x":1}', timeoutMs: 30_000 });
  expect(sent?.headers).toMatchObject({ accept: "text/plain", "content-type": "application/json" });
});

test("a text goes as it is and comes as it is; no body is undefined", async () => {
  const cloud = fakeCloud([{ body: "plain\n" }, { status: 204 }]);
  const barbican = endpointOf("key-manager", cloud);
  const headers = { "content-type": "text/plain" };
  expect(await barbican.text({ method: "PUT", path: "/t", body: "raw", headers })).toBe("plain\n");
  expect(cloud.requests.at(-1)).toMatchObject({ body: "raw", headers });
  expect(await barbican.call({ method: "DELETE", path: "/t", answer: z.undefined() })).toBeUndefined();
});

test.each<[string, Answer, string]>([
  ["a field of another type", json({ ok: "yes" }), "the answer has an unexpected shape at ok"],
  ["no body", { status: 200 }, "the answer has an unexpected shape at its top level"],
  ["no JSON", { body: "<html>" }, "the answer is not JSON"],
])("%s is refused", async (_what, answer, words) => {
  const error = await failure(endpointOf("network", fakeCloud([answer])).call(call("GET")));
  expect(error).toMatchObject({ trouble: "invalid", detail: { fault: expect.stringContaining(words) } });
});

const novaVersion = (version: string) => json({ version: { id: "v2.1", version, min_version: "2.1", links: [] } });
const MANILA = json({
  versions: [
    { id: "v2.0", version: "2.89", links: [] },
    { id: "v1.0", version: "", links: [] },
  ],
});

test.each([
  [
    "compute",
    novaVersion("2.100"),
    "2.96",
    { "openstack-api-version": "compute 2.96", "x-openstack-nova-api-version": "2.96" },
  ],
  ["shared-file-system", MANILA, "2.82", { "x-openstack-manila-api-version": "2.82" }],
] as const)("%s is asked for its microversions once, without a token", async (service, document, microversion, headers) => {
  const cloud = fakeCloud([document, OK, OK]);
  const endpoint = endpointOf(service, cloud);
  await endpoint.call({ ...call("GET"), microversion });
  await endpoint.call({ ...call("GET"), microversion });
  expect(cloud.lines).toHaveLength(4);
  expect(cloud.requests[1]?.headers).not.toHaveProperty("x-auth-token");
  expect(cloud.requests[2]?.headers).toMatchObject(headers);
});

test.each([
  [
    "compute",
    novaVersion("2.9"),
    "this cloud's compute service speaks microversions up to 2.9, and this call needs 2.10",
  ],
  ["compute", novaVersion(""), "this cloud's compute service speaks no microversions, and this call needs 2.10"],
] as const)("%s that is too old is refused before the call", async (service, document, fault) => {
  const cloud = fakeCloud([document]);
  const asked = endpointOf(service, cloud).call({ ...call("POST"), microversion: "2.10" });
  expect(await failure(asked)).toMatchObject({ trouble: "invalid", detail: { fault } });
  expect(cloud.lines).toHaveLength(2);
});

test.each([
  ["compute", "v2.1", { status: 403 }, undefined],
  ["shared-file-system", "v2", { status: 302 }, undefined],
  ["compute", "v2.1", { body: "<html>" }, undefined],
  ["compute", "v2", { status: 403 }, "speaks no microversions"],
] as const)("%s at /%s whose version document is kept from us is asked itself: %j", async (service, at, hidden, refusal) => {
  const answer = json({ computeFault: { message: "Version 2.52 is not supported by the API." } }, 406);
  const type = service === "compute" ? service : "sharev2";
  const cloud = fakeCloud([hidden, answer], {
    catalog: [offer("identity", "http://ks/v3"), offer(type, `http://x/${at}`)],
  });
  const asked = endpointOf(service, cloud).call({ ...call("POST"), microversion: "2.52" });
  expect(await failure(asked)).toMatchObject({
    trouble: "invalid",
    detail: { fault: expect.stringContaining(refusal ?? "Version 2.52 is not supported") },
  });
});

test("an address that sends us on is told, and no token follows", async () => {
  const location = "https://nova.test/v2.1/things";
  const cloud = fakeCloud([
    { status: 301, headers: { location } },
    { status: 302, headers: { location: "/v2.1/" } },
  ]);
  const nova = endpointOf("compute", cloud);
  const fault =
    "its address sends us on to https://nova.test: write the new one as compute_endpoint_override into clouds.yaml";
  expect(await failure(nova.call(call("POST")))).toMatchObject({ trouble: "invalid", detail: { status: 301, fault } });
  expect(await failure(nova.call(call("POST")))).toMatchObject({ detail: { status: 302, fault: "no reason given" } });
  expect(cloud.requests.map(({ url }) => new URL(url).origin)).not.toContain("https://nova.test");
});

test.each([303, 307, 308])("a %d sends us on too", async (status) => {
  const cloud = fakeCloud([{ status, headers: { location: "https://elsewhere.test/v2.1" } }]);
  const error = await failure(endpointOf("compute", cloud).call(call("GET")));
  expect(String(error)).toContain("its address sends us on to https://elsewhere.test");
});

test("of each exchange it is told whether it failed, without what was asked for by name", async () => {
  const told: unknown[] = [];
  const cloud = fakeCloud([{ status: 404 }, { status: 404 }, { status: 404 }, { status: 409 }, OK, new Error("reset")]);
  const noted = { ...cloud, runtime: { ...cloud.runtime, told: (one: object) => void told.push(one) } };
  const network = endpointOf("network", noted);
  for (const method of ["GET", "DELETE", "POST", "PUT", "POST", "POST"] as const)
    await network.call({ ...call(method), query: { name: "dana" } }).catch(() => undefined);
  expect(told.slice(1)).toMatchObject([
    { method: "GET", status: 404, failed: false, path: "/things" },
    { method: "DELETE", status: 404, failed: false },
    { method: "POST", status: 404, failed: true },
    { method: "PUT", status: 409, failed: true },
    { method: "POST", status: 200, failed: false },
    { method: "POST", why: "reset", failed: true },
  ]);
  expect(JSON.stringify(told)).not.toContain("dana");
});

test.each([200, 300])("versions that are told with a %d are read", async (status) => {
  const versions = [{ id: "v2.0", status: "CURRENT", version: "", links: [{ rel: "self", href: "x/v2/" }] }];
  const catalog = [offer("identity", "http://ks/v3"), offer("compute", "http://x/compute")];
  const cloud = fakeCloud([json({ versions }, status), OK], { catalog });
  await endpointOf("compute", cloud).call(call("GET"));
  expect(cloud.lines.slice(1)).toEqual(["GET http://x/compute/", "GET http://x/compute/v2/things"]);
});

test("versions that are not told now, by a limit, are asked for again later", async () => {
  const cloud = fakeCloud([...Array.from({ length: 3 }, () => ({ status: 429 })), novaVersion("2.96")]);
  const nova = endpointOf("compute", cloud);
  expect(await failure(nova.maxMicroversion())).toMatchObject({ trouble: "retry" });
  expect(await nova.maxMicroversion()).toBe("2.96");
});

test("a version document that wants a token gets it, and one that does not come is asked for again later", async () => {
  const cloud = fakeCloud([{ status: 500 }, { status: 401 }, novaVersion("2.96")]);
  const nova = endpointOf("compute", cloud);
  expect(await failure(nova.maxMicroversion())).toMatchObject({ trouble: "retry" });
  expect(await nova.maxMicroversion()).toBe("2.96");
  expect(cloud.requests.at(-1)?.headers).toHaveProperty("x-auth-token");
});
