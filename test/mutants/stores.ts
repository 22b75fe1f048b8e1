import { among, type Mutant } from "./mutant.ts";

const store = "test/shared/adapters/store.test.ts";
const written = "test/shared/state/documents.test.ts";
const queue = "test/shared/adapters/queue.test.ts";
const shared = "test/shared/adapters/queue.servers.test.ts";

/** What survives the process. */
export const stores: readonly Mutant[] = [
  ...among({ file: "shared/adapters/sqlite-store.ts", tests: [store] }, [
    {
      name: "SQLite writes over a version that nobody has read",
      find: "      WHERE key = :key AND version = :expected AND ${LIVE}`),\n    remove",
      replace: "      WHERE key = :key AND :expected <> '' AND ${LIVE}`),\n    remove",
    },
    {
      name: "SQLite deletes a version that nobody has read",
      find: "DELETE FROM entries WHERE key = :key AND version = :expected",
      replace: "DELETE FROM entries WHERE key = :key AND :expected <> ''",
    },
    {
      name: "SQLite puts over what is there",
      find: "expires_ms = excluded.expires_ms WHERE NOT ${LIVE}`",
      replace: "expires_ms = excluded.expires_ms WHERE :now >= 0`",
    },
    {
      name: "SQLite lists what has expired",
      find: "AND key < :end AND ${LIVE} ORDER BY",
      replace: "AND key < :end AND :now >= 0 ORDER BY",
    },
  ]),
  ...among({ file: "shared/adapters/sqlite.ts", tests: [store] }, [
    {
      name: "a write is told before its commit",
      find: '      for (const { run } of batch) run();\n      database.exec("COMMIT");\n      for (const { settle } of batch) settle();',
      replace:
        '      for (const { run, settle } of batch) {\n        run();\n        settle();\n      }\n      queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => database.isOpen && database.exec("COMMIT"))));',
    },
    {
      name: "half of a moment's writes stay when one of them fails",
      find: 'database.exec("ROLLBACK")',
      replace: 'database.exec("COMMIT")',
    },
  ]),
  ...among({ file: "shared/adapters/memory-store.ts", tests: [store] }, [
    {
      name: "the memory store writes over what it did not read",
      find: "      if (now?.entry.version !== expected) return false;\n",
      replace: "      void expected;\n",
    },
  ]),
  ...among({ file: "shared/adapters/keyv-store.ts", tests: [store] }, [
    {
      name: "a store that is down has nothing",
      find: "throw new StoreError(`The store cannot answer: ${reasonOf(error)}`, { cause: error });",
      replace: "return (StoreError.length < 0 ? error : undefined) as T;",
    },
    {
      name: "a write answers a version that it has not made",
      find: "adapter.swap(key, expected, { value, version, ttlMs })",
      replace: "adapter.swap(key, expected, { value, version: newVersion(), ttlMs })",
    },
    {
      name: "a listing ends after its first page",
      find: "if (entries.length < PAGE) return;",
      replace: "if (entries.length <= PAGE) return;",
    },
  ]),
  ...among({ file: "shared/state/documents.ts", tests: [store] }, [
    {
      name: "a change that lost its race is forgotten",
      find: 'if (version === false) return "again";',
      replace: "if (version === false) return next;",
    },
    {
      name: "a writer believes what it remembers although another has written since",
      find: "async (entry) => entry && write(entry)",
      replace: "async (entry) => entry && write(before ?? entry)",
      tests: [written],
    },
    {
      name: "a writer that changes nothing tells what it remembers for what is there",
      find: 'return entry === before ? "again" : now;',
      replace: "return now;",
      tests: [written],
    },
    {
      name: "after a lost answer a writer believes what was there before",
      find: "      last = undefined;\n",
      replace: "",
      tests: [written],
    },
    {
      name: "a record of another version is guessed at",
      find: "    if (!parsed.success) {\n",
      replace: "    if (!parsed.success) return JSON.parse(entry.value) as T;\n    if (!parsed.success) {\n",
      tests: [written],
    },
    {
      name: "a record is removed although it has changed since",
      find: "if (!still(read(entry))) return false;",
      replace: "if (!still(read(entry)) && key === '') return false;",
      tests: [written],
    },
  ]),
  ...among({ file: "shared/adapters/store-clock.ts", tests: ["test/shared/adapters/store-clock.test.ts"] }, [
    {
      name: "a clock that somebody has set is believed",
      find: "return isSet || passedMs > FRESH_MS",
      replace: "return passedMs > FRESH_MS",
    },
    {
      name: "a look at the store's clock that took long is believed",
      find: "endedMs < begunMs || endedMs - begunMs > ROUND_MS_MAX",
      replace: "endedMs < begunMs",
    },
    {
      name: "a store's clock that is plainly wrong is followed",
      find: "aheadMs = isWrong || Math.abs(apartMs) < NEAR_MS",
      replace: "aheadMs = Math.abs(apartMs) < NEAR_MS",
    },
  ]),
  ...among({ file: "shared/state/versions.ts", tests: ["test/shared/state/versions.test.ts"] }, [
    {
      name: "what a newer version wrote is read as if it were ours",
      find: "if (schema > newest) {",
      replace: "if (schema > newest + 9) {",
    },
    {
      name: "an upgrade is left out",
      find: ".slice(schema - 1)",
      replace: ".slice(schema)",
    },
  ]),
  ...among({ file: "shared/adapters/dynamo-store.ts", tests: ["test/shared/adapters/dynamo-faults.test.ts"] }, [
    {
      name: "a write whose answer was lost is taken for another's",
      find: "return version !== undefined && (await read(key))?.version === version;",
      replace: "return false && version !== undefined;",
    },
    {
      name: "another's write is taken for ours",
      find: "(await read(key))?.version === version;",
      replace: "(await read(key)) !== undefined;",
    },
  ]),
  ...among({ file: "shared/adapters/queue-worker.ts", tests: [queue] }, [
    {
      name: "a message whose handler failed is lost",
      find: "      taken.again(clock.nowMs() + backoffSeconds(taken.attempt) * 1000);\n",
      replace: "      taken.done();\n",
    },
    {
      name: "a message is done before its handler is",
      find: "    try {\n      await handleOne(taken.message,",
      replace: "    taken.done();\n    try {\n      await handleOne(taken.message,",
    },
    {
      name: "a message that fails comes again at once, for ever",
      find: "Math.min(2 ** (attempt - 1), BACKOFF_MAX_SECONDS)",
      replace: "Math.min(0 * attempt, BACKOFF_MAX_SECONDS)",
    },
  ]),
  ...among({ file: "shared/adapters/sqlite-queue.ts", tests: [queue] }, [
    {
      name: "a message that a killed process had taken never comes again",
      find: "const HIDDEN_MS = 60_000;",
      replace: "const HIDDEN_MS = 60_000_000;",
    },
    {
      name: "two processes take one message",
      find: "due_ms = :hidden\n",
      replace: "due_ms = min(due_ms, :hidden)\n",
    },
  ]),
  ...among({ file: "shared/adapters/memory-queue.ts", tests: [queue] }, [
    {
      name: "an equal message that comes earlier waits for the later one",
      find: "Math.min(dueMs, equal?.dueMs ?? dueMs)",
      replace: "Math.max(dueMs, equal?.dueMs ?? dueMs)",
    },
  ]),
  ...among({ file: "shared/adapters/redis.ts", tests: [shared], only: "a worker ends while the server is away" }, [
    {
      name: "a connection to Redis that ends between two tries never says so",
      find: "      if (!isBetween) return;\n",
      replace: "      if (isBetween || !isBetween) return;\n",
    },
    {
      name: "what BullMQ copies of a connection is not ours",
      find: "new Ending({ ...this.options, ...other } as Options)",
      replace: "new Base({ ...this.options, ...other } as Options)",
    },
  ]),
  ...among(
    { file: "shared/adapters/redis-receiver.ts", tests: [shared], only: "a worker ends while the server is away" },
    [
      {
        name: "a worker whose handlers have ended waits for a Redis that stays away",
        find: "await Promise.race([closed, lastWords(told.signal)]);",
        replace: "await Promise.race([closed, lastWords(told.signal).then(() => closed)]);",
      },
      {
        name: "a worker that Redis never answered ends with a failure",
        find: "if (!isOver) throw error;",
        replace: "throw error;",
      },
    ],
  ),
];
