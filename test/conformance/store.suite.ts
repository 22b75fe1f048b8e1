import * as z from "zod";
import { type StateStore, StoreError, type Written } from "../../shared/ports/store.ts";
import { documents } from "../../shared/state/documents.ts";

export interface StoreUnderTest {
  /** Two doors to the same state: two connections, where the adapter has connections. */
  readonly one: StateStore;
  readonly two: StateStore;
  /** Moves the time that the store goes by. */
  pass(seconds: number): void;
  cleanUp(): void | Promise<void>;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What a write answers that was made. */
const VERSION = expect.stringMatching(/./);
const winner = (won: readonly Written[]) => won.findIndex((one) => one !== false);

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What every StateStore must do, whatever is behind it. */
export function storeSuite(name: string, make: () => StoreUnderTest | Promise<StoreUnderTest>, many = 2000): void {
  describe(`store: ${name}`, () => {
    let it: StoreUnderTest;
    beforeEach(async () => {
      it = await make();
    });
    afterEach(async () => {
      await it.one.close();
      await it.two.close();
      await it.cleanUp();
    });

    test("gives back what was put, through either door", async () => {
      expect(await it.one.putIfAbsent("a/b", '{"text":"ünï 🚀"}')).toEqual(VERSION);
      expect(await it.two.get("a/b")).toEqual({
        key: "a/b",
        value: '{"text":"ünï 🚀"}',
        version: VERSION,
      });
      expect(await it.one.get("a")).toBeUndefined();
    });

    test("changes the version with every write, also when the value stays or the key comes back", async () => {
      const versions = new Set<string>();
      for (const _ of range(5)) {
        await it.one.putIfAbsent("k", "v");
        versions.add((await it.one.get("k"))?.version ?? "");
        expect(await it.one.replace("k", "v", (await it.one.get("k"))?.version ?? "")).toEqual(VERSION);
        versions.add((await it.one.get("k"))?.version ?? "");
        await it.one.delete("k");
      }
      expect(versions.size).toBe(10);
    });

    test("a write answers the version that it has made, and the next needs no look", async () => {
      for (const [key, seconds] of [["stays"], ["ends", 60]] as const) {
        const put = await it.one.putIfAbsent(key, "0", seconds);
        expect(await it.two.get(key)).toEqual({ key, value: "0", version: put });
        let last = put || "";
        for (const n of range(3)) {
          const next = (await it.one.replace(key, `${n}`, last)) || "";
          expect(await it.two.get(key)).toEqual({ key, value: `${n}`, version: next });
          expect(await it.two.replace(key, "stale", last)).toBe(false);
          last = next;
        }
        expect(await it.two.putIfAbsent(key, "late", seconds)).toBe(false);
        expect(await it.one.delete(key, put || "")).toBe(false);
        expect((await collect(it.two.list(key))).map(({ version }) => version)).toEqual([last]);
        expect(await it.one.delete(key, last)).toBe(true);
      }
      const put = await it.one.putIfAbsent("short", "1", 10);
      it.pass(10);
      const again = await it.two.putIfAbsent("short", "1", 10);
      expect(await it.one.replace("short", "stale", put || "")).toBe(false);
      expect(await it.one.replace("short", "2", again || "")).toEqual(VERSION);
    });

    test("replaces only the version that was read", async () => {
      await it.one.putIfAbsent("k", "first");
      const version = (await it.one.get("k"))?.version ?? "";
      expect(await it.two.replace("k", "second", version)).toEqual(VERSION);
      expect(await it.one.replace("k", "stale", version)).toBe(false);
      expect((await it.one.get("k"))?.value).toBe("second");
      expect(await it.one.replace("missing", "x", version)).toBe(false);
      expect(await it.one.get("missing")).toBeUndefined();
    });

    test("loses none of 50 concurrent changes", async () => {
      const schema = z.object({ by: z.array(z.number()) });
      const [one, two] = [documents(it.one, "n/", schema), documents(it.two, "n/", schema)];
      await one.add("k", { by: [] });
      // Ten at a time: a change gives up after twenty lost races, and each race has one winner.
      for (const tens of range(5)) {
        await Promise.all(
          range(10).map((i) => (i % 2 === 0 ? one : two).change("k", ({ by }) => ({ by: [...by, tens * 10 + i] }))),
        );
      }
      expect((await one.get("k"))?.by.toSorted((a, b) => a - b)).toEqual(range(50));
    });

    test("lets one of 20 racers put", async () => {
      const won = await Promise.all(
        range(20).map((i) => (i % 2 === 0 ? it.one : it.two).putIfAbsent("lease", `racer ${i}`)),
      );
      expect(won.filter((one) => one !== false)).toHaveLength(1);
      expect((await it.one.get("lease"))?.value).toBe(`racer ${winner(won)}`);
    });

    test("forgets what has expired, to the millisecond, and lets another one put it", async () => {
      await it.one.putIfAbsent("once/x", "1", 10);
      await it.one.putIfAbsent("once/stays", "1");
      const version = (await it.one.get("once/x"))?.version ?? "";
      it.pass(9.999);
      expect(await it.two.putIfAbsent("once/x", "2", 10)).toBe(false);
      it.pass(0.001);
      expect(await it.one.get("once/x")).toBeUndefined();
      expect((await collect(it.one.list("once/"))).map(({ key }) => key)).toEqual(["once/stays"]);
      expect(await it.one.replace("once/x", "3", version)).toBe(false);
      expect(await it.two.putIfAbsent("once/x", "4", 10)).toEqual(VERSION);
      expect((await it.one.get("once/x"))?.value).toBe("4");
    });

    test("a replaced entry keeps its end", async () => {
      await it.one.putIfAbsent("k", "1", 10);
      expect(await it.one.replace("k", "2", (await it.one.get("k"))?.version ?? "")).toEqual(VERSION);
      it.pass(10);
      expect(await it.one.get("k")).toBeUndefined();
    });

    test("what comes for ever after something that has ended stays", async () => {
      await it.one.putIfAbsent("k", "1", 10);
      it.pass(10);
      expect(await it.one.putIfAbsent("k", "2")).toEqual(VERSION);
      it.pass(10);
      expect(await it.two.putIfAbsent("other", "1", 10)).toEqual(VERSION);
      expect((await it.two.get("k"))?.value).toBe("2");
    });

    test("what has ended hides nothing behind it in a listing", async () => {
      for (const tens of range(6))
        await Promise.all(range(10).map((i) => it.one.putIfAbsent(`k/${tens}${i}`, "1", 10)));
      it.pass(10);
      await it.one.putIfAbsent("k/last", "2");
      expect((await collect(it.two.list("k/"))).map(({ key }) => key)).toEqual(["k/last"]);
    });

    test("of 20 that take over a lease in the moment of its end one has it, and the former holder sees that", async () => {
      await it.one.putIfAbsent("lease", "former", 30);
      const former = (await it.one.get("lease"))?.version ?? "";
      it.pass(30);
      const won = await Promise.all(
        range(20).map((i) => (i % 2 === 0 ? it.one : it.two).putIfAbsent("lease", `racer ${i}`, 30)),
      );
      expect(won.filter((one) => one !== false)).toHaveLength(1);
      expect(await it.one.replace("lease", "former again", former)).toBe(false);
      expect(await it.one.delete("lease", former)).toBe(false);
      expect((await it.two.get("lease"))?.value).toBe(`racer ${winner(won)}`);
      it.pass(29.999);
      expect((await it.two.get("lease"))?.value).toBe(`racer ${winner(won)}`);
    });

    test("holds a record of 390 KB, all of it", async () => {
      const value = JSON.stringify({ text: "ü\n'\\\u0000 ".repeat(27_500) });
      expect(Buffer.byteLength(value)).toBeGreaterThan(380_000);
      expect(await it.one.putIfAbsent("big", value)).toEqual(VERSION);
      expect((await it.two.get("big"))?.value).toBe(value);
      expect((await collect(it.two.list("big"))).map((one) => one.value === value)).toEqual([true]);
    });

    test("lists many keys by prefix in key order", async () => {
      const keys = range(many).map((i) => `cluster/team-${i % 7}/c${i}`);
      const all = [...keys, "cluster", "cluster0", "cluster-/x", "clusters/x", "request/x"];
      for (let from = 0; from < all.length; from += 20)
        await Promise.all(all.slice(from, from + 20).map((k) => it.one.putIfAbsent(k, k)));
      const listed = await collect(it.two.list("cluster/"));
      expect(listed.map(({ key }) => key)).toEqual(keys.toSorted());
      expect(listed.every(({ key, value, version }) => key === value && version !== "")).toBe(true);
      expect(await collect(it.two.list("cluster/team-3/c10"))).toHaveLength(
        keys.filter((k) => k.startsWith("cluster/team-3/c10")).length,
      );
      expect(await collect(it.two.list("nothing/"))).toEqual([]);
      expect(await collect(it.two.list(""))).toHaveLength(many + 5);
    });

    test("a key is text, not a pattern", async () => {
      await it.one.putIfAbsent("a_%/x", "1");
      await it.one.putIfAbsent("abc/x", "2");
      expect((await collect(it.one.list("a_%"))).map(({ key }) => key)).toEqual(["a_%/x"]);
      await expect(it.one.get("naïve")).rejects.toThrow("printable ASCII");
    });

    test("deletes the version it was told, and what is missing is deleted already", async () => {
      await it.one.putIfAbsent("k", "1");
      const version = (await it.one.get("k"))?.version ?? "";
      await it.one.replace("k", "2", version);
      expect(await it.one.delete("k", version)).toBe(false);
      expect((await it.one.get("k"))?.value).toBe("2");
      expect(await it.two.delete("k", (await it.one.get("k"))?.version ?? "")).toBe(true);
      expect(await it.one.get("k")).toBeUndefined();
      expect(await it.one.delete("k", version)).toBe(true);
      expect(await it.one.delete("k")).toBe(true);
      await it.one.putIfAbsent("k", "3");
      expect(await it.one.delete("k")).toBe(true);
      expect(await it.one.get("k")).toBeUndefined();
    });

    test("a store that is down is a StoreError in every method, never an absence", async () => {
      await it.one.close();
      const calls: (() => Promise<unknown>)[] = [
        () => it.one.get("k"),
        () => it.one.putIfAbsent("k", "v"),
        () => it.one.putIfAbsent("k", "v", 5),
        () => it.one.replace("k", "v", "1"),
        () => it.one.delete("k"),
        () => it.one.delete("k", "1"),
        () => collect(it.one.list("")),
      ];
      for (const call of calls) await expect(call()).rejects.toBeInstanceOf(StoreError);
      await it.one.close();
    });
  });
}
