import { runSeed } from "./seed.ts";

const SEEDS = 48;
const SHARDS = 2;
const PER_TEST = 12;
/** So many run once, and one of them a second time: `npm run sim` runs each twice. */
const AGAIN_EVERY = 10;
const TEST_MS_MAX = 180_000;

/** One part of them, so that test workers can share them. */
export function shard(number: 1 | 2): void {
  const own = SEEDS / SHARDS;
  const firsts = Array.from({ length: own / PER_TEST }, (_, at) => (number - 1) * own + at * PER_TEST + 1);
  test.each(firsts)(
    `seeds %d and the ${PER_TEST - 1} after it come to a good end`,
    async (first) => {
      for (let seed = first; seed < first + PER_TEST; seed += 1) {
        const told = await runSeed(seed);
        const replay = `npm run sim -- --seeds 1 --from ${seed} --trace`;
        if (told.failure !== undefined) throw new Error([told.failure, ...told.last.slice(-20), replay].join("\n"));
        if (seed % AGAIN_EVERY === 0) expect([seed, (await runSeed(seed)).hash]).toEqual([seed, told.hash]);
      }
    },
    TEST_MS_MAX,
  );
}
