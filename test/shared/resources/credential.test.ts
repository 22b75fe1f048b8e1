import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { connect } from "../../../shared/openstack/connect.ts";
import { credential } from "../../../shared/resources/credential.ts";
import { failure, fakeCloud, json, settings } from "../openstack/fake-cloud.ts";

// Goal: a cluster's credential is only ever ours, its secret passes through without a trace, and its rules go with it.
const cluster = { cluster: "k1", name: "dev" };
const rule = (id: string) => ({ id, service: "network", method: "GET", path: `/${id}` });
const stored = (id: string, changed: object = {}) => ({
  id,
  name: `dev-k1-credential-${id}`,
  description: "kinvirt:k1",
  project_id: "p1",
  expires_at: "2026-12-01T00:00:00.000000",
  roles: [{ name: "member" }],
  access_rules: [rule("r1"), rule("r2"), rule("r3")],
  ...changed,
});
const seen = (id: string) => ({
  id,
  name: `dev-k1-credential-${id}`,
  status: "ready",
  state: "ACTIVE",
  facts: { expiresAt: "2026-12-01T00:00:00.000Z", rules: "r1 r2 r3" },
});
const list = (...all: object[]) => json({ application_credentials: all, links: { next: null } });
const one = (value: object) => json({ application_credential: value });
const over = (...answers: Parameters<typeof fakeCloud>[0]): { cloud: Cloud; fake: ReturnType<typeof fakeCloud> } => {
  const fake = fakeCloud(answers);
  return { cloud: connect(settings, fake.runtime), fake };
};
const short = (line: string) =>
  line.replace("http://keystone.test/v3/users/u1", "").replace("http://barbican.test/v1", "");

test("find leaves out what has another mark or another project", async () => {
  const strangers = [
    stored("x", { description: "kinvirt:k12" }),
    stored("y", { description: null }),
    stored("z", { project_id: "p2" }),
  ];
  const { cloud } = over(list(stored("controllers"), ...strangers, stored("storage")));
  expect(await credential.find(cloud, cluster)).toEqual([seen("controllers"), seen("storage")]);
});

test.each([
  ["ours", one(stored("a")), seen("a")],
  ["a stranger's", one(stored("a", { description: "mine" })), undefined],
  ["gone", { status: 404 }, undefined],
])("get of one that is %s", async (_what, answer, expected) => {
  expect(await credential.get(over(answer).cloud, cluster, "a")).toEqual(expected);
});

const spec = {
  secret: async () => "hush-hush",
  roles: ["member"],
  accessRules: [{ service: "network", method: "GET", path: "/v2.0/ports" }],
  expiresAt: "2026-12-01T00:00:00Z",
};
const owner = { ...cluster, step: "credential/controllers" };

test("create hands the secret to Keystone and keeps it nowhere", async () => {
  const { cloud, fake } = over(one(stored("controllers")));
  expect(await credential.create(cloud, owner, spec)).toEqual(seen("controllers"));
  expect(fake.lines.slice(1).map(short)).toEqual(["POST /application_credentials"]);
  expect(JSON.parse(fake.requests.at(-1)?.body ?? "")).toMatchObject({
    application_credential: { name: "dev-k1-credential-controllers", description: "kinvirt:k1", secret: "hush-hush" },
  });
});

test("a refused create says nothing of the secret", async () => {
  const refusal = json({ error: { message: "Invalid input for secret. Value: hush-hush." } }, 400);
  const error = await failure(credential.create(over(refusal).cloud, owner, spec));
  expect(error).toMatchObject({ trouble: "invalid" });
  expect(String(error) + JSON.stringify(error)).not.toContain("hush");
});

test("remove takes along the rules that nothing else uses", async () => {
  const refusal = json({ error: { message: "May not delete access rule in use" } }, 403);
  const others = list(stored("storage", { access_rules: [rule("r2")] }));
  const { cloud, fake } = over({ status: 204 }, others, refusal, { status: 204 });
  await credential.remove(cloud, { ...seen("a"), status: "ready" });
  expect(fake.lines.slice(1).map(short)).toEqual([
    "DELETE /application_credentials/a",
    "GET /application_credentials",
    "DELETE /access_rules/r1",
    "DELETE /access_rules/r3",
  ]);
});

test("clear removes what is left of its rules, and no other", async () => {
  const rules = json({ access_rules: [rule("r2"), rule("r3"), rule("r9")], links: { next: null } });
  const others = list(stored("storage", { access_rules: [rule("r2")] }));
  const { cloud, fake } = over(rules, others, { status: 204 });
  await credential.clear?.(cloud, { rules: "r1 r2 r3" });
  expect(fake.lines.slice(1).map(short)).toEqual([
    "GET /access_rules",
    "GET /application_credentials",
    "DELETE /access_rules/r3",
  ]);
});

test("remove of one that is gone is success", async () => {
  const { cloud, fake } = over({ status: 404 }, list());
  await credential.remove(cloud, { ...seen("a"), status: "ready", facts: {} });
  expect(fake.lines.slice(1).map(short)).toEqual(["DELETE /application_credentials/a"]);
});

test("a rule that could not be asked for is no rule that is in use", async () => {
  const { cloud } = over({ status: 204 }, list(), json({ error: { message: "busy" } }, 500));
  const one = { ...seen("a"), status: "ready", facts: { rules: "r1" } } as const;
  expect(await failure(credential.remove(cloud, one))).toMatchObject({ trouble: "retry" });
});

test("it ends when it was asked to, and Keystone's time is UTC unless it says another", async () => {
  const { cloud, fake } = over(one(stored("a", { expires_at: "2026-12-01T02:00:00+02:00" })), one(stored("a")));
  expect((await credential.create(cloud, owner, spec)).facts).toMatchObject({ expiresAt: "2026-12-01T00:00:00.000Z" });
  const { expiresAt: _none, ...endless } = spec;
  await credential.create(cloud, owner, endless);
  const sent = fake.requests.slice(-2).map(({ body }) => JSON.parse(body ?? "").application_credential);
  expect(sent[0]).toMatchObject({ expires_at: "2026-12-01T00:00:00.000000Z", unrestricted: false });
  expect(sent[1]).not.toHaveProperty("expires_at");
});
