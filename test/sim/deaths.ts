import { buttonValue } from "../support/bot.ts";
import { newWorld } from "./build.ts";
import { checkGone, inventory, livingClusters } from "./ending.ts";
import { hands } from "./hands.ts";
import { landOne, untilForgotten } from "./late.ts";
import { CHANNELS } from "./people.ts";
import { crowd, type Told, told } from "./seed.ts";
import { CALM } from "./weather.ts";

const MINUTE_MS = 60_000;
const WHO = ["U0DEV", CHANNELS["team-a"] ?? ""] as const;
/** What people wait for is there within this many minutes, death or not. */
const PATIENCE = 40;

/** One plain life: asked for, approved, ready, deleted. Whoever does effect number `deathAt` dies right after it. */
async function plainLife(deathAt: number | undefined): Promise<Told> {
  const how = {
    weather: CALM,
    sqlite: false,
    signed: false,
    boots: false,
    ...(deathAt === undefined ? {} : { deathAt }),
  };
  const { world, oracle, others, close } = newWorld("kinvirt deaths", how);
  const { time, trace, slack, counts } = world;
  world.watch.guard(others.items());
  const before = inventory(world);
  const people = crowd(world);
  const reach = hands(world, people.processes);
  counts.lives = 1;

  /** Does it, until what it is for is seen; people do again what was not answered. */
  async function until(what: string, act: () => Promise<void>, seen: () => Promise<boolean>): Promise<void> {
    for (let minute = 0; minute < PATIENCE && trace.failure() === undefined; minute += 1) {
      if (await seen()) return;
      let done = false;
      void act().then(() => {
        done = true;
      });
      const endMs = time.nowMs() + MINUTE_MS;
      await people.run(() => done && time.nowMs() >= endMs);
    }
    if (trace.failure() === undefined && !(await seen())) trace.fail(`after ${PATIENCE} minutes it is not ${what}`);
  }

  const button = (action: string) =>
    slack.posts.map((post) => buttonValue(post.message, action)).findLast((value) => value !== undefined);
  const shown = (words: string) => slack.posts.some((post) => post.message.text.includes(words));
  /** Ends that were told to whoever asked. */
  const ends = () => slack.posts.filter((post) => post.key?.endsWith(":end")).length;
  const record = async () => (await livingClusters(world))[0];
  await until(
    "asked for",
    async () => void (await reach.type("create dev --workers 1 --rwx 100G", ...WHO)),
    async () => (await record()) !== undefined && button("request:approve") !== undefined,
  );
  await until(
    "ready",
    async () => {
      const value = button("request:approve");
      const [request = "", hash] = value?.split(":") ?? [];
      if (value === undefined) return;
      oracle.tried({ request, user: "U0APPROVER", hash });
      await reach.click("request:approve", value, "U0APPROVER", WHO[1]);
    },
    async () => shown("is ready after") && ends() === 1,
  );
  await until(
    "deleted",
    async () => {
      const value = buttonValue(await reach.type("delete dev", ...WHO), "delete:confirm");
      if (value !== undefined) await reach.click("delete:confirm", value, ...WHO);
    },
    async () => (await record()) === undefined && shown("is deleted after") && ends() === 2,
  );
  await landOne(world);
  await untilForgotten(world, people.pass);
  if (trace.failure() === undefined) await checkGone(world, before);
  people.end();
  close();
  return told(deathAt ?? 0, world, CALM);
}

/** The same life as often as it has effects, with a death after each; how many of them failed. */
export async function deaths(stride: number, say: (text: string) => void): Promise<number> {
  const calm = await plainLife(undefined);
  if (calm.failure !== undefined) {
    for (const line of calm.last) say(line.slice(0, 300));
    say(`without a death it fails: ${calm.failure}`);
    return 1;
  }
  let [failed, died, effects] = [0, 0, 0];
  for (let number = 1; number <= calm.counts.effects; number += stride) {
    const life = await plainLife(number);
    died += life.counts.deaths;
    effects += life.counts.effects;
    if (life.failure === undefined) continue;
    failed += 1;
    for (const line of life.last.slice(-20)) say(line.slice(0, 300));
    say(`a death after effect ${number} fails: ${life.failure}`);
  }
  say(`a life of ${calm.counts.effects} effects, ${died} deaths in ${effects} effects, ${failed} failed`);
  return failed;
}
