import type { Assumed } from "./assumptions.ts";
import type { Line } from "./prices.ts";
import { figure, table } from "./print.ts";
import { TIERS } from "./slack.ts";
import type { Minute } from "./steady.ts";
import type { DayWorld } from "./world.ts";

/** What one Neutron API worker answers in a second, when a GET takes it 50 ms. */
const NEUTRON_SECOND = 20;
const RRU_SECOND = 3000;
const WRU_SECOND = 1000;
const DELAY_SECONDS = 900;
const CONCURRENCY = 20;
const SWEEP_SECONDS = 300;
const RECONCILE_SECONDS = 90;

interface Wall {
  readonly what: string;
  readonly limit: string;
  readonly most: number;
  readonly now: number;
  readonly done: string;
}

export function walls(of: {
  readonly assumed: Assumed;
  readonly world: DayWorld;
  readonly steady: { readonly world: DayWorld; readonly minutes: readonly Minute[] };
  readonly lines: readonly Line[];
}): string {
  const { assumed, world, steady } = of;
  const most = (prefix: string): number =>
    Math.max(0, ...[world, steady.world].flatMap(({ books }) => books.peaks(prefix).map((peak) => peak.most)));
  const minute = (method: string): number => most(`slack ${method}`);
  const slowest = Math.max(
    ...steady.minutes.filter((one) => one.of === "sweep").map(({ seconds, cpuMs }) => seconds + cpuMs / 1000),
  );
  const rows: readonly Wall[] = [
    {
      what: "Slack: `chat.update` a minute (tier 3)",
      limit: "50",
      most: TIERS["chat.update"]?.perMinute ?? 0,
      now: minute("chat.update"),
      done: "edits of progress are thinned; what is not taken is said later",
    },
    {
      what: "Slack: posts in one channel a second",
      limit: "1, short bursts more",
      most: 1,
      now: most("posts "),
      done: "what is refused is said again later, once",
    },
    {
      what: "Slack: `conversations.history` a minute (tier 3)",
      limit: "50",
      most: TIERS["conversations.history"]?.perMinute ?? 0,
      now: minute("conversations.history"),
      done: "asked before a first post only",
    },
    {
      what: "DynamoDB: reads of a partition a second",
      limit: `${RRU_SECOND} RRU`,
      most: RRU_SECOND,
      now: most("shard rru "),
      done: "8 shards; the SDK waits and tries again",
    },
    {
      what: "DynamoDB: writes of a partition a second",
      limit: `${WRU_SECOND} WRU`,
      most: WRU_SECOND,
      now: most("shard wru "),
      done: "8 shards by the key's hash",
    },
    {
      what: "DynamoDB: writes of the hottest item a second",
      limit: `${WRU_SECOND} WRU`,
      most: WRU_SECOND,
      now: most("item wru "),
      done: "a cluster is written by whoever holds its lease",
    },
    {
      what: "SQS: longest wait in seconds",
      limit: `${DELAY_SECONDS}`,
      most: DELAY_SECONDS,
      now: Math.max(world.queue.longestSeconds(), steady.world.queue.longestSeconds()),
      done: "what is due later is the sweep's",
    },
    {
      what: "Lambda: passes at once",
      limit: `${CONCURRENCY} (\`concurrency\`)`,
      most: CONCURRENCY,
      now: most("reconcile at once"),
      done: "messages wait in the queue; raise `concurrency`",
    },
    {
      what: "Lambda: a sweep over everything, in seconds",
      limit: `${SWEEP_SECONDS}`,
      most: SWEEP_SECONDS,
      now: slowest,
      done: "see docs/limits.md",
    },
    {
      what: "Lambda: a look at one tenant, in seconds",
      limit: `${RECONCILE_SECONDS}`,
      most: RECONCILE_SECONDS,
      now: most("longest reconcile") / 1000,
      done: "one function call for each tenant; more tenants, not larger ones",
    },
    {
      what: "Neutron: calls to one cloud a second, of one API worker",
      limit: `about ${NEUTRON_SECOND}`,
      most: NEUTRON_SECOND,
      now: most("network of "),
      done: "what is over waits in Neutron's own queue: calls take longer",
    },
  ];
  return table(
    ["wall", "limit", `at ${assumed.clusters} clusters`, "reached at about", "what is done"],
    rows.map(({ what, limit, most: end, now, done }) => [
      what,
      limit,
      figure(now),
      now === 0 ? "never" : `${figure((assumed.clusters * end) / now)} clusters`,
      done,
    ]),
  );
}
