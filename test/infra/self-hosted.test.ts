import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

// Goal: whoever takes a file of infra/ gets a bot that may as little as it needs, has all its code with it, and says whether it is
// well; a process whose servers are away says so and ends.
const text = (path: string): string => readFileSync(path, "utf8");
interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: object;
  readonly containers: readonly [Readonly<Record<string, unknown>>];
}

test("the image: not root, a health check, and every folder that the program imports", () => {
  const dockerfile = text("infra/Dockerfile");
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  expect(dockerfile).toContain("npm ci --omit=dev");
  const folders = new Set([...dockerfile.matchAll(/^COPY (\w+) \1$/gm)].map(([, folder]) => folder));
  const sources = [
    "server.ts",
    ...["functions", "handlers", "shared"].flatMap((top) =>
      readdirSync(top, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join(top, file)),
    ),
  ];
  const imported = sources.flatMap((file) =>
    [...text(file).matchAll(/(?:from|import) "(\.[^"]+)"/g)].map(
      ([, path = ""]) => join(file, "..", path).split("/")[0],
    ),
  );
  expect(folders).toEqual(new Set(imported));
  const kept = text(".dockerignore")
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1));
  expect(kept.sort()).toEqual([...folders, "package.json", "package-lock.json", "server.ts"].sort());
});

test("compose: nothing is written but the volume, and Valkey loses nothing", () => {
  const { services } = parse(text("infra/compose.yaml"));
  for (const service of [services.bot, services.valkey])
    expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
  expect(services.valkey.command).toMatch(/appendonly yes.*appendfsync always.*noeviction/);
  expect(services.bot.environment.KINVIRT_STORE).toMatch(/^redis:\/\/valkey:/);
  expect(services.bot.depends_on.valkey.condition).toBe("service_healthy");
});

test("Kubernetes: the restricted profile, probes, and time for a pass to end", () => {
  const documents = parseAllDocuments(text("infra/kubernetes/kinvirt.yaml")).map((one) => one.toJS());
  expect(documents.map(({ kind }) => kind)).toEqual(["Deployment", "Service", "PodDisruptionBudget"]);
  const pod = documents[0].spec.template.spec as Pod;
  expect(pod.automountServiceAccountToken).toBe(false);
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
  expect(pod.containers[0]).toMatchObject({
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    livenessProbe: { httpGet: { path: "/healthz" } },
    // A store that is away takes no replica out of service: it says so to whoever asks.
    readinessProbe: { httpGet: { path: "/healthz" } },
  });
});

test("systemd: a user of its own, and no place to write to but its state", () => {
  const unit = text("infra/kinvirt.service");
  for (const line of [
    "DynamicUser=yes",
    "ProtectSystem=strict",
    "StateDirectory=kinvirt",
    "NoNewPrivileges=yes",
    "UMask=0077",
  ])
    expect(unit.split("\n")).toContain(line);
  expect(unit).not.toMatch(/TOKEN=|SECRET=/);
});

test("a process whose store and queue are away names both, and ends", () => {
  const folder = mkdtempSync(join(tmpdir(), "kinvirt-away-"));
  const login = `{ auth_url: "http://127.0.0.1:9/v3", username: u, password: p, project_name: p, user_domain_name: Default, project_domain_name: Default }`;
  const clouds = ["team-a", "team-b"].map((name) => `  ${name}: { region_name: RegionOne, auth: ${login} }`);
  writeFileSync(join(folder, "clouds.yaml"), `clouds:\n${clouds.join("\n")}\n`);
  const { status, stderr } = spawnSync(process.execPath, ["server.ts"], {
    encoding: "utf8",
    timeout: 60_000,
    env: {
      HOME: folder,
      KINVIRT_CONFIG: "kinvirt.example.yaml",
      OS_CLIENT_CONFIG_FILE: join(folder, "clouds.yaml"),
      SLACK_APP_TOKEN: "xapp-1",
      SLACK_BOT_TOKEN: "xoxb-1",
      KINVIRT_STORE: "redis://127.0.0.1:9",
    },
  });
  rmSync(folder, { recursive: true });
  const refused = "connect ECONNREFUSED 127.0.0.1:9. Start what it names, or correct it.";
  expect([status, stderr]).toEqual([
    1,
    `kinvirt can't start:\n- KINVIRT_STORE: The store cannot answer: ${refused}\n- KINVIRT_QUEUE: ${refused}\n`,
  ]);
}, 60_000);
