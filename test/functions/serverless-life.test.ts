import { readFileSync } from "node:fs";
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { parse } from "yaml";
import { downloadFunction } from "../../functions/download.ts";
import { healthFunction } from "../../functions/health.ts";
import { reconcileFunction } from "../../functions/reconcile.ts";
import { slackFunction } from "../../functions/slack.ts";
import { sweepFunction } from "../../functions/sweep.ts";
import { sqsQueue } from "../../shared/adapters/sqs-queue.ts";
import { openStore } from "../../shared/adapters/stores.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { FORM, SECRET, signed } from "../handlers/slack/front.ts";
import { httpEvent } from "../support/aws-events.ts";
import { buttonValue } from "../support/bot.ts";
import { awsEnv, dynamoServer, sqsServer, type TestServer } from "../support/servers.ts";
import { type Town, town } from "../support/town.ts";

// Goal: all five functions, called with the events that AWS calls them with, make a cluster and delete it on DynamoDB's and
// SQS's APIs: each event may be handed to two of them at once, every fourth message is lost, and those for later come late.
jest.setTimeout(120_000);

type Call = (event: object, context: object) => Promise<unknown>;
interface Answer {
  readonly statusCode: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const TABLE = "kinvirt-life";
const LOST_EVERY = 4;
const STEP_MS = 10_000;
const ROUNDS_MAX = 400;

/** EventBridge's. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
const tick = (rule: string) => ({
  version: "0",
  id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: "123456789012",
  time: "2026-01-01T00:00:00Z",
  region: "eu-central-1",
  resources: [`arn:aws:events:eu-central-1:123456789012:rule/${rule}`],
  detail: {},
});

let servers: readonly TestServer[] = [];
let sqs: SQSClient;
let queueUrl = "";
let at: Town;
let deps: Deps;

/** The table that serverless.yml would make. */
async function makeTable(): Promise<void> {
  const { Resources: resources } = parse(readFileSync("infra/state.yml", "utf8")) as {
    readonly Resources: { readonly State: { readonly Properties: CreateTableCommandInput } };
  };
  const { BillingMode, AttributeDefinitions, KeySchema } = resources.State.Properties;
  const client = new DynamoDBClient({});
  await client.send(new CreateTableCommand({ TableName: TABLE, BillingMode, AttributeDefinitions, KeySchema }));
  client.destroy();
}

beforeAll(async () => {
  servers = await Promise.all([dynamoServer(), sqsServer()]);
  const [dynamoAt, sqsAt] = servers.map(({ port }) => `http://127.0.0.1:${port}`);
  Object.assign(process.env, awsEnv, { AWS_ENDPOINT_URL_DYNAMODB: dynamoAt, AWS_ENDPOINT_URL_SQS: sqsAt });
  await makeTable();
  sqs = new SQSClient({});
  await sqs.send(new CreateQueueCommand({ QueueName: "work", Attributes: { VisibilityTimeout: "180" } }));
  queueUrl = `${sqsAt}/000000000000/work`;
  at = await town({ boots: true });
  const { clock } = at;
  deps = { ...at.deps, store: openStore(`dynamodb://${TABLE}`, () => clock.nowMs()), queue: sqsQueue(queueUrl, clock) };
});
afterAll(async () => {
  await deps.queue.close();
  await deps.store.close();
  await at.close();
  sqs.destroy();
  await Promise.all(servers.map((server) => server.close()));
});

/** Two of each, as a platform that is busy has them. */
const twins = (make: () => Call): readonly [Call, Call] => [make(), make()];

let handled = 0;
let lost = 0;

/** What the platform does with the queue: one batch. False: there was none. */
async function batch([one, other]: readonly [Call, Call]): Promise<boolean> {
  const asked = { QueueUrl: queueUrl, MaxNumberOfMessages: 5, MessageSystemAttributeNames: ["All" as const] };
  const { Messages: messages = [] } = await sqs.send(new ReceiveMessageCommand(asked));
  if (messages.length === 0) return false;
  const records = messages.map((message) => ({
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    attributes: message.Attributes ?? {},
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-central-1:123456789012:work",
    awsRegion: "eu-central-1",
  }));
  const kept = records.filter(() => {
    handled += 1;
    return handled % LOST_EVERY !== 0;
  });
  lost += records.length - kept.length;
  const [answer] = await Promise.all([one({ Records: kept }, {}), other({ Records: kept }, {})]);
  const { batchItemFailures: failures } = answer as { batchItemFailures: readonly { itemIdentifier: string }[] };
  const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { messageId, receiptHandle } of records) {
    const receipt = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle };
    if (failed.has(messageId)) await sqs.send(new ChangeMessageVisibilityCommand({ ...receipt, VisibilityTimeout: 1 }));
    else await sqs.send(new DeleteMessageCommand(receipt));
  }
  return true;
}

test("a life on AWS's APIs, with lost, doubled and late messages", async () => {
  const slack = slackFunction(deps, SECRET) as unknown as Call;
  const reconcile = twins(() => reconcileFunction(deps) as unknown as Call);
  const [sweep, sweepToo] = twins(() => sweepFunction(deps) as unknown as Call);
  const health = healthFunction(deps) as unknown as Call;
  const download = downloadFunction(deps) as unknown as Call;
  const before = at.things();
  const answers: unknown[] = [];

  async function send(fields: Readonly<Record<string, string>>): Promise<unknown> {
    const body = new URLSearchParams(fields).toString();
    const headers = { "content-type": FORM, ...signed(body, at.clock.nowMs()) };
    const { statusCode, body: said } = (await slack(httpEvent("POST", "/slack/events", headers, body), {})) as Answer;
    expect(statusCode).toBe(200);
    answers.push(said === "" ? {} : JSON.parse(said));
    return answers.at(-1);
  }
  const whose = { channel_id: "C0TEAMA", team_id: "T1", response_url: "http://127.0.0.1:9/none" };
  const type = (text: string, user = "U0DEV") =>
    send({ command: "/k8s", text, user_id: user, trigger_id: `t${answers.length}`, ...whose });
  const press = (action: string, user: string) => {
    const shown = [...at.slack.said.map(({ message }) => message), ...at.slack.whispers, ...answers];
    const value = shown.map((one) => buttonValue(one, action)).findLast((one) => one !== undefined) ?? "";
    const payload = {
      type: "block_actions",
      user: { id: user },
      team: { id: "T1" },
      channel: { id: "C0TEAMA" },
      container: { type: "message", channel_id: "C0TEAMA", message_ts: "1.000000" },
      trigger_id: `t${answers.length}`,
      response_url: "http://127.0.0.1:9/none",
      actions: [{ type: "button", action_id: action, block_id: "b", value, action_ts: `${answers.length}` }],
    };
    return send({ payload: JSON.stringify(payload) });
  };
  /** Batches while there are any, then time passes and both schedules tick. */
  async function until(words: string): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      while (await batch(reconcile)) if (at.shown().includes(words)) return;
      if (at.shown().includes(words)) return;
      await at.clock.wait(STEP_MS);
      await Promise.all([sweep(tick("sweep"), {}), sweepToo(tick("sweep"), {}), health(tick("health"), {})]);
    }
    throw new Error(`it never came to "${words}": ${at.live()}`);
  }

  expect(await type("create dev --rwx 100G")).toMatchObject({
    text: expect.stringContaining("Planning to create dev"),
  });
  await until("request:approve");
  await press("request:approve", "U0APPROVER");
  await until("is ready after");
  const things = at.things();
  for (const kind of ["network", "subnet", "router", "load-balancer", "listener", "pool", "share"])
    expect([kind, things.filter((one) => one.startsWith(`${kind} `)).length]).toEqual([kind, 1]);
  expect(things.filter((one) => one.startsWith("server "))).toHaveLength(3);

  const [path = ""] = /\/kubeconfig\/[a-z0-9]{43}/.exec(JSON.stringify(await type("kubeconfig dev"))) ?? [];
  const page = (await download(httpEvent("GET", path), {})) as Answer;
  expect([page.statusCode, page.body]).toEqual([200, expect.stringContaining("<form")]);
  const file = (await download(httpEvent("POST", path), {})) as Answer;
  expect(file.statusCode).toBe(200);
  expect(parse(file.body)).toMatchObject({ kind: "Config", clusters: [{ cluster: {} }] });
  expect(((await download(httpEvent("POST", path), {})) as Answer).statusCode).toBe(410);

  await type("delete dev");
  await press("delete:confirm", "U0DEV");
  await until("is deleted after");
  expect(at.live()).toContain("0 resources left");
  expect(at.things()).toEqual(before);
  expect(lost).toBeGreaterThan(3);
});
