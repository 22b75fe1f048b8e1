import { enableCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { linesOf } from "./tally.ts";

// What comes now is compiled once for all runs, so it is loaded from here on.
enableCompileCache();

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "50" },
    from: { type: "string", default: "1" },
    cores: { type: "string", default: "1" },
    without: { type: "string", default: "" },
    trace: { type: "boolean", default: false },
    deaths: { type: "boolean", default: false },
    stride: { type: "string", default: "1" },
    once: { type: "boolean", default: false },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const seconds = (): number => Number(process.hrtime.bigint()) / 1e9;

async function seeds(): Promise<number> {
  const { once, trace, without } = values;
  const [from, count, cores] = [Number(values.from), Number(values.seeds), Number(values.cores)];
  const startedS = seconds();
  const flags = [...(once ? ["--once"] : []), ...(trace ? ["--trace"] : []), "--without", without];
  const families = new Set(without.split(",").filter((one) => one !== ""));
  const tally =
    cores > 1
      ? await (await import("./cores.ts")).sideBySide(cores, from, count, flags)
      : await (await import("./seeds.ts")).runSeeds(from, count, { without: families, once, trace }, say);
  // One of several is asked for its tally by the one that started it.
  if (process.send !== undefined) process.send(tally);
  else for (const line of linesOf(tally, once ? 1 : 2, seconds() - startedS)) say(line);
  return tally.failed;
}

const failed = values.deaths ? await (await import("./deaths.ts")).deaths(Number(values.stride), say) : await seeds();
process.exitCode = failed === 0 ? 0 : 1;
