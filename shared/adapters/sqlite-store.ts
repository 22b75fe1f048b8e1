import type { DatabaseSync } from "node:sqlite";
import type { Entry, StateStore } from "../ports/store.ts";
import { type CasAdapter, keyvStore, type Page, paged, type Write } from "./keyv-store.ts";
import { committer, openDatabase } from "./sqlite.ts";
import { newVersion } from "./version.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, version TEXT NOT NULL, expires_ms INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entries_expires ON entries (expires_ms) WHERE expires_ms IS NOT NULL;`;
const LIVE = "(expires_ms IS NULL OR expires_ms > :now)";
// Later than any key with the prefix, because keys are printable ASCII.
const AFTER_ALL = "\u007f";

/** State in one SQLite file, which several processes may share. `nowMs` decides what has expired. */
export const sqliteStore = (path: string, nowMs: () => number): StateStore =>
  keyvStore(sqliteAdapter(openDatabase(path, SCHEMA, "power"), nowMs));

/** Each change is one statement, which takes the write lock before it reads: no other process comes between. */
function statementsOf(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    get: prepare(`SELECT key, value, version FROM entries WHERE key = :key AND ${LIVE}`),
    page: prepare(`SELECT key, value, version FROM entries
      WHERE key >= :from AND key < :end AND ${LIVE} ORDER BY key LIMIT :limit`),
    set: prepare("INSERT OR REPLACE INTO entries VALUES (:key, :value, :version, :expires)"),
    add: prepare(`INSERT INTO entries VALUES (:key, :value, :version, :expires) ON CONFLICT (key) DO UPDATE
      SET value = excluded.value, version = excluded.version, expires_ms = excluded.expires_ms WHERE NOT ${LIVE}`),
    replace: prepare(`UPDATE entries SET value = :value, version = :version
      WHERE key = :key AND version = :expected AND ${LIVE}`),
    remove: prepare(`DELETE FROM entries WHERE key = :key AND version = :expected AND ${LIVE}`),
    delete: prepare("DELETE FROM entries WHERE key = :key"),
    clear: prepare("DELETE FROM entries"),
    expire: prepare("DELETE FROM entries WHERE expires_ms <= :now"),
  };
}

function sqliteAdapter(database: DatabaseSync, nowMs: () => number): CasAdapter {
  const sql = statementsOf(database);
  const committed = committer(database);
  const endOf = (ttlMs: number | undefined) => (ttlMs === undefined ? null : Math.ceil(nowMs() + ttlMs));
  const add = (key: string, { value, version, ttlMs }: Write): boolean => {
    const now = nowMs();
    if (ttlMs !== undefined) sql.expire.run({ now });
    return sql.add.run({ key, value, version, expires: endOf(ttlMs), now }).changes === 1;
  };
  const page: Page = async (prefix, after, limit) => {
    // One lower bound, which the index goes to at once; no key comes between another and that with a blank at its end.
    const from = after === "" ? prefix : `${after} `;
    return sql.page.all({ from, end: prefix + AFTER_ALL, limit, now: nowMs() }).map(entryOf);
  };
  const adapter: CasAdapter = {
    opts: { dialect: "sqlite" },
    on: () => adapter,
    get: async <Value>(key: string) => {
      const row = sql.get.get({ key, now: nowMs() });
      return row === undefined ? undefined : { value: entryOf(row) as Value };
    },
    set: (key: string, value: string, ttlMs?: number) =>
      committed(() => void sql.set.run({ key, value, version: newVersion(), expires: endOf(ttlMs) })),
    delete: (key) => committed(() => sql.delete.run({ key }).changes > 0),
    clear: () => committed(() => void sql.clear.run()),
    disconnect: async () => {
      if (database.isOpen) database.close();
    },
    swap: (key, expected, next) => {
      // What ends by itself is a mark or a claim: it is worth something only together with what is written after it.
      const outlasts = next?.ttlMs === undefined ? "power" : "process";
      return committed(() => {
        if (expected === undefined) return next !== undefined && add(key, next);
        if (next === undefined) return sql.remove.run({ key, expected, now: nowMs() }).changes === 1;
        const { value, version } = next;
        return sql.replace.run({ key, value, version, expected, now: nowMs() }).changes === 1;
      }, outlasts);
    },
    list: (prefix) => paged(page, prefix),
  };
  return adapter;
}

const entryOf = (row: Readonly<Record<string, unknown>>): Entry => ({
  key: String(row["key"]),
  value: String(row["value"]),
  version: String(row["version"]),
});
