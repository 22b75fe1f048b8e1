import { OpenStackError } from "../../../shared/openstack/errors.ts";
import { authBody, session } from "../../../shared/openstack/session.ts";
import { failure, fakeCloud, json, settings } from "./fake-cloud.ts";

// Goal: one login serves every call until shortly before it expires, however many calls need it at once.
const MINUTE = 60_000;

test.each([
  ["well before expiry", 54 * MINUTE, "token-1", 1],
  ["just before 5 minutes before expiry", 55 * MINUTE - 1, "token-1", 1],
  ["5 minutes before expiry", 55 * MINUTE, "token-2", 2],
  ["after expiry", 90 * MINUTE, "token-2", 2],
])("a token asked for %s", async (_when, later, id, logins) => {
  const cloud = fakeCloud([]);
  const login = session(settings, cloud.runtime);
  await login.token();
  cloud.pass(later);
  expect((await login.token()).id).toBe(id);
  expect(cloud.lines).toHaveLength(logins);
});

test("a token that never lives as long as 5 minutes is used all the same", async () => {
  const cloud = fakeCloud([], { tokenMs: 2 * MINUTE });
  expect((await session(settings, cloud.runtime).token()).id).toBe("token-1");
});

test("calls at the same time share one login, and those that met a 401 together share one renewal", async () => {
  const cloud = fakeCloud([]);
  const login = session(settings, cloud.runtime);
  const [first, second] = await Promise.all([login.token(), login.token()]);
  expect(first).toBe(second);
  const renewed = await Promise.all([login.renew(first), login.renew(second)]);
  expect(renewed.map((token) => token.id)).toEqual(["token-2", "token-2"]);
  expect((await login.renew(first)).id).toBe("token-2");
  expect(cloud.lines).toHaveLength(2);
});

test("a failed login is tried afresh by the next call", async () => {
  let down = true;
  const answer = () => (down ? new Error("connect ECONNREFUSED") : json({ error: { message: "wrong" } }, 401));
  const cloud = fakeCloud([], { login: answer });
  const login = session(settings, cloud.runtime);
  expect(await failure(login.token())).toMatchObject({ trouble: "retry" });
  expect(cloud.lines).toHaveLength(3);
  down = false;
  expect(await failure(login.token())).toMatchObject({ trouble: "denied" });
});

test("the scope comes from the token", async () => {
  const { scope } = await session(settings, fakeCloud([]).runtime).token();
  expect(scope).toEqual({
    projectId: "p1",
    projectName: "team-a",
    userId: "u1",
    region: "RegionOne",
    roles: ["member"],
    authUrl: "http://keystone.test/v3",
  });
});

test.each([
  ["not Keystone", { status: 200, headers: { "x-subject-token": "t" }, body: "<html>" }, "check auth_url"],
  [
    "an unscoped token",
    json({ token: { expires_at: "2026-11-24T01:00:00Z" } }, 201, { "x-subject-token": "t" }),
    "scoped",
  ],
  ["no token in the header", json({ token: {} }, 201), "unexpected shape"],
])("an answer that is %s is refused with what to check", async (_what, answer, words) => {
  const error = await failure(session(settings, fakeCloud([], { login: () => answer }).runtime).token());
  expect(error).toMatchObject({ trouble: "invalid" });
  expect(String(error)).toContain(words);
});

test("a Keystone that moved to https is told", async () => {
  const moved = { status: 301, headers: { location: "https://keystone.test/v3/auth/tokens" } };
  const error = await failure(session(settings, fakeCloud([], { login: () => moved }).runtime).token());
  const fault = "its address sends us on to https://keystone.test: write the new one as auth_url into clouds.yaml";
  expect(error).toMatchObject({ trouble: "invalid", detail: { fault } });
});

test("a login that waits for a second factor says what to use in its place", async () => {
  const half = json({ receipt: {}, required_auth_methods: [["password", "totp"]] }, 401, {
    "openstack-auth-receipt": "r",
  });
  const error = await failure(session(settings, fakeCloud([], { login: () => half }).runtime).token());
  const fault = "this user logs in with a second factor: use an application credential of theirs";
  expect(error).toMatchObject({ trouble: "invalid", detail: { status: 401, fault } });
});

test("a refused login says nothing of the password", async () => {
  const answer = json({ error: { message: "bad password pass-word-1 for team-a" } }, 401);
  const error = await failure(session(settings, fakeCloud([], { login: () => answer }).runtime).token());
  expect(error).toBeInstanceOf(OpenStackError);
  expect(String(error)).toContain("bad password *** for team-a");
  expect(JSON.stringify(error)).not.toContain("pass-word-1");
});

const user = { name: "u", domain: { id: "default" } };
const methods = ["application_credential"];

test.each([
  [
    { method: "password" as const, user: { id: "u1" }, password: "x", project: { id: "p1" } },
    {
      identity: { methods: ["password"], password: { user: { id: "u1", password: "x" } } },
      scope: { project: { id: "p1" } },
    },
  ],
  [
    { method: "application-credential" as const, credential: { id: "a1" }, secret: "s" },
    { identity: { methods, application_credential: { id: "a1", secret: "s" } } },
  ],
  [
    { method: "application-credential" as const, credential: { name: "a", user }, secret: "s" },
    { identity: { methods, application_credential: { name: "a", user, secret: "s" } } },
  ],
])("the login %j", (auth, body) => {
  expect(authBody(auth)).toEqual({ auth: body });
});

test("a Keystone that answers 200, and calls a region by an older name, is one all the same", async () => {
  const url = "http://nova.test/v2.1";
  const token = {
    expires_at: "2026-11-24T01:00:00.000000Z",
    project: { id: "p1", name: "team-a" },
    user: { id: "u1" },
    catalog: [
      { type: "compute", endpoints: [{ interface: "public", region: "RegionOne", url }] },
      { type: "image", endpoints: [{ interface: "public", region: "Main", region_id: "RegionOne", url }] },
    ],
  };
  const answer = json({ token }, 200, { "x-subject-token": "t" });
  const { scope, catalog } = await session(settings, fakeCloud([], { login: () => answer }).runtime).token();
  expect(scope).toMatchObject({ region: "RegionOne", roles: [] });
  expect(catalog.map(({ endpoints }) => endpoints[0]?.region)).toEqual(["RegionOne", "RegionOne"]);
});
