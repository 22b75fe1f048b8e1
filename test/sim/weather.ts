import type { Draw } from "./draw.ts";

/** Kinds of trouble, which can be switched off one by one. */
export const FAMILIES = [
  "lost",
  "messages",
  "deaths",
  "pair",
  "stalls",
  "hangs",
  "down",
  "slow",
  "errors",
  "lag",
  "quota",
  "strangers",
  "slack",
  "store",
  "queue",
  "api",
  "nodes",
  "health",
  "skew",
  "policy",
  "drift",
  "services",
  "throttled",
  "late",
  "partings",
] as const;
export type Family = (typeof FAMILIES)[number];

/** How a seed's world treats its processes: probabilities for each effect, unless told. */
export interface Weather {
  readonly families: ReadonlySet<Family>;
  /** A cloud call that is lost before or after its effect. */
  readonly lost: number;
  /** A create whose answer is lost, and that the cloud does when its cluster has gone. */
  readonly late: number;
  /** A cloud call that arrives up to a minute later. */
  readonly hang: number;
  /** The whole process stands still for longer than a lease. */
  readonly stall: number;
  readonly death: number;
  /** A message that is lost, comes twice, or comes late. */
  readonly message: number;
  readonly slack: number;
  readonly store: number;
  readonly queue: number;
  /** A call to a cluster's API server that nobody answers. */
  readonly api: number;
  /** How many processes work at once. */
  readonly workers: 1 | 2;
  /** How many times as long the cloud's answers take. */
  readonly slow: number;
}

export const CALM: Weather = {
  families: new Set(),
  lost: 0,
  late: 0,
  hang: 0,
  stall: 0,
  death: 0,
  message: 0,
  slack: 0,
  store: 0,
  queue: 0,
  api: 0,
  workers: 1,
  slow: 1,
};

const ON = 0.35;
/** Where there is little time: most mistakes need two kinds of trouble at most. */
const ON_BRIEFLY = 0.15;
/** In few worlds there is anybody who could. */
const OFTEN: Readonly<Partial<Record<Family, number>>> = { services: 1, drift: 0.6 };

/** What only goes wrong when several kinds of trouble meet, which by chance they do in one world of a hundred. */
const MEET: readonly [readonly Family[], ...(readonly Family[])[]] = [
  ["pair", "stalls", "hangs"],
  ["pair", "stalls", "deaths", "store"],
  ["deaths", "lost", "lag"],
  ["errors", "lag", "lost", "partings"],
];
const MEET_CHANCE = 0.16;

/** What a seed brings. Each family has its own stream, so that one switched off leaves the others as they were. */
export function weatherOf(draw: Draw, without: ReadonlySet<string>, brief: boolean): Weather {
  const on = brief ? ON_BRIEFLY : ON;
  const meeting = draw.fork("meet");
  const met: readonly Family[] = meeting.yes(MEET_CHANCE) ? meeting.pick(MEET) : [];
  const comes = (family: Family) => met.includes(family) || draw.fork(family).yes(OFTEN[family] ?? on);
  const families = new Set(FAMILIES.filter((family) => !without.has(family) && comes(family)));
  const strength = (family: Family, most: number): number =>
    families.has(family) ? most * (met.includes(family) ? 1 : draw.fork(`${family}/strength`).next()) : 0;
  return {
    families,
    lost: strength("lost", 0.06),
    late: strength("late", 0.3),
    hang: strength("hangs", 0.01),
    stall: strength("stalls", 0.004),
    death: strength("deaths", 0.004),
    message: strength("messages", 0.4),
    slack: strength("slack", 0.3),
    store: strength("store", 0.01),
    queue: strength("queue", 0.3),
    api: strength("api", 0.2),
    workers: families.has("pair") ? 2 : 1,
    slow: 1 + Math.round(strength("slow", 20)),
  };
}
