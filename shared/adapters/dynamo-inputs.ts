import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type {
  AttributeValue,
  DeleteItemCommandInput,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Entry, Listing } from "../ports/store.ts";

/** One partition takes a megabyte of writes a second; a listing asks all of them. */
export const SHARDS = 8;
const PAGE = 100;

export type Item = Record<string, AttributeValue>;

/** Where and when: `nowMs` decides what has expired. */
export interface At {
  readonly table: string;
  readonly nowMs: number;
}

const LIVE = "(attribute_not_exists(expiresMs) OR expiresMs > :now)";
const shardOf = (key: string): string => String((createHash("sha1").update(key).digest()[0] ?? 0) % SHARDS);
const keyOf = (key: string) => ({ shard: { S: shardOf(key) }, key: { S: key } });
const now = ({ nowMs }: At) => ({ ":now": { N: String(Math.floor(nowMs)) } });

/** Reads are billed by 4 KB and writes by 1 KB, and a record's JSON packs to a quarter: what is longer is kept as gzip. */
const PACKED_FROM = 1024;

export const packed = (text: string): AttributeValue =>
  Buffer.byteLength(text) < PACKED_FROM ? { S: text } : { B: gzipSync(text) };

const textOf = (value: AttributeValue | undefined): string =>
  value?.B === undefined ? (value?.S ?? "") : gunzipSync(value.B).toString("utf8");

export const isLive = (item: Item, nowMs: number): boolean =>
  item["expiresMs"] === undefined || Number(item["expiresMs"].N) > Math.floor(nowMs);

export const entryOf = (item: Item): Entry => ({
  key: item["key"]?.S ?? "",
  value: textOf(item["value"]),
  version: item["version"]?.S ?? "",
});

/** The end of an entry, for us in milliseconds and for the table's TTL in seconds. */
function endOf(nowMs: number, ttlMs: number | undefined): Item {
  if (ttlMs === undefined) return {};
  const endMs = Math.ceil(nowMs + ttlMs);
  return { expiresMs: { N: String(endMs) }, expires: { N: String(Math.ceil(endMs / 1000)) } };
}

export const getInput = ({ table }: At, key: string): GetItemCommandInput => ({
  TableName: table,
  Key: keyOf(key),
  ConsistentRead: true,
});

/** A value as the table has it, with version and end as in `Write`. */
export interface Packed {
  readonly value: AttributeValue;
  readonly version: string;
  readonly ttlMs?: number | undefined;
}

/** `fresh`: only where nothing is, or what is there has expired. */
export const putInput = (at: At, key: string, write: Packed, fresh: boolean): PutItemCommandInput => ({
  TableName: at.table,
  Item: { ...keyOf(key), value: write.value, version: { S: write.version }, ...endOf(at.nowMs, write.ttlMs) },
  ...(fresh
    ? {
        ConditionExpression: `attribute_not_exists(version) OR NOT ${LIVE}`,
        ExpressionAttributeValues: now(at),
      }
    : {}),
});

export const replaceInput = (at: At, key: string, write: Packed, expected: string): UpdateItemCommandInput => ({
  TableName: at.table,
  Key: keyOf(key),
  UpdateExpression: "SET #value = :value, version = :version",
  ConditionExpression: `version = :expected AND ${LIVE}`,
  ExpressionAttributeNames: { "#value": "value" },
  ExpressionAttributeValues: {
    ":value": write.value,
    ":version": { S: write.version },
    ":expected": { S: expected },
    ...now(at),
  },
});

export const removeInput = (at: At, key: string, expected?: string): DeleteItemCommandInput => ({
  TableName: at.table,
  Key: keyOf(key),
  ...(expected === undefined
    ? {}
    : {
        ConditionExpression: `version = :expected AND ${LIVE}`,
        ExpressionAttributeValues: { ":expected": { S: expected }, ...now(at) },
      }),
});

export const shardInput = (
  { table }: At,
  shard: number,
  prefix: string,
  from: Item | undefined,
  { mayLag = false }: Listing = {},
): QueryCommandInput => ({
  TableName: table,
  ConsistentRead: !mayLag,
  Limit: PAGE,
  KeyConditionExpression: `#shard = :shard${prefix === "" ? "" : " AND begins_with(#key, :prefix)"}`,
  ExpressionAttributeNames: { "#shard": "shard", ...(prefix === "" ? {} : { "#key": "key" }) },
  ExpressionAttributeValues: {
    ":shard": { S: String(shard) },
    ...(prefix === "" ? {} : { ":prefix": { S: prefix } }),
  },
  ...(from === undefined ? {} : { ExclusiveStartKey: from }),
});
