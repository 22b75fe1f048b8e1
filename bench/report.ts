import { appendFileSync } from "node:fs";
import process from "node:process";

/** One ratio of one run, as `bench/main.ts` collects it from the file REPORT. */
export interface Ratio {
  readonly what: string;
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  /** Without one, the ratio is for comparison with an earlier run. */
  readonly goal?: number | undefined;
  /** `most`: a ratio above the goal misses it; `least`: one below. */
  readonly bound: "most" | "least";
}

/** What became of the goal. */
export function verdict({ ratio, goal, bound }: Ratio): "met" | "missed" | "no goal" {
  if (goal === undefined) return "no goal";
  return (bound === "most" ? ratio <= goal : ratio >= goal) ? "met" : "missed";
}

export const goalOf = ({ goal, bound }: Ratio): string => (goal === undefined ? "none" : `at ${bound} ${goal}`);

export const short = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));

const line = (one: Ratio): string =>
  `${one.what}: ${short(one.ours)} beside ${short(one.theirs)}, ${one.ratio.toFixed(2)} times (goal: ${goalOf(one)}; ${verdict(one)})`;

/** Prints `ours` beside `theirs`. `least` asks how many times as long theirs is. */
export function report(
  what: string,
  ours: number,
  theirs: number,
  goal: number | undefined,
  bound: Ratio["bound"],
): void {
  const ratio = bound === "most" ? ours / theirs : theirs / ours;
  const one: Ratio = { what, ours, theirs, ratio, goal, bound };
  process.stdout.write(`${line(one)}\n`);
  const file = process.env["REPORT"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(one)}\n`);
}
