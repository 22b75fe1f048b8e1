import { buttonValue } from "../support/bot.ts";
import { countOf, type Place, place } from "./place.ts";

// Goal: whenever the process dies, the next one goes on where it was: nothing is there twice and nothing is left.

const NAME = "killed";
const KILLS = 10;
/** Long enough for a few calls, short enough that it dies often before its work is done. */
const ALIVE_MS_MAX = 3000;

let at: Place;
let bot: Place["bot"];

beforeAll(async () => {
  at = await place();
  bot = at.bot;
});
afterAll(() => at.leave());

const live = (): string =>
  bot
    .seen()
    .filter((one) => one.thread_ts === undefined)
    .map((one) => JSON.stringify(one.blocks))
    .join("\n");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Kills it while it works, at moments that differ from run to run, until it has died so often or has ended before. */
async function killOften(ended: () => boolean): Promise<number> {
  let kills = 0;
  while (kills < KILLS && !ended()) {
    // Only a process that changes something is worth killing: after a death the lease has to end first.
    const mark = live();
    await bot.until("work goes on", () => (ended() || live() !== mark ? true : undefined), 90);
    await pause(Math.random() * ALIVE_MS_MAX);
    if (ended()) break;
    await bot.kill();
    kills += 1;
    await bot.start();
  }
  return kills;
}

test("a create that dies again and again makes everything once", async () => {
  await bot.type(`create ${NAME} --rwx 100G`);
  await bot.until("the plan asks for an approval", () => (/needs an approval/.test(live()) ? true : undefined));
  await bot.press("request:approve", "U0APPROVER");
  const kills = await killOften(() => /is ready after/.test(live()));
  await bot.until("the cluster is ready", () => (/is ready after/.test(live()) ? true : undefined), 240);
  const made = await at.added();
  process.stdout.write(`killed ${kills} times during the create; ${made.length} resources\n`);
  const expected = {
    network: 1,
    subnet: 1,
    router: 1,
    floatingip: 2,
    server: 3,
    "load balancer": 1,
    secret: 5,
    share: 1,
  };
  for (const [kind, count] of Object.entries(expected)) expect([kind, countOf(kind, made)]).toEqual([kind, count]);
  expect(countOf("application credential", made)).toBe(3);
  expect(kills).toBeGreaterThan(0);
});

test("a delete that dies again and again leaves nothing", async () => {
  await bot.type(`delete ${NAME}`);
  await bot.press("delete:confirm", "U0DEV");
  const gone = () => /is deleted after/.test(live());
  const kills = await killOften(gone);
  await bot.until("the cluster is deleted", () => (gone() ? true : undefined), 240);
  process.stdout.write(`killed ${kills} times during the delete\n`);
  await bot.until("the project is as before", async () => ((await at.added()).length === 0 ? true : undefined), 30);
  expect(await at.project.list()).toEqual(at.before);
  expect(kills).toBeGreaterThan(0);
});

test("nothing was said twice", () => {
  const channel = bot.seen().filter((one) => one.thread_ts === undefined);
  const keys = bot.seen().map((one) => JSON.stringify(one.metadata));
  expect(new Set(keys).size).toBe(keys.length);
  expect(channel.filter((one) => buttonValue(one.blocks, "request:approve") !== undefined)).toEqual([]);
});
