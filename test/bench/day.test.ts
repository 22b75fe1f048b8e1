import { ASSUMED } from "../../bench/day/assumptions.ts";
import { ledger } from "../../bench/day/ledger.ts";
import { bill, PRICES } from "../../bench/day/prices.ts";
import { dayQueue } from "../../bench/day/sqs.ts";
import { crowd } from "../../bench/day/standing.ts";
import { dayTime } from "../../bench/day/time.ts";
import { type DayWorld, dayWorld } from "../../bench/day/world.ts";
import { clusters } from "../../shared/state/index.ts";
import { record } from "../handlers/given.ts";

// Goal: the day counts what happens, and nothing else: the figures of what is known beforehand are exact, so the others can be believed.

const SMALL = { ...ASSUMED, clusters: 20, tenants: 2, creates: 0, homes: 0, lost: 0 };

const sums = ({ books }: DayWorld, ...names: readonly string[]) => names.map((name) => books.sum(name));

test("one command over twenty clusters: a call, its marks, and all records of its tenant by four kilobytes", async () => {
  const world = dayWorld(SMALL);
  await crowd(world.free, record(), SMALL, world.time.nowMs());
  const stored = world.table.stored().get("cluster");
  expect(stored?.items).toBe(20);
  const said = await world.time.run(() => world.people.type("list", { user: "U0DEV", channel: "C0TEAM1" }));
  expect(said).toContain("standing");
  const { books } = world;
  expect(sums(world, "invocations", "dynamodb put", "dynamodb query", "wru")).toEqual([1, 3, 8, 3]);
  // Ten records of less than a kilobyte each: no shard has more than a page of 4 KB to read.
  expect((stored?.bytes ?? 0) / 20).toBeLessThan(1000);
  expect(books.sum("rru of cluster", "slack")).toBe(8);
  expect(sums(world, "wru of once", "wru of place")).toEqual([2, 1]);
  // Two marks side by side, then eight shards side by side.
  expect(books.sum("ms", "slack")).toBe(10);
  expect(books.causes()).toEqual(["slack"]);
  // For nothing, and seen by nobody.
  await clusters(world.free).get("team-0/standing-0");
  expect(books.sum("dynamodb get")).toBe(0);
});

test("messages come in batches, late by whole seconds, and again when they fail", async () => {
  const time = dayTime(0);
  const books = ledger(time.nowMs);
  const queue = dayQueue(books, time, 0, 10, () => 0.5);
  const batches: (readonly [number, number])[] = [];
  queue.serve(async ({ Records: records }) => {
    batches.push([time.nowMs(), records.length]);
    const first = records[0] as { readonly messageId: string };
    return {
      batchItemFailures: time.nowMs() < 1000 && batches.length === 1 ? [{ itemIdentifier: first.messageId }] : [],
    };
  });
  await time.run(async () => {
    await Promise.all(Array.from({ length: 12 }, () => queue.enqueue({ is: "sweep" }, 0)));
    await queue.enqueue({ is: "sweep" }, 2.2);
    await queue.enqueue({ is: "sweep" }, 5000);
    while (queue.open() > 0) await time.wait(1000);
  });
  expect(batches).toEqual([
    [10, 5],
    [10, 5],
    [10, 2],
    [3020, 1],
    [180_010, 1],
    [900_030, 1],
  ]);
  expect(["sqs send", "sqs receive", "sqs delete", "messages that failed"].map((name) => books.sum(name))).toEqual([
    14, 6, 6, 1,
  ]);
  expect(queue.longestSeconds()).toBe(5000);
});

test("of a thousand messages as many are lost as was said", async () => {
  const time = dayTime(0);
  const books = ledger(time.nowMs);
  let drawn = 0;
  const queue = dayQueue(books, time, 10, 0, () => (drawn++ % 1000) / 1000);
  await time.run(() => Promise.all(Array.from({ length: 1000 }, () => queue.enqueue({ is: "sweep" }, 0))));
  expect([books.sum("messages that were lost"), queue.open()]).toEqual([10, 990]);
});

test("a month's bill is each day's sums, as often as there are such days, at the list price", async () => {
  const books = ledger(() => 0);
  await books.caused("slack", async () => {
    books.add("invocations", 3);
    books.add("ms", 2000);
    books.add("rru", 10);
    books.add("wru", 20);
    books.add("sqs send", 1);
    books.add("log bytes", 1024 ** 3);
    books.add("metric a []");
  });
  const lines = bill([{ books, timesOf: () => 30 }], 2 * 1024 ** 3, 5);
  const polls = (5 * 30 * 86_400) / 20;
  expect(lines.map(({ amount, usd }) => [amount, usd])).toEqual([
    [90, 90 * PRICES.lambdaRequest],
    [65, 65 * PRICES.lambdaGbSecond],
    [300, 300 * PRICES.rru],
    [600, 600 * PRICES.wru],
    [2, 2 * PRICES.storedGbMonth],
    [30 + polls, (30 + polls) * PRICES.sqsRequest],
    [30, 30 * PRICES.logGb],
    [1, PRICES.metricMonth],
    [90, 90 * PRICES.httpRequest],
  ]);
});

test("the fullest second is kept, and what two causes do side by side is each one's own", async () => {
  let nowMs = 0;
  const books = ledger(() => nowMs);
  for (const [at, times] of [
    [0, 2],
    [999, 1],
    [1000, 2],
    [5000, 1],
  ] as const) {
    nowMs = at;
    books.busy("item a", 1000, times);
  }
  expect(books.peaks("item ")).toEqual([{ name: "item a", most: 3, atMs: 0 }]);
  const both = ["sweep", "health"].map((by) =>
    books.caused(by, async () => {
      await null;
      books.add("rru", by === "sweep" ? 1 : 5);
    }),
  );
  await Promise.all(both);
  expect([books.sum("rru"), books.sum("rru", "sweep"), books.sum("rru", "health")]).toEqual([6, 1, 5]);
});
