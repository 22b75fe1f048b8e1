import type { Ledger } from "./ledger.ts";
import { type Line, monthly, type Part } from "./prices.ts";
import { TIERS } from "./slack.ts";
import type { Minute } from "./steady.ts";

type Cell = string | number;

/** Rounded to three digits, with thousands apart. */
export function figure(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

const shown = (cell: Cell): string => (typeof cell === "number" ? figure(cell) : cell);

export const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(shown).join(" | ")} |`).join("\n");

export const minuteTable = (minutes: readonly Minute[]): string =>
  table(
    ["minute of", "RRU", "WRU", "OpenStack calls", "seconds with its waits", "seconds of CPU here"],
    minutes.map(({ of, rru, wru, openstack, seconds, cpuMs }) => [of, rru, wru, openstack, seconds, cpuMs / 1000]),
  );

const FUNCTIONS = ["slack", "download", "reconcile", "sweep", "health"];

export const functionTable = (parts: readonly Part[]): string =>
  table(
    ["function", "calls", "seconds waited for others, each", "GB-s of that"],
    FUNCTIONS.map((name) => {
      const by = (cause: string): boolean => cause === name;
      const [calls, ms] = [monthly(parts, "invocations", by), monthly(parts, "ms", by)];
      return [name, calls, calls === 0 ? 0 : ms / calls / 1000, ms / 1000];
    }),
  );

export function storeTable(
  parts: readonly Part[],
  stored: ReadonlyMap<string, { readonly items: number; readonly bytes: number }>,
): string {
  const causes = [...new Set(parts.flatMap(({ books }) => books.causes()))].sort();
  const folders = [
    ...new Set(parts.flatMap(({ books }) => books.all("rru of ").map(([name]) => name.slice(7)))),
  ].sort();
  const byCause = causes.map((cause) => {
    const by = (one: string): boolean => one === cause;
    return [`by ${cause}`, monthly(parts, "rru", by), monthly(parts, "wru", by), "", ""] as const;
  });
  const byFolder = folders.map((folder) => {
    const { items = 0, bytes = 0 } = stored.get(folder) ?? {};
    const each = items === 0 ? "" : bytes / items;
    return [
      `of ${folder}/`,
      monthly(parts, `rru of ${folder}`),
      monthly(parts, `wru of ${folder}`),
      items,
      each,
    ] as const;
  });
  return table(["", "RRU", "WRU", "items that stand", "bytes each"], [...byCause, ...byFolder]);
}

export function callTable(parts: readonly Part[]): string {
  const names = [...new Set(parts.flatMap(({ books }) => books.all("openstack ").map(([name]) => name)))].sort();
  const rows = names.map((name) => {
    const [byPeople, standing] = parts.map((part) => monthly([part], name));
    return [name.slice("openstack ".length), byPeople ?? 0, standing ?? 0];
  });
  return table(["service", "by what people do", "by looks at standing clusters"], rows);
}

const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11, 16);

export function slackTable(books: Ledger): string {
  const busiest = new Map(books.peaks("slack ").map((one) => [one.name, one]));
  const rows = books.all("slack ").map(([name, calls]) => {
    const method = name.slice("slack ".length);
    const peak = busiest.get(name);
    const { tier = "?", perMinute = 0 } = TIERS[method] ?? {};
    return [
      method,
      calls,
      books.sum(`put off ${method}`),
      `${figure(peak?.most ?? 0)} at ${clock(peak?.atMs ?? 0)}`,
      perMinute,
      tier,
    ];
  });
  return table(["method", "calls", "put off", "busiest minute", "limit a minute", "tier"], rows);
}

export function billTable(lines: readonly Line[], clusters: number): string {
  const thousands = clusters / 1000;
  const rows = lines.map(({ what, amount, unit, usd }) => [
    what,
    `${figure(amount)} ${unit}`,
    usd.toFixed(2),
    (usd / thousands).toFixed(2),
  ]);
  const all = lines.reduce((sum, { usd }) => sum + usd, 0);
  return table(
    ["what", "amount", "USD", "USD for 1,000 clusters"],
    [...rows, ["**all**", "", `**${all.toFixed(2)}**`, `**${(all / thousands).toFixed(2)}**`]],
  );
}
