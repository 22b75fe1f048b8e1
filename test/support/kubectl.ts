import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";

const KUBECTL = process.env["KUBECTL"] ?? "/usr/local/bin/kubectl";
const present = process.env["KUBECTL"] !== undefined || existsSync(KUBECTL);

/** Runs only where kubectl is. Naming it in the environment (`KUBECTL=/path/to/it`) makes its absence a failure. */
export const withKubectl = present ? test : test.skip;

/** What kubectl says with this login, and after it the code that it ends with where that is not 0. Its caches lie beside the file. */
export const kubectl = (login: string, line: string): Promise<string> =>
  new Promise((said) => {
    const cwd = dirname(login);
    const options = { cwd, env: { ...process.env, HOME: cwd }, timeout: 60_000 };
    execFile(KUBECTL, ["--kubeconfig", login, ...line.split(" ")], options, (error, out, problem) => {
      said(`${out}${problem}${error === null ? "" : `[${error.code}]`}`);
    });
  });
