import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../shared/adapters/system-clock.ts";

const START_MS = 30_000;

/** A server of this test's own, on a free port and with its data in a temporary folder. */
export interface TestServer {
  readonly port: number;
  /** As `kill -9` does. */
  kill(): Promise<void>;
  /** Stopped in the middle of everything, as a network that swallows packets looks from outside. */
  freeze(): void;
  thaw(): void;
  /** Again, with the same port and data. */
  start(): Promise<void>;
  /** Ended, with its data. */
  close(): Promise<void>;
}

interface Program {
  readonly command: string;
  readonly args: (port: number, folder: string) => readonly string[];
  readonly env?: (port: number) => Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly before?: (folder: string) => void;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket.destroy() !== undefined));
    socket.once("error", () => resolve(false));
  });

async function serverOf(program: Program): Promise<TestServer> {
  const clock = systemClock();
  const folder = mkdtempSync(join(tmpdir(), "kinvirt-server-"));
  const { user } = program;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  program.before?.(folder);
  const port = await freePort();
  let child: ChildProcess | undefined;
  let said = "";
  const start = async (): Promise<void> => {
    const env = { ...process.env, ...program.env?.(port) };
    child = spawn(program.command, program.args(port, folder), { stdio: ["ignore", "pipe", "pipe"], env, ...user });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += String(chunk)));
    const endMs = clock.nowMs() + START_MS;
    while (!(await answers(port))) {
      if (child.exitCode !== null || clock.nowMs() > endMs)
        throw new Error(`${program.command} did not start: ${said}`);
      await clock.wait(20);
    }
  };
  /** To it and the processes that it has started: PostgreSQL's live on for a moment without the one that they came from. */
  const signal = (name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void => {
    const pid = child?.pid ?? 0;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").map(Number);
    for (const one of [pid, ...children]) if (one > 0) process.kill(one, name);
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    signal("SIGKILL");
    await ended;
  };
  await start();
  return {
    port,
    kill,
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    start,
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const found = (paths: readonly string[]): string | undefined => paths.find((path) => existsSync(path));
const pathsOf = (name: string): string[] => (process.env["PATH"] ?? "").split(":").map((part) => join(part, name));

const redisPath = found([...pathsOf("redis-server"), ...pathsOf("valkey-server")]);
const clusters = "/usr/lib/postgresql";
const postgresFolder = found(
  existsSync(clusters) ? readdirSync(clusters).map((version) => join(clusters, version, "bin")) : [],
);

/** What the environment names must be there; otherwise its tests are left out, loudly. */
function present(name: string, variable: string, path: string | undefined): boolean {
  if (path === undefined && process.env[variable] !== undefined) throw new Error(`${name} is not installed`);
  if (path === undefined)
    process.stderr.write(`No ${name}: its tests are LEFT OUT. To run them: apt-get install ${name}\n`);
  return path !== undefined;
}
export const hasRedis = present("redis-server", "REDIS", redisPath);
export const hasPostgres = present("postgresql", "POSTGRES", postgresFolder);

export const redisServer = (): Promise<TestServer> =>
  serverOf({
    command: redisPath ?? "",
    args: (port, folder) => [
      ...["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder],
      ...["--appendonly", "yes", "--appendfsync", "always", "--save", ""],
    ],
  });

const idOf = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));

/** Without waiting for the disk: it is not the disk that is tested. */
export const postgresServer = (): Promise<TestServer> => {
  const user = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : undefined;
  const initdb = ["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"];
  return serverOf({
    command: join(postgresFolder ?? "", "postgres"),
    ...(user === undefined ? {} : { user }),
    before: (folder) =>
      void execFileSync(join(postgresFolder ?? "", "initdb"), [...initdb, "-D", join(folder, "data")], {
        cwd: folder,
        ...user,
      }),
    args: (port, folder) => [
      ...["-D", join(folder, "data"), "-p", `${port}`, "-k", folder, "-h", "127.0.0.1"],
      ...["-c", "fsync=off", "-c", "shared_buffers=32MB"],
    ],
  });
};

const inModules = (path: string): string => join("node_modules", path);

/** DynamoDB's API, in memory: a killed one has lost everything. */
export const dynamoServer = (): Promise<TestServer> =>
  serverOf({
    command: process.execPath,
    args: (port) => [
      ...[inModules("dynalite/cli.js"), "--host", "127.0.0.1", "--port", `${port}`],
      ...["--createTableMs", "0", "--deleteTableMs", "0"],
    ],
  });

/** SQS's API. */
export const sqsServer = (): Promise<TestServer> =>
  serverOf({
    command: process.execPath,
    args: () => [inModules("fauxqs/dist/server.js")],
    env: (port) => ({ FAUXQS_PORT: `${port}`, FAUXQS_HOST: "127.0.0.1", FAUXQS_LOGGER: "false" }),
  });

/** What AWS's clients read. */
export const awsEnv = { AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
