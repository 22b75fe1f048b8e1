import * as z from "zod";
import { paceOf, remember } from "../../../handlers/work/pace.ts";
import { memoryStore } from "../../../shared/adapters/memory-store.ts";
import { documents } from "../../../shared/state/documents.ts";
import { timingsOf } from "../../../shared/state/index.ts";
import { Unreadable, type Upgrades } from "../../../shared/state/versions.ts";
import { collect } from "../../conformance/store.suite.ts";
import { NOW_MS, record } from "../../handlers/given.ts";

// Goal: what an older kinvirt wrote is read as the newest version has it and written back so with its next change; what a newer
// one wrote is neither guessed at, nor changed, nor removed, and is in the way of nothing else.

// Version 1 had one size, version 2 a list of sizes, version 3 gives each a unit.
const oldest = z.strictObject({ schema: z.literal(1), size: z.int() });
const newest = z.strictObject({ schema: z.literal(3), sizes: z.array(z.string()) });
const UPGRADES: Upgrades = [
  ({ size }) => ({ sizes: [size] }),
  ({ sizes }) => ({ sizes: Array.isArray(sizes) ? sizes.map((one) => `${one} GiB`) : sizes }),
];

function start() {
  const store = memoryStore(() => 0);
  return { store, old: documents(store, "n/", oldest), all: documents(store, "n/", newest, UPGRADES) };
}

const textOf = async (store: ReturnType<typeof memoryStore>, key: string) => (await store.get(key))?.value;

test.each([
  ["the first version", '{"schema":1,"size":7}'],
  ["the first version, before it had a number", '{"size":7}'],
  ["the version before", '{"schema":2,"sizes":[7]}'],
  ["the newest version", '{"schema":3,"sizes":["7 GiB"]}'],
])("of %s: read as the newest, and not written for that", async (_what, text) => {
  const { store, all } = start();
  await store.putIfAbsent("n/a", text);
  expect(await all.get("a")).toEqual({ schema: 3, sizes: ["7 GiB"] });
  expect(await collect(all.list())).toEqual([{ schema: 3, sizes: ["7 GiB"] }]);
  expect(await all.change("a", () => undefined)).toEqual({ schema: 3, sizes: ["7 GiB"] });
  expect(await textOf(store, "n/a")).toBe(text);
});

test("the next change writes the newest version, with all that was in the old one", async () => {
  const { store, old, all } = start();
  await old.add("a", { schema: 1, size: 7 });
  await all.change("a", ({ schema, sizes }) => ({ schema, sizes: [...sizes, "9 GiB"] }));
  expect(await textOf(store, "n/a")).toBe('{"schema":3,"sizes":["7 GiB","9 GiB"]}');
});

test("an older process leaves alone what a newer one has written, in every way, and says which is needed", async () => {
  const { store, old, all } = start();
  await all.add("a", { schema: 3, sizes: ["7 GiB"] });
  const refusal = new Unreadable("n/a", "it is of schema 3, written by a newer kinvirt, and this one reads up to 1", 3);
  await expect(old.get("a")).rejects.toThrow(refusal);
  await expect(old.change("a", () => ({ schema: 1, size: 0 }))).rejects.toThrow(refusal);
  await expect(old.remove("a", () => true)).rejects.toThrow(refusal);
  expect(await old.add("a", { schema: 1, size: 0 })).toBe(false);
  expect(await textOf(store, "n/a")).toBe('{"schema":3,"sizes":["7 GiB"]}');
});

test("an older process that has read before the newer one wrote does not write over it", async () => {
  const { store, old, all } = start();
  await old.add("a", { schema: 1, size: 7 });
  const change = documents(
    {
      ...store,
      // Between its read and its write the newer process comes.
      async replace(key, value, version) {
        await all.change("a", ({ schema, sizes }) => ({ schema, sizes: [...sizes, "9 GiB"] }));
        return store.replace(key, value, version);
      },
    },
    "n/",
    oldest,
  ).change("a", ({ schema, size }) => ({ schema, size: size + 1 }));
  await expect(change).rejects.toThrow("written by a newer kinvirt");
  expect(await textOf(store, "n/a")).toBe('{"schema":3,"sizes":["7 GiB","9 GiB"]}');
});

test("a listing goes on past what is newer, and tells it", async () => {
  const { old, all } = start();
  await old.add("a", { schema: 1, size: 1 });
  await all.add("b", { schema: 3, sizes: [] });
  await old.add("c", { schema: 1, size: 3 });
  const told: [string, number | undefined][] = [];
  const read = await collect(old.list("", ({ key, newer }) => void told.push([key, newer])));
  expect([read.map(({ size }) => size), told]).toEqual([[1, 3], [["n/b", 3]]]);
});

test.each(["1.5", "0", '"2"', "null"])("schema %s is none: the document is not guessed at", async (schema) => {
  const { store, all } = start();
  await store.putIfAbsent("n/a", `{"schema":${schema},"sizes":["7 GiB"]}`);
  await expect(all.get("a")).rejects.toThrow(Unreadable);
});

test("how long a cloud takes was kept without a version once, and is still known", async () => {
  const store = memoryStore(() => 0);
  await store.putIfAbsent("timings/team-a", '{"create/3":[100,120,140],"kind/server":[30]}');
  const made = record({}, { startedMs: NOW_MS, finishedMs: NOW_MS + 160_000, steps: {} });
  expect(await paceOf({ store }, made)).toEqual({ usual: 120, kinds: new Map([["server", 30]]) });
  await remember({ store }, made);
  expect(await timingsOf(store).get("team-a")).toEqual({
    schema: 2,
    took: { "create/3": [160, 100, 120, 140], "kind/server": [30] },
  });
  expect(await textOf(store, "timings/team-a")).toContain('"schema":2');
});
