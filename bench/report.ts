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

/** One round of something that was measured several times: ours and what it is beside. */
export type Pair = readonly [ours: number, theirs: number];

/** Reports the round in the middle: a cloud's own pace differs by a third from one minute to the next. */
export function reportMiddle(
  what: string,
  rounds: readonly Pair[],
  goal: number | undefined,
  bound: Ratio["bound"],
): void {
  const ranked = rounds.toSorted(([a, b], [c, d]) => a / b - c / d);
  const middle = ranked[Math.floor(ranked.length / 2)];
  if (middle === undefined) throw new Error(`${what} was not measured`);
  const all = rounds.map(([ours, theirs]) => `${short(ours)}/${short(theirs)}`).join(", ");
  if (rounds.length > 1) process.stdout.write(`${what}: rounds ${all}\n`);
  report(what, ...middle, goal, bound);
}
