import type { Ledger } from "./ledger.ts";
import { POLL_SECONDS, POLLERS } from "./sqs.ts";

/**
 * AWS's list prices in us-east-1 in USD, as of November 2026 and without free tiers, savings plans or taxes. Elsewhere they
 * are up to a quarter higher. Sources: https://aws.amazon.com/lambda/pricing, /dynamodb/pricing/on-demand, /sqs/pricing,
 * /cloudwatch/pricing, /api-gateway/pricing
 */
export const PRICES = {
  lambdaRequest: 0.2e-6,
  /** arm64. */
  lambdaGbSecond: 0.0000133334,
  rru: 0.125e-6,
  wru: 0.625e-6,
  /** With continuous backups. */
  storedGbMonth: 0.25 + 0.2,
  sqsRequest: 0.4e-6,
  logGb: 0.5,
  metricMonth: 0.3,
  httpRequest: 1e-6,
} as const;

/** serverless.yml's memory. */
const GB = 1;
const DAYS = 30;
const GIB = 1024 ** 3;
const POLLS_MONTH = (POLLERS * DAYS * 86_400) / POLL_SECONDS;

/** What was counted, and how often that is in a month. */
export interface Part {
  readonly books: Ledger;
  timesOf(cause: string, what: string): number;
}

export function monthly(parts: readonly Part[], what: string, by?: (cause: string) => boolean): number {
  let total = 0;
  for (const { books, timesOf } of parts)
    for (const cause of books.causes())
      if (by === undefined || by(cause)) total += books.sum(what, cause) * timesOf(cause, what);
  return total;
}

export interface Line {
  readonly what: string;
  readonly amount: number;
  readonly unit: string;
  readonly usd: number;
}

/** A month's bill. `storedBytes`: what the table holds; `cpuSeconds`: what is calculated beside the waits in a month. */
export function bill(parts: readonly Part[], storedBytes: number, cpuSeconds: number): readonly Line[] {
  const of = (what: string, by?: (cause: string) => boolean) => monthly(parts, what, by);
  const invocations = of("invocations");
  const gbSeconds = GB * (of("ms") / 1000 + cpuSeconds);
  const sqs = of("sqs send") + of("sqs receive") + of("sqs delete") + POLLS_MONTH;
  const http = of("invocations", (cause) => cause === "slack" || cause === "download");
  const metrics = new Set(parts.flatMap(({ books }) => books.all("metric ").map(([name]) => name))).size;
  const logs = of("log bytes") / GIB;
  const line = (what: string, amount: number, unit: string, price: number): Line => ({
    what,
    amount,
    unit,
    usd: amount * price,
  });
  return [
    line("Lambda, calls", invocations, "calls", PRICES.lambdaRequest),
    line("Lambda, time", gbSeconds, "GB-s", PRICES.lambdaGbSecond),
    line("DynamoDB, reads", of("rru"), "RRU", PRICES.rru),
    line("DynamoDB, writes", of("wru"), "WRU", PRICES.wru),
    line("DynamoDB, storage and backups", storedBytes / GIB, "GB", PRICES.storedGbMonth),
    line("SQS", sqs, "requests", PRICES.sqsRequest),
    line("CloudWatch, logs", logs, "GB", PRICES.logGb),
    line("CloudWatch, metrics", metrics, "metrics", PRICES.metricMonth),
    line("API Gateway", http, "requests", PRICES.httpRequest),
  ];
}
