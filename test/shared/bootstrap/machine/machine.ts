import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { NodeBoot, NodeFile } from "../../../../shared/bootstrap/boot.ts";
import { filesOf, userDataText } from "../world.ts";

const STAND_INS = ["apt-get", "apt-mark", "dpkg", "modprobe", "swapoff", "sysctl", "systemctl"];
const CLOUD_INIT = {
  "var/lib/cloud/instances/i-1": ["user-data.txt", "user-data.txt.i", "cloud-config.txt", "obj.pkl"],
  "run/cloud-init": ["combined-cloud-config.json", "instance-data-sensitive.json"],
};

function write(root: string, { path, mode, content }: NodeFile): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  chmodSync(join(root, path), Number.parseInt(mode, 8));
}

/** Path, mode and digest of every file below. */
function tree(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(root, path)).isFile(),
  );
  return Object.fromEntries(
    files.sort().map((path) => {
      const digest = createHash("sha256")
        .update(readFileSync(join(root, path)))
        .digest("hex")
        .slice(0, 12);
      return [path, `${(statSync(join(root, path)).mode & 0o777).toString(8)} ${digest}`];
    }),
  );
}

/** A machine as it is when cloud-init has written its files: a root folder, and stand-ins for its programs. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), "machine-"));
  readonly root = join(this.folder, "root");
  readonly #release: string;

  constructor(boot: NodeBoot, release: string) {
    this.#release = release;
    const text = userDataText(boot);
    for (const file of filesOf(text)) write(this.root, file);
    for (const [folder, names] of Object.entries(CLOUD_INIT))
      for (const name of names) write(this.root, { path: `${folder}/${name}`, mode: "0600", content: text });
    write(this.root, { path: "etc/fstab", mode: "0644", content: "/dev/vda1 / ext4\n/dev/vda2 none swap sw 0 0\n" });
    write(this.root, { path: "proc-swap", mode: "0644", content: "on" });
    mkdirSync(join(this.folder, "bin"));
    for (const name of ["stand-in.sh", "trap.sh"]) cpSync(join(import.meta.dirname, name), join(this.folder, name));
    cpSync(join(import.meta.dirname, "stand-in.sh"), join(this.folder, "bin/stand-in"));
    chmodSync(join(this.folder, "bin/stand-in"), 0o755);
    for (const name of STAND_INS) symlinkSync("stand-in", join(this.folder, "bin", name));
    writeFileSync(join(this.folder, "calls"), "");
    writeFileSync(join(this.folder, "xtrace"), "");
  }

  /** Programs that the image already has. */
  carry(...programs: readonly string[]): void {
    for (const program of programs) symlinkSync("stand-in", join(this.folder, "bin", program));
  }

  /** Runs the script. `dieAt`: the machine stops before its command of that number; `failCall`: a stand-in fails, when done. */
  run(how: { dieAt?: number; failCall?: number } = {}): Promise<{ ok: boolean; output: string }> {
    writeFileSync(join(this.folder, "count"), "0");
    writeFileSync(join(this.folder, "lines"), "");
    const env = {
      PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`,
      MACHINE: this.folder,
      KINVIRT_ROOT: this.root,
      RELEASE: this.#release,
      BASH_ENV: join(this.folder, "trap.sh"),
      DIE_AT: String(how.dieAt ?? 0),
      FAIL_CALL: String(how.failCall ?? 0),
    };
    return new Promise((resolve) => {
      execFile("bash", [join(this.root, "etc/kinvirt/boot.sh")], { env }, (error, stdout, stderr) =>
        resolve({ ok: error === null, output: stdout + stderr }),
      );
    });
  }

  /** The commands of the last run, each after the number of its line. */
  get lines(): readonly string[] {
    return readFileSync(join(this.folder, "lines"), "utf8").trim().split("\n");
  }
  get calls(): readonly string[] {
    return readFileSync(join(this.folder, "calls"), "utf8").trim().split("\n");
  }
  /** Every command with its arguments, as bash ran it. */
  get trace(): string {
    return readFileSync(join(this.folder, "xtrace"), "utf8");
  }
  get files(): Record<string, string> {
    return tree(this.root);
  }
  has = (path: string): boolean => existsSync(join(this.root, path));
  read = (path: string): string => readFileSync(join(this.root, path), "utf8");
  clear = (): void => rmSync(this.folder, { recursive: true, force: true });
}

export const TOKEN = "gAAAA-token-of-one-hour";

/** Keystone, Barbican and a package mirror in one: each path answers only whoever asks as it should be asked. */
export async function cloudFor(payloads: () => string, login: { id: string; secret: string }) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const { method, url = "", headers } = request;
      asked.push(`${method} ${url}`);
      const answer = (status: number, text: string, more: Record<string, string> = {}) =>
        response.writeHead(status, more).end(text);
      const wanted = { auth: { identity: { methods: ["application_credential"], application_credential: login } } };
      if (method === "POST" && url === "/v3/auth/tokens")
        return headers["content-type"] === "application/json" && body === JSON.stringify(wanted)
          ? answer(201, "{}", { "X-Subject-Token": TOKEN })
          : answer(401, "");
      if (method === "GET" && url === "/v1/secrets/5f0c/payload")
        return headers["x-auth-token"] === TOKEN && headers.accept === "text/plain"
          ? answer(200, payloads())
          : answer(401, "");
      return url.endsWith("/deb/Release.key") ? answer(200, "a key\n") : answer(404, "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, close: () => server.close() };
}
