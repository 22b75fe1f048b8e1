import { pinoLog } from "../../../shared/adapters/pino-log.ts";
import { during } from "../../../shared/ports/log.ts";

// Goal: the log is one JSON line for each event, says whom it is about, and no secret of ours ever shows in it: whatever the
// field is called, however deep it is, and in whose words it comes.
function logs(...secrets: readonly string[]) {
  const lines: string[] = [];
  const log = pinoLog({ destination: { write: (line) => void lines.push(line) }, secrets });
  return { lines, log };
}

function lineOf(fields: Readonly<Record<string, unknown>>, ...secrets: readonly string[]): string {
  const { lines, log } = logs(...secrets);
  log.warn("slack.refused", fields);
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}
const logged = (fields: Readonly<Record<string, unknown>>): unknown => JSON.parse(lineOf(fields));

test("an event with its level, its time and its fields", () => {
  expect(logged({ why: "signature", times: 3, of: ["a"], none: undefined })).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    event: "slack.refused",
    why: "signature",
    times: 3,
    of: ["a"],
  });
});

test.each([
  ...["token", "password", "secret", "authorization", "signature", "user_data", "userData", "payload", "credential"],
  ...["passwd", "set-cookie", "privateKey", "private_keys"],
  ...["x-auth-token", "adminPass", "application_credential_secret", "signingSecret", "kubeconfig", "client-key-data"],
])("%s is masked, however deep", (name) => {
  const secrets = { [name]: "hunter2", user: "team-a" };
  const masked = { [name]: "***", user: "team-a" };
  expect(logged({ ...secrets, auth: secrets, all: [{ deep: secrets }] })).toMatchObject({
    ...masked,
    auth: masked,
    all: [{ deep: masked }],
  });
});

const KEY = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIHunter2\nMoreHunter2==\n-----END EC PRIVATE KEY-----\n";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const kubeconfig = `users:\n- name: dev\n  user:\n    client-key-data: ${base64(KEY)}\n    token: hunter2-of-dev\n`;

test.each<[string, string, string]>([
  ["a bot's token", "Slack refused xoxb-12-hunter2-Ab: not_authed", "Slack refused ***: not_authed"],
  ["a rotated token", "xoxe.xoxb-1-hunter2 is old", "*** is old"],
  ["an app's token", "(xapp-1-hunter2)", "(***)"],
  ["a PEM key", `bad: ${KEY}end`, "bad: ***\nend"],
  ["a PEM key that was cut off", `bad: ${KEY.slice(0, 50)}`, "bad: ***"],
  ["a PEM key in base64", `bad ${base64(KEY)} end`, "bad *** end"],
  ["a kubeconfig", kubeconfig, "users:\n- name: dev\n  user:\n    client-key-data: ***\n    token: ***\n"],
  [
    "a body that is quoted",
    'got {"user":"a","password":"hunter2!","id":1}',
    'got {"user":"a","password":"***","id":1}',
  ],
  [
    "a body in a string",
    'got "{\\"application_credential\\":{\\"secret\\":\\"hunter2\\",\\"id\\":1}}"',
    'got "{\\"application_credential\\":{\\"secret\\":\\"***\\",\\"id\\":1}}"',
  ],
  ["Keystone's token", "token gAAAAABhunter2hunter2hunter2_-x was refused", "token *** was refused"],
  ["a header", "Authorization: Bearer hunter2.hunter2", "Authorization: Bearer ***"],
  ["a URL's password", "connect redis://bot:hunter2@valkey:6379 failed", "connect redis://bot:***@valkey:6379 failed"],
  ["a JSON web token", "eyJhbGciOiJSUzI1NiJ9.eyJodW50ZXIi.hunter2_-x is over", "*** is over"],
  ["kubeadm's token", "join --token abcdef.hunter2hunter2ab x", "join --token *** x"],
])("%s goes from any text", (_what, said, left) => {
  expect(logged({ error: said, deep: { said: [said] } })).toMatchObject({ error: left, deep: { said: [left] } });
  expect(lineOf({ error: new Error(said) })).not.toMatch(/hunter2/i);
});

test.each([
  "the image 3f1c9b1e-8c1f-4a53-b6a5-0c9a2d1f1b7e is not there (req-0a1b2c3d-0000-4000-8000-000000000000)",
  "connect ECONNREFUSED 10.0.0.1:5000",
  "https://keystone.example.org:5000/v3/auth/tokens",
  "Unexpected token } in JSON",
])("what on-call people need stays: %s", (said) => {
  expect(logged({ error: said })).toMatchObject({ error: said });
});

test("what is known to be secret goes wherever it stands, and nothing else for a short one", () => {
  const fields = { error: "tried correct horse and correct horse battery as admin", of: { "correct horse": 1 } };
  expect(JSON.parse(lineOf(fields, "correct horse", "correct horse battery", "as"))).toMatchObject({
    error: "tried *** and *** as admin",
  });
});

test("a password with signs in it goes however it is spelled, also a short one", () => {
  const password = 'p"ss\\, w/2';
  for (const spelled of [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password)])
    expect(JSON.parse(lineOf({ error: `sent ${spelled} twice` }, password))).toMatchObject({ error: "sent *** twice" });
  expect(lineOf({ error: "was sixsix" }, "sixsix")).toContain("was ***");
});

test("what names itself comes to an end", () => {
  const loop: Record<string, unknown> = { name: "loop" };
  loop["again"] = loop;
  expect(lineOf({ loop })).toContain('"name":"loop"');
});

test("all lines of a work say whom it is about, those of works side by side their own", async () => {
  const { lines, log } = logs();
  const work = (cluster: string, id: string) =>
    during(log, { cluster }, async () => {
      await null;
      log.info("begun");
      await during(log, { id }, async () => {
        await null;
        log.warn("openstack.failed", { status: 500, requestId: "req-1" });
      });
      log.info("ended");
    });
  await Promise.all([work("team-a/dev", "k7f3m2q9x1"), work("team-a/prod", "a1b2c3d4e5")]);
  log.info("idle");
  const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const of = (cluster: string) => said.filter((one) => one["cluster"] === cluster).map(({ event, id }) => [event, id]);
  for (const [cluster, id] of [
    ["team-a/dev", "k7f3m2q9x1"],
    ["team-a/prod", "a1b2c3d4e5"],
  ] as const)
    expect(of(cluster)).toEqual([
      ["begun", undefined],
      ["openstack.failed", id],
      ["ended", undefined],
    ]);
  expect(said.at(-1)).toMatchObject({ event: "idle" });
  expect(said.at(-1)).not.toHaveProperty("cluster");
});

test("a log that can't tell whose lines they are does the work all the same", async () => {
  const quiet = () => undefined;
  expect(await during({ info: quiet, warn: quiet, error: quiet }, { cluster: "team-a/dev" }, async () => 7)).toBe(7);
});

test.each([
  "a-",
  "token",
  "//a:",
  "-----BEGIN A-----",
  "Basic ",
  "eyJa.",
])("a text of nothing but %s is read in no time", (part) => {
  const error = part.repeat(100_000 / part.length);
  const begun = process.cpuUsage();
  lineOf({ error }, "a-long-password");
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(1000);
});
