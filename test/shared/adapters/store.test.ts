import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { memoryStore } from "../../../shared/adapters/memory-store.ts";
import { committer, openDatabase } from "../../../shared/adapters/sqlite.ts";
import { sqliteStore } from "../../../shared/adapters/sqlite-store.ts";
import { openStore } from "../../../shared/adapters/stores.ts";
import { systemChance } from "../../../shared/adapters/system-chance.ts";
import { storeSuite } from "../../conformance/store.suite.ts";

// Goal: every store adapter is the same store: compare-and-set holds between processes, and an outage is never an absence.

const folder = () => mkdtempSync(join(tmpdir(), "kinvirt-store-"));
const start = Date.UTC(2026, 0, 1);

storeSuite("memory", () => {
  let nowMs = start;
  const store = memoryStore(() => nowMs);
  return {
    one: store,
    two: store,
    pass: (seconds) => {
      nowMs += seconds * 1000;
    },
    cleanUp: () => undefined,
  };
});

storeSuite("sqlite, two connections", () => {
  let nowMs = start;
  const at = folder();
  const open = () => sqliteStore(join(at, "new/state.db"), () => nowMs);
  return {
    one: open(),
    two: open(),
    pass: (seconds) => {
      nowMs += seconds * 1000;
    },
    cleanUp: () => rmSync(at, { recursive: true }),
  };
});

test("sqlite keeps its state when it is closed and opened again", async () => {
  const at = folder();
  const before = openStore(`sqlite://${at}/state.db`, () => start);
  await before.putIfAbsent("cluster/a/dev", "1");
  await before.close();
  const after = openStore(`sqlite://${at}/state.db`, () => start);
  expect((await after.get("cluster/a/dev"))?.value).toBe("1");
  await after.close();
  rmSync(at, { recursive: true });
});

test("sqlite: writes of one moment are on the disk together, in their order, before any of them is told", async () => {
  const at = folder();
  const database = openDatabase(join(at, "state.db"), "CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT", "power");
  const other = openDatabase(join(at, "state.db"), "", "power");
  const seen = () => other.prepare("SELECT n FROM t ORDER BY n").all().length;
  const committed = committer(database);
  const put = (n: number) =>
    committed(() => {
      database.exec(`INSERT INTO t VALUES (${n})`);
      return seen();
    }).then((before) => [n, before, seen()]);
  expect(await Promise.all([put(1), put(2), put(3)])).toEqual([
    [1, 0, 3],
    [2, 0, 3],
    [3, 0, 3],
  ]);
  for (const one of [database, other]) one.close();
  rmSync(at, { recursive: true });
});

test("sqlite: when one write of a moment fails, none of them has happened", async () => {
  const at = folder();
  const database = openDatabase(join(at, "state.db"), "CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT", "power");
  const committed = committer(database);
  const put = (n: number) => committed(() => database.exec(`INSERT INTO t VALUES (${n})`));
  const ends = await Promise.allSettled([put(1), put(1), put(2)]);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(database.prepare("SELECT n FROM t").all()).toEqual([]);
  await put(7);
  expect(database.prepare("SELECT n FROM t").all()).toEqual([{ n: 7 }]);
  database.close();
  rmSync(at, { recursive: true });
});

const COUNT_IN_ANOTHER_PROCESS = `
  const [adapter, path] = process.argv.slice(1);
  const { sqliteStore } = await import(adapter);
  const store = sqliteStore(path, () => 0);
  let done = 0;
  while (done < 100) {
    const now = await store.get("n");
    if (await store.replace("n", String(Number(now.value) + 1), now.version)) done += 1;
  }
  await store.close();`;

test("sqlite loses no change of three processes", async () => {
  const at = folder();
  const path = join(at, "state.db");
  const store = sqliteStore(path, () => 0);
  await store.putIfAbsent("n", "0");
  const adapter = resolve("shared/adapters/sqlite-store.ts");
  const args = ["--input-type=module", "-e", COUNT_IN_ANOTHER_PROCESS, adapter, path];
  await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, args)));
  expect((await store.get("n"))?.value).toBe("300");
  await store.close();
  rmSync(at, { recursive: true });
}, 30_000);

test.each([
  "mysql://user:hunter2@host",
  "redis://",
  "redis:hunter2",
  "postgres:///hunter2",
  "dynamodb://",
  "dynamodb://a/hunter2",
  "sqlite://",
  "memory",
  "",
  "/var/lib/state.db",
])("%j is refused with what is supported", (url) => {
  const open = () => openStore(url, () => 0);
  expect(open).toThrow("Use sqlite://PATH, redis://HOST:PORT, postgres://HOST/DATABASE, dynamodb://TABLE or memory:");
  expect(open).not.toThrow(/hunter2/);
});

test("tokens are long enough, of the alphabet, and never the same", () => {
  const tokens = Array.from({ length: 1000 }, () => systemChance().token(10));
  expect(new Set(tokens).size).toBe(1000);
  expect(tokens.every((token) => /^[a-z0-9]{10}$/.test(token))).toBe(true);
  expect(new Set(tokens.join("")).size).toBe(36);
});
