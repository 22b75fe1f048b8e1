import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Message, Queue, QueueWorker } from "../ports/queue.ts";
import { type DueLane, laneOf } from "./lanes.ts";
import { type Backlog, queueOver, type Taken } from "./queue-worker.ts";
import { openDatabase } from "./sqlite.ts";

/** How long a taken message is hidden from others: it comes again when the process that took it has died. */
const HIDDEN_MS = 60_000;

// `due_ms` of a taken message is the end of its hiding. `taken` is who took it: NULL for nobody.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, content TEXT NOT NULL, due_ms INTEGER NOT NULL, taken TEXT, failures INTEGER NOT NULL,
    traceparent TEXT, lane TEXT NOT NULL DEFAULT 'work/'
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS messages_waiting ON messages (content) WHERE taken IS NULL;`;

interface Row {
  readonly content: string;
  readonly due: number;
  readonly failures: number;
  readonly traceparent: string | null;
  readonly lane: string;
}

/** Messages in one SQLite file: they survive the process, and several processes may share it. */
export const sqliteQueue = (path: string, clock: Clock, log?: Log): Queue & QueueWorker =>
  queueOver(sqliteBacklog(path), clock, log);

const ADDED = { traceparent: "TEXT", lane: "TEXT NOT NULL DEFAULT 'work/'" };

/** A file of a version that knew no such columns gets them; processes of that version go on with it. */
function withAdded(database: DatabaseSync): DatabaseSync {
  database.exec("BEGIN IMMEDIATE");
  const columns = database.prepare("SELECT name FROM pragma_table_info('messages')").all();
  for (const [column, type] of Object.entries(ADDED))
    if (!columns.some(({ name }) => name === column))
      database.exec(`ALTER TABLE messages ADD COLUMN ${column} ${type}`);
  database.exec("CREATE INDEX IF NOT EXISTS messages_lane ON messages (lane, due_ms)");
  database.exec("COMMIT");
  return database;
}

/** Each statement takes the write lock before it reads: no other process comes between. */
function sqliteBacklog(path: string): Backlog {
  // A message that a power cut takes costs a sweep: the store has what is due.
  const database = withAdded(openDatabase(path, SCHEMA, "process"));
  const sql = {
    put: database.prepare(`INSERT INTO messages (content, due_ms, failures, traceparent, lane)
      VALUES (:content, :due, :failures, :traceparent, :lane)
      ON CONFLICT (content) WHERE taken IS NULL
      DO UPDATE SET due_ms = min(due_ms, excluded.due_ms), failures = max(failures, excluded.failures),
        traceparent = coalesce(traceparent, excluded.traceparent)`),
    // From lane to lane through the index: it takes no longer for ten thousand messages.
    due: database.prepare(`WITH RECURSIVE lanes (lane) AS (
        SELECT min(lane) FROM messages
        UNION ALL SELECT (SELECT min(lane) FROM messages WHERE lane > lanes.lane) FROM lanes WHERE lane IS NOT NULL
      ), due (lane, due_ms) AS (SELECT lane, (SELECT min(due_ms) FROM messages WHERE lane = lanes.lane) FROM lanes)
      SELECT lane, due_ms FROM due WHERE due_ms <= :now`),
    take: database.prepare(`UPDATE messages SET taken = lower(hex(randomblob(8))), due_ms = :hidden
      WHERE id = (SELECT id FROM messages WHERE lane = :lane AND due_ms <= :now ORDER BY due_ms, id LIMIT 1)
      RETURNING content, taken, failures, traceparent`),
    done: database.prepare("DELETE FROM messages WHERE taken = :taken"),
  };
  const again = (taken: string, row: Row): void => {
    database.exec("BEGIN IMMEDIATE");
    try {
      if (sql.done.run({ taken }).changes === 1) sql.put.run({ ...row });
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  };
  return {
    put(message, dueMs, traceparent) {
      const row = { content: JSON.stringify(message), due: Math.ceil(dueMs), failures: 0 };
      sql.put.run({ ...row, traceparent: traceparent ?? null, lane: laneOf(message) });
    },
    take: (nowMs, choose): Taken | undefined => {
      const now = Math.floor(nowMs);
      // A look takes no lock, so an idle worker does not make writers wait.
      const due: readonly DueLane[] = sql.due
        .all({ now })
        .map((row) => ({ lane: String(row["lane"]), dueMs: Number(row["due_ms"]) }));
      const lane = choose(due);
      if (lane === undefined) return undefined;
      const row = sql.take.get({ lane, now, hidden: now + HIDDEN_MS });
      if (row === undefined) return undefined;
      const [content, taken, failures] = [String(row["content"]), String(row["taken"]), Number(row["failures"])];
      const traceparent = row["traceparent"] === null ? null : String(row["traceparent"]);
      return {
        message: JSON.parse(content) as Message,
        lane,
        attempt: failures + 1,
        // Another process may have taken that one, and then this is due a little later.
        dueMs: due.find((one) => one.lane === lane)?.dueMs ?? now,
        traceparent: traceparent ?? undefined,
        done: () => void sql.done.run({ taken }),
        again: (dueMs) => again(taken, { content, due: Math.ceil(dueMs), failures: failures + 1, traceparent, lane }),
      };
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}
