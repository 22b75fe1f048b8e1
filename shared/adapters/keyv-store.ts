import { Keyv, type KeyvStoreAdapter } from "keyv";
import { assert } from "../assert.ts";
import { type Entry, type Listing, type StateStore, StoreError, type Written } from "../ports/store.ts";
import { reasonOf } from "./error-code.ts";
import { newVersion } from "./version.ts";

/** Small, so that what was read of a long listing is forgotten before it has grown old in memory. */
const PAGE = 50;
const KEY = /^[ -~]*$/;

/** What a write leaves behind. Without `ttlMs`: a new entry stays for ever, a replaced one keeps its end. */
export interface Write {
  readonly value: string;
  readonly version: string;
  readonly ttlMs?: number | undefined;
}

/**
 * A Keyv storage adapter, and what Keyv lacks: compare-and-set, and listing by prefix in key order. `get` answers Keyv's
 * raw form, `{ value: Entry }`. The adapter decides alone what has expired, because Keyv would ask the machine's clock.
 */
export interface CasAdapter extends KeyvStoreAdapter {
  /**
   * In one operation: if the key's version is `expected` (undefined: there is none), writes `next` (undefined: removes).
   * False: nothing was changed.
   */
  swap(key: string, expected: string | undefined, next: Write | undefined): Promise<boolean>;
  /** The server's own clock. */
  clockMs?(): Promise<number>;
  /** Entries whose keys begin with `prefix`, in key order. */
  list(prefix: string, how?: Listing): AsyncIterable<Entry>;
}

/** Up to `limit` entries whose keys begin with `prefix` and come after `after`, in key order. */
export type Page = (prefix: string, after: string, limit: number) => Promise<readonly Entry[]>;

/** A listing page by page: what is written meanwhile behind the page that was read last is in it. */
export async function* paged(page: Page, prefix: string): AsyncIterable<Entry> {
  for (let after = ""; ; ) {
    const entries = await page(prefix, after, PAGE);
    yield* entries;
    after = entries.at(-1)?.key ?? "";
    if (entries.length < PAGE) return;
  }
}

/** A StateStore over Keyv and the adapter's own compare-and-set. A store that is down is a StoreError in every method. */
export function keyvStore(adapter: CasAdapter): StateStore {
  // Without throwOnErrors Keyv answers "not found" for a store that is down.
  const { clockMs } = adapter;
  const keyv = new Keyv<Entry>(adapter, { throwOnErrors: true, useKeyPrefix: false });
  // The version is made here, so whoever writes knows it without asking.
  const written = (key: string, expected: string | undefined, value: string, ttlMs?: number): Promise<Written> =>
    answered(key, async () => {
      const version = newVersion();
      return (await adapter.swap(key, expected, { value, version, ttlMs })) && version;
    });
  return {
    get: (key) => answered(key, async () => await keyv.get<Entry>(key)),
    putIfAbsent: (key, value, ttlSeconds) =>
      written(key, undefined, value, ttlSeconds === undefined ? undefined : ttlSeconds * 1000),
    replace: (key, value, expectedVersion) => written(key, expectedVersion, value),
    delete: (key, expectedVersion) =>
      answered(key, async () => {
        if (expectedVersion !== undefined) {
          return (await adapter.swap(key, expectedVersion, undefined)) || (await keyv.get(key)) === undefined;
        }
        await keyv.delete(key);
        return true;
      }),
    async *list(prefix, how) {
      const entries = adapter.list(prefix, how)[Symbol.asyncIterator]();
      for (;;) {
        const next = await answered(prefix, () => entries.next());
        if (next.done === true) return;
        yield next.value;
      }
    },
    ...(clockMs === undefined ? {} : { clockMs: () => answered("", clockMs) }),
    close: () => keyv.disconnect(),
  };
}

async function answered<T>(key: string, ask: () => Promise<T>): Promise<T> {
  assert(KEY.test(key), `a key is printable ASCII: ${JSON.stringify(key)}`);
  try {
    return await ask();
  } catch (error) {
    throw new StoreError(`The store cannot answer: ${reasonOf(error)}`, { cause: error });
  }
}
