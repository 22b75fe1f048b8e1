import { hold } from "../../../handlers/work/lease.ts";
import type { StepStatus } from "../../../shared/cluster/record.ts";
import { StoreError } from "../../../shared/ports/store.ts";
import { type AuditRecord, newestFirst } from "../../../shared/state/audit.ts";
import { type Desk, desk } from "../desk.ts";
import { call, NOW_MS, record, step } from "../given.ts";

// Goal: what a pass changes is in the chain once, whether its process lives on, dies before it is written or right after.
const KEY = "team-a/dev";

async function working(): Promise<Desk> {
  const one = desk();
  await one.hold(record({}, { phase: "creating", steps: {} }));
  return one;
}

async function chain(one: Desk): Promise<readonly AuditRecord[]> {
  const found: AuditRecord[] = [];
  for await (const entry of newestFirst(one.deps.store, "team-a")) found.unshift(entry);
  return found;
}

const changesIn = (records: readonly AuditRecord[]) =>
  records.flatMap(({ changes = [] }) => changes.map(({ did, step: of, id }) => `${did} ${of} ${id}`));

const made = (id: string): StepStatus => step({ id, intendedMs: NOW_MS });
const gone: StepStatus = { state: "gone", facts: {}, recreated: false };

test("all that one pass changes is one record; the next pass's is another", async () => {
  const one = await working();
  const first = await hold(one.deps, KEY);
  await first?.journal.write({ network: made("n1") });
  await first?.journal.write({ subnet: made("s1"), "service-balancer/x": step({ id: "lb9" }) });
  await first?.note();
  await first?.release();
  const second = await hold(one.deps, KEY);
  await second?.journal.write({ subnet: gone, network: made("n1") });
  await second?.journal.write({ subnet: made("s2") });
  await second?.note();
  await second?.release();
  const records = await chain(one);
  expect(records.map(({ what }) => what)).toEqual(["operation.started", "resources.changed", "resources.changed"]);
  expect(changesIn(records)).toEqual([
    "created network n1",
    "created subnet s1",
    "found service-balancer/x lb9",
    "deleted subnet s1",
    "created subnet s2",
  ]);
  expect((await one.record())?.audit).toEqual({ generation: 2, events: [] });
});

test("a pass that changes nothing writes nothing", async () => {
  const one = await working();
  for (let pass = 0; pass < 3; pass += 1) {
    const held = await hold(one.deps, KEY);
    await held?.change((now) => ({ ...now, status: { ...now.status, dueMs: pass } }));
    await held?.note();
    await held?.release();
  }
  expect(await chain(one)).toHaveLength(1);
});

test("a process that dies before it notes: its successor does", async () => {
  const one = await working();
  const dead = await hold(one.deps, KEY);
  await dead?.journal.write({ network: made("n1") });
  one.clock.pass(91_000);
  const next = await hold(one.deps, KEY);
  await next?.journal.write({ subnet: made("s1") });
  await next?.note();
  await next?.release();
  expect(changesIn(await chain(one))).toEqual(["created network n1", "created subnet s1"]);
});

test("a process that dies after it noted: its successor does not repeat it", async () => {
  const one = await working();
  const dead = await hold(one.deps, KEY);
  await dead?.journal.write({ network: made("n1") });
  await dead?.note();
  one.clock.pass(91_000);
  const next = await hold({ ...one.deps, store: { ...one.deps.store } }, KEY);
  await next?.journal.write({ subnet: made("s1") });
  await next?.note();
  await next?.release();
  expect(changesIn(await chain(one))).toEqual(["created network n1", "created subnet s1"]);
});

test("a store that fails while it is noted loses nothing", async () => {
  const one = await working();
  const { store } = one.deps;
  const putIfAbsent: typeof store.putIfAbsent = (key, ...rest) =>
    key.startsWith("audit/") ? Promise.reject(new StoreError("down")) : store.putIfAbsent(key, ...rest);
  const held = await hold({ ...one.deps, store: { ...store, putIfAbsent } }, KEY);
  await held?.journal.write({ network: made("n1") });
  await expect(held?.note()).rejects.toThrow("down");
  await held?.release();
  const next = await hold(one.deps, KEY);
  await next?.note();
  await next?.release();
  expect(changesIn(await chain(one))).toEqual(["created network n1"]);
});

test("a failed call is recorded once, with the service's words and request id; a stop with its cause", async () => {
  const one = await working();
  const held = await hold(one.deps, KEY);
  await held?.change((now) => ({ ...now, status: { ...now.status, failures: [call()] } }));
  await held?.change((now) => ({ ...now, status: { ...now.status, failures: [call({ times: 2, told: true })] } }));
  await held?.change((now) => ({ ...now, status: { ...now.status, phase: "blocked", blocked: call() } }));
  await held?.note();
  const [, failed, stopped] = await chain(one);
  expect(failed?.changes).toEqual([
    { did: "failed", step: "server/worker-1", fault: "No valid host was found.", requestId: "req-5d1f" },
  ]);
  expect(stopped).toMatchObject({
    what: "operation.stopped",
    detail: { operation: "create", step: "server/worker-1", fault: "No valid host was found." },
  });
});

test("the end of a time to live is kinvirt's own doing", async () => {
  const one = desk();
  await one.hold(
    record({ wish: "absent", expiresMs: NOW_MS - 1, generation: 3 }, { phase: "deleting", startedMs: NOW_MS }),
  );
  const held = await hold(one.deps, KEY);
  await held?.note();
  expect((await chain(one))[0]).toMatchObject({
    actor: "kinvirt",
    what: "operation.started",
    detail: { operation: "delete", why: "its time to live is over" },
  });
});
