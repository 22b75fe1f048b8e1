import { connect } from "../../../shared/openstack/connect.ts";
import { key } from "../../../shared/resources/key.ts";
import { secret } from "../../../shared/resources/secret.ts";
import { fakeCloud, json, settings } from "../openstack/fake-cloud.ts";

// Goal: an order and its key are one thing for the reconciler, and half of one is still found, so that nothing is left.
const cluster = { cluster: "k7f3m2q9x1", name: "dev" };
const NAME = "dev-k7f3m2q9x1-key-kms";
const ref = (id: string) => `https://barbican.inner/v1/secrets/${id}`;
const order = (changed: object = {}) => ({
  order_ref: "https://barbican.inner/v1/orders/o1",
  status: "ACTIVE",
  secret_ref: ref("s1"),
  meta: { name: NAME },
  ...changed,
});
const made = (changed: object = {}) => ({
  secret_ref: ref("s1"),
  status: "ACTIVE",
  name: NAME,
  secret_type: "symmetric",
  ...changed,
});
const pending = order({ status: "PENDING", secret_ref: null });

test.each<[string, readonly object[], readonly object[], readonly object[]]>([
  [
    "order and key",
    [order()],
    [made()],
    [{ id: "o1", status: "ready", facts: { secretHref: ref("s1"), secretId: "s1" } }],
  ],
  ["an order that waits", [pending], [], [{ id: "o1", status: "pending", facts: {} }]],
  ["a key that came between the listings", [pending], [made()], [{ id: "o1", status: "pending" }]],
  ["an order whose key is gone", [order()], [], [{ id: "o1", status: "failed" }]],
  ["a key whose order is gone", [], [made()], [{ id: "s1", status: "ready", facts: { secretId: "s1" } }]],
  ["two orders", [order(), pending], [made()], [{ status: "ready" }, { status: "pending" }]],
  [
    "an order that failed",
    [order({ status: "ERROR", secret_ref: null, error_reason: "Key type not supported" })],
    [],
    [{ status: "failed", fault: "Key type not supported" }],
  ],
  [
    "another cluster's",
    [order({ meta: { name: "dev-k7f3m2q9x12-key-kms" } })],
    [made({ name: "dev-k7f3m2q9x12-key-kms" })],
    [],
  ],
  ["a name that only contains ours", [order({ meta: { name: `old-${NAME}` } })], [made({ name: `old-${NAME}` })], []],
  ["a stored secret", [], [made({ secret_type: "opaque", name: "dev-k7f3m2q9x1-secret-storage" })], []],
])("%s", async (_what, orders, secrets, seen) => {
  const fake = fakeCloud([json({ orders, total: orders.length }), json({ secrets, total: secrets.length })]);
  const found = await key.find(connect(settings, fake.runtime), cluster);
  expect(found).toMatchObject(seen);
  expect(found).toHaveLength(seen.length);
});

test("a key is not taken for a stored secret", async () => {
  const stored = made({ secret_ref: ref("s2"), secret_type: "opaque", name: "dev-k7f3m2q9x1-secret-storage" });
  const fake = fakeCloud([json({ secrets: [made(), stored], total: 2 })]);
  const found = await secret.find(connect(settings, fake.runtime), cluster);
  expect(found.map(({ id }) => id)).toEqual(["s2"]);
});

test.each([
  ["both", { id: "o1", facts: { secretId: "s1" } }, ["DELETE /secrets/s1", "DELETE /orders/o1"]],
  ["an order without a key", { id: "o1", facts: {} }, ["DELETE /orders/o1"]],
  ["a key without an order", { id: "s1", facts: { secretId: "s1" } }, ["DELETE /secrets/s1"]],
])("removes %s", async (_what, part, lines) => {
  const fake = fakeCloud([{ status: 204 }, { status: 404 }]);
  await key.remove(connect(settings, fake.runtime), { name: NAME, status: "ready", state: "ACTIVE", ...part });
  expect(fake.lines.slice(1)).toEqual(lines.map((line) => line.replace(" ", " http://barbican.test/v1")));
});

test.each([
  ["has made it before it answered", [json(order()), json(made())], "ready", 3],
  ["makes it later", [json(pending)], "pending", 2],
])("a key is asked for once when its order was just taken: Barbican %s", async (_what, answers, status, calls) => {
  const fake = fakeCloud([json({ order_ref: "https://barbican.inner/v1/orders/o1" }, 202), ...answers]);
  const cloud = connect(settings, fake.runtime);
  const owner = { ...cluster, step: "key/kms" };
  const seen = await key.update(cloud, owner, {}, await key.create(cloud, owner, {}));
  expect(seen.status).toBe(status);
  expect(seen).not.toHaveProperty("fresh");
  expect(await key.update(cloud, owner, {}, seen)).toEqual(seen);
  expect(fake.lines).toHaveLength(1 + calls);
});
