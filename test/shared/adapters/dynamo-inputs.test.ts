import { entryOf, getInput, isLive, packed, putInput, shardInput } from "../../../shared/adapters/dynamo-inputs.ts";

// Goal: what DynamoDB's stand-in does not show of a request: reads that must be consistent are, the table's own TTL is in
// seconds and not before ours, and what is long is packed.
const NOW_MS = Date.UTC(2026, 0, 1) + 0.5;
const at = { table: "kinvirt", nowMs: NOW_MS };
const write = (ttlMs?: number) => ({ value: packed("v"), version: "1", ttlMs });

test("a read sees every write before it; a listing that may lag costs half", () => {
  expect(getInput(at, "k")).toMatchObject({ TableName: "kinvirt", ConsistentRead: true });
  expect(shardInput(at, 3, "k/", undefined)).toMatchObject({ ConsistentRead: true });
  expect(shardInput(at, 3, "k/", undefined, { mayLag: true })).toMatchObject({ ConsistentRead: false });
});

test("an entry ends to the millisecond for us, and at the next second for the table", () => {
  const endMs = Date.UTC(2026, 0, 1) + 1201;
  const item = putInput(at, "k", write(1200), true).Item ?? {};
  expect([item["expiresMs"], item["expires"]]).toEqual([{ N: `${endMs}` }, { N: `${Math.ceil(endMs / 1000)}` }]);
  expect([isLive(item, endMs - 0.1), isLive(item, endMs)]).toEqual([true, false]);
  expect(putInput(at, "k", write(), true).Item).not.toHaveProperty("expires");
});

test("a kilobyte is packed, and comes back as it was", () => {
  const [short, long] = ["ü".repeat(511), "ü".repeat(512)];
  expect([packed(short).S, packed(long).S, packed(long).B?.byteLength ?? 0]).toEqual([
    short,
    undefined,
    expect.any(Number),
  ]);
  for (const value of [short, long])
    expect(entryOf({ key: { S: "k" }, version: { S: "1" }, value: packed(value) })).toEqual({
      ...{ key: "k", version: "1" },
      value,
    });
});
