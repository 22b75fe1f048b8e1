import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

const BUSY_MS = 5000;

/**
 * Opens (and makes, with its folder) a database that several processes may use at once: readers never wait for the
 * writer, and a writer waits up to five seconds for another one.
 */
export function openDatabase(path: string, schema: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  // FULL: what was answered is on the disk, also after a power cut (NORMAL would lose the last commits under WAL).
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  database.exec(schema);
  return database;
}
