import { createHash } from "node:crypto";
import * as sdk from "@aws-sdk/client-dynamodb";
import { ledger } from "../../bench/day/ledger.ts";
import { booked, dynamoTable } from "../../bench/day/table.ts";
import { SHARDS } from "../../shared/adapters/dynamo-inputs.ts";
import { dynamoStore } from "../../shared/adapters/dynamo-store.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import { awsEnv, dynamoServer, type TestServer } from "../support/servers.ts";

// Goal: the table that the day is counted on answers and bills the store's own requests as DynamoDB's API does, unit for unit.

jest.setTimeout(60_000);

const NOW_MS = Date.UTC(2026, 0, 1);
const TABLE = "kinvirt-day";
let server: TestServer;
let client: sdk.DynamoDBClient;

beforeAll(async () => {
  server = await dynamoServer();
  Object.assign(process.env, awsEnv);
  client = new sdk.DynamoDBClient({ endpoint: `http://127.0.0.1:${server.port}`, maxAttempts: 1 });
  const keys = ["shard", "key"] as const;
  await client.send(
    new sdk.CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? "HASH" : "RANGE" })),
    }),
  );
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

type Sent = { readonly constructor: { readonly name: string }; readonly input: object };
interface Metered {
  readonly input: { ReturnConsumedCapacity?: string };
}

/** The server's client; what each call that it did not refuse was billed is added to `units`. */
function metered(units: (readonly [string, number])[]): sdk.DynamoDBClient {
  const send = async (command: Sent & Metered) => {
    command.input.ReturnConsumedCapacity = "TOTAL";
    const answer = await client.send(command as unknown as sdk.GetItemCommand);
    // The server's stand-in takes nothing for a page without items; DynamoDB itself takes the least that there is.
    units.push([command.constructor.name, answer.ConsumedCapacity?.CapacityUnits || 1]);
    return answer;
  };
  return { send, destroy: () => undefined } as unknown as sdk.DynamoDBClient;
}

/** Texts that nothing makes shorter. */
const long = (kilobytes: number): string => {
  let [text, state] = ["", 7];
  while (text.length < kilobytes * 1024) {
    state = (state * 48_271) % 2_147_483_647;
    text += state.toString(36);
  }
  return text;
};

/** So many keys that are all in one shard: three pages of it. */
function crowded(count: number): readonly string[] {
  const keys: string[] = [];
  for (let at = 0; keys.length < count; at += 1) {
    const key = `once/act/${at}`;
    if ((createHash("sha1").update(key).digest()[0] ?? 0) % SHARDS === 0) keys.push(key);
  }
  return keys;
}

/** All that the bot does with a store, on items of all sizes. */
async function use(store: StateStore): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const kilobytes of [0.1, 0.9, 1, 3.9, 4.1, 20, 150]) {
    const key = `cluster/team-a/k${kilobytes}`;
    answers.push(await store.get(key));
    answers.push((await store.putIfAbsent(key, long(kilobytes))) !== false);
    answers.push((await store.putIfAbsent(key, long(1))) !== false);
    const { version = "" } = (await store.get(key)) ?? {};
    answers.push((await store.replace(key, long(kilobytes * 2), version)) !== false);
    answers.push((await store.replace(key, "late", version)) !== false);
    answers.push((await store.get(key))?.value.length);
  }
  for (const [at, key] of crowded(205).entries()) await store.putIfAbsent(key, "1", at % 2 === 0 ? 600 : undefined);
  for (const prefix of ["once/", "cluster/", "none/"])
    for await (const { key, value } of store.list(prefix)) answers.push([key, value.length]);
  const { version = "" } = (await store.get("cluster/team-a/k20")) ?? {};
  answers.push(await store.delete("cluster/team-a/k20", "another"));
  answers.push(await store.delete("cluster/team-a/k20", version));
  answers.push(await store.delete("cluster/team-a/k150"), await store.delete("cluster/nobody"));
  return answers;
}

test("the same answers, and the same bill", async () => {
  const billedThere: (readonly [string, number])[] = [];
  const there = dynamoStore(
    TABLE,
    () => NOW_MS,
    async () => ({ sdk, client: metered(billedThere) }),
  );
  const books = ledger(() => NOW_MS);
  const billedHere: (readonly [string, number])[] = [];
  const tell = booked(books);
  const table = dynamoTable();
  const counting = table.client((billed) => {
    tell(billed);
    if (!billed.refused) billedHere.push([billed.op, billed.rru + billed.wru]);
  });
  const here = dynamoStore(
    TABLE,
    () => NOW_MS,
    async () => ({ sdk, client: counting }),
  );
  expect(await use(here)).toEqual(await use(there));
  const named = billedThere.map(([name, units]) => [
    name.replace("ItemCommand", "").replace("Command", "").toLowerCase(),
    units,
  ]);
  const sorted = (all: readonly (readonly (string | number)[])[]) => all.map((one) => one.join(" ")).sort();
  expect(sorted(billedHere)).toEqual(sorted(named));
  expect(books.sum("rru")).toBe(billedHere.reduce((sum, [op, units]) => sum + (/get|query/.test(op) ? units : 0), 0));
  // A refused write is billed too, which DynamoDB does not say in its answer.
  expect(books.sum("wru")).toBeGreaterThan(
    billedHere.reduce((sum, [op, units]) => sum + (/get|query/.test(op) ? 0 : units), 0),
  );
});
