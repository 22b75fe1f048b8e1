import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { memoryQueue } from "../../../shared/adapters/memory-queue.ts";
import { backoffSeconds } from "../../../shared/adapters/queue-worker.ts";
import { defaultQueue, openQueue } from "../../../shared/adapters/queues.ts";
import { sqliteQueue } from "../../../shared/adapters/sqlite-queue.ts";
import type { Message } from "../../../shared/ports/queue.ts";
import { notingHandler, queueSuite } from "../../conformance/queue.suite.ts";

// Goal: every queue inside the process gives each message at least once, on time, and survives handlers and processes that die.

const folder = () => mkdtempSync(join(tmpdir(), "kinvirt-queue-"));
const dev: Message = { is: "reconcile", cluster: "team-a/dev" };
const sweep: Message = { is: "sweep" };

function handClock() {
  let nowMs = Date.UTC(2026, 0, 1);
  return {
    clock: { nowMs: () => nowMs, wait: async () => undefined },
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}

queueSuite("memory", () => {
  const { clock, pass } = handClock();
  return { queue: memoryQueue({ clock }), pass, cleanUp: () => undefined };
});

queueSuite("sqlite", () => {
  const { clock, pass } = handClock();
  const at = folder();
  return { queue: sqliteQueue(join(at, "queue.db"), clock), pass, cleanUp: () => rmSync(at, { recursive: true }) };
});

test("a simulation takes due messages itself, in order, each once", async () => {
  const { clock, pass } = handClock();
  const queue = memoryQueue({ clock });
  await queue.enqueue(sweep, 60);
  await queue.enqueue(dev, 5);
  expect(queue.due(clock.nowMs())).toEqual([]);
  expect(queue.take()).toBeUndefined();
  expect(queue.due(Number.POSITIVE_INFINITY)).toMatchObject([
    { message: dev, dueMs: clock.nowMs() + 5000 },
    { message: sweep, dueMs: clock.nowMs() + 60_000 },
  ]);
  pass(60);
  expect([queue.take(), queue.take(), queue.take()]).toEqual([dev, sweep, undefined]);
});

const DIES_WHILE_HANDLING = `
  const [adapter, path, nowMs] = process.argv.slice(1);
  const { sqliteQueue } = await import(adapter);
  const queue = sqliteQueue(path, { nowMs: () => Number(nowMs) });
  await queue.enqueue({ is: "reconcile", cluster: "team-a/dev" }, 0);
  await queue.enqueue({ is: "sweep" }, 10);
  queue.start(() => process.kill(process.pid, "SIGKILL"));`;

test("sqlite: messages survive the process, and one that a killed process had taken comes again after a minute", async () => {
  const { clock, pass } = handClock();
  const at = folder();
  const path = join(at, "queue.db");
  const adapter = resolve("shared/adapters/sqlite-queue.ts");
  const args = ["--input-type=module", "-e", DIES_WHILE_HANDLING, adapter, path, String(clock.nowMs())];
  await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({ signal: "SIGKILL" });

  const queue = openQueue("sqlite:", { clock, storeUrl: `sqlite://${path}` });
  const { handle, seen } = notingHandler();
  const comes = async (): Promise<readonly Message[]> => {
    queue.start(handle);
    await queue.stop();
    return seen.splice(0);
  };
  expect(await comes()).toEqual([]);
  pass(10);
  expect(await comes()).toEqual([sweep]);
  pass(49.9);
  expect(await comes()).toEqual([]);
  pass(0.1);
  expect(await comes()).toEqual([dev]);
  pass(1000);
  expect(await comes()).toEqual([]);
  await queue.close();
  rmSync(at, { recursive: true });
});

test("sqlite: a handler that outlasts its minute and fails then brings nothing back that another has handled", async () => {
  const { clock, pass } = handClock();
  const at = folder();
  const [slow, other] = [sqliteQueue(join(at, "queue.db"), clock), sqliteQueue(join(at, "queue.db"), clock)];
  const gate = Promise.withResolvers<void>();
  await slow.enqueue(dev, 0);
  slow.start(() => gate.promise);
  const stopped = slow.stop();
  pass(60);
  const { handle, seen } = notingHandler();
  const comes = async (): Promise<readonly Message[]> => {
    other.start(handle);
    await other.stop();
    return seen;
  };
  expect(await comes()).toEqual([dev]);
  gate.reject(new Error("the cloud is away"));
  await stopped;
  pass(1000);
  expect(await comes()).toEqual([dev]);
  await Promise.all([slow.close(), other.close()]);
  rmSync(at, { recursive: true });
});

test("what fails on and on comes once a minute", () => {
  expect([1, 2, 6, 7, 100].map(backoffSeconds)).toEqual([1, 2, 32, 60, 60]);
});

test("sqlite: a file of an older version goes on, also beside a process of that version", async () => {
  const { clock, pass } = handClock();
  const at = folder();
  const path = join(at, "queue.db");
  const old = new DatabaseSync(path);
  old.exec(`CREATE TABLE messages (
    id INTEGER PRIMARY KEY, content TEXT NOT NULL, due_ms INTEGER NOT NULL, taken TEXT, failures INTEGER NOT NULL) STRICT;
    CREATE UNIQUE INDEX messages_waiting ON messages (content) WHERE taken IS NULL;`);
  const put = (message: Message) =>
    old
      .prepare("INSERT INTO messages (content, due_ms, failures) VALUES (?, ?, 0)")
      .run(JSON.stringify(message), clock.nowMs());
  put(dev);
  const queue = sqliteQueue(path, clock);
  put(sweep);
  pass(1);
  const { handle, seen } = notingHandler();
  queue.start(handle);
  await queue.stop();
  expect(seen).toEqual([dev, sweep]);
  await queue.close();
  old.close();
  rmSync(at, { recursive: true });
});

test.each([
  "sqs://queue",
  "amqp://user:hunter2@host",
  "redis:hunter2",
  "sqs://user:hunter2@host/1/q",
  "memory",
  "",
])("%j is refused with what is supported", (url) => {
  const open = () => openQueue(url, handClock());
  expect(open).toThrow("Use sqlite:PATH, sqlite:, redis://HOST:PORT, sqs://HOST/ACCOUNT/NAME or memory:");
  expect(open).not.toThrow(/hunter2/);
});

test.each([
  ["sqlite://state.db", "sqlite:"],
  ["redis://host", "redis://host"],
  ["rediss://user:pw@host:6380/1", "rediss://user:pw@host:6380/1"],
  ["postgres://host/kinvirt", "memory:"],
  ["memory:", "sqlite:"],
])("beside the store %j messages wait in %j", (storeUrl, queueUrl) => {
  expect(defaultQueue(storeUrl)).toBe(queueUrl);
});
