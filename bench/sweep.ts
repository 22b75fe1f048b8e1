import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { machine } from "./machine.ts";
import { report } from "./report.ts";

/*
 * One sweep over resting clusters in ten tenants, on SQLite: what it costs grows with the records that it reads, it asks no
 * cloud, and it wakes what is due and nothing else. Each sweep is a process of its own, and what fills its store another.
 */
const SIZES = [10, 100, 1000, 10_000];
const TENANTS = 10;
const SECONDS_MAX = 60;
const MEMORY_MIB_MAX = 300;

interface Swept {
  readonly seconds: number;
  readonly woken: number;
  readonly calls: number;
  readonly mib: number;
}

function measured(size: number): Swept {
  const url = `sqlite://${join(mkdtempSync(join(tmpdir(), "kinvirt-bench-")), "state.db")}`;
  execFileSync(process.execPath, ["bench/sweep-fill.ts", url, String(size), String(TENANTS)], { stdio: "inherit" });
  return JSON.parse(execFileSync(process.execPath, ["bench/sweep-once.ts", url], { encoding: "utf8" })) as Swept;
}

process.stdout.write(`${machine()}\nclusters   seconds   woken   cloud calls   most memory MiB\n`);
const rows = SIZES.map((size) => {
  const row = measured(size);
  const cells = [size, row.seconds.toFixed(3), row.woken, row.calls, row.mib.toFixed(0)];
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(8)).join("  ")}\n`);
  if (row.woken !== Math.ceil(size / 100))
    throw new Error(`${row.woken} were woken, and ${Math.ceil(size / 100)} are due`);
  if (row.calls !== 0) throw new Error(`a sweep asked the cloud ${row.calls} times`);
  return { ...row, size };
});
const most = rows.at(-1);
if (most !== undefined) {
  const label = `sweep of ${most.size} clusters`;
  report(`${label}, seconds beside the most that they may be`, most.seconds, SECONDS_MAX, 1, "most");
  report(`${label}, MiB beside the most that they may be`, most.mib, MEMORY_MIB_MAX, 1, "most");
}
