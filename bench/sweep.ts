import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { sweep } from "../handlers/work/sweep.ts";
import { memoryQueue } from "../shared/adapters/memory-queue.ts";
import { openStore } from "../shared/adapters/stores.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { clusterKey, clusters } from "../shared/state/index.ts";
import { town } from "../test/support/town.ts";
import { machine } from "./machine.ts";

/*
 * One sweep over resting clusters in ten tenants, on SQLite: what it costs grows with the records that it reads, it asks no
 * cloud, and it wakes what is due and nothing else.
 */
const SIZES = [10, 100, 1000, 10_000];
const TENANTS = 10;
const SECONDS_MAX = 60;
const MEMORY_MIB_MAX = 300;

/** A real record of a ready cluster, made as a person would make it. */
async function readyRecord() {
  const at = await town();
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(async () => (await at.record("team-a/dev"))?.status.told === true);
  const record = await at.record("team-a/dev");
  await at.close();
  if (record === undefined) throw new Error("the cluster is ready and has no record");
  return record;
}

const record = await readyRecord();
const clock = systemClock();
const quiet = () => undefined;
const log = { info: quiet, warn: quiet, error: quiet };

async function measured(size: number) {
  const store = openStore(`sqlite://${join(mkdtempSync(join(tmpdir(), "kinvirt-bench-")), "state.db")}`, clock.nowMs);
  const all = clusters(store);
  for (let at = 0; at < size; at += 1) {
    const one = { ...record, tenant: `team-${at % TENANTS}`, id: `k${at}`, spec: { ...record.spec, name: `c${at}` } };
    // One in a hundred is due, as after a message that was lost.
    const due = at % 100 === 0 ? { ...one, status: { ...one.status, dueMs: 1 } } : one;
    const { expiresMs: _expires, ...resting } = due;
    await all.add(clusterKey(resting), resting);
  }
  let calls = 0;
  const queue = memoryQueue({ clock });
  const cloudOf = (): never => {
    calls += 1;
    throw new Error("a sweep asks no cloud");
  };
  const begun = performance.now();
  // A sweep uses the store, the queue and the clock.
  await sweep({ store, queue, clock, log, cloudOf } as unknown as Deps);
  const seconds = (performance.now() - begun) / 1000;
  const woken = queue.due(Number.POSITIVE_INFINITY).length;
  await store.close();
  return { size, seconds, woken, calls, mib: process.memoryUsage.rss() / 2 ** 20 };
}

process.stdout.write(`${machine()}\nclusters   seconds   woken   cloud calls   memory MiB\n`);
const rows: Awaited<ReturnType<typeof measured>>[] = [];
for (const size of SIZES) {
  const row = await measured(size);
  rows.push(row);
  const cells = [row.size, row.seconds.toFixed(3), row.woken, row.calls, row.mib.toFixed(0)];
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(8)).join("  ")}\n`);
}
const [, , thousand, most] = rows;
const each = (row: (typeof rows)[number] | undefined) => (row === undefined ? Number.NaN : row.seconds / row.size);
process.stdout.write(`seconds per cluster at 10,000 beside 1,000: ${(each(most) / each(thousand)).toFixed(2)}\n`);
process.stdout.write(`goals: 10,000 clusters in ${SECONDS_MAX} s and ${MEMORY_MIB_MAX} MiB, no cloud call\n`);
process.exit(0);
