import { connect } from "../../../shared/openstack/connect.ts";
import { key } from "../../../shared/resources/key.ts";
import { secret } from "../../../shared/resources/secret.ts";
import { type Answer, fakeCloud, json, settings } from "../openstack/fake-cloud.ts";

// Goal: what a cluster keeps in Barbican is its own and private before anything is made of it, and Barbican is asked no more
// than that takes.
const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "secret/controllers" };
const NAME = "dev-k7f3m2q9x1-secret-controllers";
const stored = (over: object = {}) => ({
  secret_ref: "https://barbican.inner/v1/secrets/s1",
  status: "ACTIVE",
  name: NAME,
  secret_type: "opaque",
  ...over,
});
const spec = { payload: () => "correct horse" };
const acl = (shared: boolean) => json({ read: { "project-access": shared } });

function over(...answers: Answer[]) {
  const fake = fakeCloud(answers);
  const cloud = connect(settings, fake.runtime);
  const lines = () => fake.lines.slice(1).map((line) => line.replace("http://barbican.test/v1", ""));
  return { cloud, fake, lines };
}

test("one that was just stored is everybody's in the project, so it is made private unasked", async () => {
  const { cloud, fake, lines } = over(json({ secret_ref: stored().secret_ref }, 201), json({ acl_ref: "x" }));
  const told: unknown[] = [];
  const listened = { ...spec, stored: (href: string, text: string) => void told.push([href, text]) };
  const made = await secret.create(cloud, owner, listened);
  expect(made).toMatchObject({ id: "s1", name: NAME, status: "pending", facts: { href: stored().secret_ref } });
  expect(told).toEqual([[stored().secret_ref, "correct horse"]]);
  const seen = await secret.update(cloud, owner, spec, made);
  expect(seen).toMatchObject({ id: "s1", status: "ready" });
  expect(seen).not.toHaveProperty("fresh");
  expect(lines()).toEqual(["POST /secrets", "PUT /secrets/s1/acl"]);
  expect(fake.requests.at(-1)?.body).toBe('{"read":{"project-access":false}}');
});

test.each<[string, Answer[], string, string[]]>([
  ["everybody's is made private", [acl(true), json({ acl_ref: "x" })], "ready", ["GET", "PUT"]],
  ["private already is left alone", [acl(false)], "ready", ["GET"]],
  ["gone meanwhile is not ready", [{ status: 404 }], "pending", ["GET"]],
])("one that was found and is %s", async (_what, answers, status, methods) => {
  const { cloud, lines } = over(json({ secrets: [stored()], total: 1 }), ...answers);
  const [found] = await secret.find(cloud, owner);
  if (found === undefined) throw new Error("it is there");
  expect(found.status).toBe("pending");
  expect(await secret.update(cloud, owner, spec, found)).toMatchObject({ status });
  expect(lines().slice(1)).toEqual(methods.map((method) => `${method} /secrets/s1/acl`));
});

test.each([
  ["ERROR", "failed"],
  ["PENDING", "pending"],
])("of one that is %s nobody asks who may read it: %s", async (word, status) => {
  const { cloud, lines } = over(json({ secrets: [stored({ status: word })], total: 1 }));
  const [found] = await secret.find(cloud, owner);
  if (found === undefined) throw new Error("it is there");
  expect(found).toMatchObject({ status, state: word });
  expect(await secret.update(cloud, owner, spec, found)).toEqual(found);
  expect(lines()).toHaveLength(1);
});

test.each([
  ["another cluster's", { name: "dev-k7f3m2q9x12-secret-controllers" }],
  ["a name that only contains ours", { name: `old-${NAME}` }],
  ["a key", { secret_type: "symmetric" }],
  ["nameless", { name: null }],
])("one that is %s is not ours, listed or by its id", async (_whose, changed) => {
  const { cloud } = over(json({ secrets: [stored(changed)], total: 1 }), json(stored(changed)));
  expect(await secret.find(cloud, owner)).toEqual([]);
  expect(await secret.get(cloud, owner, "s1")).toBeUndefined();
});

test.each([
  ["ours", {}, "ready"],
  ["in ERROR", { status: "ERROR" }, "failed"],
  ["another cluster's", { name: "dev-k7f3m2q9x12-key-kms" }, undefined],
  ["a stored text", { secret_type: "opaque" }, undefined],
])("a key whose order is gone, asked for by its own id: %s", async (_whose, changed, status) => {
  const kept = stored({ name: "dev-k7f3m2q9x1-key-kms", secret_type: "symmetric", ...changed });
  const { cloud, lines } = over({ status: 404 }, json(kept));
  expect((await key.get(cloud, owner, "s1"))?.status).toBe(status);
  expect(lines()).toEqual(["GET /orders/s1", "GET /secrets/s1"]);
});
