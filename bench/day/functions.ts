import { downloadFunction } from "../../functions/download.ts";
import { healthFunction } from "../../functions/health.ts";
import { reconcileFunction } from "../../functions/reconcile.ts";
import { slackFunction } from "../../functions/slack.ts";
import { sweepFunction } from "../../functions/sweep.ts";
import { signature } from "../../sandbox/slack/line.ts";
import { emf } from "../../shared/adapters/emf.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Metrics } from "../../shared/ports/metrics.ts";
import { httpEvent } from "../../test/support/aws-events.ts";
import type { Ledger } from "./ledger.ts";
import type { DayTime } from "./time.ts";

const SECRET = "signing-secret-of-the-day";
const FORM = "application/x-www-form-urlencoded";
/** Lambda's own three lines about each call. */
const PLATFORM_BYTES = 400;

type Call = (event: object, context: object) => Promise<unknown>;

export interface HttpAnswer {
  readonly statusCode: number;
  readonly body: string;
}

/** What is measured becomes log lines, as in a function; each set of labels is a metric of its own to CloudWatch. */
export function dayMetrics(books: Ledger): { readonly metrics: Metrics; readonly flush: () => void } {
  return emf("kinvirt/day", (line) => {
    books.add("log bytes", Buffer.byteLength(line));
    const { _aws: aws, ...rest } = JSON.parse(line) as {
      readonly _aws: {
        readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[];
      };
    };
    const metrics = aws.CloudWatchMetrics.flatMap((one) => one.Metrics.map(({ Name }) => Name));
    const labels = Object.entries(rest).filter(([name]) => !metrics.includes(name));
    for (const name of metrics) books.add(`metric ${name} ${JSON.stringify(labels)}`);
  });
}

/** The five functions, each call with how long it takes in the day's time. `swept`: what the sweep sees. */
export function dayFunctions(deps: Deps, books: Ledger, time: DayTime, flush: () => void, swept: Deps = deps) {
  async function called<T>(by: string, work: () => Promise<T>): Promise<T> {
    return books.caused(by, async () => {
      const begunMs = time.nowMs();
      try {
        return await work();
      } finally {
        flush();
        books.add("invocations");
        books.add("ms", Math.max(1, time.nowMs() - begunMs));
        books.add("log bytes", PLATFORM_BYTES);
        books.busy(`longest ${by}`, 1, time.nowMs() - begunMs);
      }
    });
  }
  const slack = slackFunction(deps, SECRET) as unknown as Call;
  const download = downloadFunction(deps) as unknown as Call;
  const [reconcile, sweep, health] = [reconcileFunction(deps), sweepFunction(swept), healthFunction(deps)];
  /** Requests over HTTP have streams in this process. */
  async function held<T>(work: () => Promise<T>): Promise<T> {
    const release = time.hold();
    try {
      return await work();
    } finally {
      release();
    }
  }
  return {
    async slack(body: string, type = FORM): Promise<string> {
      const timestamp = String(Math.floor(time.nowMs() / 1000));
      const signs = {
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature(SECRET, timestamp, body),
      };
      const event = httpEvent("POST", "/slack/events", { "content-type": type, ...signs }, body);
      const answer = (await called("slack", () => held(() => slack(event, {})))) as HttpAnswer;
      if (answer.statusCode !== 200) throw new Error(`Slack was answered with ${answer.statusCode}: ${answer.body}`);
      return answer.body;
    },
    download: (method: string, path: string) =>
      called("download", () => held(() => download(httpEvent(method, path), {}))) as Promise<HttpAnswer>,
    reconcile: (event: { readonly Records: readonly object[] }) =>
      called("reconcile", () => reconcile(event as Parameters<typeof reconcile>[0])),
    sweep: () => called("sweep", sweep),
    health: () => called("health", health),
  };
}

export type DayFunctions = ReturnType<typeof dayFunctions>;
