import type { HttpResponse } from "../../../shared/openstack/send.ts";
import { tracer } from "../../../shared/openstack/traced.ts";

// Goal: the cloud's own id of a call is known by the resource that it changed, and nothing else of the call is kept.
const ID = "5f0c1a2e-1111-4222-8333-444455556666";
const OTHER = "0a1b2c3d-1111-4222-8333-444455556666";
const HEX = "d29f60d571ffd7e0fbc9a60a88d3eaf2";

async function after(
  method: string,
  path: string,
  body: unknown,
  over: Partial<HttpResponse> = {},
): Promise<ReturnType<typeof tracer>["trace"]> {
  const { trace, through } = tracer();
  const response = {
    status: 200,
    headers: { "x-openstack-request-id": "req-1" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...over,
  };
  const request = { method, url: `http://cloud.example/${path}`, headers: {}, timeoutMs: 1 };
  expect(await through(async () => response)(request)).toBe(response);
  return trace;
}

test.each<[string, string, string, unknown, "created" | "changed" | "deleted", string]>([
  ["a resource", "POST", "v2.0/networks", { network: { id: ID } }, "created", ID],
  ["several at once", "POST", "v2.0/ports", { ports: [{ id: OTHER }, { id: ID }] }, "created", ID],
  ["Barbican's reference", "POST", "v1/secrets", { secret_ref: `http://b/v1/secrets/${ID}` }, "created", ID],
  [
    "a recordset, which we know with its zone",
    "POST",
    `v2/zones/${OTHER}/recordsets`,
    { id: ID },
    "created",
    `${OTHER}/${ID}`,
  ],
  ["an action changes what it is below", "POST", `v2.1/servers/${ID}/action`, "", "changed", ID],
  ["a router's interface", "PUT", `v2.0/routers/${ID}/add_router_interface`, {}, "changed", ID],
  ["a reverse name", "PATCH", `v2/reverse/floatingips/RegionOne:${ID}`, {}, "changed", `RegionOne:${ID}`],
  ["the same, escaped", "PATCH", `v2/reverse/floatingips/RegionOne%3A${ID}`, {}, "changed", `RegionOne:${ID}`],
  ["a credential", "DELETE", `v3/users/${OTHER}/application_credentials/${HEX}`, "", "deleted", HEX],
])("%s", async (_what, method, path, body, did, id) => {
  const trace = await after(method, path, body);
  expect(trace.requestOf(did, id)).toBe("req-1");
  trace.forget(did, id);
  expect(trace.requestOf(did, id)).toBeUndefined();
});

test("Manila names its requests as Nova once did", async () => {
  const trace = await after("DELETE", `v2/shares/${ID}`, "", { headers: { "x-compute-request-id": "req-m" } });
  expect(trace.requestOf("deleted", ID)).toBe("req-m");
});

test.each<[string, string, string, Partial<HttpResponse>]>([
  ["a question", "GET", `v2.0/networks/${ID}`, {}],
  ["a refusal", "DELETE", `v2.0/networks/${ID}`, { status: 409 }],
  ["an answer without an id", "DELETE", `v2.0/networks/${ID}`, { headers: {} }],
  ["a login", "POST", "v3/auth/tokens", {}],
])("%s leaves nothing", async (_what, method, path, over) => {
  const trace = await after(method, path, { token: { id: ID } }, over);
  for (const did of ["created", "changed", "deleted"] as const) expect(trace.requestOf(did, ID)).toBeUndefined();
});

test("what was long ago is forgotten", async () => {
  const { trace, through } = tracer();
  let made = 0;
  const send = through(async () => {
    made += 1;
    const id = `5f0c1a2e-1111-4222-8333-${String(made).padStart(12, "0")}`;
    return {
      status: 201,
      headers: { "x-openstack-request-id": `req-${made}` },
      body: JSON.stringify({ port: { id } }),
    };
  });
  for (let left = 2001; left > 0; left -= 1)
    await send({ method: "POST", url: "http://c/v2.0/ports", headers: {}, timeoutMs: 1 });
  expect(trace.requestOf("created", "5f0c1a2e-1111-4222-8333-000000000001")).toBeUndefined();
  expect(trace.requestOf("created", "5f0c1a2e-1111-4222-8333-000000000002")).toBe("req-2");
});
