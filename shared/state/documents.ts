import type * as z from "zod";
import { type Entry, type Listing, type StateStore, StoreError } from "../ports/store.ts";
import { Unreadable, type Upgrades, upgraded } from "./versions.ts";

const TRIES_MAX = 20;

/** As `Documents.change`, of one document. */
export type Writer<T> = (change: (now: T) => T | undefined) => Promise<T | undefined>;

/** Typed documents under one prefix of the store, changed by compare-and-set only. */
export interface Documents<T> {
  get(key: string): Promise<T | undefined>;
  /** False if there is one with this key. */
  add(key: string, value: T): Promise<boolean>;
  /**
   * Reads, changes and writes until no other writer came between. `change` may run several times and must be pure; it
   * answers undefined to leave the document as it is. Resolves with what the store holds afterwards; undefined: there is none.
   */
  change(key: string, change: (now: T) => T | undefined): Promise<T | undefined>;
  /**
   * For whoever is nearly alone in writing a document: the same changes, each from what the one before has written, without
   * a look. What others write in between is found by the compare and read then; so is what is there after an answer was lost.
   */
  writer(key: string): Writer<T>;
  /** Deletes only while `still` holds of what is there. False if it did not; missing already is true. */
  remove(key: string, still: (now: T) => boolean): Promise<boolean>;
  /** Throws at the first document that can't be read; where `unreadable` is given, tells it instead and goes on. */
  list(prefix?: string, unreadable?: (error: Unreadable) => void, how?: Listing): AsyncIterable<T>;
}

function jsonOf({ key, value }: Entry): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new Unreadable(key, `it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Documents that were read lately, with what they say. */
const READ_MAX = 256;

interface Read<T> {
  /** `passing`: it is one of many, and probably not read again soon. */
  (entry: Entry, passing?: boolean): T;
  /** What somebody is about to write need not be taken apart to be known. */
  knows(key: string, text: string, value: T): void;
}

/** A text is taken apart once, however often it is read: what nobody has changed is most of what a sweep or a pass reads. */
function reader<T>(schema: z.ZodType<T>, upgrades: Upgrades): Read<T> {
  // By key, for to look a text up one has to go through all of it, and a record is long.
  const known = new Map<string, { readonly text: string; readonly value: T }>();
  const knows = (key: string, text: string, value: T): void => {
    known.delete(key);
    if (known.size >= READ_MAX) known.delete(known.keys().next().value ?? "");
    known.set(key, { text, value });
  };
  const read = (entry: Entry, passing = false): T => {
    const before = known.get(entry.key);
    if (before?.text === entry.value) return before.value;
    const parsed = schema.safeParse(upgraded(entry.key, jsonOf(entry), upgrades));
    if (!parsed.success) {
      const at = parsed.error.issues[0];
      // What is not known is never guessed at: writing it back would lose it.
      throw new Unreadable(entry.key, `${at?.path.join(".")}: ${at?.message}`);
    }
    // A listing of thousands would drive out what is read again, and keep each text just long enough to be in the way.
    if (known.size < READ_MAX || before !== undefined || !passing) knows(entry.key, entry.value, parsed.data);
    return parsed.data;
  };
  return Object.assign(read, { knows });
}

const readers = new WeakMap<z.ZodType, Read<unknown>>();

/** The same for every store: of one key, equal texts say the same. */
export function readerOf<T>(schema: z.ZodType<T>, upgrades: Upgrades = []): Read<T> {
  const made = (readers.get(schema) as Read<T> | undefined) ?? reader(schema, upgrades);
  readers.set(schema, made);
  return made;
}

const raise = (error: Unreadable): never => {
  throw error;
};

/** `schema` is that of the newest version; `upgrades` lead there from the older ones. */
export function documents<T>(
  store: StateStore,
  folder: string,
  schema: z.ZodType<T>,
  upgrades: Upgrades = [],
): Documents<T> {
  const read = readerOf(schema, upgrades);
  const tries = async <R>(key: string, once: (entry: Entry | undefined) => Promise<R | "again">): Promise<R> => {
    for (let left = TRIES_MAX; left > 0; left -= 1) {
      const result = await once(await store.get(folder + key));
      if (result !== "again") return result;
    }
    throw new StoreError(`${folder}${key} changes too fast to be written`);
  };
  const textOf = (key: string, value: T): string => {
    const text = JSON.stringify(value);
    read.knows(key, text, value);
    return text;
  };
  const writer = (key: string): Writer<T> => {
    let last: Entry | undefined;
    return async (change) => {
      // Until this write is known to be made, nothing is known to be there.
      const before = last;
      last = undefined;
      const write = async (entry: Entry): Promise<T | undefined | "again"> => {
        const now = read(entry);
        const next = change(now);
        // Only a write proves that what was written last is still there.
        if (next === undefined) return entry === before ? "again" : now;
        const value = textOf(entry.key, next);
        const version = await store.replace(entry.key, value, entry.version);
        if (version === false) return "again";
        last = { key: entry.key, value, version };
        return next;
      };
      const after = before === undefined ? "again" : await write(before);
      return after === "again" ? tries(key, async (entry) => entry && write(entry)) : after;
    };
  };
  return {
    async get(key) {
      const entry = await store.get(folder + key);
      return entry === undefined ? undefined : read(entry);
    },
    add: async (key, value) => (await store.putIfAbsent(folder + key, textOf(folder + key, value))) !== false,
    change: (key, change) => writer(key)(change),
    writer,
    remove: (key, still) =>
      tries(key, async (entry) => {
        if (entry === undefined) return true;
        if (!still(read(entry))) return false;
        return (await store.delete(entry.key, entry.version)) ? true : "again";
      }),
    async *list(prefix = "", unreadable = raise, how) {
      for await (const entry of store.list(folder + prefix, how)) {
        try {
          yield read(entry, true);
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error;
          unreadable(error);
        }
      }
    },
  };
}
