import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import * as z from "zod";

const LEFT_OUT = new Set(["node_modules", ".git", "docs", "coverage", "lab"]);

const SAID_CHARS = 500;

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** What the tests said: all passed, one failed (the first is named), it never ended, or it could not even be run. */
export type Verdict =
  | { readonly is: "passed" }
  | { readonly is: "failed"; readonly test: string }
  | { readonly is: "endless" }
  | { readonly is: "unrunnable"; readonly why: string };

export interface Copy {
  read(file: string): string;
  write(file: string, text: string): void;
  test(files: readonly string[], only: string | undefined, secondsMax: number): Promise<Verdict>;
  remove(): void;
}

/** A private copy of the tree, so that whoever works in the tree meanwhile never sees a planted bug. */
export function copyOf(tree: string): Copy {
  const folder = mkdtempSync(join(tmpdir(), "kinvirt-mutants-"));
  cpSync(tree, folder, {
    recursive: true,
    filter: (source) => !LEFT_OUT.has(relative(tree, source).split("/").at(-1) ?? ""),
  });
  symlinkSync(resolve(tree, "node_modules"), join(folder, "node_modules"));
  const output = join(folder, "report.json");
  let running: ChildProcess | undefined;

  return {
    read: (file) => readFileSync(join(folder, file), "utf8"),
    write: (file, text) => writeFileSync(join(folder, file), text),
    async test(files, only, secondsMax) {
      rmSync(output, { force: true });
      const asked = [...files, "--runTestsByPath", "--runInBand", "--forceExit", "--json", `--outputFile=${output}`];
      const words = ["node_modules/jest/bin/jest.js", ...asked, ...(only === undefined ? [] : ["-t", only])];
      const stdio = ["ignore", "ignore", "pipe"] as const;
      running = spawn(process.execPath, words, { cwd: folder, stdio: [...stdio], timeout: secondsMax * 1000 });
      let said = "";
      running.stderr?.on("data", (part) => {
        said = `${said}${part}`.slice(-SAID_CHARS);
      });
      // A loop that waits for nothing never lets Jest stop by itself.
      const ended = await new Promise<boolean>((done) => {
        running?.once("close", (_code, signal) => done(signal === null));
      });
      running = undefined;
      return ended ? verdictOf(output, said) : { is: "endless" };
    },
    remove() {
      running?.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function verdictOf(output: string, said: string): Verdict {
  if (!existsSync(output)) return { is: "unrunnable", why: said };
  const { testResults } = report.parse(JSON.parse(readFileSync(output, "utf8")));
  const ran = testResults.flatMap((one) => one.assertionResults.filter(({ status }) => status !== "pending"));
  const failed = ran.find(({ status }) => status === "failed");
  if (failed !== undefined) return { is: "failed", test: failed.fullName };
  const broken = testResults.find((one) => one.message !== "");
  if (broken !== undefined) return { is: "unrunnable", why: `${broken.name}: ${broken.message.slice(0, 300)}` };
  return ran.length === 0 ? { is: "unrunnable", why: "no test has such a name" } : { is: "passed" };
}
