import { at as fieldAt } from "../../../sandbox/openstack/json.ts";
import { TAKES } from "../../../sandbox/openstack/timing.ts";
import { type Answer, all, leastOf, mostOf, one, openApi } from "./api.ts";

// Goal: Barbican's API answers as the lab's does: statuses, words, pages, and orders that take their time or fail.
const NIL = "11111111-2222-4333-8444-555555555555";
const ROOT = "http://openstack.sandbox/key-manager/v1";
const LEAST_MS = leastOf(TAKES.orderMade);
const MOST_MS = mostOf(TAKES.orderMade);
const TITLES = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  406: "Not Acceptable",
  409: "Conflict",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
} as const;

const fault = (code: keyof typeof TITLES, description: string) => ({
  status: code,
  body: { code, title: TITLES[code], description },
});
const mismatch = (schema: string, why: string, property: string) =>
  fault(400, `Provided object does not match schema '${schema}': ${why}. Invalid property: '${property}'`);
const review = (what: string) => fault(403, `${what} attempt not allowed - please review your user/project privileges`);
const answer = ({ status, body }: Answer) => ({ status, body });
const idOf = (found: Answer, ref: string) => String(fieldAt(found.body, ref)).split("/").at(-1) ?? "";

const SECRET = { name: "s", payload: "correct horse", payload_content_type: "text/plain", secret_type: "opaque" };
const META = {
  name: "k",
  algorithm: "aes",
  bit_length: 256,
  mode: "cbc",
  payload_content_type: "application/octet-stream",
};

function open() {
  const api = openApi();
  const json = api.at("key-manager", { accept: "application/json" });
  const text = api.at("key-manager", { accept: "text/plain" });
  const bytes = api.at("key-manager", { accept: "application/octet-stream" });
  const plain = api.at("key-manager", { "content-type": "text/plain" });
  const store = async (more: object = {}) =>
    idOf(await json("POST", "/v1/secrets", { ...SECRET, ...more }), "secret_ref");
  const order = async (more: object = {}) =>
    idOf(await json("POST", "/v1/orders", { type: "key", meta: { ...META, ...more } }), "order_ref");
  return { ...api, json, text, bytes, plain, store, order, team: api.sandbox.project("team-a").id };
}

test("the root tells its version to everybody, v1 only to a token", async () => {
  const { sandbox, json } = open();
  const ask = (path: string) =>
    sandbox.send({ method: "GET", url: `${ROOT.replace("/v1", "")}${path}`, headers: {}, timeoutMs: 1000 });
  const root = await ask("/");
  expect([root.status, JSON.parse(root.body)]).toMatchObject([300, { versions: { values: [{ id: "v1" }] } }]);
  expect((await ask("/v1")).status).toBe(401);
  expect(await json("GET", "/v1")).toMatchObject({ status: 200, body: { version: { id: "v1", status: "stable" } } });
});

test("a method that a path lacks is 406, a path that is not there 404", async () => {
  const { json } = open();
  const body = { code: 406, title: "Not Acceptable", description: null };
  expect(answer(await json("PATCH", "/v1/secrets", {}))).toEqual({ status: 406, body });
  expect(answer(await json("GET", "/v1/nowhere"))).toEqual(fault(404, ""));
});

describe("secrets", () => {
  test("are answered by reference, shown without payload, and read as text", async () => {
    const { json, text, sandbox } = open();
    const made = await json("POST", "/v1/secrets", SECRET);
    const id = idOf(made, "secret_ref");
    expect(answer(made)).toEqual({ status: 201, body: { secret_ref: `${ROOT}/secrets/${id}` } });
    expect(made.headers["location"]).toBe(`${ROOT}/secrets/${id}`);
    expect(answer(await json("GET", `/v1/secrets/${id}`))).toEqual({
      status: 200,
      body: {
        created: "2026-01-01T00:00:00",
        updated: "2026-01-01T00:00:00",
        status: "ACTIVE",
        name: "s",
        secret_type: "opaque",
        expiration: null,
        algorithm: null,
        bit_length: null,
        mode: null,
        creator_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        content_types: { default: "text/plain" },
        secret_ref: `${ROOT}/secrets/${id}`,
      },
    });
    const payload = await text("GET", `/v1/secrets/${id}/payload`);
    expect([payload.status, payload.body, payload.headers["content-type"]]).toEqual([
      200,
      "correct horse",
      "text/plain; charset=UTF-8",
    ]);
    expect(JSON.stringify(sandbox.everything("team-a"))).not.toContain("correct horse");
  });

  test("two may have one name, and a name is found by equality in one's own project alone", async () => {
    const { json, store } = open();
    const made = [await store(), await store()];
    await store({ name: "s2" });
    const found = all(await json("GET", "/v1/secrets?name=s"), "secrets", "secret_ref");
    expect(found.map((ref) => String(ref).split("/").at(-1)).sort()).toEqual(made.sort());
    const none = { status: 200, body: { secrets: [], total: 0 } };
    expect(answer(await json("GET", "/v1/secrets?name=s", undefined, "team-b"))).toEqual(none);
  });

  test.each([
    ["a long name", { name: "n".repeat(256) }, mismatch("Secret", `'${"n".repeat(256)}' is too long`, "name")],
    ["a number as name", { name: 1 }, mismatch("Secret", "1 is not of type 'string', 'null'", "name")],
    [
      "no content type",
      { payload_content_type: undefined },
      mismatch(
        "Secret",
        "If 'payload' is supplied, 'payload_content_type' must also be supplied.",
        "payload_content_type",
      ),
    ],
    ["an empty payload", { payload: "" }, mismatch("Secret", "If 'payload' specified, must be non empty", "payload")],
    ["a blank payload", { payload: "  " }, mismatch("Secret", "If 'payload' specified, must be non empty", "payload")],
    ["a payload too large", { payload: "x".repeat(20_001) }, fault(413, "Provided information too large to process")],
    ["a body too large", { payload: "x".repeat(26_000) }, fault(400, "Malformed JSON")],
    [
      "a content type without payload",
      { payload: undefined },
      mismatch("Secret", "payload must be provided when payload_content_type is specified", "payload"),
    ],
    [
      "text in base64",
      { payload_content_encoding: "base64" },
      mismatch("Secret", "payload_content_encoding is not one of None", "payload_content_encoding"),
    ],
    [
      "bytes that are not encoded",
      { payload_content_type: "application/octet-stream" },
      mismatch("Secret", "payload_content_encoding is not one of ['base64', 'binary']", "payload_content_encoding"),
    ],
    [
      "a strange type",
      { secret_type: "foo" },
      mismatch(
        "Secret",
        "'foo' is not one of ['symmetric', 'passphrase', 'private', 'public', 'certificate', 'opaque']",
        "secret_type",
      ),
    ],
    [
      "an expiration in the past",
      { expiration: "2020-01-01T00:00:00Z" },
      mismatch("Secret", "'expiration' is before current time", "expiration"),
    ],
    [
      "an expiration in words",
      { expiration: "soon" },
      mismatch("Secret", "Invalid date for 'expiration'", "expiration"),
    ],
    ["no bits", { bit_length: 0 }, mismatch("Secret", "0 is less than the minimum of 1", "bit_length")],
  ])("refuse %s", async (_what, more, expected) => {
    const { json, sandbox } = open();
    expect(answer(await json("POST", "/v1/secrets", { ...SECRET, ...more }))).toEqual(expected);
    expect(sandbox.everything("team-a").filter(({ type }) => type === "secret")).toEqual([]);
  });

  test.each([
    ["{", fault(400, "Malformed JSON")],
    ["", fault(400, "Malformed JSON")],
    ["[]", mismatch("Secret", "[] is not of type 'object'", "None")],
  ])("refuse the body %j", async (body, expected) => {
    expect(answer(await open().json("POST", "/v1/secrets", body))).toEqual(expected);
  });

  test("refuse what is no JSON", async () => {
    const expected = fault(415, "Unexpected content type. Expected content types are: ['application/json']");
    expect(answer(await open().plain("POST", "/v1/secrets", "{}"))).toEqual(expected);
  });

  test("of another project are forbidden, not hidden, and stay", async () => {
    const { json, text, store } = open();
    const path = `/v1/secrets/${await store()}`;
    expect(answer(await json("GET", path, undefined, "team-b"))).toEqual(review("Secret retrieval"));
    const read = await text("GET", `${path}/payload`, undefined, "team-b");
    expect(answer(read)).toEqual(review("Secret payload retrieval"));
    expect(answer(await json("DELETE", path, undefined, "team-b"))).toEqual(review("Secret deletion"));
    expect((await json("GET", path)).status).toBe(200);
  });

  test.each([
    ["GET", `/v1/secrets/${NIL}`, "Secret not found."],
    ["GET", `/v1/secrets/${NIL}/payload`, "Secret not found."],
    ["DELETE", `/v1/secrets/${NIL}`, "Secret not found."],
    ["GET", "/v1/secrets/abc", "Not Found. Provided secret id is invalid."],
  ])("%s %s is 404", async (method, path, words) => {
    expect(answer(await open().text(method, path))).toEqual(fault(404, words));
  });

  test("are gone at once when deleted, and 404 the second time", async () => {
    const { json, text, store } = open();
    const path = `/v1/secrets/${await store()}`;
    expect(answer(await json("DELETE", path))).toEqual({ status: 204, body: "" });
    expect(answer(await json("DELETE", path))).toEqual(fault(404, "Secret not found."));
    expect(answer(await text("GET", `${path}/payload`))).toEqual(fault(404, "Secret not found."));
  });

  test("without a payload get it in a second step, once", async () => {
    const { json, text, plain } = open();
    const path = `/v1/secrets/${idOf(await json("POST", "/v1/secrets", { name: "later" }), "secret_ref")}`;
    const empty = fault(404, "Not Found. Sorry but your secret has no payload.");
    expect(answer(await text("GET", `${path}/payload`))).toEqual(empty);
    const types = "Expected content types are: ['application/octet-stream', 'text/plain']";
    expect(answer(await json("PUT", path, { x: 1 }))).toEqual(fault(415, `Unexpected content type. ${types}`));
    expect((await plain("PUT", path, "later")).status).toBe(204);
    const twice = fault(409, "Secret already has data, cannot modify it.");
    expect(answer(await plain("PUT", path, "again"))).toEqual(twice);
    expect((await text("GET", `${path}/payload`)).body).toBe("later");
  });

  test("end with their expiration", async () => {
    const { json, store, pass } = open();
    const path = `/v1/secrets/${await store({ expiration: "2026-01-01T00:00:10Z" })}`;
    pass(9999);
    expect(await json("GET", path)).toMatchObject({ status: 200, body: { expiration: "2026-01-01T00:00:10" } });
    pass(1);
    expect(answer(await json("GET", path))).toEqual(fault(404, "Secret not found."));
    expect(await json("GET", "/v1/secrets")).toMatchObject({ body: { total: 0 } });
  });

  test("go to ERROR on request", async () => {
    const { json, store, sandbox } = open();
    sandbox.faults.break("secret", "no storage");
    expect(await json("GET", `/v1/secrets/${await store()}`)).toMatchObject({ body: { status: "ERROR" } });
    expect(await json("GET", `/v1/secrets/${await store()}`)).toMatchObject({ body: { status: "ACTIVE" } });
  });
});

describe("pages", () => {
  test("go by number, with links that forget the filters", async () => {
    const { json, store } = open();
    for (const name of ["a", "b", "c", "d", "e"]) await store({ name });
    const link = (offset: number) => `${ROOT}/secrets?limit=2&offset=${offset}`;
    const first = await json("GET", "/v1/secrets?limit=2&secret_type=opaque");
    expect(first).toMatchObject({ body: { total: 5, next: link(2) } });
    expect(first.body).not.toHaveProperty("previous");
    const second = await json("GET", "/v1/secrets?limit=2&offset=2");
    expect(second).toMatchObject({ body: { total: 5, next: link(4), previous: link(0) } });
    const last = await json("GET", "/v1/secrets?limit=2&offset=4");
    expect(last).toMatchObject({ body: { total: 5, previous: link(2) } });
    expect(last.body).not.toHaveProperty("next");
    const names = [first, second, last].flatMap((found) => all(found, "secrets"));
    expect(names.toSorted()).toEqual(["a", "b", "c", "d", "e"]);
    const beyond = await json("GET", "/v1/secrets?limit=2&offset=100");
    expect(answer(beyond)).toEqual({ status: 200, body: { secrets: [], total: 5 } });
  });

  test.each([
    ["", 10],
    ["?limit=0", 1],
    ["?limit=-1", 1],
    ["?limit=many", 10],
    ["?limit=1000", 12],
  ])("%s holds %d", async (query, count) => {
    const { json, store } = open();
    for (let made = 0; made < 12; made += 1) await store();
    expect(all(await json("GET", `/v1/secrets${query}`), "secrets")).toHaveLength(count);
  });

  test("are sorted on request, and by nothing that does not exist", async () => {
    const { json, store } = open();
    for (const name of ["b", "c", "a"]) await store({ name });
    expect(all(await json("GET", "/v1/secrets?sort=name:desc"), "secrets")).toEqual(["c", "b", "a"]);
    const refusal = fault(400, "URI provided invalid query string parameters.");
    expect(answer(await json("GET", "/v1/secrets?sort=foo"))).toEqual(refusal);
  });
});

describe("orders", () => {
  test("make a key after a moment, of their own name and of bytes that are no text", async () => {
    const { json, text, bytes, order, pass } = open();
    const made = await json("POST", "/v1/orders", { type: "key", meta: META });
    const id = idOf(made, "order_ref");
    expect(answer(made)).toEqual({ status: 202, body: { order_ref: `${ROOT}/orders/${id}` } });
    pass(LEAST_MS - 1);
    const before = await json("GET", `/v1/orders/${id}`);
    expect(before).toMatchObject({ body: { status: "PENDING", type: "key", meta: META } });
    expect(before.body).not.toHaveProperty("secret_ref");
    pass(MOST_MS);
    const after = await json("GET", `/v1/orders/${id}`);
    expect(after).toMatchObject({
      body: { status: "ACTIVE", sub_status: "Unknown", order_ref: `${ROOT}/orders/${id}` },
    });
    const path = `/v1/secrets/${idOf(after, "secret_ref")}`;
    expect(await json("GET", path)).toMatchObject({
      body: { name: "k", secret_type: "symmetric", algorithm: "aes", bit_length: 256, mode: "cbc", status: "ACTIVE" },
    });
    expect((await bytes("GET", `${path}/payload`)).status).toBe(200);
    const type = fault(406, "Secret payload retrieval issue seen - Wrong payload content-type.");
    expect(answer(await text("GET", `${path}/payload`))).toEqual(type);
    expect(await order()).not.toBe(id);
  });

  test("keep their reference when the key goes, and the key stays when they go", async () => {
    const { json, order, pass } = open();
    const [first, second] = [`/v1/orders/${await order()}`, `/v1/orders/${await order()}`];
    pass(MOST_MS);
    const key = `/v1/secrets/${idOf(await json("GET", first), "secret_ref")}`;
    const other = `/v1/secrets/${idOf(await json("GET", second), "secret_ref")}`;
    expect((await json("DELETE", key)).status).toBe(204);
    expect(`/v1/secrets/${idOf(await json("GET", first), "secret_ref")}`).toBe(key);
    expect((await json("DELETE", second)).status).toBe(204);
    expect(answer(await json("DELETE", second))).toEqual(fault(404, "Order not found."));
    expect((await json("GET", other)).status).toBe(200);
  });

  test("that are deleted before they are done make nothing", async () => {
    const { json, order, pass } = open();
    await json("DELETE", `/v1/orders/${await order()}`);
    pass(MOST_MS);
    expect(await json("GET", "/v1/secrets")).toMatchObject({ body: { total: 0 } });
  });

  test.each([
    [
      "an unknown algorithm",
      { algorithm: "foo" },
      "400",
      "Process TypeOrder issue seen - Secret generate supported plugin not found..",
    ],
    [
      "a size it cannot make",
      { bit_length: 512 },
      "500",
      "Process TypeOrder failure seen - please contact site administrator.",
    ],
  ])("end in ERROR with %s", async (_what, more, code, reason) => {
    const { json, order, pass } = open();
    const id = await order(more);
    pass(MOST_MS);
    const body = { status: "ERROR", error_status_code: code, error_reason: reason };
    const found = await json("GET", `/v1/orders/${id}`);
    expect(found).toMatchObject({ body });
    expect(found.body).not.toHaveProperty("secret_ref");
  });

  test("end in ERROR on request", async () => {
    const { json, order, pass, sandbox } = open();
    sandbox.faults.break("order", "no entropy", 1, /^k$/);
    const id = await order();
    pass(MOST_MS);
    expect(await json("GET", `/v1/orders/${id}`)).toMatchObject({
      body: { status: "ERROR", error_reason: "no entropy" },
    });
  });

  const wrong = (why: string, property: string) => mismatch("Order", why, property);
  test.each([
    ["no meta", { type: "key" }, wrong("'meta' is a required property", "meta")],
    ["no type", { meta: META }, wrong("'type' is a required property", "type")],
    ["a strange type", { type: "foo", meta: META }, wrong("'foo' is not one of ['key', 'asymmetric']", "type")],
    ["a text as meta", { type: "key", meta: "x" }, wrong("'x' is not of type 'object'", "meta")],
    [
      "no algorithm",
      { type: "key", meta: { bit_length: 256 } },
      wrong("'algorithm' is required field for key type order", "meta"),
    ],
    [
      "no size",
      { type: "key", meta: { algorithm: "aes" } },
      wrong("'bit_length' is required field for key type order", "meta"),
    ],
    [
      "a payload that is not encoded",
      { type: "key", meta: { ...META, payload: "x" } },
      mismatch(
        "Secret' within 'Order",
        "payload_content_encoding is not one of ['base64', 'binary']",
        "payload_content_encoding",
      ),
    ],
    ["7 bits", { type: "key", meta: { ...META, bit_length: 7 } }, fault(400, "Provided field value is not supported")],
  ])("refuse %s", async (_what, body, expected) => {
    const { json } = open();
    expect(answer(await json("POST", "/v1/orders", body))).toEqual(expected);
    expect(answer(await json("GET", "/v1/orders"))).toEqual({ status: 200, body: { orders: [], total: 0 } });
  });

  test("of another project are not there", async () => {
    const { json, order } = open();
    const path = `/v1/orders/${await order()}`;
    const absent = fault(404, "Order not found.");
    expect(answer(await json("GET", path, undefined, "team-b"))).toEqual(absent);
    expect(answer(await json("DELETE", path, undefined, "team-b"))).toEqual(absent);
    expect(answer(await json("GET", `/v1/orders/${NIL}`))).toEqual(absent);
    expect((await json("GET", path)).status).toBe(200);
  });
});

describe("quotas", () => {
  test.each([
    ["secrets", "Secret", "/v1/secrets", SECRET],
    ["orders", "Order", "/v1/orders", { type: "key", meta: META }],
  ])("over %s is 403", async (resource, what, path, body) => {
    const { json, team } = open();
    const quotas = {
      status: 200,
      body: { quotas: { secrets: -1, orders: -1, containers: -1, consumers: -1, cas: -1 } },
    };
    expect(answer(await json("GET", "/v1/quotas"))).toEqual(quotas);
    await json("PUT", `/v1/project-quotas/${team}`, { project_quotas: { [resource]: 1 } }, "admin");
    expect(one(await json("GET", "/v1/quotas"), "quotas")[resource]).toBe(1);
    const status = path === "/v1/orders" ? 202 : 201;
    expect((await json("POST", path, body)).status).toBe(status);
    const refusal = `${what} creation issue seen - Creation not allowed because a quota has been reached.`;
    expect(answer(await json("POST", path, body))).toEqual(fault(403, refusal));
    expect((await json("POST", path, body, "team-b")).status).toBe(status);
    expect((await json("DELETE", `/v1/project-quotas/${team}`, undefined, "admin")).status).toBe(204);
    expect(answer(await json("GET", "/v1/quotas"))).toEqual(quotas);
  });

  test("are an admin's to set", async () => {
    const { json, team } = open();
    const path = `/v1/project-quotas/${team}`;
    const body = { project_quotas: { secrets: 5 } };
    expect(answer(await json("PUT", path, body))).toEqual(review("Project Quotas"));
    expect(answer(await json("GET", path, undefined, "admin"))).toEqual(fault(404, "Project quotas not found."));
    expect(answer(await json("PUT", path, {}, "admin"))).toEqual(
      mismatch("Project Quota", "'project_quotas' is a required property", "None"),
    );
    expect((await json("PUT", path, body, "admin")).status).toBe(204);
    expect(await json("GET", path, undefined, "admin")).toMatchObject({
      status: 200,
      body: { project_quotas: { secrets: 5, orders: null } },
    });
  });
});
