import * as z from "zod";
import { memoryStore } from "../../../shared/adapters/memory-store.ts";
import { type StateStore, StoreError } from "../../../shared/ports/store.ts";
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

/** A store that notes what it is asked; `lose` throws the answer of the next write away, after its effect or instead of it. */
function asked() {
  const { store, all: others } = start();
  const calls: string[] = [];
  let loses: "its answer" | "the write" | undefined;
  const noting: StateStore = {
    ...store,
    get: (key) => {
      calls.push("get");
      return store.get(key);
    },
    async replace(...write) {
      calls.push("replace");
      const lost = loses;
      loses = undefined;
      const written = lost === "the write" ? false : await store.replace(...write);
      if (lost !== undefined) throw new StoreError("The store cannot answer: connection lost");
      return written;
    },
  };
  return {
    others,
    write: documents(noting, "n/", schema).writer("a"),
    calls: () => calls.splice(0),
    lose: (what: typeof loses) => {
      loses = what;
    },
  };
}

const more = ({ n }: { n: number }) => ({ n: n + 1 });

test("a writer reads once, and goes on from what it wrote", async () => {
  const { others, write, calls } = asked();
  await others.add("a", { n: 1 });
  for (const n of [2, 3, 4]) expect(await write(more)).toEqual({ n });
  expect(calls()).toEqual(["get", "replace", "replace", "replace"]);
  expect(await others.get("a")).toEqual({ n: 4 });
});

test("what another writes in between is not lost: a writer reads it, and goes on from there", async () => {
  const { others, write, calls } = asked();
  await others.add("a", { n: 1 });
  await write(more);
  await others.change("a", ({ n }) => ({ n: n * 10 }));
  calls();
  expect(await write(more)).toEqual({ n: 21 });
  expect(await write(more)).toEqual({ n: 22 });
  expect(calls()).toEqual(["replace", "get", "replace", "replace"]);
  await others.remove("a", () => true);
  expect(await write(more)).toBeUndefined();
  await others.add("a", { n: 7 });
  expect(await write(more)).toEqual({ n: 8 });
});

test("a writer that leaves a document as it is says what is there, not what was", async () => {
  const { others, write } = asked();
  await others.add("a", { n: 1 });
  await write(more);
  await others.change("a", () => ({ n: 7 }));
  expect(await write(() => undefined)).toEqual({ n: 7 });
});

test.each([
  ["its answer", 3, ["get", "replace"]],
  ["the write", 2, ["get", "replace"]],
] as const)("a writer that has lost %s looks what is there before it writes again", async (what, n, next) => {
  const { others, write, calls, lose } = asked();
  await others.add("a", { n: 1 });
  await write(more);
  lose(what);
  await expect(write(more)).rejects.toThrow(StoreError);
  expect(await others.get("a")).toEqual({ n });
  calls();
  expect(await write(more)).toEqual({ n: n + 1 });
  expect(calls()).toEqual(next);
});

test("a writer that throws changes nothing, and reads before its next write", async () => {
  const { others, write, calls } = asked();
  await others.add("a", { n: 1 });
  await write(more);
  calls();
  const refuse = () => {
    throw new Error("no");
  };
  await expect(write(refuse)).rejects.toThrow("no");
  expect([await write(more), calls()]).toEqual([{ n: 3 }, ["get", "replace"]]);
});
