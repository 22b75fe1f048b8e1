import { parseArgs } from "node:util";
import { deaths } from "./deaths.ts";
import { runSeed, type Told } from "./seed.ts";
import { FAMILIES } from "./weather.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "50" },
    from: { type: "string", default: "1" },
    without: { type: "string", default: "" },
    trace: { type: "boolean", default: false },
    deaths: { type: "boolean", default: false },
    stride: { type: "string", default: "1" },
    once: { type: "boolean", default: false },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const seconds = (): number => Number(process.hrtime.bigint()) / 1e9;

/** Which families it needs to fail: each that it fails without too is left out. */
async function shrunk(seed: number, without: ReadonlySet<string>): Promise<{ told: Told; without: Set<string> }> {
  let least = new Set(without);
  let told = await runSeed(seed, { without: least });
  for (const family of FAMILIES.filter((one) => told.weather.families.has(one))) {
    const fewer = new Set([...least, family]);
    const again = await runSeed(seed, { without: fewer });
    if (again.failure !== undefined) [least, told] = [fewer, again];
  }
  return { told, without: least };
}

async function explain(seed: number, without: ReadonlySet<string>): Promise<void> {
  const least = await shrunk(seed, without);
  for (const line of least.told.last) say(line.slice(0, 300));
  say(`seed ${seed} fails: ${least.told.failure}`);
  const off = least.without.size === 0 ? "" : ` --without ${[...least.without].join(",")}`;
  say(`replay: npm run sim -- --seeds 1 --from ${seed}${off} --trace`);
}

async function seeds(first: number, count: number, without: ReadonlySet<string>): Promise<number> {
  const total = { effects: 0, deaths: 0, lost: 0, lives: 0 };
  const features = new Map<string, number>();
  const startedS = seconds();
  const times = values.once ? 1 : 2;
  let failed = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const told = await runSeed(seed, { without, ...(values.trace ? { echo: say } : {}) });
    const same = values.once || told.hash === (await runSeed(seed, { without })).hash;
    for (const key of ["effects", "deaths", "lost", "lives"] as const) total[key] += told.counts[key];
    for (const one of told.features) features.set(one, (features.get(one) ?? 0) + 1);
    const verdict = told.failure !== undefined ? "FAILS" : same ? "ok" : "DIFFERS from its second run";
    say(`seed ${seed} ${verdict}: ${told.counts.effects} effects; ${[...told.weather.families].join(" ")}`);
    if (told.failure !== undefined || !same) failed += 1;
    if (told.failure !== undefined) await explain(seed, without);
  }
  const took = seconds() - startedS;
  for (const [one, seen] of [...features].sort(([a], [b]) => (a < b ? -1 : 1)))
    say(`${String(seen).padStart(8)} ${one}`);
  say(
    `${count} seeds ${values.once ? "once" : "twice"}, ${failed} failed: ${total.lives} lives, ${total.effects} effects, ` +
      `${total.deaths} deaths, ${total.lost} lost calls, ${took.toFixed(1)} s, ` +
      `${((times * total.lives) / took).toFixed(1)} lives/s`,
  );
  return failed;
}

const without = new Set(values.without.split(",").filter((one) => one !== ""));
const failed = values.deaths
  ? await deaths(Number(values.stride), say)
  : await seeds(Number(values.from), Number(values.seeds), without);
process.exitCode = failed === 0 ? 0 : 1;
