import { fork } from "node:child_process";
import { once } from "node:events";
import { NOTHING, plus, type Tally } from "./tally.ts";

const MAIN = "test/sim/main.ts";

/** These seeds in a process of their own, which prints as it goes and hands over what they came to. */
async function part(from: number, count: number, flags: readonly string[]): Promise<Tally> {
  const child = fork(MAIN, ["--from", String(from), "--seeds", String(count), ...flags]);
  let tally: Tally | undefined;
  child.on("message", (told: Tally) => {
    tally = told;
  });
  const [code, signal] = await once(child, "close");
  if (tally !== undefined) return tally;
  process.stdout.write(`seeds ${from} to ${from + count - 1} end halfway: ${signal ?? `exit ${code}`}\n`);
  return { ...NOTHING, failed: 1 };
}

/** As many processes side by side, each with its own share of the seeds. */
export async function sideBySide(cores: number, from: number, count: number, flags: readonly string[]): Promise<Tally> {
  const firsts = Array.from({ length: cores + 1 }, (_, core) => from + Math.floor((core * count) / cores));
  const parts = firsts.slice(0, -1).map((first, core) => part(first, (firsts[core + 1] ?? first) - first, flags));
  return (await Promise.all(parts)).reduce(plus, NOTHING);
}
