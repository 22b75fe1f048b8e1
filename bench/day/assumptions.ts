import type { Drawing } from "./draw.ts";

export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** What is taken for a day, all in one place; `npm run day -- --NAME VALUE` changes the numbers. */
export interface Assumed {
  /** Standing clusters in all tenants. */
  readonly clusters: number;
  readonly tenants: number;
  /** Made and deleted again on that day. */
  readonly creates: number;
  /** Of a thousand messages, as SQS never does. */
  readonly lost: number;
  /** People who open their home tab, and how often each. */
  readonly homes: number;
  /** Only one in so many people does what is said here, and what that takes counts so many times. */
  readonly every: number;
  readonly seed: number;
}

export const ASSUMED: Assumed = { clusters: 10_000, tenants: 10, creates: 500, lost: 10, homes: 20, every: 5, seed: 1 };

const BURST = 20;
const burstOf = (creates: number): number => Math.min(BURST, Math.floor(creates / 2));
const BURST_AT_MS = 9 * HOUR_MS;
const BY_FORM = 0.1;
const NEEDS_APPROVAL = 0.7;
const DENIED = 0.05;
const BIG = 0.1;
const EXPIRES = 0.1;
const RENEWED = 0.06;
export const QUESTIONS = 2;
export const HOME_OPENINGS = 4;
/** Lists and waiting requests that people ask for, for each tenant. */
export const LOOKS = 30;
/** Octavia answers 503 everywhere from then on. */
export const OUTAGE = { atMs: 11 * HOUR_MS, lastsMs: 10 * MINUTE_MS };
/** How people's acts spread over the hours of the day, from midnight. */
const HOURS = [1, 1, 1, 1, 1, 1, 2, 5, 20, 30, 30, 25, 15, 25, 30, 25, 20, 12, 6, 4, 3, 2, 2, 1];
const ALL = HOURS.reduce((sum, one) => sum + one, 0);

export interface Life {
  readonly tenant: number;
  readonly number: number;
  readonly atMs: number;
  readonly how: "command" | "form";
  readonly approved: "by itself" | "by a person" | "denied";
  readonly template: "small" | "ha";
  readonly ends: "deleted" | "expires";
  readonly renewed: boolean;
  /** How long the approver thinks, and how long it stands. */
  readonly thinkMs: number;
  readonly standsMs: number;
}

/** A moment of the day by its working hours. */
export function momentOf(draw: Drawing): number {
  let left = draw.next() * ALL;
  for (const [hour, weight] of HOURS.entries()) {
    if (left < weight) return (hour + left / weight) * HOUR_MS;
    left -= weight;
  }
  return 23 * HOUR_MS;
}

/** Every cluster that is made on that day, in no order. */
export function lives({ creates, tenants, every }: Assumed, draw: Drawing): readonly Life[] {
  return Array.from({ length: Math.ceil(creates / every) }, (_, number) => {
    const asks = draw.yes(NEEDS_APPROVAL);
    return {
      tenant: Math.floor(draw.next() * tenants),
      number,
      atMs: number < burstOf(creates / every) ? BURST_AT_MS + draw.between(0, MINUTE_MS) : momentOf(draw),
      how: draw.yes(BY_FORM) ? "form" : "command",
      approved: !asks ? "by itself" : draw.yes(DENIED) ? "denied" : "by a person",
      template: draw.yes(BIG) ? "ha" : "small",
      ends: draw.yes(EXPIRES) ? "expires" : "deleted",
      renewed: draw.yes(RENEWED),
      thinkMs: draw.between(1, 20) * MINUTE_MS,
      standsMs: draw.between(1, 6) * HOUR_MS,
    };
  });
}

const percent = (part: number): string => `${Math.round(part * 100)} %`;

/** The table that is printed first, and stands in docs/limits.md. */
export function assumptionRows({
  clusters,
  tenants,
  creates,
  lost,
  homes,
  every,
}: Assumed): readonly (readonly string[])[] {
  return [
    [
      "standing clusters",
      `${clusters} in ${tenants} tenants (clouds); ${percent(1 - BIG)} with 3 servers, ${percent(BIG)} with 6`,
    ],
    [
      "made and deleted",
      `${creates} each, by working hours; ${burstOf(creates / every)} of them within a minute at 9:00`,
    ],
    [
      "approval",
      `${percent(NEEDS_APPROVAL)} need one, which takes 1 to 20 minutes; ${percent(DENIED)} of those are denied`,
    ],
    ["form", `${percent(BY_FORM)} use it, with three previews of plan and price`],
    ["ends", `${percent(EXPIRES)} by their time to live, the others are deleted after 1 to 6 hours`],
    ["questions", `${QUESTIONS} for each cluster that is ready, and one kubeconfig`],
    ["lists", `${LOOKS} of clusters or waiting requests for each tenant`],
    ["home tab", `${homes} people open it ${HOME_OPENINGS} times; it is kept up to date for 8 hours`],
    [
      "renewals",
      `of ${percent(RENEWED)} of what is made: as many a day as ${clusters} clusters need once in 11 months`,
    ],
    ["faults", `${lost / 10} % of the messages are lost; Octavia answers 503 everywhere for 10 minutes at 11:00`],
    [
      "clouds",
      "the embedded OpenStack at the lab's pace, machines that boot; a GET takes 50 ms and another call 150 ms",
    ],
    ["of all that", every === 1 ? "everything is done" : `one in ${every} is done, and counts ${every} times`],
    ["the rest", "DynamoDB 5 ms a call, SQS 10 ms, Slack 200 ms, a cluster's API 30 ms"],
  ];
}
