export interface Entry {
  readonly key: string;
  /** JSON text. */
  readonly value: string;
  /** Opaque; changes with every write. */
  readonly version: string;
}

/** The version that a write has made, never empty; false: nothing was written. */
export type Written = string | false;

/** The store cannot answer. Never to be mistaken for "not found". */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

export interface Listing {
  readonly mayLag?: boolean;
}

/**
 * The truth. Keys are `/`-separated printable ASCII. Every method throws StoreError when the store is down; absence is
 * only ever said by a store that answered.
 */
export interface StateStore {
  get(key: string): Promise<Entry | undefined>;
  /** False if the key exists (and has not expired). The check and the write are one operation. */
  putIfAbsent(key: string, value: string, ttlSeconds?: number): Promise<Written>;
  /** False if the key is gone or its version is another one. */
  replace(key: string, value: string, expectedVersion: string): Promise<Written>;
  /** With a version: false if it was another one. Missing already is true. */
  delete(key: string, expectedVersion?: string): Promise<boolean>;
  /** In key order. What `mayLag` may lack the writes of the last moments, and costs half where reads have a price. */
  list(prefix: string, how?: Listing): AsyncIterable<Entry>;
  /** The server's own clock, in milliseconds; left out where there is no server, or it does not tell. */
  clockMs?(): Promise<number>;
  close(): Promise<void>;
}
