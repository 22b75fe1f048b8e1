import { isOpen } from "../cluster/due.ts";
import type { Request } from "../cluster/request.ts";
import { type StateStore, StoreError } from "../ports/store.ts";
import type { Documents, Writer } from "./documents.ts";

const OPEN = "open/";
const KNOWN_MAX = 5000;

const keyOf = ({ tenant, id }: Pick<Request, "tenant" | "id">): string => `${OPEN}${tenant}/${id}`;

/** What this process has written last of each: whether it is marked. */
const known = new WeakMap<StateStore, Map<string, boolean>>();

/** Marks a request that waits for somebody, and takes the mark away when it does not any more. */
export async function markOpen(store: StateStore, request: Request): Promise<void> {
  const key = keyOf(request);
  const open = isOpen(request);
  const seen = known.get(store) ?? new Map<string, boolean>();
  known.set(store, seen);
  // What ends before this process has seen it open may be marked by another.
  if (seen.get(key) === open) return;
  try {
    await (open ? store.putIfAbsent(key, "1") : store.delete(key));
  } catch (error) {
    // The sweep marks what is not, and whoever reads a mark looks at its request.
    if (!(error instanceof StoreError)) throw error;
    return;
  }
  if (seen.size >= KNOWN_MAX) seen.clear();
  seen.set(key, open);
}

/** The same documents; those that wait are found by their tenant. */
export const openIndexed = (store: StateStore, all: Documents<Request>): Documents<Request> => {
  const writer = (key: string): Writer<Request> => {
    const write = all.writer(key);
    return async (change) => {
      const after = await write(change);
      if (after !== undefined) await markOpen(store, after);
      return after;
    };
  };
  return {
    ...all,
    async add(key, value) {
      const [added] = await Promise.all([all.add(key, value), isOpen(value) ? markOpen(store, value) : undefined]);
      return added;
    },
    change: (key, change) => writer(key)(change),
    writer,
  };
};

/** Requests of a tenant that wait for somebody. `get`: how one is read. */
export async function openOf(
  store: StateStore,
  tenant: string,
  get: (id: string) => Promise<Request | undefined>,
): Promise<readonly Request[]> {
  const ids: string[] = [];
  for await (const { key } of store.list(`${OPEN}${tenant}/`)) ids.push(key.split("/").at(-1) ?? "");
  const found = await Promise.all(ids.map(get));
  return found.filter((one) => one !== undefined).filter((one) => one.tenant === tenant && isOpen(one));
}
