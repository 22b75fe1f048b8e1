import * as sdk from "@aws-sdk/client-dynamodb";
import { dynamoStore } from "../../shared/adapters/dynamo-store.ts";
import { pinoLog } from "../../shared/adapters/pino-log.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import { exampleConfig } from "../../test/support/bot.ts";
import { type Assumed, OUTAGE } from "./assumptions.ts";
import { dayClouds, dayConfig } from "./cloud.ts";
import { drawing } from "./draw.ts";
import { dayFunctions, dayMetrics } from "./functions.ts";
import { type Ledger, ledger } from "./ledger.ts";
import { people } from "./people.ts";
import { daySlack } from "./slack.ts";
import { dayQueue } from "./sqs.ts";
import { booked, dynamoTable } from "./table.ts";
import { type DayTime, dayTime } from "./time.ts";

const DYNAMODB_MS = 5;
const SQS_MS = 10;
const SLACK_MS = 200;
/** A Monday. */
export const MIDNIGHT_MS = Date.UTC(2026, 5, 1);

/** Lines are counted and not written; those of a message are caused by it. */
function dayLog(books: Ledger): Deps["log"] {
  const log = pinoLog({
    destination: {
      write(line) {
        books.add("log bytes", Buffer.byteLength(line));
        books.add(`log ${/"event":"([^"]*)"/.exec(line)?.[1] ?? ""}`);
      },
    },
  });
  return {
    ...log,
    during: (fields, work) => {
      const run = (): ReturnType<typeof work> => log.during?.(fields, work) ?? work();
      return typeof fields["message"] === "string" ? books.caused(`reconcile: ${fields["message"]}`, run) : run();
    },
  };
}

/** What the sweep sees of a day: not the crowd that stands, whose sweeps are counted apart and would take hours here. */
function madeToday(store: StateStore, tenants: readonly string[]): StateStore {
  return {
    ...store,
    async *list(prefix, how) {
      if (prefix !== "cluster/") yield* store.list(prefix, how);
      else for (const tenant of tenants) yield* store.list(`cluster/${tenant}/t`, how);
    },
  };
}

/** The bot as five functions, between a table, a queue, a Slack and clouds that count, in one virtual time. */
export function dayWorld(
  assumed: Assumed,
  over: (time: DayTime, books: Ledger, config: Deps["config"]) => Partial<Deps> = () => ({}),
  startMs = MIDNIGHT_MS,
  onlyMade?: true,
) {
  const time = dayTime(startMs);
  const books = ledger(time.nowMs);
  const draw = drawing(assumed.seed);
  const tell = booked(books);
  const table = dynamoTable();
  const billing = table.client(async (billed) => {
    tell(billed);
    await time.wait(DYNAMODB_MS);
  });
  const free = table.client();
  const store = dynamoStore("kinvirt", time.nowMs, async () => ({ sdk, client: billing }));
  const queue = dayQueue(books, time, assumed.lost, SQS_MS, draw.next);
  const slack = daySlack(books, time, SLACK_MS);
  const log = dayLog(books);
  const { metrics, flush } = dayMetrics(books);
  const config = dayConfig(exampleConfig(), assumed.tenants);
  const outage = {
    path: "/load-balancer/",
    fromMs: MIDNIGHT_MS + OUTAGE.atMs,
    untilMs: MIDNIGHT_MS + OUTAGE.atMs + OUTAGE.lastsMs,
  };
  const clouds = dayClouds({ books, time, tenants: assumed.tenants, outage, token: draw.token, log, metrics });
  const deps: Deps = {
    config,
    store,
    queue,
    slack,
    cloudOf: clouds.cloudOf,
    trace: clouds.trace,
    kubernetes: clouds.kubernetes,
    publicUrl: "https://links.example.org",
    clock: { nowMs: time.nowMs, wait: time.wait },
    chance: { token: draw.token },
    log,
    metrics,
    ...over(time, books, config),
  };
  const swept = onlyMade === true ? { ...deps, store: madeToday(store, Object.keys(config.tenants)) } : deps;
  const functions = dayFunctions(deps, books, time, flush, swept);
  queue.serve(functions.reconcile);
  return {
    assumed,
    time,
    books,
    draw,
    table,
    queue,
    slack,
    clouds,
    deps,
    functions,
    people: people(functions, slack, time),
    /** The same state, for looks that nobody pays. */
    free: dynamoStore("kinvirt", time.nowMs, async () => ({ sdk, client: free })),
  };
}

export type DayWorld = ReturnType<typeof dayWorld>;
