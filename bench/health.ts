import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { machine } from "./machine.ts";
import { report } from "./report.ts";

/*
 * Looks at resting clusters in ten tenants, on SQLite, with a cloud and API servers that answer at once: the OpenStack calls
 * of a look do not grow with the clusters, but for pages (Manila's have a hundred shares), and nobody is told anything. The
 * first looks ask each pool for its members and Barbican for each cluster's authority; those that follow ask for what has
 * changed, and for an authority once in 45 minutes.
 */
const SIZES = [10, 100, 1000, 10_000];
const TENANTS = 10;
const SECONDS_MAX = 60;
const MEMORY_MIB_MAX = 300;
/** What V8 may keep, as in a small function: with more room it collects later. */
const HEAP = ["--max-old-space-size=128", "--max-semi-space-size=4"];

interface Looked {
  readonly looks: readonly { readonly seconds: number; readonly cpu: number; readonly calls: number }[];
  readonly mib: number;
  readonly told: number;
  readonly first?: unknown;
}

function measured(size: number): Looked {
  const folder = mkdtempSync(join(tmpdir(), "kinvirt-bench-"));
  const args = [`sqlite://${join(folder, "state.db")}`, String(size), String(TENANTS), join(folder, "cloud.json")];
  execFileSync(process.execPath, ["bench/health-fill.ts", ...args], { stdio: "inherit" });
  return JSON.parse(
    execFileSync(process.execPath, [...HEAP, "bench/health-once.ts", ...args], { encoding: "utf8" }),
  ) as Looked;
}

process.stdout.write(`${machine()}\nclusters   first: s   calls   then: s   CPU s   calls   most memory MiB\n`);
const rows = SIZES.map((size) => {
  const { looks, mib, told, first } = measured(size);
  const [begin, then] = [looks[0], looks.at(-1)];
  if (begin === undefined || then === undefined) throw new Error("it did not look");
  const cells = [
    size,
    begin.seconds.toFixed(2),
    begin.calls,
    then.seconds.toFixed(2),
    then.cpu.toFixed(2),
    then.calls,
    mib.toFixed(0),
  ];
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(8)).join("  ")}\n`);
  if (told !== 0) throw new Error(`clusters that are well are told of: ${JSON.stringify(first)}`);
  return { size, mib, ...then };
});
const [least, most] = [rows[0], rows.at(-1)];
if (least !== undefined && most !== undefined) {
  const label = `look at ${most.size} clusters`;
  report(`${label}, calls beside those at ${least.size}`, most.calls, least.calls, 2, "most");
  report(`${label}, seconds beside the most that they may be`, most.seconds, SECONDS_MAX, 1, "most");
  report(`${label}, MiB beside the most that they may be`, most.mib, MEMORY_MIB_MAX, 1, "most");
}
