import { keyManager } from "../../../shared/openstack/key-manager.ts";
import { endpointOf, failure, fakeCloud, json } from "./fake-cloud.ts";

// Goal: hrefs are only read for their uuid, and a payload goes to Barbican and nowhere else.
const INNER = "https://barbican.inner:9311/v1";

test("an href with the cloud's inner host is asked for at our endpoint", async () => {
  const cloud = fakeCloud([{ body: "s3cret" }, { status: 204 }, { status: 404, body: "" }, { status: 404, body: "" }]);
  const barbican = keyManager(endpointOf("key-manager", cloud));
  expect(await barbican.getPayload(`${INNER}/secrets/s1`)).toBe("s3cret");
  await barbican.deleteSecret(`${INNER}/secrets/s1`);
  await barbican.deleteOrder(`${INNER}/orders/o1`);
  expect(await barbican.getSecret("s1")).toBeUndefined();
  expect(cloud.lines.slice(1)).toEqual([
    "GET http://barbican.test/v1/secrets/s1/payload",
    "DELETE http://barbican.test/v1/secrets/s1",
    "DELETE http://barbican.test/v1/orders/o1",
    "GET http://barbican.test/v1/secrets/s1",
  ]);
  expect(cloud.requests[1]?.headers).toMatchObject({ accept: "text/plain" });
});

test("a refusal that quotes the payload is told without it", async () => {
  const quoted = { code: 400, title: "Bad Request", description: "the payload tr0ub4dor is too good" };
  const cloud = fakeCloud([json(quoted, 400)]);
  const asked = { name: "dev-k1-secret-controllers", payload: "tr0ub4dor" };
  const error = await failure(keyManager(endpointOf("key-manager", cloud)).createSecret(asked));
  expect(error).toMatchObject({ trouble: "invalid", message: expect.stringContaining("the payload *** is too good") });
  expect(JSON.stringify(error)).not.toContain("tr0ub4dor");
});

test("what is used of the quota is counted", async () => {
  const cloud = fakeCloud([
    json({ quotas: { secrets: 100, orders: -1 } }),
    json({ secrets: [], total: 12 }),
    json({ orders: [], total: 3 }),
  ]);
  expect(await keyManager(endpointOf("key-manager", cloud)).quota()).toEqual([
    { service: "key-manager", resource: "secrets", limit: 100, used: 12 },
    { service: "key-manager", resource: "orders", limit: -1, used: 3 },
  ]);
});

test("what has no limit is not counted where only room matters", async () => {
  const cloud = fakeCloud([json({ quotas: { secrets: 100, orders: -1 } }), json({ secrets: [], total: 12 })]);
  expect(await keyManager(endpointOf("key-manager", cloud)).quota("limited")).toEqual([
    { service: "key-manager", resource: "secrets", limit: 100, used: 12 },
    { service: "key-manager", resource: "orders", limit: -1, used: 0 },
  ]);
  expect(cloud.lines.slice(1).map((line) => line.replace(/^.*\/v1/, ""))).toEqual(["/quotas", "/secrets?limit=1"]);
});
