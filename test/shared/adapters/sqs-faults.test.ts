import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { sqsQueue } from "../../../shared/adapters/sqs-queue.ts";
import { systemClock } from "../../../shared/adapters/system-clock.ts";
import type { Message } from "../../../shared/ports/queue.ts";
import { notingHandler } from "../../conformance/queue.suite.ts";
import { type LossyServer, lossyServer } from "../../support/lossy-server.ts";
import { awsEnv, sqsServer, type TestServer } from "../../support/servers.ts";

// Goal: an SQS that throttles or loses one answer does not keep a worker from the other messages, nor from its end.
jest.setTimeout(20_000);
const clock = systemClock();
const cluster = (name: string): Message => ({ is: "reconcile", cluster: `team-a/${name}` });

let server: TestServer;
let wire: LossyServer;
let queueUrl: string;
beforeAll(async () => {
  server = await sqsServer();
  wire = await lossyServer(server.port);
  Object.assign(process.env, awsEnv, { AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${wire.port}` });
  const client = new SQSClient({});
  for (let made = false; !made; )
    made = await client
      .send(new CreateQueueCommand({ QueueName: "work", Attributes: { VisibilityTimeout: "1" } }))
      .then(
        () => true,
        () => clock.wait(50).then(() => false),
      );
  client.destroy();
  queueUrl = `http://127.0.0.1:${wire.port}/000000000000/work`;
});
afterAll(async () => {
  await wire.close();
  await server.close();
});

test("a worker ends once its handlers have, also when SQS does not take what became of another message", async () => {
  const errors: string[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (event: string, fields = {}) => void errors.push(`${event} ${JSON.stringify(fields)}`),
  };
  const queue = sqsQueue(queueUrl, clock, log);
  let open = (): void => undefined;
  let ended = false;
  const { handle, until } = notingHandler(async (message) => {
    if (message.is === "reconcile" && message.cluster === "team-a/fails") throw new Error("the cloud is away");
    await new Promise<void>((opens) => (open = opens));
    ended = true;
  });
  wire.fate(({ action }) => (action === "ChangeMessageVisibility" ? { refused: "AccessDenied" } : "passes"));
  await queue.enqueue(cluster("fails"), 0);
  await queue.enqueue(cluster("slow"), 0);
  queue.start(handle);
  await until(2);
  while (!errors.some((one) => one.startsWith("queue.failed"))) await clock.wait(10);
  let stopped = false;
  const stops = queue.stop().then(() => (stopped = true));
  await clock.wait(50);
  expect([stopped, ended]).toEqual([false, false]);
  open();
  await stops;
  expect([ended, wire.seen.filter((one) => one.startsWith("DeleteMessage"))]).toEqual([true, ["DeleteMessage passes"]]);
  expect(errors).toEqual([
    'message.failed {"attempt":1,"reason":"the cloud is away"}',
    expect.stringMatching(/^queue.failed /),
  ]);
  await queue.close();
});
