import { memoryStore } from "../../../shared/adapters/memory-store.ts";
import type { AuditEvent } from "../../../shared/cluster/audit-event.ts";
import { type StateStore, StoreError } from "../../../shared/ports/store.ts";
import {
  type AuditRecord,
  append,
  auditEnds,
  auditKey,
  canonical,
  endOf,
  hashOfRecord,
  newestFirst,
} from "../../../shared/state/audit.ts";
import { verify } from "../../../shared/state/audit-verify.ts";

// Goal: a chain has every event once and in one line, whoever writes side by side and whenever a process dies; and nobody
// changes it unseen.
const event = (key: string): AuditEvent => ({
  key,
  atMs: 1000,
  actor: "U0DEV",
  what: "request.asked",
  cluster: { id: "k7f3m2q9x1", name: "dev" },
  request: "k3m9qz",
});

const fresh = (): StateStore => memoryStore(() => 1000);

async function filled(count: number, store = fresh()): Promise<StateStore> {
  for (let at = 1; at <= count; at += 1) await append(store, "team-a", event(`e${at}`));
  return store;
}

async function recordsOf(store: StateStore): Promise<readonly AuditRecord[]> {
  const found: AuditRecord[] = [];
  for await (const record of newestFirst(store, "team-a")) found.push(record);
  return found;
}

const keysOf = async (store: StateStore) => (await recordsOf(store)).map(({ key }) => key);

/** The same data behind another process: it has seen no end yet. */
const otherProcess = (store: StateStore): StateStore => ({ ...store });

async function edit(store: StateStore, seq: number, change: (record: AuditRecord) => AuditRecord): Promise<void> {
  const entry = await store.get(auditKey("team-a", seq));
  const record = change(JSON.parse(entry?.value ?? "") as AuditRecord);
  await store.replace(auditKey("team-a", seq), JSON.stringify(record), entry?.version ?? "");
}

test("canonical JSON has one text for one value", () => {
  expect(canonical({ b: [1, { d: null, c: "ü\n" }], a: undefined, aa: true })).toBe(
    '{"aa":true,"b":[1,{"c":"ü\\n","d":null}]}',
  );
});

test("records follow each other, each with the hash of the one before", async () => {
  const store = await filled(2);
  const [second, first] = await recordsOf(store);
  expect(first).toMatchObject({ seq: 1, tenant: "team-a", previous: "0".repeat(64), key: "e1" });
  expect(second).toMatchObject({ seq: 2, previous: first?.hash });
  expect(second === undefined ? "" : hashOfRecord(second)).toBe(second?.hash);
  expect(await verify(store)).toEqual([{ tenant: "team-a", records: 2, end: { seq: 2, hash: second?.hash } }]);
});

test("twenty writers at once make one line, and no event is lost", async () => {
  const store = fresh();
  const keys = Array.from({ length: 20 }, (_, at) => `e${at}`);
  await Promise.all(keys.map((key, at) => append(at % 2 === 0 ? store : otherProcess(store), "team-a", event(key))));
  expect([...(await keysOf(store))].sort()).toEqual([...keys].sort());
  expect(await verify(store)).toMatchObject([{ records: 20, end: { seq: 20 } }]);
});

test("the same event is recorded once: later, at the same moment, and from a process that knows nothing", async () => {
  const store = await filled(3);
  const places = await Promise.all([
    append(store, "team-a", event("e2")),
    append(otherProcess(store), "team-a", event("twice")),
    append(store, "team-a", event("twice")),
    append(otherProcess(store), "team-a", event("other")),
    append(otherProcess(store), "team-a", event("twice")),
  ]);
  expect(places[0]?.seq).toBe(2);
  expect(new Set([places[1]?.seq, places[2]?.seq, places[4]?.seq]).size).toBe(1);
  expect(await keysOf(store)).toHaveLength(5);
});

test("the same event from a kept place needs no mark", async () => {
  const store = await filled(3);
  const from = await endOf(store, "team-a");
  await append(store, "team-a", event("e4"), from);
  await append(store, "team-a", event("e5"));
  expect(await append(otherProcess(store), "team-a", event("e4"), from)).toMatchObject({ seq: 4 });
  expect(await keysOf(store)).toEqual(["e5", "e4", "e3", "e2", "e1"]);
});

test.each([1, 2, 3, 4])("a process that dies at its write %i loses nothing and makes no second line", async (dies) => {
  const store = await filled(7);
  let writes = 0;
  const mortal = (write: StateStore["putIfAbsent"]): StateStore["putIfAbsent"] => {
    return async (...args) => {
      writes += 1;
      if (writes === dies) throw new StoreError("the process died before it");
      const done = await write(...args);
      if (writes === dies - 1) throw new StoreError("the process died after it");
      return done;
    };
  };
  await append({ ...store, putIfAbsent: mortal(store.putIfAbsent) }, "team-a", event("e8")).catch(() => undefined);
  await append(otherProcess(store), "team-a", event("e9"));
  await append(otherProcess(store), "team-a", event("e8"));
  expect([...(await keysOf(store))].sort()).toEqual(["e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9"]);
  expect(await verify(store)).toMatchObject([{ records: 9 }]);
  expect((await verify(store))[0]?.broken).toBeUndefined();
});

test("a kept end that lags behind is a hint: the chain goes on at its true end", async () => {
  const store = await filled(11);
  expect(await auditEnds(store).get("team-a")).toMatchObject({ seq: 8 });
  expect(await append(otherProcess(store), "team-a", event("e12"))).toMatchObject({ seq: 12 });
  expect(await endOf(otherProcess(store), "team-a")).toMatchObject({ seq: 12 });
});

test("a process that begins passes a long chain in few looks, once for all that it has to tell; a near end costs one", async () => {
  const all = await filled(200);
  let [looks, atOnce, most] = [0, 0, 0];
  const get: StateStore["get"] = async (key) => {
    if (!key.startsWith("audit/")) return all.get(key);
    looks += 1;
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise((next) => setImmediate(next));
    atOnce -= 1;
    return all.get(key);
  };
  const store = { ...all, get };
  const start = { seq: 0, hash: "0".repeat(64) };
  expect(await append(store, "team-a", event("late"), start)).toMatchObject({ seq: 201 });
  expect([most, looks <= 225]).toEqual([25, true]);
  looks = 0;
  expect(await append(store, "team-a", event("later"), start)).toMatchObject({ seq: 202 });
  expect(looks).toBeLessThanOrEqual(25);
  looks = 0;
  expect(await append(store, "team-a", event("last"))).toMatchObject({ seq: 203 });
  expect(looks).toBe(1);
});

test("tenants have chains of their own", async () => {
  const store = await filled(2);
  await append(store, "team-a-b", event("e1"));
  expect(await verify(store)).toMatchObject([
    { tenant: "team-a", records: 2 },
    { tenant: "team-a-b", records: 1 },
  ]);
});

const tampered: readonly [string, (store: StateStore) => Promise<unknown>, number, string][] = [
  [
    "an edited record",
    (s) => edit(s, 3, (r) => ({ ...r, actor: "U0OTHER" })),
    3,
    "the record 3 was changed after it was written",
  ],
  [
    "an edited record with its own hash made anew",
    (s) =>
      edit(s, 3, (r) => {
        const other = { ...r, actor: "U0OTHER" };
        return { ...other, hash: hashOfRecord(other) };
      }),
    4,
    "the record 4 does not follow the one before it",
  ],
  ["a removed record", (s) => s.delete(auditKey("team-a", 5)), 5, "the record 5 is missing"],
  ["a removed beginning", (s) => s.delete(auditKey("team-a", 1)), 1, "the record 1 is missing"],
  [
    "two records in each other's place",
    async (s) => {
      const [two, three] = [await s.get(auditKey("team-a", 2)), await s.get(auditKey("team-a", 3))];
      await s.replace(auditKey("team-a", 2), three?.value ?? "", two?.version ?? "");
      await s.replace(auditKey("team-a", 3), two?.value ?? "", three?.version ?? "");
    },
    2,
    "in the place of record 2 there is record 3 of team-a",
  ],
  [
    "an unreadable record",
    async (s) => s.replace(auditKey("team-a", 4), "{", (await s.get(auditKey("team-a", 4)))?.version ?? ""),
    4,
    "the record 4 can't be read",
  ],
  [
    "an end that was cut off below the kept one",
    async (s) => {
      for (const seq of [8, 9]) await s.delete(auditKey("team-a", seq));
    },
    8,
    "the chain ends at 7, and it was at 8 before: its end was cut off",
  ],
  [
    "a chain that was removed whole",
    async (s) => {
      for (let seq = 1; seq <= 9; seq += 1) await s.delete(auditKey("team-a", seq));
    },
    1,
    "the chain ends at 0, and it was at 8 before: its end was cut off",
  ],
];
test.each(tampered)("%s is found", async (_what, tamper, seq, why) => {
  const store = await filled(9);
  await tamper(store);
  expect((await verify(store))[0]?.broken).toEqual({ seq, why });
});

test("the last records cut off: only an end that was kept elsewhere shows it", async () => {
  const store = await filled(9);
  const anchor = await endOf(store, "team-a");
  await store.delete(auditKey("team-a", 9));
  expect((await verify(store))[0]?.broken).toBeUndefined();
  expect((await verify(store, { "team-a": anchor }))[0]?.broken).toEqual({
    seq: 9,
    why: "the chain ends at 8, and it was at 9 before: its end was cut off",
  });
  await append(otherProcess(store), "team-a", event("another"));
  expect((await verify(store, { "team-a": anchor }))[0]?.broken?.why).toBe(
    "the record 9 is another one than the one that was kept",
  );
});

test("a chain that is broken goes on, and stays broken", async () => {
  const store = await filled(3);
  await store.replace(auditKey("team-a", 3), "{", (await store.get(auditKey("team-a", 3)))?.version ?? "");
  expect(await append(otherProcess(store), "team-a", event("e4"))).toMatchObject({ seq: 4 });
  expect((await verify(store))[0]?.broken).toMatchObject({ seq: 3 });
});

test("a newer kinvirt's record is a link like any other: an older one's chain goes on behind it, and its edit is found", async () => {
  const store = await filled(2);
  const { seq, hash: previous } = await endOf(store, "team-a");
  const newer = { ...event("e3"), schema: 2, severity: "high", tenant: "team-a", seq: seq + 1, previous, hash: "" };
  const hash = hashOfRecord(newer);
  await store.putIfAbsent(auditKey("team-a", 3), JSON.stringify({ ...newer, hash }));
  expect(await append(otherProcess(store), "team-a", event("e3"))).toEqual({ seq: 3, hash });
  await append(otherProcess(store), "team-a", event("e4"));
  expect(await keysOf(store)).toEqual(["e4", "e2", "e1"]);
  expect(await verify(store)).toMatchObject([{ records: 4, end: { seq: 4 } }]);
  await edit(store, 3, (record) => ({ ...record, severity: "low" }));
  expect((await verify(store))[0]?.broken).toEqual({ seq: 3, why: "the record 3 was changed after it was written" });
});
