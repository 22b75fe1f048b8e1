import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { openStore } from "../../../shared/adapters/stores.ts";
import { systemClock } from "../../../shared/adapters/system-clock.ts";
import { type StateStore, StoreError } from "../../../shared/ports/store.ts";
import { collect } from "../../conformance/store.suite.ts";
import { type LossyServer, lossyServer, type Passing } from "../../support/lossy-server.ts";
import { awsEnv, dynamoServer, type TestServer } from "../../support/servers.ts";

// Goal: a table that throttles is tried again, no longer than a person can wait; what it did before its answer was lost is not
// taken for another's write, and another's write is not taken for ours.
jest.setTimeout(30_000);

const TABLE = "kinvirt-faults";
const THROTTLED = ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"] as const;

let server: TestServer;
let wire: LossyServer;
let store: StateStore;

beforeAll(async () => {
  server = await dynamoServer();
  wire = await lossyServer(server.port);
  Object.assign(process.env, awsEnv, { AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${wire.port}` });
  const client = new DynamoDBClient({});
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["shard", "key"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "shard", KeyType: "HASH" },
        { AttributeName: "key", KeyType: "RANGE" },
      ],
    }),
  );
  client.destroy();
  store = openStore(`dynamodb://${TABLE}`, () => Date.UTC(2026, 0, 1));
  for (let left = 50; left > 0; left -= 1) {
    const ready = await store.get("k").then(
      () => true,
      () => false,
    );
    if (ready) return;
    await systemClock().wait(50);
  }
});
afterAll(async () => {
  await store.close();
  await wire.close();
  await server.close();
});
let keys = 0;
let key = "";
beforeEach(() => {
  keys += 1;
  key = `k/${keys}`;
  wire.fate(() => "passes");
  wire.clear();
});

/** The first `count` writes meet this fate, and the others pass. */
function first(count: number, fate: ReturnType<Parameters<LossyServer["fate"]>[0]>, of = /^(Put|Update|Delete)Item$/) {
  let left = count;
  wire.fate(({ action }: Passing) => {
    if (!of.test(action) || left === 0) return "passes";
    left -= 1;
    return fate;
  });
}

/** What a write answers that was made. */
const VERSION = expect.stringMatching(/./);
const versionOf = async () => (await store.get(key))?.version ?? "";
const textOf = async () => (await store.get(key))?.value;

test("each name that throttling has: a write, a read and a listing are tried again until they are taken", async () => {
  const left = new Map<string, number>();
  // The first two requests of each action and key are refused.
  wire.fate(({ action, body }) => {
    const at = THROTTLED.findIndex((name) => body.includes(`${key}/${name}`));
    const refused = THROTTLED[at];
    const count = left.get(`${action} ${refused}`) ?? 2;
    left.set(`${action} ${refused}`, count - 1);
    return refused === undefined || count <= 0 ? "passes" : { refused };
  });
  const each = <T>(work: (one: string) => Promise<T>) => Promise.all(THROTTLED.map((name) => work(`${key}/${name}`)));
  expect(await each((one) => store.putIfAbsent(one, "1"))).toEqual(Array(3).fill(VERSION));
  const read = await each(async (one) => [(await store.get(one))?.value, (await collect(store.list(one))).length]);
  expect(read).toEqual(Array(3).fill(["1", 1]));
  for (const name of THROTTLED) expect(wire.seen).toContain(`PutItem ${name}`);
});

test("a table that throttles on and on is an error with its reason, within seconds, and nothing was written", async () => {
  wire.fate(() => ({ refused: "ProvisionedThroughputExceededException" }));
  const begunMs = systemClock().nowMs();
  const error = await store.putIfAbsent(key, "1").catch((one: unknown) => one);
  expect(error).toBeInstanceOf(StoreError);
  expect(String(error)).toContain("ProvisionedThroughputExceeded");
  expect(wire.seen).toHaveLength(3);
  expect(systemClock().nowMs() - begunMs).toBeLessThan(5000);
  wire.fate(() => "passes");
  expect(await textOf()).toBeUndefined();
});

test("a put, a replace and a delete whose answers are lost were made once, and are told so with the version that is there", async () => {
  first(1, "answer lost");
  const put = await store.putIfAbsent(key, "1");
  expect([put, await textOf()]).toEqual([await versionOf(), "1"]);
  first(1, "answer lost");
  const replaced = await store.replace(key, "2", put || "");
  expect([replaced, await textOf()]).toEqual([await versionOf(), "2"]);
  first(1, "answer lost");
  expect(await store.delete(key, replaced || "")).toBe(true);
  expect(await textOf()).toBeUndefined();
  expect(wire.seen.filter((one) => one.endsWith("answer lost"))).toHaveLength(3);
});

test("requests that are lost on their way are sent again", async () => {
  first(2, "lost");
  expect([await store.putIfAbsent(key, "1"), await textOf()]).toEqual([await versionOf(), "1"]);
});

test("another's write is never taken for ours, also when an answer was lost in between", async () => {
  await store.putIfAbsent(key, "theirs");
  first(1, "lost");
  expect(await store.putIfAbsent(key, "ours")).toBe(false);
  const before = await versionOf();
  await store.replace(key, "theirs too", before);
  first(1, "lost");
  expect(await store.replace(key, "ours", before)).toBe(false);
  expect(await store.delete(key, before)).toBe(false);
  expect(await textOf()).toBe("theirs too");
});

test("a mark that many want at once is one's alone, while half of the answers are lost", async () => {
  let turn = 0;
  wire.fate(({ action }) => {
    turn += 1;
    return action === "PutItem" && turn % 2 === 0 ? "answer lost" : "passes";
  });
  const won = await Promise.all(
    Array.from({ length: 6 }, () => store.putIfAbsent(key, "1", 60).catch(() => "unknown" as const)),
  );
  expect(won.filter((one) => one !== false && one !== "unknown").length).toBeLessThanOrEqual(1);
  expect(won.filter((one) => one !== false).length).toBeGreaterThanOrEqual(1);
});
