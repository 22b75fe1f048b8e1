import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, type Sandbox } from "../../sandbox/openstack/index.ts";
import { systemChance } from "../../shared/adapters/system-chance.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";

// Goal: `npm run doctor` looks at real addresses without any setting of Slack's, prints what people or programs read, and says
// by its exit code what a pipeline has to know.
// Processes of their own start slowly on a busy machine.
jest.setTimeout(60_000);

let folder = "";
let cloud: Sandbox;
let server: ReturnType<typeof createServer>;

beforeEach(async () => {
  cloud = createSandbox({ clock: systemClock(), chance: systemChance() });
  server = createServer((request, response) => cloud.listener(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  folder = mkdtempSync(join(tmpdir(), "kinvirt-doctor-"));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/identity/v3`;
  const login = (name: string) => ({
    region_name: "RegionOne",
    auth: {
      auth_url: url,
      username: name,
      password: "demo",
      project_name: name,
      user_domain_name: "Default",
      project_domain_name: "Default",
    },
  });
  const clouds = { "team-a": login("team-a"), "team-b": login("team-b") };
  writeFileSync(join(folder, "clouds.yaml"), JSON.stringify({ clouds }));
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const begin = (args: readonly string[], config: string): ChildProcess =>
  spawn(process.execPath, ["functions/doctor.ts", ...args], {
    env: {
      PATH: process.env["PATH"],
      KINVIRT_CONFIG: config,
      OS_CLIENT_CONFIG_FILE: join(folder, "clouds.yaml"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });

async function run(args: readonly string[] = [], config = "kinvirt.example.yaml") {
  const child = begin(args, config);
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, "close");
  return { code, out, err };
}

const inTeamA = (type: string) => cloud.everything("team-a").filter((one) => one.type === type);

test("all tenants, all green: 0", async () => {
  const { code, out, err } = await run();
  expect([code, err]).toEqual([0, ""]);
  expect(out.split("\n").filter((line) => line.startsWith("The cloud"))).toEqual([
    "The cloud of team-a is ready for clusters: all green.",
    "The cloud of team-b is ready for clusters: all green.",
  ]);
  expect(inTeamA("application-credential")).toEqual([]);
});

test("one tenant with a red line: 1, for programs", async () => {
  const config = join(folder, "kinvirt.yaml");
  writeFileSync(config, readFileSync("kinvirt.example.yaml", "utf8").replace("dnsZone: k8s.", "dnsZone: k9s."));
  const { code, out } = await run(["--tenant", "team-a", "--json"], config);
  expect(code).toBe(1);
  const said = JSON.parse(out);
  expect(said.verdict).toBe("red");
  expect(said.tenants.map((one: { tenant: string }) => one.tenant)).toEqual(["team-a"]);
  const red = said.tenants[0].lines.filter((line: { level: string }) => line.level === "red");
  expect(red).toEqual([
    {
      id: "dns/zone",
      service: "dns",
      title: "DNS zone",
      why: "api.CLUSTER.ZONE and *.apps.CLUSTER.ZONE are made in it, and ExternalDNS writes there",
      level: "red",
      says: "this project sees no zone k9s.example.org., only: k8s.example.org.",
      remedy:
        "Create it (openstack zone create --email you@example.org k9s.example.org.), have it shared with this project, or correct dnsZone.",
    },
  ]);
});

test.each([
  [["--tenant", "team-x"], 'The configuration has no tenant "team-x": write team-a or team-b.\n'],
  [["--jsn"], /^Unknown option '--jsn'.*\n\nnpm run doctor \[-- \[--tenant NAME\]… \[--json\]\]\n/s],
])("%j: 2, and what to type", async (args, words) => {
  const { code, out, err } = await run(args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toEqual(typeof words === "string" ? words : expect.stringMatching(words));
});

test("without a configuration nothing can be looked at: 2", async () => {
  const { code, err } = await run([], join(folder, "none.yaml"));
  expect(code).toBe(2);
  expect(err).toMatch(/^Nothing can be looked at:\n- .*none.yaml does not exist: copy kinvirt.example.yaml there/);
});

test("killed while it tries the access rules: the next run removes the login that is left", async () => {
  const release = cloud.faults.on(
    { service: "shared-file-system", path: /share-networks/, times: 99 },
    { is: "lost-before" },
  );
  const made = new Promise<void>((done) => {
    server.on("request", ({ method, url }, response) => {
      if (method === "POST" && url?.endsWith("/application_credentials") === true) response.once("finish", done);
    });
  });
  const child = begin(["--tenant", "team-a"], "kinvirt.example.yaml");
  await made;
  child.kill("SIGKILL");
  await once(child, "close");
  expect(inTeamA("application-credential")).toHaveLength(1);
  release();
  expect((await run(["--tenant", "team-a"])).code).toBe(0);
  expect([...inTeamA("application-credential"), ...inTeamA("access-rule")]).toEqual([]);
});
