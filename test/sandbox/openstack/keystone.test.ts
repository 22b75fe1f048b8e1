import type { Options } from "../../../sandbox/openstack/core.ts";
import { type Json, listAt } from "../../../sandbox/openstack/json.ts";
import { type Answer, all, one, openApi } from "./api.ts";

// Goal: Keystone's API answers as the lab's does: logins, lifetimes, application credentials and their access rules.
const MALFORMED =
  "The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.";
const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
} as const;
const TOKENS = "/v3/auth/tokens";
const DOMAIN = { name: "Default" };

const fault = (code: keyof typeof TITLES, message: string) => ({
  status: code,
  body: { error: { code, message, title: TITLES[code] } },
});
const unauthorized = fault(401, "The request you have made requires authentication.");
const expecting = (what: string, where: string) => fault(400, `Expecting to find ${what} in ${where}. ${MALFORMED}`);
const denied = (action: string) => fault(403, `You are not authorized to perform the requested action: ${action}.`);
const noCredential = (id: string) => fault(404, `Could not find Application Credential: ${id}.`);
const invalid = (field: string, value: string, why: string) =>
  fault(400, `Invalid input for field/attribute ${field}. Value: ${value}. ${why}`);
const answer = ({ status, body }: Answer) => ({ status, body });

const USER = { name: "team-a", domain: DOMAIN, password: "demo" };
const PROJECT = { project: { name: "team-a", domain: DOMAIN } };
const password = (user: object = USER, scope?: unknown) => ({
  auth: { identity: { methods: ["password"], password: { user } }, ...(scope === undefined ? {} : { scope }) },
});
const credential = (proof: object, scope?: unknown) => ({
  auth: {
    identity: { methods: ["application_credential"], application_credential: proof },
    ...(scope === undefined ? {} : { scope }),
  },
});
const RULE = { service: "network", method: "GET", path: "/networking/v2.0/networks" };

async function open(options: Options = {}) {
  const api = openApi(options);
  const keystone = api.at("identity");
  const bare = api.at("identity", { "x-auth-token": "" });
  /** With this token. */
  const as = (token: string, service: Parameters<typeof api.at>[0] = "identity") =>
    api.at(service, { "x-auth-token": token });
  const login = (body: unknown) => bare("POST", TOKENS, body);
  const tokenBy = async (body: unknown) => (await login(body)).headers["x-subject-token"] ?? "";
  const idOf = async (name: string) => {
    const { token } = (await login(password({ ...USER, name }))).body as { token: { user: { id: string } } };
    return token.user.id;
  };
  const user = await idOf("team-a");
  const base = `/v3/users/${user}/application_credentials`;
  const rules = `/v3/users/${user}/access_rules`;
  const create = (more: object = {}, call = keystone) =>
    call("POST", base, { application_credential: { name: "c", secret: "s3cret", ...more } });
  const make = async (more: object = {}) => one(await create(more), "application_credential");
  return { ...api, keystone, as, login, tokenBy, idOf, user, base, rules, create, make };
}

describe("login by password", () => {
  test("answers a token of the project, with its roles and catalog", async () => {
    const { login, sandbox, user } = await open();
    const found = await login(password(USER, PROJECT));
    expect(found.headers["x-subject-token"]).toMatch(/^gAAAAA[0-9a-f]{64}$/);
    expect(found).toMatchObject({
      status: 201,
      body: {
        token: {
          methods: ["password"],
          user: { id: user, name: "team-a", domain: { id: "default", name: "Default" }, password_expires_at: null },
          project: { id: sandbox.project("team-a").id, name: "team-a" },
          issued_at: "2026-01-01T00:00:00.000000Z",
          expires_at: "2026-01-01T04:00:00.000000Z",
          roles: [{ name: "member" }, { name: "reader" }, { name: "load-balancer_member" }, { name: "creator" }],
        },
      },
    });
  });

  test("without a scope it is for the user's own project, and unscoped it is for none", async () => {
    const { login, as, tokenBy, sandbox } = await open();
    expect(one(await login(password()), "token")["project"]).toMatchObject({ id: sandbox.project("team-a").id });
    const unscoped = password(USER, "unscoped");
    expect(Object.keys(one(await login(unscoped), "token"))).not.toContain("catalog");
    const token = await tokenBy(unscoped);
    expect(all(await as(token)("GET", "/v3/auth/projects"), "projects")).toEqual(["team-a"]);
    const none = fault(403, "You are not authorized to perform the requested action.");
    expect(answer(await as(token)("GET", "/v3/auth/catalog"))).toEqual(none);
    expect(await as(token, "dns")("GET", "/v2/zones")).toMatchObject({ status: 403, body: { type: "forbidden" } });
  });

  const scope = "system, project, domain, OS-TRUST:trust or unscoped";
  test.each<[string, unknown, object]>([
    ["a wrong password", password({ ...USER, password: "x" }), unauthorized],
    ["an unknown user", password({ ...USER, name: "nobody" }), unauthorized],
    ["a user's unknown domain", password({ ...USER, domain: { name: "Other" } }), unauthorized],
    ["an unknown project", password(USER, { project: { name: "x", domain: DOMAIN } }), unauthorized],
    ["another one's project", password(USER, { project: { name: "team-b", domain: DOMAIN } }), unauthorized],
    [
      "a project's unknown domain",
      password(USER, { project: { name: "team-a", domain: { name: "x" } } }),
      unauthorized,
    ],
    ["the scope of a domain", password(USER, { domain: { id: "default" } }), unauthorized],
    ["no domain of the project", password(USER, { project: { name: "team-a" } }), expecting("domain", "project")],
    ["no domain of the user", password({ name: "team-a", password: "demo" }), expecting("domain", "user")],
    [
      "no name of the user",
      password({ password: "demo" }),
      fault(400, "Invalid input for field identity/password/user: id or name must be present."),
    ],
    [
      "no name of the project",
      password(USER, { project: {} }),
      fault(400, "Invalid input for field scope/project: id or name must be present."),
    ],
    ["an empty scope", password(USER, {}), expecting(scope, "scope")],
    ["two scopes", password(USER, { ...PROJECT, domain: { id: "default" } }), expecting(scope, "scope")],
    ["an empty body", {}, expecting("auth", "request body")],
    ["a list", [], expecting("valid JSON", "request body")],
    ["half a body", "{", expecting("valid JSON", "request body")],
    ["no user", { auth: { identity: { methods: ["password"], password: {} } } }, expecting("user", "None")],
    ["no password at all", { auth: { identity: { methods: ["password"] } } }, expecting("password", "identity")],
    [
      "no methods",
      { auth: { identity: {} } },
      fault(400, "Invalid input for field 'identity': 'methods' is a required property"),
    ],
    [
      "an unknown method",
      { auth: { identity: { methods: ["foo"] } } },
      {
        status: 401,
        body: {
          error: {
            code: 401,
            title: "Unauthorized",
            message: "Attempted to authenticate with an unsupported method.",
            identity: { methods: ["external", "password", "token", "oauth1", "mapped", "application_credential"] },
          },
        },
      },
    ],
  ])("refuses %s", async (_what, body, expected) => {
    const { login } = await open();
    const found = await login(body);
    expect(answer(found)).toEqual(expected);
    const uri = found.status === 401 ? 'Keystone uri="http://openstack.sandbox/identity/v3"' : undefined;
    expect(found.headers["www-authenticate"]).toBe(uri);
  });
});

describe("tokens", () => {
  test("die at their time to the second, everywhere", async () => {
    const { as, tokenBy, pass } = await open({ tokenSeconds: 60 });
    const token = await tokenBy(password());
    const services = [
      ["identity", "/v3/auth/projects"],
      ["dns", "/v2/zones"],
      ["network", "/v2.0/networks"],
      ["key-manager", "/v1/secrets"],
    ] as const;
    const statuses = () =>
      Promise.all(services.map(async ([service, path]) => (await as(token, service)("GET", path)).status));
    pass(59_999);
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    pass(1);
    expect(await statuses()).toEqual([401, 401, 401, 401]);
  });

  test("can be looked at and revoked by their own user alone", async () => {
    const { at, as, tokenBy, token } = await open();
    const other = await tokenBy(password());
    const mine = at("identity", { "x-subject-token": other });
    const theirs = at("identity", { "x-subject-token": await token("team-b") });
    expect(await mine("GET", TOKENS)).toMatchObject({ status: 200, headers: { "x-subject-token": other } });
    expect(answer(await theirs("GET", TOKENS))).toEqual(denied("identity:validate_token"));
    expect(answer(await theirs("DELETE", TOKENS))).toEqual(denied("identity:revoke_token"));
    expect((await theirs("GET", TOKENS, undefined, "admin")).status).toBe(200);
    expect((await mine("DELETE", TOKENS)).status).toBe(204);
    expect(answer(await mine("GET", TOKENS))).toEqual(fault(404, "Failed to validate token"));
    expect(answer(await as(other)("GET", "/v3/auth/projects"))).toEqual(unauthorized);
    const strange = at("identity", { "x-subject-token": "abc" });
    expect(answer(await strange("GET", TOKENS))).toEqual(fault(404, "Could not recognize Fernet token"));
    expect(answer(await at("identity")("GET", TOKENS))).toEqual(denied("identity:validate_token"));
  });
});

test("a catalog lacks what the cloud lacks, and nobody is at that door", async () => {
  const { login, token, sandbox } = await open({ absent: ["shared-file-system", "key-manager"] });
  const catalog = listAt(one(await login(password()), "token"), "catalog") as readonly Json[];
  expect(catalog.map((entry) => entry["type"]).toSorted()).toEqual([
    "block-storage",
    "compute",
    "dns",
    "identity",
    "image",
    "load-balancer",
    "network",
  ]);
  const headers = { "x-auth-token": await token() };
  for (const path of ["/share/v2/shares", "/key-manager/v1/secrets"]) {
    const url = `http://openstack.sandbox${path}`;
    expect((await sandbox.send({ method: "GET", url, headers, timeoutMs: 1 })).status).toBe(404);
  }
});

describe("lookups", () => {
  test("people see themselves and their project, and nothing of others", async () => {
    const { keystone, sandbox, user, idOf } = await open();
    const [ours, theirs] = [sandbox.project("team-a").id, sandbox.project("team-b").id];
    expect(await keystone("GET", `/v3/projects/${ours}`)).toMatchObject({
      status: 200,
      body: { project: { id: ours } },
    });
    expect(answer(await keystone("GET", `/v3/projects/${theirs}`))).toEqual(denied("identity:get_project"));
    expect(answer(await keystone("GET", "/v3/projects/abc"))).toEqual(denied("identity:get_project"));
    const unknown = await keystone("GET", "/v3/projects/abc", undefined, "admin");
    expect(answer(unknown)).toEqual(fault(404, "Could not find project: abc."));
    const self = { user: { id: user, name: "team-a", default_project_id: ours } };
    expect(await keystone("GET", `/v3/users/${user}`)).toMatchObject({ status: 200, body: self });
    expect(answer(await keystone("GET", `/v3/users/${await idOf("team-b")}`))).toEqual(denied("identity:get_user"));
    expect(answer(await keystone("GET", "/v3/projects"))).toEqual(denied("identity:list_projects"));
    expect(all(await keystone("GET", "/v3/auth/projects"), "projects", "id")).toEqual([ours]);
  });

  test("what does not exist is an HTML page, a wrong method is not", async () => {
    const { keystone, base } = await open();
    expect(await keystone("GET", "/v3/nowhere")).toMatchObject({
      status: 404,
      body: expect.stringMatching(/^<!doctype/),
    });
    const method = { status: 405, body: { message: "The method is not allowed for the requested URL." } };
    expect(answer(await keystone("PUT", base, {}))).toEqual(method);
  });
});

describe("application credentials", () => {
  test("are answered with their secret once", async () => {
    const { create, keystone, base, user, sandbox } = await open();
    const wanted = { description: "d", roles: [{ name: "member" }], access_rules: [RULE], unrestricted: false };
    const made = await create({ ...wanted, expires_at: "2026-01-02T00:00:00.000000Z" });
    const { id } = one(made, "application_credential");
    const body = {
      id,
      name: "c",
      description: "d",
      user_id: user,
      project_id: sandbox.project("team-a").id,
      system: null,
      expires_at: "2026-01-02T00:00:00.000000",
      unrestricted: false,
      roles: [{ name: "member" }, { name: "reader" }],
      access_rules: [{ ...RULE, id: expect.stringMatching(/^[0-9a-f]{32}$/) }],
      links: { self: `http://openstack.sandbox/identity/v3/application_credentials/${id}` },
    };
    expect(made).toMatchObject({ status: 201, body: { application_credential: { ...body, secret: "s3cret" } } });
    const seen = await keystone("GET", `${base}/${id}`);
    expect(seen).toMatchObject({ status: 200, body: { application_credential: body } });
    expect(JSON.stringify(seen.body)).not.toContain("s3cret");
  });

  test("are listed by name, of one user alone, on one page", async () => {
    const { make, keystone, base, idOf } = await open();
    const { id } = await make();
    await make({ name: "other" });
    const found = await keystone("GET", `${base}?name=c`);
    expect(all(found, "application_credentials", "id")).toEqual([id]);
    const self = `http://openstack.sandbox/identity${base}?name=c`;
    expect(one(found, "links")).toMatchObject({ self, next: null, previous: null });
    const theirs = `/v3/users/${await idOf("team-b")}/application_credentials`;
    expect(answer(await keystone("GET", theirs))).toEqual(denied("identity:list_application_credentials"));
    expect(await keystone("GET", theirs, undefined, "team-b")).toMatchObject({ body: { application_credentials: [] } });
  });

  test("have all of the login's roles when none are named", async () => {
    const { make } = await open();
    const held = ["member", "reader", "load-balancer_member", "creator"];
    for (const more of [{ name: "a" }, { name: "b", roles: [] }])
      expect((await make(more))["roles"]).toMatchObject(held.map((name) => ({ name })));
  });

  const timestamp = fault(400, `Timestamp not in expected format. ${MALFORMED}`);
  test.each<[string, object, ReturnType<typeof fault>]>([
    ["an empty name", { name: "" }, invalid("name", "", "'' is too short")],
    ["a number as name", { name: 1 }, invalid("name", "1", "1 is not of type 'string'")],
    ["a long name", { name: "n".repeat(256) }, invalid("name", "n".repeat(256), `'${"n".repeat(256)}' is too long`)],
    ["a number as description", { description: 1 }, invalid("description", "1", "1 is not of type 'string', 'null'")],
    ["a word as switch", { unrestricted: "x" }, invalid("unrestricted", "x", "'x' is not of type 'boolean', 'null'")],
    ["a role that does not exist", { roles: [{ name: "foo" }] }, fault(404, "Role foo is not defined")],
    [
      "a role that the login lacks",
      { roles: [{ name: "admin" }] },
      fault(400, "Invalid application credential: Cannot create an application credential with unassigned role"),
    ],
    ["roles that are no list", { roles: "x" }, invalid("roles", "x", "'x' is not of type 'array'")],
    ["a role of nothing", { roles: [{}] }, invalid("0", "{}", "{} does not have enough properties")],
    [
      "a time that is past",
      { expires_at: "2025-12-31T23:59:59" },
      fault(400, `The 'expires_at' must not be before now. ${MALFORMED}`),
    ],
    ["a time in words", { expires_at: "soon" }, timestamp],
    ["a time with an offset", { expires_at: "2099-01-01T00:00:00+01:00" }, timestamp],
    ["a day", { expires_at: "2099-01-01" }, timestamp],
    [
      "a rule's strange method",
      { access_rules: [{ ...RULE, method: "FOO" }] },
      invalid("method", "FOO", "'FOO' is not one of ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']"),
    ],
    [
      "a rule's relative path",
      { access_rules: [{ ...RULE, path: "x" }] },
      invalid("path", "x", "'x' does not match '^/\\\\.*'"),
    ],
    [
      "a rule's long path",
      { access_rules: [{ ...RULE, path: `/${"x".repeat(128)}` }] },
      fault(
        400,
        `String length exceeded. The length of string '/${"x".repeat(128)}' exceeds the limit of column path(CHAR(128)).`,
      ),
    ],
    ["rules that are none", { access_rules: null }, invalid("access_rules", "None", "None is not of type 'array'")],
    [
      "a rule twice",
      { access_rules: [RULE, RULE] },
      fault(409, "Conflict occurred attempting to store application_credential - Duplicate entry found with name c."),
    ],
    [
      "fields that do not exist",
      { foo: 1 },
      invalid(
        "application_credential",
        "{'name': 'c', 'secret': 's3cret', 'foo': 1}",
        "Additional properties are not allowed ('foo' was unexpected)",
      ),
    ],
  ])("refuse %s", async (_what, more, expected) => {
    const { create, keystone, base, rules } = await open();
    expect(answer(await create(more))).toEqual(expected);
    expect(await keystone("GET", base)).toMatchObject({ body: { application_credentials: [] } });
    expect(await keystone("GET", rules)).toMatchObject({ body: { access_rules: [] } });
  });

  test("refuse a name that the user has, not one that another has", async () => {
    const { create, make, keystone, idOf } = await open();
    await make();
    const message = "Conflict occurred attempting to store application_credential - Duplicate entry found with name c.";
    expect(answer(await create())).toEqual(fault(409, message));
    const path = `/v3/users/${await idOf("team-b")}/application_credentials`;
    const body = { application_credential: { name: "c" } };
    expect((await keystone("POST", path, body, "team-b")).status).toBe(201);
    expect(answer(await keystone("POST", path, body))).toEqual(denied("identity:create_application_credential"));
  });

  test("of others are denied, unknown ones are 404, and deleting twice is too", async () => {
    const { make, keystone, base } = await open();
    const { id } = await make();
    expect(answer(await keystone("GET", `${base}/${id}`, undefined, "team-b"))).toEqual(
      denied("identity:get_application_credential"),
    );
    expect(answer(await keystone("DELETE", `${base}/${id}`, undefined, "team-b"))).toEqual(
      denied("identity:delete_application_credential"),
    );
    expect(answer(await keystone("GET", `${base}/abc`))).toEqual(noCredential("abc"));
    expect((await keystone("DELETE", `${base}/${id}`)).status).toBe(204);
    expect(answer(await keystone("DELETE", `${base}/${id}`))).toEqual(noCredential(id));
  });
});

describe("login by application credential", () => {
  test.each([
    ["id", (id: string) => ({ id, secret: "s3cret" })],
    ["name and user", () => ({ name: "c", user: { name: "team-a", domain: DOMAIN }, secret: "s3cret" })],
  ])("by %s", async (_what, proof) => {
    const { make, login, sandbox } = await open();
    const { id } = await make({ roles: [{ name: "reader" }], access_rules: [RULE] });
    expect(one(await login(credential(proof(id))), "token")).toMatchObject({
      methods: ["application_credential"],
      project: { id: sandbox.project("team-a").id },
      roles: [{ name: "reader" }],
      application_credential: { id, name: "c", restricted: true, access_rules: [RULE] },
    });
  });

  const why = "Error authenticating with application credential: Application credentials cannot request a scope.";
  const scoped = { status: 401, body: { error: { code: 401, title: "Unauthorized", message: why, identity: {} } } };
  test.each<[string, object, unknown, object]>([
    ["a wrong secret", { id: "ID", secret: "x" }, undefined, unauthorized],
    ["no secret", { id: "ID" }, undefined, unauthorized],
    ["an unknown id", { id: "abc", secret: "s3cret" }, undefined, noCredential("abc")],
    [
      "an unknown name",
      { name: "x", user: { name: "team-a", domain: DOMAIN }, secret: "s3cret" },
      undefined,
      unauthorized,
    ],
    ["neither id nor name", { secret: "s3cret" }, undefined, expecting("name or ID", "application credential")],
    ["a name of nobody", { name: "c", secret: "s3cret" }, undefined, expecting("user", "application credential")],
    [
      "a name of a user of no domain",
      { name: "c", user: { name: "team-a" }, secret: "s3cret" },
      undefined,
      expecting("domain", "user"),
    ],
    ["a scope", { id: "ID", secret: "s3cret" }, PROJECT, scoped],
    ["no scope by name", { id: "ID", secret: "s3cret" }, "unscoped", scoped],
  ])("refuses %s", async (_what, proof, scope, expected) => {
    const { make, login } = await open();
    const { id } = await make();
    expect(
      answer(await login(credential({ ...proof, ...("id" in proof && proof.id === "ID" ? { id } : {}) }, scope))),
    ).toEqual(expected);
  });

  test("its token lives no longer than the credential", async () => {
    const { make, login, tokenBy, as, keystone, base, pass } = await open();
    const { id } = await make({ expires_at: "2026-01-01T00:01:00" });
    const proof = credential({ id, secret: "s3cret" });
    expect(one(await login(proof), "token")["expires_at"]).toBe("2026-01-01T00:01:00.000000Z");
    const token = await tokenBy(proof);
    pass(59_999);
    expect((await as(token, "dns")("GET", "/v2/zones")).status).toBe(200);
    pass(1);
    expect((await as(token, "dns")("GET", "/v2/zones")).status).toBe(401);
    expect(answer(await login(proof))).toEqual(unauthorized);
    // It can still be looked at and deleted.
    expect((await keystone("GET", `${base}/${id}`)).status).toBe(200);
    expect((await keystone("DELETE", `${base}/${id}`)).status).toBe(204);
  });

  test("its token dies with the credential", async () => {
    const { make, tokenBy, login, as, at, keystone, base } = await open();
    const { id } = await make();
    const proof = credential({ id, secret: "s3cret" });
    const token = await tokenBy(proof);
    await keystone("DELETE", `${base}/${id}`);
    for (const [service, path] of [
      ["dns", "/v2/zones"],
      ["network", "/v2.0/networks"],
      ["key-manager", "/v1/secrets"],
    ] as const)
      expect((await as(token, service)("GET", path)).status).toBe(401);
    expect(answer(await as(token)("GET", "/v3/auth/projects"))).toEqual(noCredential(id));
    expect(answer(await at("identity", { "x-subject-token": token })("GET", TOKENS))).toEqual(noCredential(id));
    expect(answer(await login(proof))).toEqual(noCredential(id));
  });

  test("a restricted one manages no credentials, an unrestricted one does", async () => {
    const { make, create, tokenBy, as, base } = await open();
    const tokenOf = async (more: object) => tokenBy(credential({ id: (await make(more)).id, secret: "s3cret" }));
    const other = await make({ name: "other" });
    const bound = as(await tokenOf({ name: "bound" }));
    const free = as(await tokenOf({ name: "free", unrestricted: true }));
    const refusal = denied(
      "Using method 'application_credential' is not allowed for managing additional application credentials.",
    );
    expect(answer(await create({ name: "more" }, bound))).toEqual(refusal);
    expect(answer(await bound("DELETE", `${base}/${other.id}`))).toEqual(refusal);
    expect((await bound("GET", `${base}/${other.id}`)).status).toBe(200);
    expect((await create({ name: "more" }, free)).status).toBe(201);
    expect((await free("DELETE", `${base}/${other.id}`)).status).toBe(204);
  });
});

describe("access rules", () => {
  test("a call outside of them is 401, whatever the service", async () => {
    const { make, tokenBy, as } = await open();
    const access_rules = [
      RULE,
      { ...RULE, path: "/networking/v2.0/networks/*" },
      { ...RULE, service: "dns", path: "/dns/v2/**" },
    ];
    const token = await tokenBy(credential({ id: (await make({ access_rules })).id, secret: "s3cret" }));
    const status = async (...[method, service, path]: readonly [string, Parameters<typeof as>[1], string]) =>
      (await as(token, service)(method, path)).status;
    expect(await status("GET", "network", "/v2.0/networks")).toBe(200);
    expect(await status("GET", "network", "/v2.0/networks/abc")).toBe(404);
    expect(await status("GET", "dns", "/v2/reverse/floatingips")).toBe(200);
    expect(await status("GET", "network", "/v2.0/networks/abc/tags")).toBe(401);
    expect(await status("POST", "network", "/v2.0/networks")).toBe(401);
    expect(await status("GET", "network", "/v2.0/subnets")).toBe(401);
    expect(await status("GET", "key-manager", "/v1/secrets")).toBe(401);
    expect(await status("GET", "identity", "/v3/auth/projects")).toBe(401);
  });

  test("an empty list of them is no restriction", async () => {
    const { make, tokenBy, as } = await open();
    const token = await tokenBy(credential({ id: (await make({ access_rules: [] })).id, secret: "s3cret" }));
    expect((await as(token, "key-manager")("GET", "/v1/secrets")).status).toBe(200);
  });

  test("are shared, outlive their credentials, and go only when nobody uses them", async () => {
    const { make, keystone, base, rules } = await open();
    const [one1, two] = [await make({ access_rules: [RULE] }), await make({ name: "d", access_rules: [RULE] })];
    const found = await keystone("GET", rules);
    const [id] = all(found, "access_rules", "id");
    expect(answer(found)).toMatchObject({ status: 200, body: { access_rules: [{ ...RULE, id }] } });
    expect(one1["access_rules"]).toEqual(two["access_rules"]);
    const path = `${rules}/${id}`;
    const self = `http://openstack.sandbox/identity/v3/access_rules/${id}`;
    expect(answer(await keystone("GET", path))).toEqual({
      status: 200,
      body: { access_rule: { ...RULE, id, links: { self } } },
    });
    await keystone("DELETE", `${base}/${one1.id}`);
    expect(answer(await keystone("DELETE", path))).toEqual(fault(403, "May not delete access rule in use"));
    await keystone("DELETE", `${base}/${two.id}`);
    expect(answer(await keystone("DELETE", path, undefined, "team-b"))).toEqual(denied("identity:delete_access_rule"));
    expect((await keystone("DELETE", path)).status).toBe(204);
    const gone = fault(404, `Could not find Access Rule: ${id}.`);
    expect(answer(await keystone("DELETE", path))).toEqual(gone);
    expect(answer(await keystone("GET", path))).toEqual(gone);
  });
});
