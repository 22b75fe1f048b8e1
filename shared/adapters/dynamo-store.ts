import type { AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Entry, type Listing, type StateStore, StoreError } from "../ports/store.ts";
import { awsError, PROMPT } from "./aws.ts";
import {
  type At,
  entryOf,
  getInput,
  type Item,
  isLive,
  type Packed,
  packed,
  putInput,
  removeInput,
  replaceInput,
  SHARDS,
  shardInput,
} from "./dynamo-inputs.ts";
import { type CasAdapter, keyvStore } from "./keyv-store.ts";
import { lazy } from "./lazy.ts";
import { inOrder } from "./merge.ts";
import { newVersion } from "./version.ts";

const ITEM_BYTES_MAX = 400 * 1024;
/** What the other attributes and their names take, at most. */
const REST_BYTES = 200;

/** As the table has it. @throws StoreError when that is more than an item may have. */
function fitting(key: string, text: string): AttributeValue {
  const value = packed(text);
  const bytes = (value.B?.byteLength ?? Buffer.byteLength(text)) + key.length + REST_BYTES;
  if (bytes > ITEM_BYTES_MAX)
    throw new StoreError(`${key} has ${Math.ceil(bytes / 1024)} KB packed, and an item in DynamoDB at most 400`);
  return value;
}

/**
 * State in a DynamoDB table with the keys `shard` and `key` (both text), whose TTL attribute is `expires`. Reads are
 * consistent, but for listings that may lag. `nowMs` decides what has expired; DynamoDB removes it some time later. `reach`:
 * another way to a table.
 */
export const dynamoStore = (table: string, nowMs: () => number, reach = reached): StateStore =>
  keyvStore(dynamoAdapter(table, nowMs, reach));

type Sdk = typeof import("./aws-dynamodb.ts");
type Reach = () => Promise<{ readonly sdk: Sdk; readonly client: DynamoDBClient }>;

const reached: Reach = async () => {
  const sdk = await import("./aws-dynamodb.ts");
  return { sdk, client: new sdk.DynamoDBClient(PROMPT) };
};

function connection(table: string, reach: Reach) {
  let closed = false;
  const load = lazy(reach);
  return {
    async ask<T>(work: (client: DynamoDBClient, sdk: Sdk) => Promise<T>): Promise<T> {
      if (closed) throw new Error("the connection to DynamoDB is closed");
      const { client, sdk } = await load();
      try {
        return await work(client, sdk);
      } catch (error) {
        if (awsError(error) !== "ResourceNotFoundException") throw error;
        throw new StoreError(`there is no table ${table} in this account and region`, { cause: error });
      }
    },
    async close() {
      closed = true;
      (await load.made())?.client.destroy();
    },
  };
}

/** What is asked of the table, each with one call. */
function calls(table: string, nowMs: () => number, reach: Reach) {
  const { ask, close } = connection(table, reach);
  const at = (): At => ({ table, nowMs: nowMs() });
  return {
    close,
    async read(key: string): Promise<Entry | undefined> {
      const { Item: item } = await ask((client, sdk) => client.send(new sdk.GetItemCommand(getInput(at(), key))));
      return item !== undefined && isLive(item, nowMs()) ? entryOf(item) : undefined;
    },
    put: (key: string, write: Packed, fresh: boolean) =>
      ask((client, sdk) => client.send(new sdk.PutItemCommand(putInput(at(), key, write, fresh)))),
    replace: (key: string, write: Packed, expected: string) =>
      ask((client, sdk) => client.send(new sdk.UpdateItemCommand(replaceInput(at(), key, write, expected)))),
    remove: (key: string, expected?: string) =>
      ask((client, sdk) => client.send(new sdk.DeleteItemCommand(removeInput(at(), key, expected)))),
    async *shard(number: number, prefix: string, how?: Listing): AsyncGenerator<Entry> {
      let from: Item | undefined;
      do {
        const input = shardInput(at(), number, prefix, from, how);
        const answer = await ask((client, sdk) => client.send(new sdk.QueryCommand(input)));
        for (const item of answer.Items ?? []) if (isLive(item, nowMs())) yield entryOf(item);
        from = answer.LastEvaluatedKey;
      } while (from !== undefined);
    },
  };
}

function dynamoAdapter(table: string, nowMs: () => number, reach: Reach): CasAdapter {
  const { read, put, replace, remove, shard, close } = calls(table, nowMs, reach);

  /** Whether the write was made. The SDK tries again when an answer is lost: then its own write is what stands in the way. */
  async function made(key: string, version: string | undefined, write: () => Promise<unknown>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (awsError(error) !== "ConditionalCheckFailedException") throw error;
      return version !== undefined && (await read(key))?.version === version;
    }
  }

  const adapter: CasAdapter = {
    opts: { dialect: "dynamodb" },
    on: () => adapter,
    get: async <Value>(key: string) => {
      const entry = await read(key);
      return entry === undefined ? undefined : { value: entry as Value };
    },
    set: async (key: string, value: string, ttlMs?: number) => {
      await put(key, { value: fitting(key, value), version: newVersion(), ttlMs }, false);
    },
    delete: async (key) => {
      await remove(key);
      return true;
    },
    clear: async () => {
      for await (const { key } of adapter.list("")) await remove(key);
    },
    disconnect: close,
    swap: async (key, expected, next) => {
      if (next === undefined) return expected !== undefined && made(key, undefined, () => remove(key, expected));
      const write = { ...next, value: fitting(key, next.value) };
      if (expected === undefined) return made(key, next.version, () => put(key, write, true));
      return made(key, next.version, () => replace(key, write, expected));
    },
    list: (prefix, how) => inOrder(Array.from({ length: SHARDS }, (_, number) => shard(number, prefix, how))),
  };
  return adapter;
}
