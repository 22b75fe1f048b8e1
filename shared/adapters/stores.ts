import type { StateStore } from "../ports/store.ts";
import { memoryStore } from "./memory-store.ts";
import { sqliteStore } from "./sqlite-store.ts";

/**
 * The store that `KINVIRT_STORE` names: `sqlite://PATH` (`sqlite:///var/lib/kinvirt/state.db` is absolute,
 * `sqlite://state.db` relative to the working directory) or `memory:`.
 * @throws Error that says what is supported, and never repeats a URL that may hold a password.
 */
export function openStore(url: string, nowMs: () => number): StateStore {
  if (url === "memory:") return memoryStore(nowMs);
  const path = sqlitePath(url);
  if (path !== undefined && path !== "") return sqliteStore(path, nowMs);
  throw new Error(`KINVIRT_STORE is "${schemeOf(url)}…", which is not supported. Use sqlite://PATH or memory:`);
}

/** The file of `sqlite:PATH` or `sqlite://PATH`; empty when none is named; undefined for another scheme. */
export const sqlitePath = (url: string): string | undefined => /^sqlite:(?:\/\/)?(.*)$/.exec(url)?.[1];

export const schemeOf = (url: string): string => /^[a-z0-9+.-]*:?/i.exec(url)?.[0] ?? "";
