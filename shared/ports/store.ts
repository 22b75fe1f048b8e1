export interface Entry {
  readonly key: string;
  /** JSON text. */
  readonly value: string;
  /** Opaque; changes with every write. */
  readonly version: string;
}

/** The store cannot answer. Never to be mistaken for "not found". */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/**
 * The truth. Keys are `/`-separated printable ASCII. Every method throws StoreError when the store is down; absence is
 * only ever said by a store that answered.
 */
export interface StateStore {
  get(key: string): Promise<Entry | undefined>;
  /** False if the key exists (and has not expired). The check and the write are one operation. */
  putIfAbsent(key: string, value: string, ttlSeconds?: number): Promise<boolean>;
  /** False if the key is gone or its version is another one. */
  replace(key: string, value: string, expectedVersion: string): Promise<boolean>;
  /** With a version: false if it was another one. Missing already is true. */
  delete(key: string, expectedVersion?: string): Promise<boolean>;
  /** In key order. */
  list(prefix: string): AsyncIterable<Entry>;
  close(): Promise<void>;
}
