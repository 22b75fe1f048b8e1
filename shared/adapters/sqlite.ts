import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

const BUSY_MS = 5000;

/** Whether the last commits outlast a power cut too, or the process alone. */
type Outlasts = "power" | "process";

/**
 * Opens (and makes, with its folder) a database that several processes may use at once: readers never wait for the
 * writer, and a writer waits up to five seconds for another one.
 */
export function openDatabase(path: string, schema: string, outlasts: Outlasts): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  database.exec(`PRAGMA journal_mode = WAL; ${synchronous(outlasts)};`);
  database.exec(schema);
  return database;
}

const synchronous = (outlasts: Outlasts): string => `PRAGMA synchronous = ${outlasts === "power" ? "FULL" : "NORMAL"}`;

interface Waiting {
  readonly outlasts: Outlasts;
  run(): void;
  settle(): void;
  fail(error: unknown): void;
}

/**
 * Writes of the same moment share one commit, in their order, because it is the way to the disk that takes long. Each
 * promise is settled when the commit is made; when it fails, none of them has happened. A write that need not outlast a power
 * cut waits for no disk; whatever is committed later and does outlast it takes that write along, for there is one log.
 */
export function committer(database: DatabaseSync): <T>(write: () => T, outlasts?: Outlasts) => Promise<T> {
  let waiting: Waiting[] = [];
  let set: Outlasts = "power";

  function begin(outlasts: Outlasts): void {
    if (outlasts !== set) database.exec(synchronous(outlasts));
    set = outlasts;
    database.exec("BEGIN IMMEDIATE");
  }

  function commit(): void {
    const batch = waiting;
    waiting = [];
    try {
      begin(batch.some(({ outlasts }) => outlasts === "power") ? "power" : "process");
      for (const { run } of batch) run();
      database.exec("COMMIT");
      for (const { settle } of batch) settle();
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec("ROLLBACK");
      for (const { fail } of batch) fail(error);
    }
  }

  return <T>(write: () => T, outlasts: Outlasts = "power") =>
    new Promise<T>((done, fail) => {
      let result: T;
      waiting.push({
        outlasts,
        run: () => {
          result = write();
        },
        settle: () => done(result),
        fail,
      });
      if (waiting.length === 1) queueMicrotask(commit);
    });
}
