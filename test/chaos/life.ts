import type { Json, Message } from "../../sandbox/slack/model.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { inventory, MADE } from "../lab/inventory.ts";
import { countOf, type Place } from "../lab/place.ts";
import type { Operator } from "./operator.ts";

const clock = systemClock();
const OPERATION_SECONDS_MAX = 900;
const STOPS_MAX = 5;
const ROUND_MS = 30_000;
const STOPPED_MS = 15_000;

export interface Life {
  readonly createSeconds: number;
  readonly deleteSeconds: number;
  /** How often a person pressed Retry, each time because a service had put a resource into ERROR twice. */
  readonly retries: number;
  /** How many resources an operator had to reset, because a service had died over them. */
  readonly mended: number;
  /** What people were told of while the work went on. */
  readonly setbacks: readonly string[];
}

/** Something goes wrong outside, so long after a click, and is mended again when it resolves. */
export type Outage = (afterSeconds: number) => Promise<void>;

function sectionText({ type, text }: Json): readonly string[] {
  const has = type === "section" && typeof text === "object" && text !== null && "text" in text;
  return has ? [String(text.text)] : [];
}

const wordsOf = ({ blocks }: Message): string => blocks.flatMap(sectionText).join(" ");

/** What is said in each channel by now: what is in a message's blocks, and in which thread. */
export const saidBy = (bot: Place["bot"]) =>
  bot.slack.workspace.all().map((one) => ({
    key: one.metadata === undefined ? undefined : JSON.stringify(one.metadata),
    thread: one.thread_ts,
    place: `${one.channel} ${one.thread_ts ?? "channel"}`,
    words: wordsOf(one),
  }));

export interface LifeOptions {
  readonly cloud: string;
  readonly name: string;
  readonly outage: Outage;
  readonly operator: Operator | undefined;
  /** Takes what must not be, one line each; empty: all is well. */
  readonly wrong: string[];
}

/** Creates a cluster and deletes it again, with an outage in each. */
export async function life({ bot }: Place, { cloud, name, outage, operator, wrong }: LifeOptions): Promise<Life> {
  let retries = 0;
  let mended = 0;
  let roundMs = clock.nowMs();
  const alreadySaid = saidBy(bot).length;
  const project = await inventory(cloud);
  const before = await project.list();
  const added = async () => (await project.list()).filter((one) => !before.includes(one));
  const live = (): string =>
    bot
      .seen()
      .filter((one) => one.thread_ts === undefined)
      .map(wordsOf)
      .findLast((words) => words.includes(`*${name}*`)) ?? "";

  /** An operator looks now and then for what no service will ever go on with. */
  async function round(): Promise<void> {
    if (operator === undefined || clock.nowMs() - roundMs < ROUND_MS) return;
    roundMs = clock.nowMs();
    mended += await operator.mend(`${name}-`).catch(() => 0);
  }

  /** To the words that end an operation; presses Retry wherever it stops. */
  async function through(end: RegExp): Promise<number> {
    const startMs = clock.nowMs();
    for (let stops = 0; ; stops += 1) {
      const words = await bot.until(
        `${name}: ${end.source}`,
        async () => {
          await round();
          return /needs a person|can't be/.test(live()) || end.test(live()) ? live() : undefined;
        },
        OPERATION_SECONDS_MAX,
      );
      if (end.test(words)) return (clock.nowMs() - startMs) / 1000;
      if (!words.includes("gave up on this twice")) wrong.push(`stopped for a person: ${words.slice(0, 400)}`);
      else retries += 1;
      if (stops === STOPS_MAX || words.includes("can't be")) throw new Error(`${name} never ends: ${words}`);
      // What it stopped for may not have passed yet.
      await clock.wait(STOPPED_MS);
      await bot.press("cluster:retry", "U0DEV");
      await clock.wait(STOPPED_MS);
    }
  }

  await bot.type(`create ${name} --rwx 100G`);
  await bot.until("the plan asks for an approval", () => (/needs an approval/.test(live()) ? true : undefined), 300);
  await bot.press("request:approve", "U0APPROVER");
  const [createSeconds] = await Promise.all([through(new RegExp(`\\*${name}\\* is ready after`)), outage(3)]);
  const made = await added();
  for (const [kind, count] of Object.entries(MADE))
    if (countOf(kind, made) !== count) wrong.push(`${countOf(kind, made)} of ${kind}, not ${count}`);

  await bot.type(`delete ${name}`);
  await bot.press("delete:confirm", "U0DEV");
  const [deleteSeconds] = await Promise.all([through(new RegExp(`\\*${name}\\* is deleted after`)), outage(2)]);
  // A listing may lag behind what was proved.
  const same = async () => ((await project.list()).join() === before.join() ? true : undefined);
  await bot.until("the project is as before", same, 60).catch(async () => {
    for (const one of await added()) wrong.push(`left: ${one}`);
    for (const one of before) if (!(await project.list()).includes(one)) wrong.push(`no longer there: ${one}`);
  });
  const setbacks = saidBy(bot)
    .slice(alreadySaid)
    .filter((one) => one.thread !== undefined && /tries again|once more/.test(one.words));
  return { createSeconds, deleteSeconds, retries, mended, setbacks: setbacks.map((one) => one.words) };
}
