import { quotaWord } from "../../shared/cluster/needs.ts";
import type { QuotaLine } from "../../shared/cluster/plan.ts";
import type { Block } from "../../shared/ports/slack.ts";
import { showSize } from "../../shared/units.ts";
import { plural, section, small, table } from "./text.ts";

const HEAD = ["quota", "needs", "used after", ""] as const;
/** An approver looks at what gets tight; that the rest fits was checked. */
const ROWS_MAX = 6;

/** How much of the quota is used once the plan is carried out, from 0 to 1. */
const fullness = ({ used, needs, limit }: QuotaLine): number => (limit < 0 ? 0 : (used + needs) / Math.max(1, limit));
/** Of counts, as 0.55 * 100 is more than 55. */
const percent = ({ used, needs, limit }: QuotaLine): string =>
  `${Math.ceil(((used + needs) * 100) / Math.max(1, limit))} %`;

/** A count in the unit that people know: RAM in GiB. */
export function amount({ resource }: Pick<QuotaLine, "resource">, count: number): string {
  if (resource === "ram") return showSize(Math.ceil(count / 1024));
  return resource === "gigabytes" ? showSize(count) : String(count);
}

function row(line: QuotaLine): readonly string[] {
  const after = amount(line, line.used + line.needs);
  return [
    quotaWord(line.resource, 2),
    amount(line, line.needs),
    `${after} of ${amount(line, line.limit)}`,
    percent(line),
  ];
}

function restWords(rest: readonly QuotaLine[]): string {
  const [fullest] = rest;
  const most = fullest === undefined || fullest.limit < 0 ? "no limit" : `at most ${percent(fullest)} used after`;
  return `and ${plural(rest.length, "quota")} more, checked too: ${most}`;
}

/** What the plan takes of which quota: the tightest in numbers, fullest first, and the rest in a line. */
export function quotaBlocks(lines: readonly QuotaLine[]): readonly Block[] {
  const sorted = lines.filter((line) => line.needs > 0).sort((a, b) => fullness(b) - fullness(a));
  const shown = sorted.filter((line) => line.limit >= 0).slice(0, ROWS_MAX);
  const rest = sorted.filter((line) => !shown.includes(line));
  return [
    ...(shown.length === 0 ? [] : [section(table([HEAD, ...shown.map(row)]))]),
    ...(rest.length === 0 ? [] : [small(restWords(rest))]),
  ];
}
