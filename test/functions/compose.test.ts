import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compose } from "../../functions/compose.ts";
import { started } from "../../functions/lambda/start.ts";
import { mayBegin } from "../../shared/openstack/deadline.ts";
import { CLOCK_SKEW_MS } from "../../shared/ports/clock.ts";

// Goal: whatever is wrong with the environment or the files that it names is said before anything starts, all at once, each
// in one sentence that says what to fix, and none with a secret in it.
const SECRETS = {
  SLACK_SIGNING_SECRET: "5ecret-of-signing",
  SLACK_BOT_TOKEN: "xoxb-5ecret",
  OS_PASSWORD: "5ecret-of-the-user",
};
const CLOUDS = `
clouds:
  team-a: { region_name: RegionOne, auth: { auth_url: "https://keystone.example.org:5000/v3", username: a, password: 5ecret-a, project_name: team-a, user_domain_name: Default, project_domain_name: Default } }
  team-b: { region_name: RegionOne, auth: { auth_url: "https://keystone.example.org:5000/v3", username: b, password: 5ecret-b, project_name: team-b, user_domain_name: Default, project_domain_name: Default } }
`;

let root = "";
const at = (name: string): string => join(root, name);
const put = (name: string, text: string): string => {
  writeFileSync(at(name), text);
  return at(name);
};
const example = readFileSync("kinvirt.example.yaml", "utf8");
const changed = (from: string | RegExp, to: string): string => {
  const text = example.replace(from, to);
  if (text === example) throw new Error(`the example has no ${from}`);
  return text;
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kinvirt-compose-"));
  put("kinvirt.yaml", example);
  put("clouds.yaml", CLOUDS);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Env = Readonly<Record<string, string | undefined>>;
const env = (over: Env = {}): Env => ({
  ...SECRETS,
  HOME: root,
  KINVIRT_CONFIG: at("kinvirt.yaml"),
  OS_CLIENT_CONFIG_FILE: at("clouds.yaml"),
  KINVIRT_STORE: "memory:",
  KINVIRT_QUEUE: "memory:",
  ...over,
});

async function problems(over: Env): Promise<readonly string[]> {
  const made = compose(env(over));
  if (!("problems" in made)) {
    await made.close();
    return [];
  }
  // One sentence each, whole, and without a secret.
  for (const one of made.problems) {
    expect(one).toMatch(/^\S.*[.:]$/);
    expect(one).not.toContain("\n");
    expect(one).not.toMatch(/5ecret/);
    expect(one).not.toMatch(/Invalid input|Unrecognized key|expected \w+, received/);
  }
  return made.problems.map((one) => one.replaceAll(`${root}/`, ""));
}

test("all is there: nothing is asked of the network, and everything is let go of", async () => {
  const made = compose(env({ PORT: "8080" }));
  if ("problems" in made) throw new Error(made.problems.join("\n"));
  expect([made.port, made.signingSecret]).toEqual([8080, SECRETS.SLACK_SIGNING_SECRET]);
  expect(Object.keys(made.deps.config.tenants)).toEqual(["team-a", "team-b"]);
  expect(made.deps.cloudOf("team-a")).toBe(made.deps.cloudOf("team-a"));
  expect(() => made.deps.cloudOf("team-c")).toThrow("the tenant team-c is configured");
  await made.close();
});

test("Slack's address ends with a slash, whoever calls it", async () => {
  for (const SLACK_API_URL of ["http://slack.test/api", "http://slack.test/api/"]) {
    const made = compose(env({ SLACK_APP_TOKEN: "xapp-5ecret", SLACK_API_URL }));
    if ("problems" in made) throw new Error(made.problems.join("\n"));
    expect(made.socket?.apiUrl).toBe("http://slack.test/api/");
    await made.close();
  }
});

const where = "your Slack app's page";
const STORES = "Use sqlite://PATH, redis://HOST:PORT, postgres://HOST/DATABASE, dynamodb://TABLE or memory:";
const QUEUES = "Use sqlite:PATH, sqlite:, redis://HOST:PORT, sqs://HOST/ACCOUNT/NAME or memory:";
const ROTATION: Env = {
  SLACK_BOT_TOKEN: undefined,
  SLACK_REFRESH_TOKEN: "xoxe-1-5ecret",
  SLACK_CLIENT_ID: "1.2",
  SLACK_CLIENT_SECRET: "5ecret-of-the-client",
  KINVIRT_STORE: "sqlite://:memory:",
};
test.each<[string, Env, readonly string[]]>([
  [
    "no configuration",
    { KINVIRT_CONFIG: "none.yaml" },
    ["none.yaml does not exist: copy kinvirt.example.yaml there, or set KINVIRT_CONFIG to where it is."],
  ],
  [
    "no signing secret",
    { SLACK_SIGNING_SECRET: undefined },
    [`SLACK_SIGNING_SECRET is not set: copy it from ${where}, Basic Information.`],
  ],
  [
    "an empty signing secret",
    { SLACK_SIGNING_SECRET: "" },
    [`SLACK_SIGNING_SECRET is not set: copy it from ${where}, Basic Information.`],
  ],
  [
    "a secret with a line's end",
    { SLACK_SIGNING_SECRET: "5ecret\n" },
    [
      "SLACK_SIGNING_SECRET has a space or a line's end in it: copy it again from your Slack app's page, Basic Information.",
    ],
  ],
  [
    "no bot token",
    { SLACK_BOT_TOKEN: undefined },
    [`SLACK_BOT_TOKEN is not set: copy it from ${where}, OAuth & Permissions.`],
  ],
  [
    "an app token for the bot's",
    { SLACK_BOT_TOKEN: "xapp-5ecret" },
    [`SLACK_BOT_TOKEN is not a bot's token, which begins with xoxb-: copy it from ${where}, OAuth & Permissions.`],
  ],
  [
    "a bot token for the app's",
    { SLACK_APP_TOKEN: "xoxb-5ecret" },
    [`SLACK_APP_TOKEN is not an app-level token, which begins with xapp-: copy it from ${where}, Basic Information.`],
  ],
  ["Socket Mode, which needs no signing secret", { SLACK_APP_TOKEN: "xapp-5ecret", SLACK_SIGNING_SECRET: "" }, []],
  [
    "a token that ends after twelve hours, and nothing to renew it with",
    { SLACK_BOT_TOKEN: "xoxe.xoxb-1-5ecret" },
    [
      `SLACK_BOT_TOKEN ends twelve hours after it was made, because this app has token rotation: set SLACK_REFRESH_TOKEN (${where}, OAuth & Permissions), SLACK_CLIENT_ID and SLACK_CLIENT_SECRET (Basic Information) in its place.`,
    ],
  ],
  ["token rotation, which needs no other token", ROTATION, []],
  [
    "token rotation by halves",
    { ...ROTATION, SLACK_CLIENT_ID: "", SLACK_CLIENT_SECRET: "5ecret\n" },
    [
      `SLACK_CLIENT_ID is not set: copy it from ${where}, Basic Information.`,
      `SLACK_CLIENT_SECRET has a space or a line's end in it: copy it again from ${where}, Basic Information.`,
    ],
  ],
  [
    "the bot's token for the refresh token",
    { ...ROTATION, SLACK_REFRESH_TOKEN: "xoxe.xoxb-1-5ecret" },
    [
      `SLACK_REFRESH_TOKEN is not a refresh token, which begins with xoxe-: copy it from ${where}, OAuth & Permissions.`,
    ],
  ],
  [
    "token rotation and a store that forgets",
    { ...ROTATION, KINVIRT_STORE: "memory:" },
    [
      "SLACK_REFRESH_TOKEN can be spent once, and a store in memory forgets what comes of it: set KINVIRT_STORE to one that lasts.",
    ],
  ],
  ["a port in words", { PORT: "http" }, ['PORT is "http", which is not a port: write a number from 0 to 65535.']],
  ["a port beyond all", { PORT: "65536" }, ['PORT is "65536", which is not a port: write a number from 0 to 65535.']],
  [
    "a proxy at no address",
    { NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: "proxy:3128" },
    ["HTTPS_PROXY is not the address of a proxy: write http://HOST:PORT, or leave it out."],
  ],
  [
    "links to a host that only begins like this one",
    { KINVIRT_PUBLIC_URL: "http://localhost.example.org" },
    ["KINVIRT_PUBLIC_URL is not an https address: what is downloaded from there are logins."],
  ],
  [
    "Slack at no address",
    { SLACK_API_URL: "slack" },
    ["SLACK_API_URL is not an http or https address: correct it or leave it out."],
  ],
  [
    "no clouds.yaml where it is said to be",
    { OS_CLIENT_CONFIG_FILE: "/none/clouds.yaml" },
    ["OS_CLIENT_CONFIG_FILE names /none/clouds.yaml, which does not exist: correct it."],
  ],
  [
    "an unknown store",
    { KINVIRT_STORE: "mysql://kinvirt:5ecret@db/kinvirt" },
    [`KINVIRT_STORE is "mysql:…", which is not supported. ${STORES}`],
  ],
  ["a store without a scheme", { KINVIRT_STORE: "5ecret" }, [`KINVIRT_STORE is not supported. ${STORES}`]],
  [
    "an unknown queue",
    { KINVIRT_QUEUE: "amqp://kinvirt:5ecret@mq" },
    [`KINVIRT_QUEUE is "amqp:…", which is not supported. ${QUEUES}`],
  ],
])("%s", async (_what, over, said) => {
  expect(await problems(over)).toEqual(said);
});

test.each(["KINVIRT_STORE", "KINVIRT_QUEUE"])("%s in a place that can't be", async (name) => {
  expect(await problems({ [name]: `sqlite://${at("kinvirt.yaml")}/state.db` })).toEqual([
    `${name} can't be opened at kinvirt.yaml/state.db (EEXIST): choose a file that kinvirt may write to.`,
  ]);
});

test.each<[string, Env, readonly RegExp[]]>([
  ["a process behind HTTP", { SLACK_SIGNING_SECRET: undefined }, [/^SLACK_SIGNING_SECRET is not set/]],
  ["a process with Socket Mode", { SLACK_APP_TOKEN: "xoxb-5ecret" }, [/^SLACK_APP_TOKEN is not an app-level token/]],
])("of %s everything that is wrong is said at once, the servers' addresses too", async (_what, over, own) => {
  const wrong = {
    SLACK_BOT_TOKEN: undefined,
    SLACK_API_URL: "slack",
    KINVIRT_PUBLIC_URL: "http://example.org",
    PORT: "-1",
    KINVIRT_CONFIG: "none.yaml",
    KINVIRT_STORE: "mysql://kinvirt:5ecret@db/kinvirt",
    KINVIRT_QUEUE: `sqlite:${at("kinvirt.yaml")}/queue.db`,
  };
  const said = await problems({ ...wrong, ...over });
  const expected = [
    /^none\.yaml does not exist/,
    ...own,
    /^SLACK_BOT_TOKEN is not set/,
    /^SLACK_API_URL is not an http or https address/,
    /^KINVIRT_PUBLIC_URL is not an https address/,
    /^PORT is "-1"/,
    /^KINVIRT_STORE is "mysql:…"/,
    /^KINVIRT_QUEUE can't be opened/,
  ];
  expect(said).toEqual(expected.map((words) => expect.stringMatching(words)));
});

test("what is wrong in the configuration and in clouds.yaml is said beside what is wrong in the settings", async () => {
  put("kinvirt.yaml", changed("approvals: 1 ", "approvals: 0 "));
  expect(await problems({ PORT: "x", KINVIRT_STORE: "nowhere" })).toHaveLength(3);
  put("kinvirt.yaml", example);
  put("clouds.yaml", "clouds: { team-a: {} }");
  const said = await problems({ PORT: "x", KINVIRT_QUEUE: "nowhere" });
  expect(said.filter((one) => /^(PORT|KINVIRT_QUEUE)/.test(one))).toHaveLength(2);
  expect(said.filter((one) => one.startsWith("tenants.team-"))).not.toEqual([]);
});

test.each<[string, () => string, readonly string[]]>([
  ["nothing in it", () => "", ["kinvirt.yaml has no settings in it: copy kinvirt.example.yaml there."]],
  ["a list", () => "- a", ["kinvirt.yaml has no settings in it: copy kinvirt.example.yaml there."]],
  [
    "broken YAML",
    () => "tenants: { team-a: [5ecret\npolicy: }",
    ["kinvirt.yaml is not valid YAML at line 2: correct it there."],
  ],
  [
    "an unknown field",
    () => changed("cloud: team-a ", "clowd: x\n    cloud: team-a "),
    ["kinvirt.yaml: tenants.team-a: there is no setting clowd here: correct its name or take it out."],
  ],
  [
    "a field that is missing",
    () => changed("    dnsZone: k8s-b.example.org.\n", ""),
    ["kinvirt.yaml: tenants.team-b.dnsZone: is missing: add it."],
  ],
  [
    "a word for a number",
    () => changed("approvals: 1 ", "approvals: one "),
    ["kinvirt.yaml: policy.approvals: must be a number."],
  ],
  [
    "a text for a list",
    () => changed("channels: [C0TEAMB]", "channels: C0TEAMB"),
    ["kinvirt.yaml: tenants.team-b.channels: must be a list."],
  ],
  [
    "a number for a text",
    () => changed("image: ubuntu-24.04-kube ", "image: 24.04 "),
    ["kinvirt.yaml: templates.small.image: must be text: put it in quotes."],
  ],
  [
    "a word that is none of the known",
    () => changed("loadBalancerProvider: ovn", "loadBalancerProvider: f5"),
    ["kinvirt.yaml: tenants.team-a.loadBalancerProvider: must be one of ovn, amphora."],
  ],
  [
    "a number below the least",
    () => changed("approvals: 1 ", "approvals: 0 "),
    ["kinvirt.yaml: policy.approvals: must be at least 1."],
  ],
  [
    "a network range that is none",
    () => changed("nodes: 10.20.0.0/24", "nodes: 10.20.0.0/33"),
    ["kinvirt.yaml: tenants.team-a.cidrs.nodes: must be an IPv4 range: 10.20.0.0/24."],
  ],
  [
    "a size without its unit",
    () => changed("rwx: 2Ti", 'rwx: "2"'),
    ['kinvirt.yaml: tenants.team-a.limits.rwx: "2" is not a size: write 50Gi, 100G or 2Ti.'],
  ],
  [
    "a template that is not there",
    () => changed("defaultTemplate: small", "defaultTemplate: tiny"),
    ['kinvirt.yaml: defaultTemplate: no template is named "tiny": write small or ha.'],
  ],
  [
    "an even control plane",
    () => changed("count: 3, flavor: m1.medium", "count: 2, flavor: m1.medium"),
    ["kinvirt.yaml: templates.ha.controlPlane.count: an odd number of control planes is needed for etcd's quorum."],
  ],
  [
    "a channel of two tenants",
    () => changed("C0TEAMB", "C0TEAMA"),
    ["kinvirt.yaml: tenants.team-b.channels.0: C0TEAMA already speaks for team-a: a channel belongs to one tenant."],
  ],
  [
    "no tenant",
    () => changed(/tenants:[\s\S]*templates:/, "tenants: {}\ntemplates:"),
    ["kinvirt.yaml: tenants: is empty: add at least one."],
  ],
])("a configuration with %s", async (_what, text, said) => {
  put("kinvirt.yaml", text());
  expect(await problems({})).toEqual(said);
});

test("a configuration that is a folder, and one that may not be read", async () => {
  mkdirSync(at("folder"));
  expect(await problems({ KINVIRT_CONFIG: at("folder") })).toEqual([
    "folder is a folder: set KINVIRT_CONFIG to the file in it.",
  ]);
  chmodSync(at("kinvirt.yaml"), 0);
  // Root may read everything.
  if (process.getuid?.() !== 0)
    expect(await problems({})).toEqual(["kinvirt.yaml can't be read (EACCES): check its permissions."]);
});

test.each<[string, string, readonly string[]]>([
  [
    "no cloud of that name",
    CLOUDS.replace("team-b:", "team-c:"),
    ['tenants.team-b: There is no cloud named "team-b": clouds.yaml has team-a, team-c; use one of these.'],
  ],
  [
    "broken YAML",
    "clouds: { team-a: { password: 5ecret",
    ["clouds.yaml is not valid YAML at line 1: correct it there."],
  ],
  ["no clouds section", "team-a: {}", ['clouds.yaml has no "clouds:" section: put each cloud below clouds.<name>.']],
  [
    "no password",
    CLOUDS.replace("password: 5ecret-b, ", ""),
    ["tenants.team-b: clouds.team-b in clouds.yaml: password is missing: add it here or in secure.yaml."],
  ],
  [
    "no address",
    CLOUDS.replace(/(team-b: .*)auth_url: "[^"]*", /, "$1"),
    [
      "tenants.team-b: clouds.team-b in clouds.yaml: auth_url is missing: add Keystone's address, such as https://keystone.example.org:5000/v3.",
    ],
  ],
  [
    "a certificate that is not there",
    CLOUDS.replace("team-b: {", "team-b: { cacert: /none/ca.pem,"),
    ["tenants.team-b: cacert names /none/ca.pem, which can't be read (ENOENT): correct it."],
  ],
])("clouds.yaml with %s", async (_what, text, said) => {
  put("clouds.yaml", text);
  expect(await problems({})).toEqual(said);
});

test("no clouds.yaml anywhere", async () => {
  const advice = "no clouds.yaml was found; create one, or set the OS_* variables and use the cloud envvars.";
  expect(await problems({ OS_CLIENT_CONFIG_FILE: "" })).toEqual([
    `tenants.team-a: There is no cloud named "team-a": ${advice}`,
    `tenants.team-b: There is no cloud named "team-b": ${advice}`,
  ]);
});

test("a folder for the store is made, and the queue shares the store's file", async () => {
  expect(await problems({ KINVIRT_STORE: `sqlite://${at("deep/er/state.db")}`, KINVIRT_QUEUE: "" })).toEqual([]);
});

test.each([
  ["memory:", 0],
  ["redis://127.0.0.1:9", CLOCK_SKEW_MS],
  ["postgres://127.0.0.1:9/kinvirt", CLOCK_SKEW_MS],
])("how far clocks may be apart is known of the store, before it is asked: %s", async (store, skewMs) => {
  const made = compose(env({ KINVIRT_STORE: store }));
  if ("problems" in made) throw new Error(made.problems.join("\n"));
  expect(made.deps.clock.skewMs?.()).toBe(skewMs);
  await made.close();
});

describe("as a function", () => {
  const quiet = () => undefined;

  test("all that is wrong is its one error, at each call until it is mended", async () => {
    const handler = started(() => async () => "done", env({ PORT: "x", KINVIRT_STORE: "nowhere" }), quiet);
    const words = /^PORT is "x", which is not a port: .*\nKINVIRT_STORE is not supported\. .*$/;
    for (const _call of [1, 2]) await expect(handler({}, {})).rejects.toThrow(words);
  });

  test("what it asks of clouds keeps to the time that it has left", async () => {
    const handler = started(() => async () => mayBegin(9000), env(), quiet);
    expect(await handler({}, {})).toBe(true);
    expect(await handler({}, { getRemainingTimeInMillis: () => 15_000 })).toBe(true);
    expect(await handler({}, { getRemainingTimeInMillis: () => 12_000 })).toBe(false);
  });
});
