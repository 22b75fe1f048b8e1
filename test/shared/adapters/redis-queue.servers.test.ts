import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { Redis } from "ioredis";
import { redisQueue } from "../../../shared/adapters/redis-queue.ts";
import { redisStore } from "../../../shared/adapters/redis-store.ts";
import { systemClock } from "../../../shared/adapters/system-clock.ts";
import type { Message } from "../../../shared/ports/queue.ts";
import { StoreError } from "../../../shared/ports/store.ts";
import { notingHandler } from "../../conformance/queue.suite.ts";
import { hasRedis, redisServer, type TestServer } from "../../support/servers.ts";

// Goal: no message in Redis is lost or late because of when the server was away, of what was sent before it, or of whose clock
// is ahead.
jest.setTimeout(20_000);
const clock = systemClock();
const dev: Message = { is: "reconcile", cluster: "team-a/dev" };

/** An address that leads to a server, and later to another. */
async function addressOf(first: TestServer) {
  let to = first.port;
  let loses = false;
  const relay = createServer((socket) => {
    const onward = connect(to, "127.0.0.1");
    for (const one of [socket, onward]) one.on("error", () => undefined);
    socket.pipe(onward);
    onward.on("data", (answer) => {
      if (loses) socket.destroy();
      else socket.write(answer);
      loses = false;
    });
    onward.on("end", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  }).listen(0, "127.0.0.1");
  await once(relay, "listening");
  return {
    url: `redis://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    leadsTo: (other: TestServer): void => {
      to = other.port;
    },
    /** The next answer is lost, and the connection with it. */
    losesOne: (): void => {
      loses = true;
    },
    close: () => void relay.close(),
  };
}

(hasRedis ? describe : describe.skip)("redis", () => {
  let server: TestServer;
  const url = () => `redis://127.0.0.1:${server.port}`;
  beforeAll(async () => {
    server = await redisServer();
  });
  beforeEach(async () => {
    const redis = new Redis(server.port);
    await redis.flushall();
    redis.disconnect();
  });
  afterAll(() => server.close());

  test("a message that is brought forward twice is due at the earliest of its times", async () => {
    const queue = redisQueue(url(), clock);
    await queue.enqueue(dev, 60);
    await clock.wait(600);
    await queue.enqueue(dev, 10);
    await queue.enqueue(dev, 9.7);
    await queue.enqueue(dev, 30);
    const redis = new Redis(server.port);
    const waiting = await redis.zrange("{kinvirt}:work:delayed", "0", "-1", "WITHSCORES");
    redis.disconnect();
    expect(waiting).toHaveLength(2);
    // BullMQ numbers those of one millisecond.
    const inMs = Number(waiting[1]) / 0x1000 - clock.nowMs();
    expect(inMs).toBeLessThan(9710);
    expect(inMs).toBeGreaterThan(9000);
    await queue.close();
  });

  test("a message whose handler fails while the server is away comes again once it is back", async () => {
    const errors: string[] = [];
    const log = { info: () => undefined, warn: () => undefined, error: (event: string) => void errors.push(event) };
    const queue = redisQueue(url(), clock, log);
    const { handle, seen, until } = notingHandler(async (_message, nth) => {
      if (nth > 1) return;
      await server.kill();
      throw new Error("the store is away");
    });
    queue.start(handle);
    await queue.enqueue(dev, 0);
    await until(1);
    while (errors.filter((one) => one !== "message.failed").length === 0) await clock.wait(20);
    await clock.wait(300);
    await server.start();
    await until(2);
    expect(seen).toEqual([dev, dev]);
    await queue.close();
  });

  test("what is put off for others comes within a second or two, also where this clock is ahead of the machine's", async () => {
    const queue = redisQueue(url(), { ...clock, nowMs: () => clock.nowMs() + 60_000 }, undefined, { slots: 12 });
    const doors: (() => void)[] = [];
    const { handle, seen, until } = notingHandler(() => new Promise((open) => doors.push(open)));
    for (let n = 0; n < 9; n += 1) await queue.enqueue({ ...dev, cluster: `team-a/c${n}` }, 0);
    queue.start(handle);
    await until(8);
    await clock.wait(100);
    for (const open of doors) open();
    await until(9);
    expect(seen).toHaveLength(9);
    for (const open of doors) open();
    await queue.close();
  });

  test("what has ended is removed when the next that ends is written", async () => {
    let now = 0;
    const store = redisStore(url(), () => now);
    for (const key of ["a", "b"]) await store.putIfAbsent(key, "1", 10);
    await store.putIfAbsent("stays", "1");
    now = 10_000;
    await store.putIfAbsent("c", "1", 10);
    const redis = new Redis(server.port);
    expect((await redis.hkeys("{kinvirt}:rows")).toSorted()).toEqual(["c", "stays"]);
    expect(await redis.zrange("{kinvirt}:ends", "0", "-1")).toEqual(["c"]);
    expect(await redis.zrange("{kinvirt}:keys", "0", "-1")).toEqual(["c", "stays"]);
    redis.disconnect();
    await store.close();
  });

  test("a write whose answer is lost is not made twice: nobody takes its own for another's", async () => {
    const address = await addressOf(server);
    const store = redisStore(address.url, clock.nowMs);
    await store.putIfAbsent("k", "1");
    address.losesOne();
    await expect(store.putIfAbsent("mine", "1")).rejects.toThrow(StoreError);
    expect((await store.get("mine"))?.value).toBe("1");
    await store.close();
    address.close();
  });

  test("after a failover nobody stays with a server that takes no more writes", async () => {
    const other = await redisServer();
    const address = await addressOf(server);
    const [store, queue] = [redisStore(address.url, clock.nowMs), redisQueue(address.url, clock)];
    await queue.enqueue(dev, 0);
    await store.putIfAbsent("k", "1");
    const demoted = new Redis(server.port);
    address.leadsTo(other);
    await demoted.replicaof("127.0.0.1", other.port);
    await expect(store.putIfAbsent("other", "2")).rejects.toThrow("READONLY");
    await expect(queue.enqueue(dev, 0)).rejects.toThrow("READONLY");
    await clock.wait(200);
    expect(await store.putIfAbsent("other", "2")).toEqual(expect.any(String));
    await queue.enqueue(dev, 0);
    const { handle, until } = notingHandler();
    queue.start(handle);
    await until(1);
    await Promise.all([store.close(), queue.close()]);
    await demoted.replicaof("NO", "ONE");
    demoted.disconnect();
    address.close();
    await other.close();
  });
});
