import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

// Goal: whatever the environment and its files hold that is secret is in no line that the bot writes, in whose words it may come.
const SECRETS = {
  SLACK_SIGNING_SECRET: "signing hunter2",
  SLACK_APP_TOKEN: "xapp hunter2",
  SLACK_REFRESH_TOKEN: "xoxe hunter2",
  SLACK_CLIENT_SECRET: "client hunter2",
};
const PASSWORDS = ["password hunter2", "credential hunter2"];
const ks = "auth_url: https://keystone.example.org/v3";
const CLOUDS = `clouds:
  team-a: { auth: { ${ks}, user_id: a, project_id: p, password: ${PASSWORDS[0]} } }
  team-b: { auth: { ${ks}, application_credential_id: b, application_credential_secret: ${PASSWORDS[1]} } }
`;
const SAYS = `
  const { compose } = await import(process.argv[1]);
  const made = compose(JSON.parse(process.argv[2]));
  if ("problems" in made) throw new Error(made.problems.join(" "));
  for (const one of JSON.parse(process.argv[3])) made.deps.log.warn("said", { why: "was <" + one + ">" });
  await made.close();`;

test("no secret that it was started with is in its log", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kinvirt-log-"));
  writeFileSync(join(folder, "clouds.yaml"), CLOUDS);
  // As they are written they have no blank in them.
  const given = Object.entries(SECRETS).map(([name, value]) => [name, value.replace(" ", "-")] as const);
  const env = {
    ...Object.fromEntries(given),
    SLACK_CLIENT_ID: "1.2",
    KINVIRT_CONFIG: resolve("kinvirt.example.yaml"),
    KINVIRT_STORE: `sqlite://${join(folder, "state.db")}`,
    KINVIRT_QUEUE: "memory:",
    OS_CLIENT_CONFIG_FILE: join(folder, "clouds.yaml"),
    HOME: folder,
  };
  const secrets = [...given.map(([, value]) => value), ...PASSWORDS];
  const args = ["--input-type=module", "-e", SAYS, resolve("functions/compose.ts"), JSON.stringify(env)];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, JSON.stringify(secrets)]);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ why }) => why)).toEqual(secrets.map(() => "was <***>"));
  rmSync(folder, { recursive: true });
});
