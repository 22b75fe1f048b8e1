import type { StateStore } from "../ports/store.ts";
import { dynamoStore } from "./dynamo-store.ts";
import { errorCode } from "./error-code.ts";
import { memoryStore } from "./memory-store.ts";
import { postgresStore } from "./postgres-store.ts";
import { redisStore } from "./redis-store.ts";
import { sqliteStore } from "./sqlite-store.ts";

const STORES = "sqlite://PATH, redis://HOST:PORT, postgres://HOST/DATABASE, dynamodb://TABLE or memory:";

/**
 * The store that `KINVIRT_STORE` names: `sqlite://PATH` (`sqlite:///var/lib/kinvirt/state.db` is absolute,
 * `sqlite://state.db` relative to the working directory), `redis://` and `rediss://` (Redis or Valkey), `postgres://`,
 * `dynamodb://TABLE` (region and credentials as every AWS client finds them) or `memory:`. Servers are not asked yet.
 * @throws Error that says what is supported, and never repeats a URL that may hold a password.
 */
export function openStore(url: string, nowMs: () => number): StateStore {
  if (url === "memory:") return memoryStore(nowMs);
  const path = sqlitePath(url);
  if (path !== undefined && path !== "") return opened("KINVIRT_STORE", path, () => sqliteStore(path, nowMs));
  if (isServer(url, ["redis:", "rediss:"])) return redisStore(url, nowMs);
  if (isServer(url, ["postgres:", "postgresql:"])) return postgresStore(url, nowMs);
  const table = /^dynamodb:\/\/([\w.-]{3,255})$/.exec(url)?.[1];
  if (table !== undefined) return dynamoStore(table, nowMs);
  throw unsupported("KINVIRT_STORE", url, STORES);
}

/** The file of `sqlite:PATH` or `sqlite://PATH`; empty when none is named; undefined for another scheme. */
export const sqlitePath = (url: string): string | undefined => /^sqlite:(?:\/\/)?(.*)$/.exec(url)?.[1];

/** All processes that use it share the machine's clock too. */
export const isOnOneMachine = (url: string): boolean => url === "memory:" || sqlitePath(url) !== undefined;

/** A URL of one of these schemes with a host in it. */
export const isServer = (url: string, schemes: readonly string[]): boolean => {
  const parsed = URL.parse(url);
  return parsed !== null && schemes.includes(parsed.protocol) && parsed.hostname !== "";
};

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
