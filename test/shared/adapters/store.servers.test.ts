import { createHash } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Redis } from "ioredis";
import pg from "pg";
import { openStore } from "../../../shared/adapters/stores.ts";
import { systemClock } from "../../../shared/adapters/system-clock.ts";
import { type StateStore, StoreError } from "../../../shared/ports/store.ts";
import { collect, type StoreUnderTest, storeSuite } from "../../conformance/store.suite.ts";
import {
  awsEnv,
  dynamoServer,
  hasPostgres,
  hasRedis,
  postgresServer,
  redisServer,
  type TestServer,
} from "../../support/servers.ts";

// Goal: what needs a server is the same store as all others, against the real server (for DynamoDB the nearest there is): also
// when there is much in it, and when the server is killed, frozen and back.

jest.setTimeout(60_000);

const MANY = 100_000;
/** Its stand-in takes its time. */
const DYNAMO_KEYS = 900;
const TABLE = "kinvirt-test";
let tables = 0;
const tableNow = (): string => `${TABLE}-${tables}`;
const START_MS = Date.UTC(2026, 0, 1);

interface Kind {
  readonly name: string;
  readonly start: () => Promise<TestServer>;
  readonly url: (port: number) => string;
  /** Makes the server's state empty. */
  readonly empty: (port: number) => Promise<void>;
  /** Where a killed server has lost everything: makes what a store expects there. */
  readonly remake?: (port: number) => Promise<void>;
  /** Writes so many keys at once, as the store itself would. */
  readonly fill?: (port: number, store: StateStore) => Promise<void>;
}

const postgresUrl = (port: number): string => `postgres://postgres@127.0.0.1:${port}/postgres`;
const keyAt = (i: number): string => `cluster/team/${String(i).padStart(6, "0")}`;

async function inPostgres(port: number, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl(port) });
  await client.connect();
  await client.query(sql);
  await client.end();
}

async function makeTable(port: number): Promise<void> {
  const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}` });
  await client.send(
    new CreateTableCommand({
      TableName: tableNow(),
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["shard", "key"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "shard", KeyType: "HASH" },
        { AttributeName: "key", KeyType: "RANGE" },
      ],
    }),
  );
  client.destroy();
  await eventually(() => openStore(`dynamodb://${tableNow()}`, () => 0).get("k"));
}

/** To delete what is in one takes longer. */
async function newTable(port: number): Promise<void> {
  tables += 1;
  await makeTable(port);
}

const kinds: readonly Kind[] = [
  ...(hasRedis
    ? [
        {
          name: "redis",
          start: redisServer,
          url: (port: number) => `redis://127.0.0.1:${port}`,
          empty: async (port: number) => {
            const redis = new Redis(port);
            await redis.flushall();
            redis.disconnect();
          },
          fill: async (port: number) => {
            const redis = new Redis(port);
            const write = `for i = 0, ${MANY - 1} do
              local key = string.format('cluster/team/%06d', i)
              redis.call('HSET', '{kinvirt}:rows', key, 'v 0 {}')
              redis.call('ZADD', '{kinvirt}:keys', 0, key)
            end`;
            await redis.eval(write, 0);
            redis.disconnect();
          },
        },
      ]
    : []),
  ...(hasPostgres
    ? [
        {
          name: "postgres",
          start: postgresServer,
          url: postgresUrl,
          empty: (port: number) => inPostgres(port, "DROP TABLE IF EXISTS kinvirt_entries"),
          fill: async (port: number, store: StateStore) => {
            await store.get("makes/the/table");
            await inPostgres(
              port,
              `INSERT INTO kinvirt_entries SELECT 'cluster/team/' || lpad(n::text, 6, '0'), '{}', n::text
                FROM generate_series(0, ${MANY - 1}) n`,
            );
            // As PostgreSQL itself does within a minute.
            await inPostgres(port, "ANALYZE kinvirt_entries");
          },
        },
      ]
    : []),
  { name: "dynamodb", start: dynamoServer, url: () => `dynamodb://${tableNow()}`, empty: newTable, remake: makeTable },
];

const wait = (ms: number) => systemClock().wait(ms);

async function eventually<T>(work: () => Promise<T>): Promise<T> {
  const endMs = systemClock().nowMs() + 15_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (systemClock().nowMs() > endMs) throw error;
      await wait(50);
    }
  }
}

describe.each(kinds)("$name", ({ name, start, url, empty, remake, fill }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
    Object.assign(process.env, awsEnv, { AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${server.port}` });
    await eventually(() => empty(server.port));
  }, 60_000);
  afterAll(() => server.close());

  const open = (nowMs: () => number = () => START_MS): StateStore => openStore(url(server.port), nowMs);

  storeSuite(
    `${name}, two connections`,
    async (): Promise<StoreUnderTest> => {
      await empty(server.port);
      let nowMs = START_MS;
      return {
        one: open(() => nowMs),
        two: open(() => nowMs),
        pass: (seconds) => {
          nowMs += seconds * 1000;
        },
        cleanUp: () => undefined,
      };
    },
    name === "dynamodb" ? DYNAMO_KEYS : undefined,
  );

  if (fill !== undefined)
    test(`lists ${MANY} keys in their order`, async () => {
      await empty(server.port);
      const store = open();
      await fill(server.port, store);
      let count = 0;
      for await (const { key } of store.list("cluster/")) if (key === keyAt(count)) count += 1;
      expect(count).toBe(MANY);
      expect(await collect(store.list(keyAt(99_999)))).toHaveLength(1);
      await store.close();
    }, 60_000);

  if (name !== "dynamodb")
    test("tells the server's own clock, and nothing while it is away", async () => {
      const store = open(() => 0);
      expect(Math.abs(((await store.clockMs?.()) ?? 0) - systemClock().nowMs())).toBeLessThan(2000);
      await store.close();
      await expect(store.clockMs?.()).rejects.toThrow(StoreError);
    });

  test("a server that was never there, is killed or hangs is a StoreError within seconds; once it is back, all is as before", async () => {
    await empty(server.port);
    const store = open();
    await server.kill();
    const calls: readonly (() => Promise<unknown>)[] = [
      () => store.get("k"),
      () => store.putIfAbsent("k", "v"),
      () => store.replace("k", "v", "1"),
      () => store.delete("k"),
      () => collect(store.list("")),
    ];
    const fails = async () => {
      for (const one of await Promise.allSettled(calls.map((call) => call())))
        expect(one).toMatchObject({ status: "rejected", reason: expect.any(StoreError) });
    };
    await fails();
    await server.start();
    await remake?.(server.port);
    // A first try may have been lost after its effect.
    await eventually(() => store.putIfAbsent("stays", "1"));
    if (remake === undefined) {
      await server.kill();
      await fails();
      await server.start();
      expect((await eventually(() => store.get("stays")))?.value).toBe("1");
    }
    server.freeze();
    await fails();
    server.thaw();
    expect((await eventually(() => store.get("stays")))?.value).toBe("1");
    expect((await collect(store.list("stays"))).map(({ value }) => value)).toEqual(["1"]);
    await store.close();
  }, 60_000);
});

test("dynamodb: what is too large is said with its size, and a table that is not there by its name", async () => {
  const server = await dynamoServer();
  Object.assign(process.env, awsEnv, { AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${server.port}` });
  await newTable(server.port);
  const store = openStore(`dynamodb://${tableNow()}`, () => START_MS);
  // Nothing makes this shorter; a record's text would be a third of it.
  const large = Array.from({ length: 13_000 }, (_, at) => createHash("sha256").update(`${at}`).digest("base64")).join(
    "",
  );
  const said = /^The store cannot answer: cluster\/a\/big has 4\d\d KB packed, and an item in DynamoDB at most 400$/;
  await expect(store.putIfAbsent("cluster/a/big", large)).rejects.toThrow(said);
  await store.putIfAbsent("cluster/a/big", "small");
  const { version = "" } = (await store.get("cluster/a/big")) ?? {};
  await expect(store.replace("cluster/a/big", large, version)).rejects.toThrow(said);
  expect((await store.get("cluster/a/big"))?.value).toBe("small");
  const other = openStore("dynamodb://elsewhere", () => START_MS);
  await expect(other.get("k")).rejects.toThrow("there is no table elsewhere in this account and region");
  await Promise.all([store.close(), other.close(), server.close()]);
}, 30_000);

(hasPostgres ? test : test.skip)(
  "postgres: ten processes that start at once make one table",
  async () => {
    const server = await postgresServer();
    await eventually(() => inPostgres(server.port, "SELECT 1"));
    const stores = Array.from({ length: 10 }, () => openStore(postgresUrl(server.port), () => START_MS));
    const put = await Promise.all(stores.map((store, i) => store.putIfAbsent(`k/${i % 5}`, "v", 60)));
    expect(put.filter((one) => one)).toHaveLength(5);
    // What has ended is removed when the next that ends is written.
    const later = openStore(postgresUrl(server.port), () => START_MS + 60_000);
    await later.putIfAbsent("k/last", "v", 60);
    await inPostgres(server.port, "SELECT 1 / (CASE count(*) WHEN 1 THEN 1 ELSE 0 END) FROM kinvirt_entries");
    await later.close();
    await Promise.all(stores.map((store) => store.close()));
    await server.close();
  },
  60_000,
);
