import { type StateStore, StoreError } from "../ports/store.ts";
import type { Documents, Writer } from "./documents.ts";

/** Marks stand in the quarter of an hour that something falls due in, so a document that is due again soon needs no other. */
export const QUARTER_MS = 15 * 60_000;
const DIGITS = 8;
/** Marks that this process has seen in the store; more are only written again. */
const KNOWN_MAX = 20_000;
const DUE = "due/";

const FOLDERS = ["cluster/", "request/", "grave/"] as const;
type Folder = (typeof FOLDERS)[number];

/** A mark: that something may be due from then on. */
export interface Mark {
  readonly folder: Folder;
  /** Of the document in its folder. */
  readonly key: string;
  readonly quarter: number;
}

export const quarterOf = (ms: number): number => Math.max(0, Math.floor(ms / QUARTER_MS));
const keyOf = ({ folder, key, quarter }: Mark): string =>
  `${DUE}${String(quarter).padStart(DIGITS, "0")}/${folder}${key}`;

function markOf(text: string): Mark | undefined {
  const [, quarter, named, key = ""] = /^due\/(\d+)\/(\w+\/)(.+)$/.exec(text) ?? [];
  const folder = FOLDERS.find((one) => one === named);
  return folder === undefined ? undefined : { folder, key, quarter: Number(quarter) };
}

const known = new WeakMap<StateStore, Set<string>>();

/**
 * Marks a document that is due at `dueMs`. What is lost here costs time and nothing else: everything is looked through four
 * times an hour.
 */
export async function mark(store: StateStore, folder: Folder, key: string, dueMs: number | undefined): Promise<void> {
  if (dueMs === undefined) return;
  const text = keyOf({ folder, key, quarter: quarterOf(dueMs) });
  const seen = known.get(store) ?? new Set<string>();
  known.set(store, seen);
  if (seen.has(text)) return;
  try {
    await store.putIfAbsent(text, "1");
  } catch (error) {
    // The document itself says more clearly that the store is away.
    if (!(error instanceof StoreError)) throw error;
    return;
  }
  if (seen.size >= KNOWN_MAX) seen.clear();
  seen.add(text);
}

/** Nothing is due there any more. Only of a quarter that has passed: nobody marks anything in it again. */
export async function unmark(store: StateStore, one: Mark): Promise<void> {
  await store.delete(keyOf(one));
  known.get(store)?.delete(keyOf(one));
}

/** Marks of this quarter and of those before, the earliest first. */
export async function* marksUntil(store: StateStore, nowMs: number): AsyncIterable<Mark> {
  for await (const { key } of store.list(DUE)) {
    const one = markOf(key);
    if (one !== undefined && one.quarter > quarterOf(nowMs)) return;
    if (one !== undefined) yield one;
  }
}

/**
 * The same documents, each marked when it is due: whoever looks for what is due need not read everything. Mark and document are
 * written side by side, because neither waits for the other; a mark says too much rather than too little.
 */
export const dueIndexed = <T>(
  store: StateStore,
  folder: Folder,
  all: Documents<T>,
  dueOf: (one: T) => number | undefined,
): Documents<T> => {
  const writer = (key: string): Writer<T> => {
    const write = all.writer(key);
    return async (change) => {
      let marking: Promise<void> | undefined;
      const after = await write((now) => {
        const next = change(now);
        if (next !== undefined) marking = mark(store, folder, key, dueOf(next));
        return next;
      });
      await marking;
      return after;
    };
  };
  return {
    ...all,
    async add(key, value) {
      const [added] = await Promise.all([all.add(key, value), mark(store, folder, key, dueOf(value))]);
      return added;
    },
    change: (key, change) => writer(key)(change),
    writer,
  };
};
