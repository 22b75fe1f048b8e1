import { identity } from "../../../shared/openstack/identity.ts";
import { endpointOf, failure, fakeCloud, json } from "./fake-cloud.ts";

// Goal: credentials are made as restricted as asked, and their secret goes one way only.
const scope = async () => ({ userId: "u1" });
const rule = { service: "network", method: "GET", path: "/v2.0/networks" };
const wanted = {
  name: "dev-k1-credential-controllers",
  description: "kinvirt:k1",
  secret: "hush-hush",
  roles: ["member"],
  accessRules: [rule],
  expiresAt: "2026-12-01T00:00:00Z",
};
const stored = {
  id: "a1",
  name: wanted.name,
  description: wanted.description,
  project_id: "p1",
  expires_at: "2026-12-01T00:00:00.000000",
  roles: [{ name: "member" }],
  access_rules: [{ id: "r1", ...rule }],
};
const users = "http://keystone.test/v3/users/u1";

test("a credential is created restricted, and its secret is not in the answer", async () => {
  const cloud = fakeCloud([
    json({ application_credential: { ...stored, secret: "hush-hush", unrestricted: false } }, 201),
  ]);
  const made = await identity(endpointOf("identity", cloud), scope).createApplicationCredential(wanted);
  expect(made).toEqual(stored);
  expect(cloud.lines.at(-1)).toBe(`POST ${users}/application_credentials`);
  expect(JSON.parse(cloud.requests.at(-1)?.body ?? "")).toEqual({
    application_credential: {
      name: wanted.name,
      description: wanted.description,
      secret: "hush-hush",
      roles: [{ name: "member" }],
      access_rules: [rule],
      expires_at: "2026-12-01T00:00:00.000000Z",
      unrestricted: false,
    },
  });
});

test("a credential without access rules is refused before anything is sent", async () => {
  const cloud = fakeCloud([]);
  const asked = identity(endpointOf("identity", cloud), scope).createApplicationCredential({
    ...wanted,
    accessRules: [],
  });
  expect(await failure(asked)).toMatchObject({ trouble: "invalid" });
  expect(cloud.lines).toEqual([]);
});

test("listing, getting, and what is missing", async () => {
  const list = json({ application_credentials: [stored], links: { next: null, self: "x", previous: null } });
  const cloud = fakeCloud([
    list,
    json({ application_credential: stored }),
    { status: 404 },
    { status: 404 },
    { status: 404 },
  ]);
  const keystone = identity(endpointOf("identity", cloud), scope);
  expect(await keystone.listApplicationCredentials()).toEqual([stored]);
  expect(await keystone.getApplicationCredential("a1")).toEqual(stored);
  expect(await keystone.getApplicationCredential("a2")).toBeUndefined();
  await keystone.deleteApplicationCredential("a2");
  await keystone.deleteAccessRule("r2");
  expect(cloud.lines.slice(1)).toEqual([
    `GET ${users}/application_credentials`,
    `GET ${users}/application_credentials/a1`,
    `GET ${users}/application_credentials/a2`,
    `DELETE ${users}/application_credentials/a2`,
    `DELETE ${users}/access_rules/r2`,
  ]);
});

test("a rule in use is not deleted", async () => {
  const fault = json({ error: { code: 403, message: "May not delete access rule in use", title: "Forbidden" } }, 403);
  const keystone = identity(endpointOf("identity", fakeCloud([fault])), scope);
  expect(await failure(keystone.deleteAccessRule("r1"))).toMatchObject({ trouble: "denied" });
});
