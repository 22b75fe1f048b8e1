import { runSeed, type Told } from "./seed.ts";
import { NOTHING, plus, type Tally } from "./tally.ts";
import { FAMILIES } from "./weather.ts";

type Say = (text: string) => void;

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

async function explain(seed: number, without: ReadonlySet<string>, say: Say): Promise<void> {
  const least = await shrunk(seed, without);
  for (const line of least.told.last) say(line.slice(0, 300));
  say(`seed ${seed} fails: ${least.told.failure}`);
  const off = least.without.size === 0 ? "" : ` --without ${[...least.without].join(",")}`;
  say(`replay: npm run sim -- --seeds 1 --from ${seed}${off} --trace`);
}

export interface How {
  readonly without: ReadonlySet<string>;
  readonly once: boolean;
  readonly trace: boolean;
}

/** Each seed once, or twice to see that it comes to the same. */
export async function runSeeds(first: number, count: number, how: How, say: Say): Promise<Tally> {
  const { without } = how;
  let all = NOTHING;
  for (let seed = first; seed < first + count; seed += 1) {
    const told = await runSeed(seed, { without, ...(how.trace ? { echo: say } : {}) });
    const same = how.once || told.hash === (await runSeed(seed, { without })).hash;
    const verdict = told.failure !== undefined ? "FAILS" : same ? "ok" : "DIFFERS from its second run";
    say(`seed ${seed} ${verdict}: ${told.counts.effects} effects; ${[...told.weather.families].join(" ")}`);
    const { lives, effects, deaths, lost } = told.counts;
    const failed = told.failure !== undefined || !same ? 1 : 0;
    const features = Object.fromEntries(told.features.map((one) => [one, 1]));
    all = plus(all, { seeds: 1, failed, lives, effects, deaths, lost, features });
    if (told.failure !== undefined) await explain(seed, without, say);
  }
  return all;
}
