import { buttonValue } from "../support/bot.ts";
import { HEALTH_MINUTES, newWorld, type SeedOptions } from "./build.ts";
import { type Draw, draw } from "./draw.ts";
import { HANDS_MINUTES } from "./drift.ts";
import { checkGone, checkMended, checkRest, checkTold, inventory, isAtRest, livingClusters } from "./ending.ts";
import { type Hands, hands } from "./hands.ts";
import { landOne, untilForgotten } from "./late.ts";
import { partings } from "./partings.ts";
import { CHANNELS, live, NAMES } from "./people.ts";
import { type Process, start } from "./process.ts";
import { remembers } from "./setting.ts";
import { calm, storms } from "./storms.ts";
import { CALM, type Weather, weatherOf } from "./weather.ts";
import type { World } from "./world.ts";

const MINUTE_MS = 60_000;

const HOUR_MS = 60 * MINUTE_MS;

/** How long there is trouble in a world, in minutes, and how crowded it is. */
type Length = "brief" | "usual" | "long";
const MINUTES: Readonly<Record<Length, readonly [number, number]>> = {
  brief: [6, 12],
  usual: [8, 24],
  long: [40, 90],
};

/**
 * A bug is there in few things as in many, so most worlds are brief: one cluster, few acts, little trouble, so that there can be
 * many. One in 128 is as long and as crowded as a bad morning.
 */
function lengthOf(seed: number): Length {
  if (seed % 128 === 3) return "long";
  return seed % 8 === 1 || Object.values(waysOf(seed)).some((on) => on) ? "usual" : "brief";
}

function livesOf(length: Length, draw: Draw): number {
  if (length === "brief") return 1;
  return length === "long" ? draw.between(2, 4) : draw.yes(0.25) ? 2 : 1;
}

export interface Told {
  readonly seed: number;
  readonly failure: string | undefined;
  readonly last: readonly string[];
  readonly hash: string;
  readonly weather: Weather;
  readonly counts: World["counts"];
  /** What it has been through, in words. */
  readonly features: readonly string[];
}

type Crowd = ReturnType<typeof crowd>;

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
  /** Until then, or until something is wrong. */
  async function run(until: () => boolean): Promise<void> {
    while (!until() && world.trace.failure() === undefined) {
      if (!(await time.step())) return;
      for (const process of slots) process.pump();
    }
  }
  return {
    processes: () => slots,
    run,
    pass(ms: number): Promise<void> {
      const endMs = time.nowMs() + ms;
      return run(() => time.nowMs() >= endMs);
    },
    /** One after the other ends and begins anew, as in a deployment. */
    renew(): void {
      let atMs = time.nowMs();
      for (const slot of slots.keys()) {
        time.at(atMs, () => slots[slot]?.die());
        atMs += starts.between(5000, 60_000);
      }
    },
    end(): void {
      const { deaths } = world.counts;
      for (const process of slots) process.die();
      world.counts.deaths = deaths;
    },
  };
}

/**
 * Hours that nobody waits through: leases, tokens, requests and lives that were given a time end in them. A day is over also of
 * what a process that stood still begins after the first of them.
 */
const HOPS_MS = Array.from({ length: 3 }, () => 13 * HOUR_MS);
const LONG_HOPS_MS = Array.from({ length: 26 }, () => HOUR_MS);

/** Whoever still has a cluster deletes it; some have to be asked again. */
async function clear(world: World, people: Crowd, reach: Hands): Promise<void> {
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
  for (let minute = 0; minute < 25 && (await livingClusters(world)).length > 0; minute += 1)
    await people.pass(MINUTE_MS);
}

/** Until only time would change anything, but no longer than this. */
async function rest(world: World, people: Crowd, minutesMax: number, least = 1): Promise<void> {
  for (let minute = 1; minute <= minutesMax && world.trace.failure() === undefined; minute += 1) {
    await people.pass(MINUTE_MS);
    if (minute >= least && (await isAtRest(world))) return;
  }
}

/** One seed: people and trouble for an hour or two, then peace; then everybody deletes what is theirs. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<Told> {
  const chances = draw(`kinvirt ${seed}`);
  const length = lengthOf(seed);
  const weather = weatherOf(chances.fork("weather"), options.without ?? new Set(), length === "brief");
  const { world, oracle, others, close } = newWorld(`kinvirt ${seed}`, { ...options, ...waysOf(seed), weather });
  const { time, trace, counts } = world;
  await remembers(world);
  if (weather.families.has("strangers")) await others.settle(NAMES);
  time.at(time.nowMs() + 2 * MINUTE_MS, () => undefined);
  await time.step();
  world.watch.guard(others.items());
  const before = inventory(world);
  const people = crowd(world);
  const reach = hands(world, people.processes);
  const stopMs = time.nowMs() + chances.fork("length").between(...MINUTES[length]) * MINUTE_MS;
  storms(world, stopMs, (policy) => {
    oracle.changed(policy);
    people.renew();
  });
  counts.lives = livesOf(length, chances.fork("lives"));
  const lives = Array.from({ length: counts.lives }, (_, number) =>
    live(world, reach, oracle, { number, untilMs: stopMs, big: length === "long", brief: length === "brief" }),
  );
  let over = false;
  void Promise.all(lives).then(() => {
    over = true;
  });
  await people.run(() => over);
  calm(world, { ...CALM, workers: weather.workers });
  // Whoever looks after them looks twice at what may pass by itself, and hands go on for a while.
  const byHand = weather.families.has("drift") ? HANDS_MINUTES : 0;
  await rest(world, people, 40, world.watched ? byHand + 2 * HEALTH_MINUTES + 1 : 1);
  if (world.watched && trace.failure() === undefined) await checkMended(world);
  if (weather.families.has("late")) await landOne(world);
  for (const hopMs of length === "long" ? LONG_HOPS_MS : HOPS_MS) {
    time.skip(hopMs);
    await rest(world, people, 25);
  }
  if (trace.failure() === undefined) await checkRest(world);
  const parted = weather.families.has("partings") ? partings(world) : undefined;
  for (let round = 0; round < 4 && trace.failure() === undefined; round += 1)
    if ((await livingClusters(world)).length > 0) await clear(world, people, reach);
  parted?.();
  if (world.watched) await people.pass(12 * MINUTE_MS);
  if (weather.families.has("late")) await landOne(world);
  await untilForgotten(world, people.pass);
  if (trace.failure() === undefined) await checkGone(world, before);
  if (trace.failure() === undefined) await checkTold(world);
  people.end();
  await world.store.close();
  close();
  return told(seed, world, weather, waysOf(seed));
}

export function told(seed: number, { trace, watch, counts }: World, weather: Weather, ways: object = {}): Told {
  const features = [
    ...Object.entries(ways).flatMap(([way, on]) => (on === true ? [`way: ${way}`] : [])),
    ...[...weather.families].map((family) => `weather: ${family}`),
    ...(counts.deaths > 0 ? ["a process dies"] : []),
    ...(counts.drifts > 0 ? ["somebody lays hands on what is ready"] : []),
    ...(counts.late > 0 ? ["something comes when its cluster has gone"] : []),
    ...(counts.services > 0 ? ["somebody wants a load balancer in a cluster"] : []),
    ...watch.seen,
  ];
  return { seed, failure: trace.failure(), last: trace.last(), hash: trace.hash(), weather, counts, features };
}

/** Some keep their state in files, some hear people through the front door, and in some the servers really boot. */
const waysOf = (seed: number) => ({ sqlite: seed % 32 === 3, signed: seed % 32 === 5, boots: seed % 64 === 17 });
