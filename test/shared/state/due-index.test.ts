import { memoryStore } from "../../../shared/adapters/memory-store.ts";
import { dueOf } from "../../../shared/cluster/due.ts";
import { type StateStore, StoreError } from "../../../shared/ports/store.ts";
import { mark, marksUntil, QUARTER_MS, quarterOf, unmark } from "../../../shared/state/due-index.ts";
import { clusters, requests } from "../../../shared/state/index.ts";
import { openOf } from "../../../shared/state/open-requests.ts";
import { collect } from "../../conformance/store.suite.ts";
import { NOW_MS, record, request } from "../../handlers/given.ts";

// Goal: what is due, and what waits for somebody, is found without reading everything; a mark says too much rather than too little.

const DAY_MS = 86_400_000;

function counted() {
  const store = memoryStore(() => NOW_MS);
  const writes: string[] = [];
  const counting: StateStore = {
    ...store,
    putIfAbsent: (key, value, ttl) => {
      if (/^(due|open)\//.test(key)) writes.push(key);
      return store.putIfAbsent(key, value, ttl);
    },
  };
  return { store: counting, writes };
}

const marks = async (store: StateStore, nowMs: number) =>
  (await collect(marksUntil(store, nowMs))).map(({ folder, key }) => `${folder}${key}`);

test("a cluster is marked in the quarter of an hour in which it is due, once however often it is written", async () => {
  const { store, writes } = counted();
  const all = clusters(store);
  const due = (dueMs: number) => (now: ReturnType<typeof record>) => ({ ...now, status: { ...now.status, dueMs } });
  await all.add("team-a/dev", record({}, { phase: "creating", dueMs: NOW_MS }));
  await all.change("team-a/dev", due(NOW_MS + 5000));
  await all.change("team-a/dev", due(NOW_MS + 60_000));
  expect(writes).toHaveLength(1);
  expect(await marks(store, NOW_MS)).toEqual(["cluster/team-a/dev"]);
  await all.change("team-a/dev", due(NOW_MS + QUARTER_MS));
  expect(writes).toHaveLength(2);
  expect(await marks(store, NOW_MS - QUARTER_MS)).toEqual([]);
  expect(await marks(store, NOW_MS + QUARTER_MS)).toEqual(["cluster/team-a/dev", "cluster/team-a/dev"]);
});

test("what a writer writes is marked all the same", async () => {
  const { store } = counted();
  await clusters(store).add("team-a/dev", record());
  const write = clusters(store).writer("team-a/dev");
  await write((now) => ({ ...now, generation: now.generation + 1 }));
  await write((now) => ({ ...now, status: { ...now.status, dueMs: NOW_MS } }));
  expect(await marks(store, NOW_MS)).toEqual(["cluster/team-a/dev"]);
  await requests(store).add("aaaaaa", request({ id: "aaaaaa", state: "denied" }));
  await requests(store).writer("aaaaaa")((now) => ({ ...now, state: "waiting" }));
  expect((await collect(store.list("open/"))).map(({ key }) => key)).toEqual(["open/team-a/aaaaaa"]);
});

test("a change that leaves the document as it is marks nothing", async () => {
  const { store, writes } = counted();
  await clusters(store).add("team-a/dev", record());
  await clusters(store).change("team-a/dev", () => undefined);
  await clusters(store).change("team-a/none", (now) => now);
  expect(writes.filter((key) => key.endsWith("none"))).toEqual([]);
});

test("a mark that was taken away is written again", async () => {
  const { store } = counted();
  await mark(store, "cluster/", "team-a/dev", NOW_MS);
  const [one] = await collect(marksUntil(store, NOW_MS));
  if (one === undefined) throw new Error("there is no mark");
  expect(one).toEqual({ folder: "cluster/", key: "team-a/dev", quarter: quarterOf(NOW_MS) });
  await unmark(store, one);
  expect(await marks(store, NOW_MS)).toEqual([]);
  await mark(store, "cluster/", "team-a/dev", NOW_MS);
  expect(await marks(store, NOW_MS)).toEqual(["cluster/team-a/dev"]);
});

test("a mark that the store did not take costs the document nothing, and is written with the next change", async () => {
  const { store } = counted();
  let away = true;
  const flaky: StateStore = {
    ...store,
    putIfAbsent: (key, value, ttl) => {
      if (away && key.startsWith("due/")) throw new StoreError("The store cannot answer: connection lost");
      return store.putIfAbsent(key, value, ttl);
    },
  };
  const all = clusters(flaky);
  expect(await all.add("team-a/dev", record({}, { phase: "creating", dueMs: NOW_MS }))).toBe(true);
  expect(await marks(store, NOW_MS)).toEqual([]);
  away = false;
  await all.change("team-a/dev", (now) => ({ ...now, generation: now.generation + 1 }));
  expect(await marks(store, NOW_MS)).toEqual(["cluster/team-a/dev"]);
});

test.each([
  ["its work", record({}, { phase: "creating", dueMs: NOW_MS }), NOW_MS],
  ["its time to live", record({ expiresMs: NOW_MS + DAY_MS }), NOW_MS + DAY_MS],
  ["work before the end of its time to live", record({ expiresMs: NOW_MS + DAY_MS }, { dueMs: NOW_MS }), NOW_MS],
  ["new logins", record({ createdMs: NOW_MS }), NOW_MS + 335 * DAY_MS],
  ["the end of a request that nobody wrote", record({ createdMs: NOW_MS }, { phase: "requested" }), NOW_MS + 60_000],
  ["its record to go", record({ wish: "absent" }, { phase: "deleting", finishedMs: NOW_MS }), NOW_MS],
  ["nothing while a person is asked", record({ createdMs: NOW_MS }, { phase: "blocked" }), undefined],
])("a cluster is due for %s", (_, one, dueMs) => {
  const { expiresMs, ...rest } = one;
  expect(dueOf(dueMs === NOW_MS + DAY_MS || expiresMs === NOW_MS + DAY_MS ? one : rest)).toBe(dueMs);
});

test("requests that wait are found by their tenant, also when a mark is behind", async () => {
  const { store } = counted();
  const all = requests(store);
  const get = (id: string) => all.get(id);
  await all.add("aaaaaa", request({ id: "aaaaaa" }));
  await all.add("bbbbbb", request({ id: "bbbbbb", tenant: "team-b" }));
  await all.add("cccccc", request({ id: "cccccc", state: "denied" }));
  await all.add("dddddd", request({ id: "dddddd", dryRun: true }));
  const ids = async (tenant: string) => (await openOf(store, tenant, get)).map(({ id }) => id);
  expect([await ids("team-a"), await ids("team-b")]).toEqual([["aaaaaa"], ["bbbbbb"]]);
  await all.change("aaaaaa", (now) => ({ ...now, state: "approved" }));
  expect(await ids("team-a")).toEqual([]);
  expect((await collect(store.list("open/"))).map(({ key }) => key)).toEqual(["open/team-b/bbbbbb"]);
  // It is planned again, and waits again.
  await all.change("aaaaaa", (now) => ({ ...now, state: "waiting" }));
  expect(await ids("team-a")).toEqual(["aaaaaa"]);
  // Of another process that knows nothing of the mark.
  await store.putIfAbsent("open/team-a/cccccc", "1");
  expect(await ids("team-a")).toEqual(["aaaaaa"]);
});
