import { isJson } from "../../../sandbox/openstack/json.ts";
import { TAKES } from "../../../sandbox/openstack/timing.ts";
import { type Answer, all, leastOf, mostOf, one, openApi } from "./api.ts";

// Goal: Designate's API answers as the lab's does: statuses, words, pages and the time that name servers take.
const NIL = "11111111-2222-4333-8444-555555555555";
const LEAST_MS = leastOf(TAKES.recordsetWritten);
const MOST_MS = mostOf(TAKES.recordsetWritten);
const NOT_VALID = "Provided object is not valid. Got a ValueError error with message";

const fault = (code: number, type: string, more: object = {}) => ({
  status: code,
  body: { code, type, ...more, request_id: expect.stringMatching(/^req-/) },
});
const said = (code: number, type: string, message: string) => fault(code, type, { message });
const invalid = (why: string) => said(400, "invalid_object", `${NOT_VALID} ${why}`);
const detail = (path: readonly (string | number)[], message: string, validator: string, value: string | null) =>
  fault(400, "invalid_object", { errors: { errors: [{ path, message, validator, validator_value: [value] }] } });
const answer = ({ status, body }: Answer) => ({ status, body });
const field = (found: Answer, name: string) => (isJson(found.body) ? found.body[name] : undefined);
const linkOf = (found: Answer, name: string) => one(found, "links")[name];

async function open() {
  const api = openApi();
  const dns = api.at("dns");
  const zoneId = String(all(await dns("GET", "/v2/zones"), "zones", "id")[0]);
  const theirs = String(all(await dns("GET", "/v2/zones", undefined, "team-b"), "zones", "id")[0]);
  const base = `/v2/zones/${zoneId}/recordsets`;
  const wanted = (more: object = {}) => ({ name: "a.k8s.example.org.", type: "A", records: ["192.0.2.1"], ...more });
  const make = async (more: object = {}) => String(field(await dns("POST", base, wanted(more)), "id"));
  return { ...api, dns, zoneId, theirs, base, wanted, make };
}

test("versions are told to everybody, and v2 itself is no document", async () => {
  const { sandbox, dns } = await open();
  const url = "http://openstack.sandbox/dns";
  const root = await sandbox.send({ method: "GET", url: `${url}/`, headers: {}, timeoutMs: 1000 });
  expect([root.status, JSON.parse(root.body)]).toMatchObject([200, { versions: [{ id: "v2" }, {}, { id: "v2.1" }] }]);
  expect((await sandbox.send({ method: "GET", url: `${url}/v2`, headers: {}, timeoutMs: 1000 })).status).toBe(401);
  expect(answer(await dns("GET", "/v2"))).toEqual(said(404, "not_found", "resource not found"));
});

describe("what is refused to read", () => {
  test.each([
    ["/v2/nowhere", said(404, "not_found", "resource not found")],
    ["/v2/zones/xyz", said(400, "invalid_uuid", "Invalid UUID zone_id: xyz")],
    [`/v2/zones/${NIL}`, said(404, "zone_not_found", "Could not find Zone")],
    ["/v2/zones/THEIRS", said(404, "zone_not_found", "Could not find Zone")],
    ["/v2/zones/THEIRS/recordsets", said(404, "zone_not_found", "Could not find Zone")],
    ["/v2/zones/OURS/recordsets/abc", said(400, "invalid_uuid", "Invalid UUID recordset_id: abc")],
    [`/v2/zones/OURS/recordsets/${NIL}`, said(404, "recordset_not_found", "Could not find RecordSet")],
    [`/v2/recordsets/${NIL}`, said(404, "recordset_not_found", "Could not find RecordSet")],
    ["/v2/recordsets?limit=0", said(400, "invalid_limit", "limit should be an integer between 1 and 1000")],
    ["/v2/recordsets?limit=-1", said(400, "invalid_limit", "limit should be an integer between 1 and 1000")],
    ["/v2/recordsets?limit=many", said(400, "invalid_limit", "limit should be an integer between 1 and 1000")],
    ["/v2/recordsets?limit=", said(400, "value_error", "invalid literal for int() with base 10: ''")],
    ["/v2/recordsets?marker=abc", fault(400, "invalid_marker")],
    [`/v2/recordsets?marker=${NIL}`, said(400, "marker_not_found", "Marker None could not be found")],
    ["/v2/recordsets?foo=1&bar=2", said(400, "bad_request", "Invalid filters foo, bar")],
    ["/v2/recordsets?name=a&name=b", said(400, "bad_request", "Duplicate filters name")],
    ["/v2/recordsets?sort_dir=up", said(400, "invalid_sort_dir", "Unknown sort direction, must be 'desc' or 'asc'")],
    [
      "/v2/recordsets?sort_key=id",
      said(
        400,
        "invalid_sort_key",
        "sort key must be one of ['created_at', 'updated_at', 'zone_id', 'tenant_id', 'name', 'type', 'ttl']",
      ),
    ],
  ])("%s", async (path, expected) => {
    const { dns, zoneId, theirs } = await open();
    const asked = path.replace("OURS", zoneId).replace("THEIRS", theirs);
    expect(answer(await dns("GET", asked))).toEqual(expected);
  });

  test("what the API has no method for is 405, without words", async () => {
    const { dns, base } = await open();
    expect(answer(await dns("PATCH", base, {}))).toEqual(fault(405, "method_not_allowed"));
  });

  test("only an admin may ask for all projects", async () => {
    const { at } = await open();
    const everywhere = at("dns", { "x-auth-all-projects": "True" });
    expect((await everywhere("GET", "/v2/zones")).status).toBe(403);
    const seen = await everywhere("GET", "/v2/zones?sort_key=name", undefined, "admin");
    expect(all(seen, "zones")).toEqual(["k8s-b.example.org.", "k8s.example.org."]);
  });
});

describe("creating", () => {
  test("answers 202 with the recordset as it is asked for", async () => {
    const { dns, sandbox, zoneId, base, wanted } = await open();
    const made = await dns("POST", base, wanted({ ttl: "60", description: 7 }));
    const self = `http://openstack.sandbox/dns${base}/${field(made, "id")}`;
    expect(answer(made)).toEqual({
      status: 202,
      body: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        zone_id: zoneId,
        zone_name: "k8s.example.org.",
        project_id: sandbox.project("team-a").id,
        ...wanted({ ttl: 60, description: "7" }),
        status: "PENDING",
        action: "CREATE",
        version: 1,
        created_at: "2026-01-01T00:00:00.000000",
        updated_at: null,
        links: { self },
      },
    });
    expect(made.headers["location"]).toBe(self);
  });

  test("without records it is ACTIVE and 201, for there is nothing to write", async () => {
    const { dns, base, wanted } = await open();
    const made = await dns("POST", base, wanted({ records: [] }));
    expect(answer(made)).toMatchObject({ status: 201, body: { status: "ACTIVE", action: "NONE", records: [] } });
  });

  test.each([
    ["no name", { name: undefined }, fault(400, "invalid_object")],
    ["a name without its dot", { name: "a.b" }, invalid("Host name a.b does not end with a dot")],
    ["a number as name", { name: 3 }, invalid("Host name 3 does not end with a dot")],
    ["a list as name", { name: [] }, invalid("A string is required in field name, not a list")],
    ["a space in the name", { name: "a b.org." }, invalid("Host name a b.org. is invalid")],
    ["a wildcard inside", { name: "a.*.org." }, invalid("Host name a.*.org. is invalid")],
    ["a long label", { name: `${"a".repeat(64)}.org.` }, invalid(`Host ${"a".repeat(64)} is too long`)],
    ["a long name", { name: "a.".repeat(128) }, invalid("Value too long for name")],
    ["a ttl below zero", { ttl: -1 }, invalid("Value must be >= 0 for field ttl")],
    ["a ttl too high", { ttl: 2_147_483_648 }, invalid("Value too high for ttl")],
    ["a ttl in words", { ttl: "soon" }, invalid("invalid literal for int() with base 10: 'soon'")],
    ["a long description", { description: "d".repeat(161) }, invalid("Value too long for description")],
    ["a strange type", { type: "B" }, detail(["recordset", "type"], "'B' is not a valid record type", "value", "B")],
    ["no type", { type: undefined }, detail(["recordset", "type"], "'None' is not a valid record type", "value", null)],
    ["a record that is none", { records: ["1.2"] }, detail(["records", 0], "'1.2' is not a 'A' Record", "format", "A")],
    [
      "records that are no list",
      { records: "1.2.3.4" },
      detail(["records"], "'1.2.3.4' is not a valid list of records", "type", "list"),
    ],
    [
      "a SOA",
      { type: "SOA", records: ["ns1.example.org. a.example.org. 1 3600 600 86400 3600"] },
      said(400, "bad_request", "Creating a SOA recordset is not allowed"),
    ],
    [
      "keys that do not exist",
      { foo: 1, bar: 2 },
      said(
        400,
        "invalid_object",
        "Provided object does not match schema. Keys ['foo', 'bar'] are not valid for recordset",
      ),
    ],
    [
      "another zone's name",
      { name: "a.example.com." },
      said(400, "invalid_recordset_location", "RecordSet is not contained within it's parent zone"),
    ],
    [
      "a CNAME at the apex",
      { name: "k8s.example.org.", type: "CNAME", records: ["x.org."] },
      said(400, "invalid_recordset_location", "CNAME recordsets may not be created at the zone apex"),
    ],
    [
      "a CNAME beside others",
      { name: "taken.k8s.example.org.", type: "CNAME", records: ["x.org."] },
      said(400, "invalid_recordset_location", "CNAME recordsets may not share a name with any other records"),
    ],
    [
      "two CNAMEs",
      { type: "CNAME", records: ["x.org.", "y.org."] },
      said(400, "bad_request", "CNAME recordsets may not have more than 1 record"),
    ],
    [
      "a name that is taken",
      { name: "TAKEN.k8s.example.org." },
      said(409, "duplicate_recordset", "Duplicate RecordSet"),
    ],
  ])("refuses %s", async (_what, more, expected) => {
    const { dns, base, wanted, make } = await open();
    await make({ name: "taken.k8s.example.org." });
    expect(answer(await dns("POST", base, wanted(more)))).toEqual(expected);
    expect(all(await dns("GET", `${base}?type=A`), "recordsets")).toEqual(["taken.k8s.example.org."]);
  });

  test("one name may have records of two types", async () => {
    const { dns, base, wanted, make } = await open();
    await make();
    expect((await dns("POST", base, wanted({ type: "TXT", records: ['"x"'] }))).status).toBe(202);
  });

  test.each([
    [undefined, 400, "empty_request_body", "Request Body is empty"],
    ["{", 400, "invalid_json", "Expecting value: line 1 column 1 (char 0)"],
    [
      "[1]",
      400,
      "invalid_object",
      "Provided object is not valid. Got an AttributeError with message 'list' object has no attribute 'items'",
    ],
  ])("refuses the body %s", async (body, status, type, message) => {
    const { at, base } = await open();
    const dns = at("dns", { "content-type": "application/json" });
    expect(answer(await dns("POST", base, body))).toEqual(said(status, type, message));
  });

  test("in another project's zone it is 404, and 415 when it is no JSON", async () => {
    const { at, dns, base, theirs, wanted } = await open();
    const asked = wanted({ name: "a.k8s-b.example.org." });
    expect((await dns("POST", `/v2/zones/${theirs}/recordsets`, asked)).status).toBe(404);
    const text = at("dns", { "content-type": "text/plain" });
    const expected = said(415, "unsupported_content_type", "Content-type must be application/json");
    expect(answer(await text("POST", base, asked))).toEqual(expected);
  });
});

describe("writing to the name servers", () => {
  test("a recordset and its zone are PENDING for as long as on the lab", async () => {
    const { dns, base, zoneId, make, pass } = await open();
    const id = await make();
    const states = async () => [
      field(await dns("GET", `${base}/${id}`), "status"),
      field(await dns("GET", `/v2/zones/${zoneId}`), "status"),
    ];
    pass(LEAST_MS - 1);
    expect(await states()).toEqual(["PENDING", "PENDING"]);
    pass(MOST_MS - LEAST_MS + 1);
    expect(await states()).toEqual(["ACTIVE", "ACTIVE"]);
    expect(answer(await dns("GET", `${base}/${id}`))).toMatchObject({ body: { action: "NONE", version: 1 } });
  });

  test("a change starts it anew, and the change before it ends nothing", async () => {
    const { dns, base, make, pass } = await open();
    const id = await make();
    pass(LEAST_MS - 1);
    const changed = await dns("PUT", `${base}/${id}`, { ttl: 120 });
    expect(answer(changed)).toMatchObject({ status: 202, body: { status: "PENDING", action: "UPDATE", version: 2 } });
    pass(LEAST_MS - 1);
    expect(await dns("GET", `${base}/${id}`)).toMatchObject({ body: { status: "PENDING" } });
    pass(MOST_MS);
    expect(await dns("GET", `${base}/${id}`)).toMatchObject({ body: { status: "ACTIVE", ttl: 120 } });
  });

  test("goes wrong on request, once, and a change mends it", async () => {
    const { dns, base, make, pass, sandbox } = await open();
    sandbox.faults.break("recordset", "no answer", 1, /^a\./);
    const [id, other] = [await make(), await make({ name: "b.k8s.example.org." })];
    pass(MOST_MS);
    expect(await dns("GET", `${base}/${id}`)).toMatchObject({ body: { status: "ERROR", action: "CREATE" } });
    expect(await dns("GET", `${base}/${other}`)).toMatchObject({ body: { status: "ACTIVE" } });
    expect(all(await dns("GET", "/v2/recordsets?status=ERROR"), "recordsets", "id")).toEqual([id]);
    await dns("PUT", `${base}/${id}`, { ttl: 5 });
    pass(MOST_MS);
    expect(await dns("GET", `${base}/${id}`)).toMatchObject({ body: { status: "ACTIVE", action: "NONE" } });
  });
});

describe("changing and deleting", () => {
  test.each([
    ["a new name", { name: "b.k8s.example.org." }, 400, "Keys ['name'] are not valid for recordset"],
    ["a new type", { type: "AAAA" }, 400, "Keys ['type'] are not valid for recordset"],
    ["a field that does not exist", { foo: 1 }, 400, "Keys ['foo'] are not valid for recordset"],
  ])("refuses %s", async (_what, body, status, why) => {
    const { dns, base, make } = await open();
    const id = await make();
    const message = `Provided object does not match schema. ${why}`;
    expect(answer(await dns("PUT", `${base}/${id}`, body))).toEqual(said(status, "invalid_object", message));
    expect(await dns("GET", `${base}/${id}`)).toMatchObject({ body: { version: 1 } });
  });

  test("name and type may be repeated", async () => {
    const { dns, base, wanted, make } = await open();
    const id = await make();
    const changed = await dns("PUT", `${base}/${id}`, wanted({ records: ["192.0.2.9", "192.0.2.1"], ttl: null }));
    expect(changed).toMatchObject({ status: 202, body: { records: ["192.0.2.1", "192.0.2.9"], ttl: null } });
  });

  test("others neither see, change nor delete it", async () => {
    const { dns, base, make, theirs } = await open();
    const id = await make();
    const hidden = said(404, "zone_not_found", "Could not find Zone");
    for (const [method, body] of [["GET"], ["PUT", { ttl: 1 }], ["DELETE"]] as const)
      expect(answer(await dns(method, `${base}/${id}`, body, "team-b"))).toEqual(hidden);
    expect((await dns("GET", `/v2/zones/${theirs}/recordsets/${id}`, undefined, "team-b")).status).toBe(404);
    expect(all(await dns("GET", "/v2/recordsets?name=a.*", undefined, "team-b"), "recordsets")).toEqual([]);
    expect(await dns("GET", `${base}/${id}`)).toMatchObject({ body: { version: 1 } });
  });

  test("a deleted one is PENDING in the answer, gone at once, and its name free", async () => {
    const { dns, base, wanted, make, pass } = await open();
    const id = await make();
    pass(MOST_MS);
    const gone = said(404, "recordset_not_found", "Could not find RecordSet");
    expect(await dns("DELETE", `${base}/${id}`)).toMatchObject({
      status: 202,
      body: { id, action: "DELETE", version: 2 },
    });
    expect(answer(await dns("GET", `${base}/${id}`))).toEqual(gone);
    expect(answer(await dns("DELETE", `${base}/${id}`))).toEqual(gone);
    expect((await dns("POST", base, wanted())).status).toBe(202);
  });

  test("the zone's own NS and SOA are not for people", async () => {
    const { dns, base } = await open();
    const [ns] = all(await dns("GET", `${base}?type=NS`), "recordsets", "id");
    const [soa] = all(await dns("GET", `${base}?type=SOA`), "recordsets", "id");
    const refusal = (message: string) => said(400, "bad_request", message);
    expect(answer(await dns("PUT", `${base}/${ns}`, { ttl: 1 }))).toEqual(
      refusal("Managed records may not be updated"),
    );
    expect(answer(await dns("DELETE", `${base}/${ns}`))).toEqual(refusal("Managed records may not be deleted"));
    expect(answer(await dns("DELETE", `${base}/${soa}`))).toEqual(refusal("Deleting a SOA recordset is not allowed"));
  });
});

describe("listing", () => {
  const names = (count: number) => Array.from({ length: count }, (_, at) => `h${at}.k8s.example.org.`);

  test("pages follow their links to the end, each with the count of all", async () => {
    const { dns, make } = await open();
    for (const name of names(5)) await make({ name, description: "mark one" });
    const seen: unknown[] = [];
    let next: unknown = "/v2/recordsets?description=mark+*&sort_key=name&limit=2";
    while (typeof next === "string") {
      const found = await dns("GET", next.replace("http://openstack.sandbox/dns", ""));
      seen.push(all(found, "recordsets").length);
      expect(found).toMatchObject({ status: 200, body: { metadata: { total_count: 5 } } });
      next = linkOf(found, "next");
      if (typeof next === "string") expect(next).toContain("description=mark+%2A");
    }
    expect(seen).toEqual([2, 2, 1]);
    // A page that is full has a next one, even where nothing is left.
    const full = await dns("GET", "/v2/recordsets?description=mark+*&limit=5");
    const [last] = all(full, "recordsets", "id").slice(-1);
    expect(linkOf(full, "next")).toContain(`marker=${last}`);
  });

  test("a page holds 20 unless told, and no more than the cloud allows", async () => {
    const { dns, make } = await open();
    for (const name of names(21)) await make({ name });
    expect(all(await dns("GET", "/v2/recordsets?type=A"), "recordsets")).toHaveLength(20);
    expect(all(await dns("GET", "/v2/recordsets?type=A&limit=max"), "recordsets")).toHaveLength(21);
    const small = openApi({ pageSize: 1 }).at("dns");
    const found = await small("GET", "/v2/recordsets?limit=50");
    expect([all(found, "recordsets").length, one(found, "metadata")["total_count"]]).toEqual([1, 2]);
  });

  test.each([
    ["name=H0.K8S.example.org.&sort_key=name", ["h0"]],
    ["name=*1*&sort_key=name", ["h1"]],
    ["data=192.0.2.1&type=A&sort_key=name", ["h0", "h1", "h2"]],
    ["description=mark&sort_key=name", []],
    ["description=mark*&sort_dir=desc&sort_key=name", ["h2", "h1", "h0"]],
    ["ttl=60&sort_key=name", ["h2"]],
  ])("%s", async (query, expected) => {
    const { dns, make } = await open();
    for (const name of names(3))
      await make({ name, description: "mark it", ...(name.startsWith("h2") ? { ttl: 60 } : {}) });
    const found = all(await dns("GET", `/v2/recordsets?${query}`), "recordsets");
    expect(found.map((name) => String(name).split(".")[0])).toEqual(expected);
  });

  test("a new recordset may be missing from listings, never from its own path", async () => {
    const { dns, base, make, pass, sandbox } = await open();
    sandbox.faults.lag(5000, "recordset");
    const id = await make();
    expect(all(await dns("GET", `${base}?type=A`), "recordsets")).toEqual([]);
    expect((await dns("GET", `${base}/${id}`)).status).toBe(200);
    pass(5000);
    expect(all(await dns("GET", `${base}?type=A`), "recordsets", "id")).toEqual([id]);
  });

  test("an id alone is sent on to its zone", async () => {
    const { dns, base, make } = await open();
    const id = await make();
    const moved = await dns("GET", `/v2/recordsets/${id}`);
    expect([moved.status, moved.headers["location"]]).toEqual([301, `http://openstack.sandbox/dns${base}/${id}`]);
  });
});

describe("quotas", () => {
  test.each([
    ["zone_recordsets", 3, {}],
    ["zone_records", 1, {}],
    ["recordset_records", 1, { records: ["192.0.2.1", "192.0.2.2"] }],
  ])("%s over %d", async (resource, limit, more) => {
    const { dns, base, wanted, make, sandbox } = await open();
    await make({ name: "first.k8s.example.org." });
    sandbox.quotas.set(sandbox.project("team-a").id, "dns", resource, limit);
    const refusal = said(413, "over_quota", `Quota exceeded for ${resource}.`);
    expect(answer(await dns("POST", base, wanted(more)))).toEqual(refusal);
    sandbox.quotas.set(sandbox.project("team-a").id, "dns", resource, limit + 1);
    expect((await dns("POST", base, wanted(more))).status).toBe(202);
  });

  test("are told to their project, and set by an admin who says so", async () => {
    const { at, dns, sandbox } = await open();
    const { id } = sandbox.project("team-b");
    const limits = { zones: 10, zone_recordsets: 500, zone_records: 500, recordset_records: 20, api_export_size: 1000 };
    expect(answer(await dns("GET", `/v2/quotas/${id}`, undefined, "team-b"))).toEqual({ status: 200, body: limits });
    const refusal = fault(403, "forbidden");
    expect(answer(await dns("GET", `/v2/quotas/${id}`))).toEqual(refusal);
    expect(answer(await dns("PATCH", `/v2/quotas/${id}`, { zones: 1 }, "admin"))).toEqual(refusal);
    const everywhere = at("dns", { "x-auth-all-projects": "True" });
    expect(await everywhere("PATCH", `/v2/quotas/${id}`, { zones: 1 }, "admin")).toMatchObject({ body: { zones: 1 } });
    expect((await everywhere("DELETE", `/v2/quotas/${id}`, undefined, "admin")).status).toBe(204);
    expect(await dns("GET", "/v2/quotas", undefined, "team-b")).toMatchObject({ body: limits });
  });
});

describe("zones", () => {
  const ZONE = { name: "dev.example.com.", email: "a@b.org" };
  const missing = (path: readonly (string | number)[], name: string, value: unknown) =>
    fault(400, "invalid_object", {
      errors: {
        errors: [{ path, message: `'${name}' is a required property`, validator: "required", validator_value: value }],
      },
    });

  test("are made for their project, with an NS and a SOA, and go with all that is in them", async () => {
    const { dns, pass } = await open();
    const made = await dns("POST", "/v2/zones", ZONE);
    const pending = { ...ZONE, ttl: 3600, description: null, status: "PENDING", action: "CREATE", version: 1 };
    expect(made).toMatchObject({ status: 202, body: pending });
    const path = `/v2/zones/${field(made, "id")}`;
    expect(made.headers["location"]).toBe(`http://openstack.sandbox/dns${path}`);
    pass(LEAST_MS - 1);
    expect(await dns("GET", path)).toMatchObject({ body: { status: "PENDING" } });
    pass(MOST_MS);
    expect(await dns("GET", path)).toMatchObject({ body: { status: "ACTIVE", action: "NONE", version: 2 } });
    const inside = { name: "a.dev.example.com.", type: "A", records: ["192.0.2.1"] };
    expect((await dns("POST", `${path}/recordsets`, inside)).status).toBe(202);
    expect(all(await dns("GET", `${path}/recordsets?sort_key=type`), "recordsets", "type")).toEqual(["A", "NS", "SOA"]);

    const hidden = said(404, "zone_not_found", "Could not find Zone");
    expect(answer(await dns("DELETE", path, undefined, "team-b"))).toEqual(hidden);
    expect(await dns("DELETE", path)).toMatchObject({ status: 202, body: { status: "PENDING", action: "DELETE" } });
    // Until it is gone it can be looked at, and neither be listed nor be changed; its name is free.
    expect(await dns("GET", path)).toMatchObject({ status: 200, body: { action: "DELETE" } });
    expect(all(await dns("GET", "/v2/zones"), "zones")).toEqual(["k8s.example.org."]);
    const leaving = said(400, "bad_request", "Can not update a deleting zone");
    expect(answer(await dns("POST", `${path}/recordsets`, { ...inside, name: "b.dev.example.com." }))).toEqual(leaving);
    expect((await dns("POST", "/v2/zones", ZONE)).status).toBe(202);
    pass(MOST_MS);
    expect(answer(await dns("GET", path))).toEqual(hidden);
    expect(all(await dns("GET", "/v2/recordsets?name=a.dev*"), "recordsets")).toEqual([]);
  });

  test.each([
    ["a name without its dot", { name: "no-dot" }, invalid("Domain no-dot does not end with a dot")],
    ["no address", { email: undefined }, missing(["type", "email"], "email", "email")],
    ["no name", { name: undefined }, missing(["records", 0, "name"], "name", ["name"])],
    ["an address that is none", { email: "x" }, invalid("x is not an email")],
    ["one label", { name: "com." }, said(400, "invalid_zone_name", "More than one label is required")],
    ["a name that is taken", { name: "k8s.example.org." }, said(409, "duplicate_zone", "Duplicate Zone")],
    [
      "a place in another project's zone",
      { name: "x.k8s-b.example.org." },
      said(403, "illegal_child", "Unable to create subzone in another tenants zone"),
    ],
    [
      "a place around another project's zone",
      { name: "example.org." },
      said(403, "illegal_parent", "Unable to create zone because another tenant owns a subzone of the zone"),
    ],
  ])("refuse %s", async (_what, more, expected) => {
    const { dns } = await open();
    expect(answer(await dns("POST", "/v2/zones", { ...ZONE, ...more }))).toEqual(expected);
    expect(all(await dns("GET", "/v2/zones"), "zones")).toEqual(["k8s.example.org."]);
  });

  test("are limited, and go wrong on request", async () => {
    const { dns, sandbox, pass } = await open();
    sandbox.quotas.set(sandbox.project("team-a").id, "dns", "zones", 2);
    sandbox.faults.break("zone", "no answer");
    const path = `/v2/zones/${field(await dns("POST", "/v2/zones", ZONE), "id")}`;
    const refusal = said(413, "over_quota", "Quota exceeded for zones.");
    expect(answer(await dns("POST", "/v2/zones", { ...ZONE, name: "b.example.com." }))).toEqual(refusal);
    pass(MOST_MS);
    expect(await dns("GET", path)).toMatchObject({ body: { status: "ERROR", action: "CREATE" } });
  });
});

describe("PTR records of floating IPs", () => {
  async function withAddress() {
    const api = await open();
    const neutron = api.at("network");
    const [external] = all(await neutron("GET", "/v2.0/networks?name=public"), "networks", "id");
    const asked = { floatingip: { floating_network_id: external } };
    const ip = one(await neutron("POST", "/v2.0/floatingips", asked), "floatingip");
    return { ...api, neutron, ip, path: `/v2/reverse/floatingips/RegionOne:${ip.id}` };
  }
  const unset = { ptrdname: null, description: null, ttl: null, status: "INACTIVE", action: "NONE" };

  test("set, seen, replaced and taken away", async () => {
    const { dns, ip, path, pass } = await withAddress();
    const id = `RegionOne:${ip.id}`;
    expect(answer(await dns("GET", path))).toMatchObject({ status: 200, body: { id, ...unset } });
    const wanted = { ptrdname: "api.k8s.example.org.", ttl: 60, description: "mark" };
    const set = await dns("PATCH", path, wanted);
    expect(set).toMatchObject({ status: 202, body: { ...wanted, id, status: "PENDING", action: "CREATE" } });
    pass(LEAST_MS - 1);
    expect(await dns("GET", path)).toMatchObject({ body: { status: "PENDING" } });
    pass(MOST_MS);
    expect(await dns("GET", path)).toMatchObject({ body: { ...wanted, status: "ACTIVE", action: "NONE" } });
    // A replacement replaces everything: what it does not name is back at its default.
    const other = { ptrdname: "b.k8s.example.org." };
    const replaced = { ...other, ttl: 3600, description: null, action: "UPDATE" };
    expect(await dns("PATCH", path, other)).toMatchObject({ status: 202, body: replaced });
    expect(answer(await dns("PATCH", path, { ptrdname: null }))).toEqual({ status: 202, body: null });
    expect(await dns("GET", path)).toMatchObject({ body: unset });
    const none = said(404, "not_found", `No such FloatingIP ${id}`);
    expect(answer(await dns("PATCH", path, { ptrdname: null }))).toEqual(none);
  });

  test.each([
    ["a name without its dot", { ptrdname: "a.b" }, invalid("Domain a.b does not end with a dot")],
    ["a wildcard", { ptrdname: "*.a.org." }, invalid("Domain *.a.org. is invalid")],
    ["a ttl below zero", { ptrdname: "a.org.", ttl: -1 }, invalid("Value must be >= 0 for field ttl")],
  ])("refuses %s", async (_what, body, expected) => {
    const { dns, path } = await withAddress();
    expect(answer(await dns("PATCH", path, body))).toEqual(expected);
    expect(await dns("GET", path)).toMatchObject({ body: unset });
  });

  test("refuses keys of a wrong form, and what is another project's or gone", async () => {
    const { dns, neutron, ip, path, sandbox } = await withAddress();
    const form = "Floating IP abc is not in the format of <region>:<uuid>";
    expect(answer(await dns("GET", "/v2/reverse/floatingips/abc"))).toEqual(said(400, "bad_request", form));
    const nowhere = path.replace("RegionOne", "Nowhere");
    expect(answer(await dns("GET", nowhere))).toEqual(fault(403, "no_endpoint"));
    const absent = (project: string) =>
      said(
        404,
        "not_found",
        `FloatingIP ${ip.id} in RegionOne is not associated for project "${sandbox.project(project).id}"`,
      );
    expect(answer(await dns("GET", path, undefined, "team-b"))).toEqual(absent("team-b"));
    expect(answer(await dns("PATCH", path, { ptrdname: "a.org." }, "team-b"))).toEqual(absent("team-b"));
    await neutron("DELETE", `/v2.0/floatingips/${ip.id}`);
    expect(answer(await dns("GET", path))).toEqual(absent("team-a"));
    expect(all(await dns("GET", "/v2/reverse/floatingips"), "floatingips", "id")).toEqual([]);
  });

  test("goes wrong on request", async () => {
    const { dns, path, pass, sandbox } = await withAddress();
    sandbox.faults.break("ptr", "no answer");
    await dns("PATCH", path, { ptrdname: "a.org." });
    pass(MOST_MS);
    expect(await dns("GET", path)).toMatchObject({ body: { status: "ERROR", action: "CREATE" } });
  });
});
