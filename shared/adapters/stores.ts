import type { StateStore } from "../ports/store.ts";
import { errorCode } from "./error-code.ts";
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
  if (path !== undefined && path !== "") return opened("KINVIRT_STORE", path, () => sqliteStore(path, nowMs));
  throw unsupported("KINVIRT_STORE", url, "sqlite://PATH or memory:");
}

/** The file of `sqlite:PATH` or `sqlite://PATH`; empty when none is named; undefined for another scheme. */
export const sqlitePath = (url: string): string | undefined => /^sqlite:(?:\/\/)?(.*)$/.exec(url)?.[1];

/** Only a scheme is repeated: the rest, or all of a text without one, may be a secret. */
export function unsupported(variable: string, url: string, use: string): Error {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0];
  return new Error(`${variable} is ${scheme === undefined ? "" : `"${scheme}…", which is `}not supported. Use ${use}`);
}

/** What `open` makes of this file, or an error that says which variable to set. */
export function opened<T>(variable: string, path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new Error(
      `${variable} can't be opened at ${path} (${errorCode(error)}): choose a file that kinvirt may write to.`,
      {
        cause: error,
      },
    );
  }
}
