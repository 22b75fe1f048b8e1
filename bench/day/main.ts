import process from "node:process";
import { parseArgs } from "node:util";
import { recordOne } from "../health-record.ts";
import { machine } from "../machine.ts";
import { report } from "../report.ts";
import { ASSUMED, type Assumed, assumptionRows } from "./assumptions.ts";
import { dayOf } from "./lives.ts";
import { bill, type Part } from "./prices.ts";
import { billTable, callTable, functionTable, minuteTable, slackTable, storeTable, table } from "./print.ts";
import { crowd } from "./standing.ts";
import { LOOKS, SWEEPS, steadyOf } from "./steady.ts";
import { walls } from "./walls.ts";
import { dayWorld } from "./world.ts";

/*
 * `npm run day [-- --clusters 10000 --creates 500 …]`: a day of so many clusters on functions, a table, a queue, a Slack and
 * clouds that count, and what AWS's list prices make of it. What people do runs in full; what is the same in each minute runs
 * for some minutes and is counted as often as there are minutes.
 */
const DAYS = 30;
const MINUTES_MONTH = DAYS * 1440;
const NAMES = [
  "clusters",
  "tenants",
  "creates",
  "lost",
  "homes",
  "every",
  "seed",
] as const satisfies readonly (keyof Assumed)[];

const say = (text = ""): void => void process.stdout.write(`${text}\n`);

function assumedOf(args: readonly string[]): Assumed {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: "string" as const }]));
  const { values } = parseArgs({ args: [...args], options });
  const given = Object.entries(values).map(([name, value]) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} is "${value}": write a whole number.`);
    return [name, number] as const;
  });
  return { ...ASSUMED, ...Object.fromEntries(given) };
}

const assumed = assumedOf(process.argv.slice(2));
say(`${machine()}\n\n## Assumptions\n`);
say(table(["what", "taken for a day"], assumptionRows(assumed)));

const begun = performance.now();
const one = await recordOne();
const steady = await steadyOf(assumed, one);
say(`\n## Minutes of ${assumed.clusters} standing clusters, one like another\n`);
say(minuteTable(steady.minutes));

const world = dayWorld(assumed, undefined, undefined, true);
await crowd(world.free, one.record, assumed, world.time.nowMs());
const [before, thingsBefore] = [process.cpuUsage(), world.clouds.things()];
const ended = await dayOf(world);
const { user, system } = process.cpuUsage(before);
const cpuSeconds = (user + system) / 1e6 - world.clouds.busyMs() / 1000;
const ready = ended.readySeconds.toSorted((a, b) => a - b);
say(`\n## What people did\n`);
say(
  `${ended.ready} ready (half of them within ${Math.round(ready[Math.floor(ready.length / 2)] ?? 0)} s), ` +
    `${ended.deleted} gone again, ${ended.denied} denied, ${ended.stuck.length} stuck; ${world.clouds.things() - thingsBefore} things are left in the clouds.`,
);
for (const cluster of ended.stuck) say(`- stuck: ${cluster}`);

/** Sweeps and looks once a minute; what the day's own sweeps cost is in the steady part already. */
const parts: readonly Part[] = [
  { books: world.books, timesOf: (cause) => (cause === "sweep" ? 0 : DAYS * assumed.every) },
  {
    books: steady.world.books,
    // One tenant was looked at; of the schedule's call there is one for all of them, which sends each a message.
    timesOf: (cause, what) =>
      (MINUTES_MONTH / (cause === "sweep" ? SWEEPS : LOOKS)) *
      (cause === "sweep" || (cause === "health" && !what.startsWith("sqs ")) ? 1 : assumed.tenants),
  },
];
const cpuOf = (of: "sweep" | "health") => {
  const found = steady.minutes.filter((one) => one.of === of);
  return found.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000 / found.length;
};
const cpuMonth =
  cpuSeconds * assumed.every * DAYS + (cpuOf("sweep") + cpuOf("health") * assumed.tenants) * MINUTES_MONTH;
const stored = [...steady.world.table.stored().values()].reduce((sum, { bytes }) => sum + bytes, 0);
const lines = bill(parts, stored, cpuMonth);
say(`\n## Functions, in a month\n`);
say(functionTable(parts));
say(`\n## Reads and writes of the table, in a month\n`);
say(storeTable(parts, steady.world.table.stored()));
say(`\n## Calls of OpenStack, in a month\n`);
say(callTable(parts));
say(`\n## Calls of Slack on that day\n`);
say(slackTable(world.books));
say(`\n## AWS's list price (us-east-1), in a month\n`);
say(billTable(lines, assumed.clusters));
const unitsOf = (of: "sweep" | "health") => {
  const found = steady.minutes.filter((minute) => minute.of === of);
  return found.reduce((sum, { rru }) => sum + rru, 0) / found.length;
};
const units = unitsOf("sweep") + unitsOf("health") * assumed.tenants;
report(`day of ${assumed.clusters} clusters, RRU a minute beside one for each`, units, assumed.clusters, 1, "most");
say(`\n## Walls\n`);
say(walls({ assumed, world, steady, lines }));
say(`\n${((performance.now() - begun) / 1000).toFixed(0)} s here`);
process.exit(ended.stuck.length === 0 ? 0 : 1);
