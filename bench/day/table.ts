import type {
  AttributeValue,
  DeleteItemCommandInput,
  DynamoDBClient,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Ledger } from "./ledger.ts";

type Item = Record<string, AttributeValue>;

/** The most that one page of a Query has read. Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
const PAGE_BYTES_MAX = 1024 * 1024;
const READ_UNIT = 4096;
const WRITE_UNIT = 1024;

const bytesOf = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.byteLength;
  // A byte for each two digits, and one.
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  throw new Error(`nobody knows how long this is: ${JSON.stringify(value)}`);
};

/** Names and values. Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export const sizeOf = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + name.length + bytesOf(value), 0);

const reads = (bytes: number, consistent: boolean | undefined): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT)) * (consistent === true ? 1 : 0.5);
const writes = (...bytes: readonly number[]): number => Math.max(1, Math.ceil(Math.max(...bytes) / WRITE_UNIT));

class ConditionalCheckFailed extends Error {
  override readonly name = "ConditionalCheckFailedException";
}

/** Items of one partition key, in the order of their sort keys. */
function shard() {
  const items = new Map<string, Item>();
  const keys: string[] = [];
  /** Of the first key that is not below. */
  const placeOf = (key: string): number => {
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? "") < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    items,
    get: (key: string) => items.get(key),
    put(key: string, item: Item) {
      if (!items.has(key)) keys.splice(placeOf(key), 0, key);
      items.set(key, item);
    },
    remove(key: string) {
      if (items.delete(key)) keys.splice(placeOf(key), 1);
    },
    *from(key: string): Generator<readonly [string, Item]> {
      for (let at = placeOf(key); at < keys.length; at += 1) {
        const found = keys[at] ?? "";
        const item = items.get(found);
        if (item !== undefined) yield [found, item];
      }
    },
  };
}

/** Exactly the expressions that the adapter sends; another one is an error, and not guessed at. */
const CONDITIONS: Readonly<Record<string, (item: Item | undefined, given: Item) => boolean>> = {
  "attribute_not_exists(version) OR NOT (attribute_not_exists(expiresMs) OR expiresMs > :now)": (item, given) =>
    item === undefined || !lives(item, given),
  "version = :expected AND (attribute_not_exists(expiresMs) OR expiresMs > :now)": (item, given) =>
    item !== undefined && item["version"]?.S === given[":expected"]?.S && lives(item, given),
};
const lives = (item: Item, given: Item): boolean =>
  item["expiresMs"] === undefined || Number(item["expiresMs"].N) > Number(given[":now"]?.N);

function holds(condition: string | undefined, item: Item | undefined, given: Item = {}): boolean {
  if (condition === undefined) return true;
  const asked = CONDITIONS[condition];
  if (asked === undefined) throw new Error(`a condition that this table does not know: ${condition}`);
  return asked(item, given);
}

/** What one call is billed, by the table's own rules. */
export interface Billed {
  readonly op: string;
  readonly rru: number;
  readonly wru: number;
  readonly shard: string;
  readonly key: string;
  /** Its condition did not hold: it is billed, and was not done. */
  readonly refused?: true;
}

interface Answer {
  readonly output: object;
  readonly billed: Billed;
  readonly error?: Error;
}

/**
 * A table with the keys `shard` and `key` in this process, which bills as DynamoDB does.
 */
export function dynamoTable() {
  const shards = new Map<string, ReturnType<typeof shard>>();
  const shardOf = (name = ""): ReturnType<typeof shard> => {
    const found = shards.get(name) ?? shard();
    shards.set(name, found);
    return found;
  };
  const placed = (keys: Item | undefined) => {
    const [at, key] = [keys?.["shard"]?.S ?? "", keys?.["key"]?.S ?? ""];
    return { at, key, in: shardOf(at), before: shardOf(at).get(key) };
  };
  const write = (
    op: string,
    keys: Item | undefined,
    asked: { ConditionExpression?: string | undefined; ExpressionAttributeValues?: Item | undefined },
    next: (before: Item | undefined) => Item | undefined,
  ): Answer => {
    const { at, key, in: place, before } = placed(keys);
    const held = holds(asked.ConditionExpression, before, asked.ExpressionAttributeValues);
    const after = held ? next(before) : undefined;
    const sizes = [before, after].map((item) => (item === undefined ? 0 : sizeOf(item)));
    const billed = { op, rru: 0, wru: writes(...sizes), shard: at, key };
    if (!held)
      return {
        output: {},
        billed: { ...billed, refused: true },
        error: new ConditionalCheckFailed("The conditional request failed"),
      };
    if (after === undefined) place.remove(key);
    else place.put(key, after);
    return { output: {}, billed };
  };
  const calls = {
    GetItemCommand({ Key, ConsistentRead }: GetItemCommandInput): Answer {
      const { at, key, before } = placed(Key);
      const rru = reads(before === undefined ? 0 : sizeOf(before), ConsistentRead);
      const output = before === undefined ? {} : { Item: before };
      return { output, billed: { op: "get", rru, wru: 0, shard: at, key } };
    },
    PutItemCommand: (asked: PutItemCommandInput): Answer => write("put", asked.Item, asked, () => asked.Item),
    UpdateItemCommand(asked: UpdateItemCommandInput): Answer {
      if (asked.UpdateExpression !== "SET #value = :value, version = :version")
        throw new Error(`an update that this table does not know: ${asked.UpdateExpression}`);
      const given = asked.ExpressionAttributeValues ?? {};
      const [value, version] = [given[":value"], given[":version"]];
      if (value === undefined || version === undefined) throw new Error("an update without its values");
      return write("update", asked.Key, asked, (before) => ({ ...before, ...asked.Key, value, version }));
    },
    DeleteItemCommand: (asked: DeleteItemCommandInput): Answer => write("delete", asked.Key, asked, () => undefined),
    QueryCommand(asked: QueryCommandInput): Answer {
      const given = asked.ExpressionAttributeValues ?? {};
      const [at, prefix] = [given[":shard"]?.S ?? "", given[":prefix"]?.S ?? ""];
      const after = asked.ExclusiveStartKey?.["key"]?.S;
      const items: Item[] = [];
      let [bytes, more] = [0, false];
      for (const [key, item] of shardOf(at).from(after ?? prefix)) {
        if (key === after) continue;
        if (!key.startsWith(prefix)) break;
        items.push(item);
        bytes += sizeOf(item);
        // A full page says that there may be more, also when there is none.
        more = items.length === asked.Limit || bytes >= PAGE_BYTES_MAX;
        if (more) break;
      }
      const last = items.at(-1);
      const next =
        more && last?.["shard"] !== undefined && last["key"] !== undefined
          ? { LastEvaluatedKey: { shard: last["shard"], key: last["key"] } }
          : {};
      const billed = { op: "query", rru: reads(bytes, asked.ConsistentRead), wru: 0, shard: at, key: prefix };
      return { output: { Items: items, ...next }, billed };
    },
  };
  return {
    /** Bytes of all items, and how many there are, by the first part of their keys. */
    stored(): ReadonlyMap<string, { readonly items: number; readonly bytes: number }> {
      const found = new Map<string, { items: number; bytes: number }>();
      for (const { items } of shards.values())
        for (const [key, item] of items) {
          const folder = key.split("/")[0] ?? "";
          const sum = found.get(folder) ?? { items: 0, bytes: 0 };
          found.set(folder, { items: sum.items + 1, bytes: sum.bytes + sizeOf(item) });
        }
      return found;
    },
    /** As the table's TTL does, for nothing. */
    expire(nowMs: number): void {
      for (const one of shards.values())
        for (const [key, item] of [...one.items])
          if (item["expires"] !== undefined && Number(item["expires"].N) * 1000 < nowMs) one.remove(key);
    },
    /** A client of it. `told` hears of each call before it is answered, and may take its time. */
    client: (told: (billed: Billed) => Promise<void> | void = () => undefined) =>
      ({
        async send(command: { readonly constructor: { readonly name: string }; readonly input: never }) {
          const { name } = command.constructor;
          if (!Object.hasOwn(calls, name)) throw new Error(`a call that this table does not know: ${name}`);
          const { output, billed, error } = calls[name as keyof typeof calls](command.input);
          await told(billed);
          if (error !== undefined) throw error;
          return output;
        },
        destroy: () => undefined,
      }) as unknown as DynamoDBClient,
  };
}

const SECOND_MS = 1000;

/** Each call in the books: units, calls by what they are, and the fullest second of each partition key and each item. */
export const booked =
  (books: Ledger) =>
  ({ op, rru, wru, shard: at, key }: Billed): void => {
    const folder = key.split("/")[0] ?? "";
    books.add(`dynamodb ${op}`);
    books.add("rru", rru);
    books.add("wru", wru);
    books.add(`rru of ${folder}`, rru);
    books.add(`wru of ${folder}`, wru);
    if (rru > 0) books.busy(`shard rru ${at}`, SECOND_MS, rru);
    if (wru > 0) {
      books.busy(`shard wru ${at}`, SECOND_MS, wru);
      books.busy(`item wru ${key}`, SECOND_MS, wru);
    }
  };
