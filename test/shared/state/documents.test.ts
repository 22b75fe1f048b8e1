import * as z from "zod";
import { memoryStore } from "../../../shared/adapters/memory-store.ts";
import { StoreError } from "../../../shared/ports/store.ts";
import { documents } from "../../../shared/state/documents.ts";

// Goal: a document is what its schema says or an error, and is changed and removed only as it is, never as it was.
const schema = z.strictObject({ n: z.int() });

function start() {
  const store = memoryStore(() => 0);
  return { store, all: documents(store, "n/", schema) };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test("add, get, change, list, remove", async () => {
  const { all } = start();
  expect([await all.add("a", { n: 1 }), await all.add("a", { n: 2 })]).toEqual([true, false]);
  expect(await all.change("a", ({ n }) => ({ n: n + 1 }))).toEqual({ n: 2 });
  expect(await all.change("a", () => undefined)).toEqual({ n: 2 });
  expect(await all.change("none", () => ({ n: 1 }))).toBeUndefined();
  expect(await collect(all.list())).toEqual([{ n: 2 }]);
  expect([await all.remove("a", ({ n }) => n === 2), await all.get("a")]).toEqual([true, undefined]);
  expect(await all.remove("a", () => false)).toBe(true);
});

test("what has changed since is not removed", async () => {
  const { all } = start();
  await all.add("a", { n: 1 });
  expect(await all.remove("a", ({ n }) => n === 7)).toBe(false);
  expect(await all.get("a")).toEqual({ n: 1 });
});

test.each([
  ["another type", '{"n":"1"}'],
  ["a field of a later version", '{"n":1,"m":2}'],
  ["nothing of ours", "null"],
  ["half of what was written", '{"n":'],
])("a document with %s is no document of this version, and stays as it is", async (_what, text) => {
  const { store, all } = start();
  await store.putIfAbsent("n/a", text);
  await expect(all.get("a")).rejects.toThrow(StoreError);
  await expect(all.change("a", ({ n }) => ({ n: n + 1 }))).rejects.toThrow(StoreError);
  await expect(all.remove("a", () => true)).rejects.toThrow(StoreError);
  await expect(collect(all.list())).rejects.toThrow(StoreError);
  expect((await store.get("n/a"))?.value).toBe(text);
});

test("a change that always loses its race is an error, not a lost change", async () => {
  const { store } = start();
  const all = documents({ ...store, replace: async () => false }, "n/", schema);
  await all.add("a", { n: 1 });
  await expect(all.change("a", ({ n }) => ({ n: n + 1 }))).rejects.toThrow("changes too fast");
});

test("a listing tells what it can't read and goes on, where it is asked to", async () => {
  const { store, all } = start();
  await all.add("a", { n: 1 });
  await store.putIfAbsent("n/b", '{"n":"two"}');
  await all.add("c", { n: 3 });
  const told: string[] = [];
  expect(await collect(all.list("", (error) => void told.push(error.message)))).toEqual([{ n: 1 }, { n: 3 }]);
  expect(told).toEqual([expect.stringContaining("n/b is not readable by this version")]);
  await expect(collect(all.list())).rejects.toThrow("n/b is not readable");
});
