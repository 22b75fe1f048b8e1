import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { CreateQueueCommand, GetQueueAttributesCommand, PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { SLOTS } from "../../../shared/adapters/lanes.ts";
import { redisQueue } from "../../../shared/adapters/redis-queue.ts";
import { sqsQueue } from "../../../shared/adapters/sqs-queue.ts";
import { systemClock } from "../../../shared/adapters/system-clock.ts";
import type { Message } from "../../../shared/ports/queue.ts";
import { liveQueueSuite } from "../../conformance/live-queue.suite.ts";
import { notingHandler } from "../../conformance/queue.suite.ts";
import { awsEnv, hasRedis, redisServer, sqsServer, type TestServer } from "../../support/servers.ts";

// Goal: queues that several processes share give each message at least once, on time, and survive processes and servers that die.
jest.setTimeout(60_000);
const clock = systemClock();
const dev: Message = { is: "reconcile", cluster: "team-a/dev" };
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function eventually<T>(work: () => Promise<T>): Promise<T> {
  const endMs = clock.nowMs() + 15_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (clock.nowMs() > endMs) throw error;
      await clock.wait(50);
    }
  }
}

(hasRedis ? describe : describe.skip)("redis", () => {
  let server: TestServer;
  const url = () => `redis://127.0.0.1:${server.port}`;
  const clearAll = async (): Promise<void> => {
    const redis = new Redis(server.port);
    await redis.flushall();
    redis.disconnect();
  };
  beforeAll(async () => {
    server = await redisServer();
  });
  afterAll(() => server.close());

  liveQueueSuite("redis", () => ({
    open: () => redisQueue(url(), clock, log, { slots: SLOTS }),
    clearAll,
    merges: true,
    shares: true,
    stepMs: 1,
  }));

  test("a message that a killed process had taken comes again", async () => {
    await clearAll();
    const DIES = `
      const [adapter, url] = process.argv.slice(1);
      const { redisQueue } = await import(adapter);
      const queue = redisQueue(url, { nowMs: () => Date.now() });
      await queue.enqueue({ is: "reconcile", cluster: "team-a/dev" }, 0);
      queue.start(() => process.kill(process.pid, "SIGKILL"));`;
    const args = ["--input-type=module", "-e", DIES, resolve("shared/adapters/redis-queue.ts"), url()];
    await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({ signal: "SIGKILL" });
    // Its lock would end after half a minute, and so would the time until the next look for such locks.
    const redis = new Redis(server.port);
    for (const key of await redis.keys("*")) if (/:(lock|stalled-check)$/.test(key)) await redis.del(key);
    const queue = redisQueue(url(), clock, log, { lookMs: 200 });
    const { handle, seen, until } = notingHandler();
    queue.start(handle);
    await until(1);
    expect(seen).toEqual([dev]);
    await queue.close();
    redis.disconnect();
  });

  test("a process that has only begun takes three, and the rest of its share when it goes on, also while those three do", async () => {
    await clearAll();
    const queue = redisQueue(url(), clock, log, { begunMs: 500 });
    const doors: (() => void)[] = [];
    for (let n = 0; n < 12; n += 1) await queue.enqueue({ is: "reconcile", cluster: `team-a/c${n}` }, 0);
    queue.start(() => new Promise((open) => doors.push(open)));
    await eventually(async () => expect(doors.length).toBeGreaterThanOrEqual(3));
    await clock.wait(100);
    expect(doors).toHaveLength(3);
    await eventually(async () => expect(doors).toHaveLength(8));
    const closed = queue.close();
    for (const open of doors) open();
    await closed;
  });

  test("a message does not wait for its equal that a process took before it died", async () => {
    await clearAll();
    const queue = redisQueue(url(), clock, log);
    await queue.enqueue(dev, 0);
    const connection = { host: "127.0.0.1", port: server.port, maxRetriesPerRequest: null };
    const dead = new Worker("work", null, { prefix: "{kinvirt}", connection });
    expect((await dead.getNextJob("token"))?.data).toMatchObject({ message: dev });
    const { handle, seen, until } = notingHandler();
    queue.start(handle);
    await queue.enqueue(dev, 0);
    await until(1);
    expect(seen).toEqual([dev]);
    await queue.close();
    await dead.close();
  });

  test("a server that is away is said within seconds, and the worker goes on once it is back", async () => {
    await clearAll();
    const queue = redisQueue(url(), clock, log);
    const { handle, until } = notingHandler();
    queue.start(handle);
    await queue.enqueue(dev, 0);
    await until(1);
    await server.kill();
    await expect(queue.enqueue(dev, 0)).rejects.toThrow();
    await server.start();
    await eventually(() => queue.enqueue(dev, 0));
    await until(2);
    await queue.close();
  });

  test("a worker ends while the server is away, once its handlers have", async () => {
    await clearAll();
    const [idle, busy] = [redisQueue(url(), clock, log), redisQueue(url(), clock, log)];
    let open = (): void => undefined;
    let hasEnded = false;
    const begun = new Promise<void>((begins) => {
      busy.start(async () => {
        begins();
        await new Promise<void>((opens) => (open = opens));
        hasEnded = true;
      });
    });
    await busy.enqueue(dev, 0);
    await begun;
    idle.start(async () => undefined);
    await clock.wait(200);
    await server.kill();
    const said: string[] = [];
    const never = redisQueue(url(), clock, { ...log, error: (event) => said.push(event) });
    never.start(async () => undefined);
    await clock.wait(700);
    const stopped = Promise.all([idle.close(), never.close(), busy.stop()]);
    await clock.wait(100);
    expect(hasEnded).toBe(false);
    open();
    await stopped;
    expect(hasEnded).toBe(true);
    expect(said).toEqual([]);
    await server.start();
    const next = redisQueue(url(), clock, log, { lookMs: 200 });
    const { handle, seen, until } = notingHandler();
    // As it would be half a minute later.
    const redis = new Redis(server.port);
    for (const key of await redis.keys("*")) if (/:(lock|stalled-check)$/.test(key)) await redis.del(key);
    next.start(handle);
    await until(1);
    expect(seen).toEqual([dev]);
    await Promise.all([busy.close(), next.close()]);
    redis.disconnect();
  }, 20_000);

  test("a server that is away from the start", async () => {
    await server.kill();
    const queue = redisQueue(url(), clock, log);
    const { handle, until } = notingHandler();
    queue.start(handle);
    await expect(queue.enqueue(dev, 0)).rejects.toThrow();
    await server.start();
    await eventually(() => queue.enqueue(dev, 0));
    await until(1);
    await queue.close();
  });
});

describe("sqs", () => {
  let server: TestServer;
  let client: SQSClient;
  let queues = 0;
  let url = "";
  const newQueue = async (): Promise<void> => {
    queues += 1;
    await eventually(() =>
      client.send(new CreateQueueCommand({ QueueName: `kinvirt-${queues}`, Attributes: { VisibilityTimeout: "1" } })),
    );
    url = `http://127.0.0.1:${server.port}/000000000000/kinvirt-${queues}`;
  };
  beforeAll(async () => {
    server = await sqsServer();
    Object.assign(process.env, awsEnv, { AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${server.port}` });
    client = new SQSClient({});
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  liveQueueSuite("sqs", () => ({
    open: () => sqsQueue(url, clock, log),
    clearAll: newQueue,
    merges: false,
    shares: false,
    stepMs: 1000,
  }));

  test("each message is in the group of whose turn it takes, so that SQS is fair", async () => {
    const sent: { readonly MessageBody: string; readonly MessageGroupId?: string }[] = [];
    const taking = createServer(async (request, response) => {
      const command = JSON.parse(await text(request));
      sent.push(command);
      const digest = createHash("md5").update(command.MessageBody).digest("hex");
      response.end(JSON.stringify({ MessageId: "m1", MD5OfMessageBody: digest }));
    }).listen(0, "127.0.0.1");
    await once(taking, "listening");
    const queue = sqsQueue(`http://127.0.0.1:${(taking.address() as AddressInfo).port}/1/work`, clock, log);
    try {
      await queue.enqueue(dev, 0);
      await queue.enqueue({ is: "ask", what: "lb", cluster: "team-a/dev", channel: "C", user: "U" }, 0);
      expect(sent.map((one) => one.MessageGroupId)).toEqual(["work/team-a", "quick/team-a"]);
    } finally {
      await queue.close();
      taking.close();
    }
  });

  test("what is due later than SQS can hold is held for as long as it can", async () => {
    await newQueue();
    const queue = sqsQueue(url, clock, log);
    await queue.enqueue(dev, 901);
    await queue.enqueue(dev, 899.2);
    const asked = { QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessagesDelayed" as const] };
    const { Attributes: found } = await client.send(new GetQueueAttributesCommand(asked));
    expect(found?.ApproximateNumberOfMessagesDelayed).toBe("2");
    await client.send(new PurgeQueueCommand({ QueueUrl: url }));
    await queue.close();
  });

  test("a queue that is not there, and a server that is away, are said", async () => {
    const none = sqsQueue(url.replace(/\d+$/, "none"), clock, log);
    await expect(none.enqueue(dev, 0)).rejects.toThrow(/^The queue takes no message: /);
    await server.kill();
    await expect(none.enqueue(dev, 0)).rejects.toThrow(/^The queue takes no message: .*ECONNREFUSED/);
    await none.close();
  });
});
