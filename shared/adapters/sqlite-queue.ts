import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Message, Queue, QueueWorker } from "../ports/queue.ts";
import { type Backlog, queueOver, type Taken } from "./queue-worker.ts";
import { openDatabase } from "./sqlite.ts";

/** How long a taken message is hidden from others: it comes again when the process that took it has died. */
const HIDDEN_MS = 60_000;

// `due_ms` of a taken message is the end of its hiding. `taken` is who took it: NULL for nobody.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, content TEXT NOT NULL, due_ms INTEGER NOT NULL, taken TEXT, failures INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_due ON messages (due_ms);
  CREATE UNIQUE INDEX IF NOT EXISTS messages_waiting ON messages (content) WHERE taken IS NULL;`;

/** Messages in one SQLite file: they survive the process, and several processes may share it. */
export const sqliteQueue = (path: string, clock: Clock, log?: Log): Queue & QueueWorker =>
  queueOver(sqliteBacklog(path), clock, log);

/** Each statement takes the write lock before it reads: no other process comes between. */
function sqliteBacklog(path: string): Backlog {
  // A message that a power cut takes costs a sweep: the store has what is due.
  const database = openDatabase(path, SCHEMA, "process");
  const sql = {
    put: database.prepare(`INSERT INTO messages (content, due_ms, failures) VALUES (:content, :due, :failures)
      ON CONFLICT (content) WHERE taken IS NULL
      DO UPDATE SET due_ms = min(due_ms, excluded.due_ms), failures = max(failures, excluded.failures)`),
    first: database.prepare("SELECT due_ms FROM messages WHERE due_ms <= :now ORDER BY due_ms, id LIMIT 1"),
    take: database.prepare(`UPDATE messages SET taken = lower(hex(randomblob(8))), due_ms = :hidden
      WHERE id = (SELECT id FROM messages WHERE due_ms <= :now ORDER BY due_ms, id LIMIT 1)
      RETURNING content, taken, failures`),
    done: database.prepare("DELETE FROM messages WHERE taken = :taken"),
  };
  const again = (taken: string, content: string, due: number, failures: number): void => {
    database.exec("BEGIN IMMEDIATE");
    try {
      if (sql.done.run({ taken }).changes === 1) sql.put.run({ content, due, failures });
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  };
  return {
    put: (message, dueMs) => void sql.put.run({ content: JSON.stringify(message), due: Math.ceil(dueMs), failures: 0 }),
    take: (nowMs): Taken | undefined => {
      const now = Math.floor(nowMs);
      // A look takes no lock, so an idle worker does not make writers wait.
      const first = sql.first.get({ now });
      if (first === undefined) return undefined;
      const row = sql.take.get({ now, hidden: now + HIDDEN_MS });
      if (row === undefined) return undefined;
      const [content, taken, failures] = [String(row["content"]), String(row["taken"]), Number(row["failures"])];
      return {
        message: JSON.parse(content) as Message,
        attempt: failures + 1,
        // Another process may have taken that one, and then this is due a little later.
        dueMs: Number(first["due_ms"]),
        done: () => void sql.done.run({ taken }),
        again: (dueMs) => again(taken, content, Math.ceil(dueMs), failures + 1),
      };
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}
