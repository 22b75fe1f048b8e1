import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Entry, type StateStore, StoreError } from "../ports/store.ts";
import { awsError, PROMPT } from "./aws.ts";
import {
  type At,
  entryOf,
  getInput,
  type Item,
  isLive,
  putInput,
  removeInput,
  replaceInput,
  SHARDS,
  shardInput,
} from "./dynamo-inputs.ts";
import { type CasAdapter, keyvStore, type Write } from "./keyv-store.ts";
import { lazy } from "./lazy.ts";
import { inOrder } from "./merge.ts";
import { newVersion } from "./version.ts";

const ITEM_BYTES_MAX = 400 * 1024;
/** What the other attributes and their names take, at most. */
const REST_BYTES = 200;

function fitting(key: string, value: string): void {
  const bytes = Buffer.byteLength(value) + key.length + REST_BYTES;
  if (bytes > ITEM_BYTES_MAX)
    throw new StoreError(`${key} has ${Math.ceil(bytes / 1024)} KB, and an item in DynamoDB at most 400`);
}

/**
 * State in a DynamoDB table with the keys `shard` and `key` (both text), whose TTL attribute is `expires`. Reads are
 * consistent. `nowMs` decides what has expired; DynamoDB removes it some time later.
 */
export const dynamoStore = (table: string, nowMs: () => number): StateStore => keyvStore(dynamoAdapter(table, nowMs));

type Sdk = typeof import("@aws-sdk/client-dynamodb");

function connection(table: string) {
  let closed = false;
  const load = lazy(async () => {
    const sdk = await import("@aws-sdk/client-dynamodb");
    return { sdk, client: new sdk.DynamoDBClient(PROMPT) };
  });
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
function calls(table: string, nowMs: () => number) {
  const { ask, close } = connection(table);
  const at = (): At => ({ table, nowMs: nowMs() });
  return {
    close,
    async read(key: string): Promise<Entry | undefined> {
      const { Item: item } = await ask((client, sdk) => client.send(new sdk.GetItemCommand(getInput(at(), key))));
      return item !== undefined && isLive(item, nowMs()) ? entryOf(item) : undefined;
    },
    put: (key: string, write: Write, version: string, fresh: boolean) =>
      ask((client, sdk) => client.send(new sdk.PutItemCommand(putInput(at(), key, write, version, fresh)))),
    replace: (key: string, value: string, expected: string, version: string) =>
      ask((client, sdk) =>
        client.send(new sdk.UpdateItemCommand(replaceInput(at(), key, value, { expected, version }))),
      ),
    remove: (key: string, expected?: string) =>
      ask((client, sdk) => client.send(new sdk.DeleteItemCommand(removeInput(at(), key, expected)))),
    async *shard(number: number, prefix: string): AsyncGenerator<Entry> {
      let from: Item | undefined;
      do {
        const input = shardInput(at(), number, prefix, from);
        const answer = await ask((client, sdk) => client.send(new sdk.QueryCommand(input)));
        for (const item of answer.Items ?? []) if (isLive(item, nowMs())) yield entryOf(item);
        from = answer.LastEvaluatedKey;
      } while (from !== undefined);
    },
  };
}

function dynamoAdapter(table: string, nowMs: () => number): CasAdapter {
  const { read, put, replace, remove, shard, close } = calls(table, nowMs);

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
      fitting(key, value);
      await put(key, { value, ttlMs }, newVersion(), false);
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
      if (next !== undefined) fitting(key, next.value);
      const version = newVersion();
      if (next === undefined) return expected !== undefined && made(key, undefined, () => remove(key, expected));
      if (expected === undefined) return made(key, version, () => put(key, next, version, true));
      return made(key, version, () => replace(key, next.value, expected, version));
    },
    list: (prefix) => inOrder(Array.from({ length: SHARDS }, (_, number) => shard(number, prefix))),
  };
  return adapter;
}
