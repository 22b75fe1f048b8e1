import type { Entry, StateStore } from "../ports/store.ts";
import { type CasAdapter, keyvStore, type Page, paged, type Write } from "./keyv-store.ts";
import { newVersion } from "./version.ts";

interface Row {
  readonly entry: Entry;
  readonly expiresMs: number;
}

/** State that ends with the process: for tests, simulations and trying out. `nowMs` decides what has expired. */
export const memoryStore = (nowMs: () => number): StateStore => keyvStore(memoryAdapter(nowMs));

function memoryAdapter(nowMs: () => number): CasAdapter {
  let rows: Map<string, Row> | undefined = new Map();
  const open = (): Map<string, Row> => {
    if (rows === undefined) throw new Error("the memory store is closed");
    return rows;
  };
  const live = (key: string): Row | undefined => {
    const row = open().get(key);
    if (row === undefined || row.expiresMs > nowMs()) return row;
    open().delete(key);
    return undefined;
  };
  const write = (key: string, { value, version }: Write, expiresMs: number): void =>
    void open().set(key, { entry: { key, value, version }, expiresMs });
  const endOf = (ttlMs: number | undefined): number =>
    ttlMs === undefined ? Number.POSITIVE_INFINITY : nowMs() + ttlMs;
  const page: Page = async (prefix, after, limit) =>
    [...open().keys()]
      .filter((key) => key.startsWith(prefix) && key > after)
      .sort()
      .flatMap((key) => live(key)?.entry ?? [])
      .slice(0, limit);
  const adapter: CasAdapter = {
    opts: { dialect: "memory" },
    on: () => adapter,
    get: async <Value>(key: string) => {
      const row = live(key);
      return row === undefined ? undefined : { value: row.entry as Value };
    },
    set: async (key: string, value: string, ttlMs?: number) =>
      write(key, { value, version: newVersion() }, endOf(ttlMs)),
    delete: async (key) => open().delete(key),
    clear: async () => open().clear(),
    disconnect: async () => {
      rows = undefined;
    },
    swap: async (key, expected, next) => {
      const now = live(key);
      if (now?.entry.version !== expected) return false;
      if (next === undefined) open().delete(key);
      else write(key, next, now?.expiresMs ?? endOf(next.ttlMs));
      return true;
    },
    list: (prefix) => paged(page, prefix),
  };
  return adapter;
}
