import { settingsOf } from "../../../shared/openstack/clouds.ts";

// Goal: a clouds.yaml or openrc that works with the OpenStack CLI works here, and one that can't is explained without its secrets.
const PATH = "/etc/openstack/clouds.yaml";
const file = (text: string) => ({ path: PATH, text });
const HEAD = "    auth_url: https://ks.example.org:5000/v3\n";
const yaml = (auth: string, more = "") =>
  `clouds:\n  a:\n    auth:\n      ${auth.trim().replace(/\n\s*/g, "\n      ")}\n${more}`;

const FULL = yaml(
  `auth_url: https://ks.example.org:5000/v3/
  username: u
  password: "secret-1"
  project_name: p
  user_domain_name: Default
  project_domain_name: Default`,
  "    region_name: R1\n    interface: internal\n    cacert: /etc/ca.pem\n    load_balancer_endpoint_override: http://lb.test\n",
);
const Default = { name: "Default" };
const auth = {
  method: "password",
  user: { name: "u", domain: Default },
  password: "secret-1",
  project: { name: "p", domain: Default },
};
const settings = {
  name: "a",
  authUrl: "https://ks.example.org:5000/v3",
  auth,
  region: "R1",
  interface: "internal",
  cacert: "/etc/ca.pem",
  verify: true,
  endpoints: { "load-balancer": "http://lb.test" },
};

test("every setting of a password login", () => {
  expect(settingsOf({ clouds: file(FULL) }, {}, "a")).toEqual(settings);
});

const ids = "auth_url: http://ks/identity\n user_id: u1\n password: x\n project_id: p1";
const credential = "auth_url: http://ks/identity\n application_credential_id: ac\n application_credential_secret: s";
const named =
  "auth_url: http://ks/v3\n application_credential_name: ac\n application_credential_secret: s\n username: u\n user_domain_id: d";

test.each<[string, string, object]>([
  [
    "ids need no domains",
    yaml(ids),
    {
      authUrl: "http://ks/identity/v3",
      auth: { method: "password", user: { id: "u1" }, password: "x", project: { id: "p1" } },
    },
  ],
  [
    "a default domain",
    yaml("auth_url: http://ks\n username: u\n password: x\n project_name: p\n default_domain: default"),
    { auth: { user: { name: "u", domain: { id: "default" } }, project: { name: "p", domain: { id: "default" } } } },
  ],
  [
    "an application credential by id",
    yaml(credential, "    auth_type: v3applicationcredential\n"),
    { auth: { method: "application-credential", credential: { id: "ac" }, secret: "s" } },
  ],
  ["an application credential without auth_type", yaml(credential), { auth: { method: "application-credential" } }],
  [
    "an application credential by name",
    yaml(named, "    auth_type: v3applicationcredential\n"),
    { auth: { credential: { name: "ac", user: { name: "u", domain: { id: "d" } } } } },
  ],
  ["verify: false", yaml(ids, "    verify: false\n"), { verify: false }],
  ["insecure", yaml(ids, "    insecure: true\n"), { verify: false }],
  ["endpoint_type", yaml(ids, "    endpoint_type: internalURL\n"), { interface: "internal" }],
  ["public by default", yaml(ids), { interface: "public", verify: true, endpoints: {} }],
  [
    "an override by an older name",
    yaml(ids, "    sharev2_endpoint_override: http://m/v2\n"),
    { endpoints: { "shared-file-system": "http://m/v2" } },
  ],
])("%s", (_what, text, expected) => {
  expect(settingsOf({ clouds: file(text) }, {}, "a")).toMatchObject(expected);
});

const regions = (list: string) => yaml(ids, `    regions: ${list}\n`);

test.each<[string, string, object]>([
  [
    "tenants are projects",
    yaml("auth_url: http://ks\n user_id: u\n password: x\n tenant_id: p1"),
    { auth: { project: { id: "p1" } } },
  ],
  [
    "also by name",
    yaml("auth_url: http://ks\n user_id: u\n password: x\n tenant_name: p\n project_domain_id: d"),
    { auth: { project: { name: "p", domain: { id: "d" } } } },
  ],
  [
    "a domain's id before its name",
    yaml("auth_url: http://ks\n username: u\n user_domain_id: d\n user_domain_name: n\n password: x\n project_id: p"),
    { auth: { user: { name: "u", domain: { id: "d" } } } },
  ],
  [
    "a password where it is named, also beside a credential that is left over",
    yaml(`${ids}\n application_credential_secret: s`, "    auth_type: v3password\n"),
    { auth: { method: "password", password: "x" } },
  ],
  ["an override that is taken back", yaml(ids, "    compute_endpoint_override: null\n"), { endpoints: {} }],
  [
    "an address with what does not belong to it",
    yaml(ids.replace("identity", "identity/v3/?a=b#c")),
    { authUrl: "http://ks/identity/v3" },
  ],
  ["the first of several regions", regions("[R1, R2]"), { region: "R1" }],
  ["a region with values", regions("[{ name: R2, values: {} }]"), { region: "R2" }],
  ["a region that is chosen", regions("[R1, R2]\n    region_name: R2"), { region: "R2" }],
])("%s", (_what, text, expected) => {
  expect(settingsOf({ clouds: file(text) }, {}, "a")).toMatchObject(expected);
});

test("~ is the home directory", () => {
  const env = { HOME: "/home/me$&" };
  expect(settingsOf({ clouds: file(FULL.replace("/etc/ca.pem", "~/ca.pem")) }, env, "a")).toMatchObject({
    cacert: "/home/me$&/ca.pem",
  });
  expect(settingsOf({}, { ...ENV, OS_CACERT: "~/ca.pem" })).toMatchObject({ cacert: "~/ca.pem" });
});

const profiled = file(
  "clouds:\n  a:\n    profile: public\n    region_name: R2\n    auth:\n      user_id: u1\n      password: x\n      project_id: p1\n",
);

test("a profile of clouds-public.yaml lies below the cloud that names it", () => {
  const text =
    "public-clouds:\n  public:\n    region_name: R1\n    interface: internal\n    auth:\n      auth_url: http://ks/v3\n";
  const profiles = { path: "/etc/openstack/clouds-public.yaml", text };
  expect(settingsOf({ clouds: profiled, profiles }, {}, "a")).toEqual({
    name: "a",
    authUrl: "http://ks/v3",
    auth: { method: "password", user: { id: "u1" }, password: "x", project: { id: "p1" } },
    region: "R2",
    interface: "internal",
    endpoints: {},
    verify: true,
  });
  const broken = {
    problems: [`${profiles.path} has no "public-clouds:" section: put each cloud below public-clouds.<name>.`],
  };
  expect(settingsOf({ clouds: profiled, profiles: { ...profiles, text: "clouds: {}" } }, {}, "a")).toEqual(broken);
  const older = file(profiled.text.replace("profile:", "cloud:"));
  expect(settingsOf({ clouds: older, profiles }, {}, "a")).toMatchObject({ interface: "internal", region: "R2" });
});

test("secure.yaml is laid over clouds.yaml, key by key", () => {
  const clouds = file(FULL.replace('password: "secret-1"', "password: changeme"));
  const secure = {
    path: "/etc/openstack/secure.yaml",
    text: "clouds:\n  a:\n    auth:\n      password: secret-1\n  b: {}\n",
  };
  expect(settingsOf({ clouds, secure }, {}, "a")).toEqual(settings);
});

const ENV = {
  OS_AUTH_URL: "https://ks.example.org:5000/v3",
  OS_USERNAME: "u",
  OS_PASSWORD: "secret-1",
  OS_PROJECT_NAME: "p",
  OS_USER_DOMAIN_NAME: "Default",
  OS_PROJECT_DOMAIN_NAME: "Default",
  OS_REGION_NAME: "R1",
  OS_INTERFACE: "internal",
  OS_CACERT: "/etc/ca.pem",
  OS_LOAD_BALANCER_ENDPOINT_OVERRIDE: "http://lb.test",
  OS_IDENTITY_API_VERSION: "3",
};
const two = file("clouds:\n  a: {}\n  b: {}\n");

test.each<[string, Parameters<typeof settingsOf>, object]>([
  ["the variables alone", [{}, ENV], { ...settings, name: "envvars" }],
  ["the variables beside a file", [{ clouds: two }, ENV], { ...settings, name: "envvars" }],
  ["the variables by their name", [{ clouds: two }, ENV, "envvars"], { ...settings, name: "envvars" }],
  ["an argument before OS_CLOUD", [{ clouds: file(FULL) }, { OS_CLOUD: "b" }, "a"], settings],
  ["OS_CLOUD", [{ clouds: file(FULL) }, { ...ENV, OS_REGION_NAME: "R9", OS_CLOUD: "a" }], settings],
  ["the file's only cloud", [{ clouds: file(FULL) }, {}], settings],
  ["the file's only cloud, and no OS_CLOUD", [{ clouds: file(FULL) }, { OS_CLOUD: "" }], settings],
  [
    "the variables beside a file with one cloud",
    [{ clouds: file(FULL) }, { ...ENV, OS_REGION_NAME: "R9" }],
    { ...settings, name: "envvars", region: "R9" },
  ],
])("which cloud: %s", (_what, given, expected) => {
  expect(settingsOf(...given)).toEqual(expected);
});

const said = (text: string) => `clouds.a in ${PATH}: ${text}`;

test.each<[Parameters<typeof settingsOf>, readonly string[]]>([
  [[{ clouds: two }, {}, "c"], [`There is no cloud named "c": ${PATH} has a, b; use one of these.`]],
  [[{ clouds: two }, {}], ["No cloud is chosen: set OS_CLOUD to one of a, b."]],
  [
    [{}, {}, "c"],
    [
      'There is no cloud named "c": no clouds.yaml was found; create one, or set the OS_* variables and use the cloud envvars.',
    ],
  ],
  [
    [{}, ENV, "c"],
    [
      'There is no cloud named "c": no clouds.yaml was found; create one, or set the OS_* variables and use the cloud envvars.',
    ],
  ],
  [[{ clouds: file("clouds:\n  a: [\n") }, {}, "a"], [`${PATH} is not valid YAML at line 3: correct it there.`]],
  [[{ clouds: file("a: b") }, {}, "a"], [`${PATH} has no "clouds:" section: put each cloud below clouds.<name>.`]],
  [
    [{ clouds: file("clouds:\n  a: {}\n") }, {}, "a"],
    [
      said("auth_url is missing: add Keystone's address, such as https://keystone.example.org:5000/v3."),
      said("username is missing: add the user's name (or user_id)."),
      said("password is missing: add it here or in secure.yaml."),
      said("project_name is missing: add the project's name (or project_id)."),
    ],
  ],
  [
    [{ clouds: file(yaml("auth_url: http://ks\n username: u\n password: x\n project_id: p")) }, {}, "a"],
    [said("user_domain_name is missing: add the domain's name, usually Default.")],
  ],
  [
    [{ clouds: file(yaml("auth_url: http://ks\n user_id: u\n password: 12345\n project_id: p")) }, {}, "a"],
    [said("password is not text: put it in quotes."), said("password is missing: add it here or in secure.yaml.")],
  ],
  [
    [{ clouds: file(yaml(ids.replace("identity", "v2.0"))) }, {}, "a"],
    [said("auth_url names Keystone's version 2, which no longer exists: end it with /v3.")],
  ],
  [
    [{ clouds: file(yaml(ids.replace("http://ks/identity", "ks.example.org"))) }, {}, "a"],
    [said("auth_url is not an http or https address: correct it.")],
  ],
  [
    [
      {
        clouds: file(
          yaml(ids, "    auth_type: v3oidcpassword\n    interface: outside\n    network_endpoint_override: here\n"),
        ),
      },
      {},
      "a",
    ],
    [
      said('auth_type "v3oidcpassword" is not supported: use v3applicationcredential or password.'),
      said('interface "outside" is unknown: use public, internal or admin.'),
      said("network_endpoint_override is not an address: correct it or take it out."),
    ],
  ],
  [
    [
      {
        clouds: file(
          yaml("auth_url: http://ks\n application_credential_id: x", "    auth_type: v3applicationcredential\n"),
        ),
      },
      {},
      "a",
    ],
    [said("application_credential_secret is missing: add it here or in secure.yaml.")],
  ],
  [
    [{ clouds: profiled }, {}, "a"],
    [
      said(
        'auth_url is missing, and no clouds-public.yaml has the profile "public": add the auth_url that "openstack configuration show" has.',
      ),
    ],
  ],
  [
    [
      {
        clouds: file(yaml(ids, "    cert: /etc/me.pem\n    compute_endpoint_override: http://n/v2.1/%(project_id)s\n")),
      },
      {},
      "a",
    ],
    [
      said(
        "cert names a client's certificate, which neither kinvirt nor its clusters can show: use an address without.",
      ),
      said("compute_endpoint_override has a placeholder: write the project's id there, or what else it stands for."),
    ],
  ],
  [[{}, { ...ENV, OS_PASSWORD: "" }], ["OS_PASSWORD is missing: add it here or in secure.yaml."]],
])("what is wrong is said: %#", (given, problems) => {
  expect(settingsOf(...given)).toEqual({ problems });
});

test("no problem quotes a secret", () => {
  const broken = `clouds:\n  a:\n${HEAD}    password: "hush-hush\n    x: [`;
  expect(JSON.stringify(settingsOf({ clouds: file(broken) }, {}, "a"))).not.toContain("hush");
});
