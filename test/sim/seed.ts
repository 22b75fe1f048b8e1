import { buttonValue } from "../support/bot.ts";
import { newWorld, type SeedOptions, SWEEP_MS } from "./build.ts";
import { type Draw, draw } from "./draw.ts";
import { checkGone, checkRest, checkTold, inventory, livingClusters } from "./ending.ts";
import { hands } from "./hands.ts";
import { CHANNELS, live, NAMES } from "./people.ts";
import { type Process, start } from "./process.ts";
import { calm, storms } from "./storms.ts";
import { CALM, type Weather, weatherOf } from "./weather.ts";
import type { World } from "./world.ts";

const MINUTE_MS = 60_000;

const minutes = (draw: Draw, long: boolean): number => (long ? draw.between(40, 90) : draw.between(15, 35));

export interface Told {
  readonly seed: number;
  readonly failure: string | undefined;
  readonly last: readonly string[];
  readonly hash: string;
  readonly weather: Weather;
  readonly counts: World["counts"];
}

/** Keeps as many processes as the weather says, each started again some time after its end. */
export function crowd(world: World) {
  const { time, draw: chances } = world;
  const slots: Process[] = [];
  const starts = chances.fork("starts");
  let epoch = 0;
  const fill = (slot: number): void => {
    epoch += 1;
    slots[slot] = start(world, slot, `p${slot + 1}.${epoch}`, () =>
      time.at(time.nowMs() + starts.between(300, 45_000), () => fill(slot)),
    );
  };
  for (let slot = 0; slot < world.weather.workers; slot += 1) fill(slot);
  return {
    processes: () => slots,
    /** Until this moment, or until something is wrong. */
    async run(until: () => boolean): Promise<void> {
      while (!until() && world.trace.failure() === undefined) {
        if (!(await time.step())) return;
        for (const process of slots) process.pump();
      }
    },
    end(): void {
      for (const process of slots) process.die();
    },
  };
}

/** One seed: people and trouble for an hour or two, then peace; then everybody deletes what is theirs. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<Told> {
  const chances = draw(`kinvirt ${seed}`);
  const weather = weatherOf(chances.fork("weather"), options.without ?? new Set());
  const made = newWorld(`kinvirt ${seed}`, {
    ...options,
    weather,
    sqlite: seed % 16 === 3,
    signed: seed % 16 === 5,
    boots: seed % 8 === 1,
  });
  const { world, oracle, others } = made;
  const { time, trace, counts } = world;
  if (weather.families.has("strangers")) await others.settle(NAMES);
  time.at(time.nowMs() + 2 * MINUTE_MS, () => undefined);
  await time.step();
  world.watch.guard(others.items());
  const before = inventory(world);
  const people = crowd(world);
  const reach = hands(world, people.processes);
  // Most are short, so that there can be many; one in four is as long and as crowded as a bad morning.
  const long = seed % 4 === 3;
  const stopMs = time.nowMs() + minutes(chances.fork("length"), long) * MINUTE_MS;
  storms(world, stopMs);
  counts.lives = long ? chances.fork("lives").between(2, 4) : chances.fork("lives").between(1, 2);
  const lives = Array.from({ length: counts.lives }, (_, number) =>
    live(world, reach, oracle, { number, untilMs: stopMs }),
  );
  let over = false;
  void Promise.all(lives).then(() => {
    over = true;
  });
  const until = (ms: number) => {
    const endMs = time.nowMs() + ms;
    return people.run(() => time.nowMs() >= endMs);
  };
  await people.run(() => over);
  calm(world, { ...CALM, workers: weather.workers });
  await until(30 * MINUTE_MS);
  world.sweepMs = 60 * MINUTE_MS;
  await until(26 * 60 * MINUTE_MS);
  world.sweepMs = SWEEP_MS;
  await until(20 * MINUTE_MS);
  if (trace.failure() === undefined) await checkRest(world);
  for (let round = 0; round < 4 && trace.failure() === undefined; round += 1) {
    for (const { tenant, spec, wish, requester, status } of await livingClusters(world)) {
      const channel = CHANNELS[tenant] ?? "";
      let done = false;
      const tidy = async (): Promise<void> => {
        if (wish === "absent" && status.phase === "blocked") await reach.type(`retry ${spec.name}`, requester, channel);
        const value = buttonValue(await reach.type(`delete ${spec.name}`, requester, channel), "delete:confirm");
        if (value !== undefined) await reach.click("delete:confirm", value, requester, channel);
        done = true;
      };
      void tidy();
      await people.run(() => done);
    }
    for (let minute = 0; minute < 25 && (await livingClusters(world)).length > 0; minute += 1) await until(MINUTE_MS);
  }
  if (world.watched) await until(12 * MINUTE_MS);
  if (trace.failure() === undefined) await checkGone(world, before);
  if (trace.failure() === undefined) await checkTold(world);
  people.end();
  await world.store.close();
  made.close();
  return { seed, failure: trace.failure(), last: trace.last(), hash: trace.hash(), weather, counts };
}
