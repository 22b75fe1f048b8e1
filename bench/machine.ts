import { cpus, totalmem } from "node:os";
import process from "node:process";

/** What a figure was measured on, in a line. */
export function machine(): string {
  const all = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${all.length} × ${all[0]?.model.trim() ?? "unknown CPU"}, ${gib} GiB, Node ${process.version}, ${process.platform}`;
}

/** `of(0.99)` is the 99th percentile: the least value that so many are not above. */
export function percentiles(values: readonly number[]): (share: number) => number {
  const sorted = values.toSorted((a, b) => a - b);
  return (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
