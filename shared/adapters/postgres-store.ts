import type { Pool } from "pg";
import type { Entry, StateStore } from "../ports/store.ts";
import { type CasAdapter, keyvStore, type Page, paged } from "./keyv-store.ts";
import { lazy } from "./lazy.ts";
import { newVersion } from "./version.ts";

const CONNECTIONS = 10;
/** Below the time that Slack gives an answer. */
const TIMEOUT_MS = 2000;
const LOCK = 0x6b696e76;

// Two processes that start at once would both find no table: the lock lets one after the other look. Collation C is the order
// of the bytes, which is that of the keys in every other store.
const SCHEMA = `
  SELECT pg_advisory_xact_lock(${LOCK});
  CREATE TABLE IF NOT EXISTS kinvirt_entries (
    key text COLLATE "C" PRIMARY KEY, value text NOT NULL, version text NOT NULL, expires_ms bigint
  );
  CREATE INDEX IF NOT EXISTS kinvirt_entries_expires ON kinvirt_entries (expires_ms) WHERE expires_ms IS NOT NULL;`;
const LIVE = "(kinvirt_entries.expires_ms IS NULL OR kinvirt_entries.expires_ms > $1)";
// Later than any key with the prefix, because keys are printable ASCII.
const AFTER_ALL = "\u007f";

const SQL = {
  get: `SELECT key, value, version FROM kinvirt_entries WHERE ${LIVE} AND key = $2`,
  page: `SELECT key, value, version FROM kinvirt_entries WHERE ${LIVE} AND key >= $2 AND key < $3
    ORDER BY key LIMIT $4`,
  set: `INSERT INTO kinvirt_entries VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO UPDATE
    SET value = excluded.value, version = excluded.version, expires_ms = excluded.expires_ms`,
  add: `INSERT INTO kinvirt_entries VALUES ($2, $3, $4, $5) ON CONFLICT (key) DO UPDATE
    SET value = excluded.value, version = excluded.version, expires_ms = excluded.expires_ms WHERE NOT ${LIVE}`,
  replace: `UPDATE kinvirt_entries SET value = $3, version = $4 WHERE ${LIVE} AND key = $2 AND version = $5`,
  remove: `DELETE FROM kinvirt_entries WHERE ${LIVE} AND key = $2 AND version = $3`,
  delete: "DELETE FROM kinvirt_entries WHERE key = $1",
  clear: "DELETE FROM kinvirt_entries",
  clock: "SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms",
  // Whatever another process is removing at this moment is left to it: two of them never wait for each other.
  expire: `DELETE FROM kinvirt_entries WHERE key IN
    (SELECT key FROM kinvirt_entries WHERE expires_ms <= $1 LIMIT 100 FOR UPDATE SKIP LOCKED)`,
};

/** State in PostgreSQL 13 or newer, in the table `kinvirt_entries`, which is made. `nowMs` decides what has expired. */
export const postgresStore = (url: string, nowMs: () => number): StateStore => keyvStore(postgresAdapter(url, nowMs));

function connection(url: string) {
  let closed = false;
  const pool = lazy(async () => {
    const { default: pg } = await import("pg");
    const made = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
      statement_timeout: TIMEOUT_MS,
      allowExitOnIdle: true,
    });
    // A connection that breaks while nobody uses it is replaced; whoever uses one is told by their own call.
    made.on("error", () => undefined);
    return made;
  });
  const ready = lazy(async (): Promise<Pool> => {
    const made = await pool();
    await made.query(SCHEMA);
    return made;
  });
  return {
    async query(sql: string, values: readonly unknown[]) {
      if (closed) throw new Error("the connection to PostgreSQL is closed");
      return (await ready()).query(sql, [...values]);
    },
    async close() {
      if (closed) return;
      closed = true;
      await (await pool.made())?.end();
    },
  };
}

function postgresAdapter(url: string, nowMs: () => number): CasAdapter {
  const { query, close } = connection(url);
  const endOf = (ttlMs: number | undefined) => (ttlMs === undefined ? null : Math.ceil(nowMs() + ttlMs));
  const changed = async (sql: string, values: readonly unknown[]): Promise<boolean> =>
    (await query(sql, values)).rowCount === 1;
  const now = () => Math.floor(nowMs());
  const page: Page = async (prefix, after, limit) => {
    // One lower bound, which the index goes to at once; no key comes between another and that with a blank at its end.
    const from = after === "" ? prefix : `${after} `;
    return (await query(SQL.page, [now(), from, prefix + AFTER_ALL, limit])).rows.map(entryOf);
  };
  const adapter: CasAdapter = {
    opts: { dialect: "postgres" },
    on: () => adapter,
    get: async <Value>(key: string) => {
      const [row] = (await query(SQL.get, [now(), key])).rows;
      return row === undefined ? undefined : { value: entryOf(row) as Value };
    },
    set: async (key: string, value: string, ttlMs?: number) =>
      void (await query(SQL.set, [key, value, newVersion(), endOf(ttlMs)])),
    delete: (key) => changed(SQL.delete, [key]),
    clear: async () => void (await query(SQL.clear, [])),
    disconnect: close,
    swap: async (key, expected, next) => {
      if (expected !== undefined && next !== undefined)
        return changed(SQL.replace, [now(), key, next.value, next.version, expected]);
      if (expected !== undefined) return changed(SQL.remove, [now(), key, expected]);
      if (next === undefined) return false;
      if (next.ttlMs !== undefined) await query(SQL.expire, [now()]);
      return changed(SQL.add, [now(), key, next.value, next.version, endOf(next.ttlMs)]);
    },
    clockMs: async () => Number((await query(SQL.clock, [])).rows[0]?.["ms"]),
    list: (prefix) => paged(page, prefix),
  };
  return adapter;
}

const entryOf = (row: Readonly<Record<string, unknown>>): Entry => ({
  key: String(row["key"]),
  value: String(row["value"]),
  version: String(row["version"]),
});
