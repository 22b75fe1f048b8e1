import { dispatch } from "../../../handlers/work/dispatch.ts";
import { partOf } from "../../../handlers/work/measure.ts";
import { sweep } from "../../../handlers/work/sweep.ts";
import { memoryQueue } from "../../../shared/adapters/memory-queue.ts";
import { prometheus } from "../../../shared/adapters/prometheus.ts";
import { sqliteQueue } from "../../../shared/adapters/sqlite-queue.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Tracing } from "../../../shared/ports/tracing.ts";
import { type Alert, alertKey, alerts } from "../../../shared/state/alerts.ts";
import { type Town, town } from "../../support/town.ts";
import { desk } from "../desk.ts";
import { record } from "../given.ts";

// Goal: the figures tell what happened: who asked for what, how long it took and where, what there is and what is wrong.
let now: Town | undefined;
afterEach(() => now?.close());

/** The page's figures by name and labels: `kinvirt_clusters{phase="ready"}`. */
async function read(text: () => Promise<string>): Promise<(name: string) => number | undefined> {
  const lines = (await text()).split("\n").map((line) => /^(kinvirt_\S+) (\S+)$/.exec(line));
  const figures = new Map(lines.map((found) => [found?.[1] ?? "", Number(found?.[2])]));
  return (name) => figures.get(name);
}

test("a life: asked, approved, made, deleted", async () => {
  now = await town();
  const at = now;
  const { metrics, text } = prometheus();
  Object.assign(at.deps, { metrics });
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  const begun = async () => (await at.record("team-a/dev"))?.status.phase === "creating";
  await at.until(begun);
  const startedMs = (await at.record("team-a/dev"))?.status.startedMs ?? 0;
  await at.until(async () => (await at.record("team-a/dev"))?.status.told === true);
  const made = await at.record("team-a/dev");
  await sweep(at.deps);
  let figure = await read(text);
  const requests = (action: string, event: string) =>
    figure(`kinvirt_requests_total{action="${action}",event="${event}"}`);
  expect(
    ["request.asked", "decision.approve", "request.approved", "decision.deny"].map((e) => requests("create", e)),
  ).toEqual([1, 1, 1, undefined]);
  expect(figure('kinvirt_operation_seconds_count{operation="create"}')).toBe(1);
  expect(figure('kinvirt_operation_seconds_sum{operation="create"}')).toBe(
    ((made?.status.finishedMs ?? 0) - startedMs) / 1000,
  );
  expect(figure('kinvirt_step_seconds_count{kind="server"}')).toBe(3);
  expect(figure('kinvirt_step_seconds_sum{kind="server"}')).toBeGreaterThan(0);
  expect(figure('kinvirt_reconcile_seconds_count{operation="create",outcome="done"}')).toBe(1);
  expect(figure('kinvirt_reconcile_seconds_count{operation="create",outcome="waiting"}')).toBeGreaterThan(0);
  expect(figure('kinvirt_message_seconds_count{message="reconcile",result="ok"}')).toBeGreaterThan(1);
  expect(figure('kinvirt_clusters{phase="ready"}')).toBe(1);
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(async () => (await at.record("team-a/dev")) === undefined);
  await sweep(at.deps);
  figure = await read(text);
  expect(requests("delete", "request.approved")).toBe(1);
  expect(figure('kinvirt_operation_seconds_count{operation="delete"}')).toBe(1);
  expect(figure('kinvirt_step_seconds_count{kind="server"}')).toBe(3);
  expect(
    ["requested", "creating", "ready", "blocked", "deleting"].map((p) => figure(`kinvirt_clusters{phase="${p}"}`)),
  ).toEqual([0, 0, 0, 0, 0]);
  expect(figure("kinvirt_sweep_seconds_count")).toBe(2);
});

test("a message that fails, and whom its lines are about", async () => {
  const { metrics, text } = prometheus();
  const about: object[] = [];
  const at = desk({ metrics });
  const during = <T>(fields: object, work: () => Promise<T>): Promise<T> => {
    about.push(fields);
    return work();
  };
  const log = { ...at.deps.log, during };
  await at.hold(record({}, { phase: "creating", dueMs: at.clock.nowMs() }));
  // The desk's clouds throw at whoever asks for one.
  await expect(dispatch({ is: "reconcile", cluster: "team-a/dev" }, { ...at.deps, log })).rejects.toThrow("was asked");
  const figure = await read(text);
  expect(figure('kinvirt_message_seconds_count{message="reconcile",result="failed"}')).toBe(1);
  expect(about).toEqual([
    { message: "reconcile", cluster: "team-a/dev" },
    { id: record().id, request: record().request },
  ]);
});

const alert = (about: string, state: Alert["state"]): Alert => ({
  ...{ schema: 1, tenant: "team-a", about, symptom: "gone", facts: {}, mends: false, state, sinceMs: 0, seenMs: 0 },
  ...{ openedMs: [], tries: 0, moot: false, threaded: 0 },
});

test("alerts that people know of, by state; without a listener nothing is listed", async () => {
  const { metrics, text } = prometheus();
  const at = desk({ metrics });
  for (const [about, state] of [
    ["a", "open"],
    ["b", "open"],
    ["c", "snoozed"],
    ["d", "suspected"],
    ["e", "recovered"],
  ] as const)
    await alerts(at.deps.store).add(alertKey(alert(about, state)), alert(about, state));
  await sweep(at.deps);
  const figure = await read(text);
  expect(["open", "acknowledged", "snoozed", "suspected"].map((s) => figure(`kinvirt_alerts{state="${s}"}`))).toEqual([
    2,
    0,
    1,
    undefined,
  ]);
  const listed: string[] = [];
  const { metrics: _metrics, store, ...rest } = at.deps;
  const watched = new Proxy(store, {
    get: (whole, name, self) => {
      const found: unknown = Reflect.get(whole, name, self);
      if (name !== "list" || typeof found !== "function") return found;
      return (prefix: string, ...more: unknown[]): unknown => {
        listed.push(prefix);
        return Reflect.apply(found, whole, [prefix, ...more]);
      };
    },
  });
  await sweep({ ...rest, store: watched });
  expect(listed.length).toBeGreaterThan(0);
  expect(listed.filter((prefix) => prefix.startsWith("alert/"))).toEqual([]);
});

test.each(["memory", "sqlite"])("%s: a queue tells how late a message is taken", async (which) => {
  let nowMs = 1_000_000;
  const clock = { nowMs: () => nowMs, wait: async () => undefined };
  const queue = which === "memory" ? memoryQueue({ clock }) : sqliteQueue(":memory:", clock);
  await queue.enqueue({ is: "sweep" }, 2);
  nowMs += 5000;
  const late: (number | undefined)[] = [];
  queue.start(async (_message, lateMs) => void late.push(lateMs));
  await queue.stop();
  expect(late).toEqual([3000]);
  await queue.close();
});

describe("where an operation is traced", () => {
  function placed(record: ClusterRecord): unknown {
    const places: unknown[] = [];
    const tracing = { belongs: (place: unknown) => void places.push(place) } as unknown as Tracing;
    partOf({ tracing }, record);
    return places[0];
  }
  const begun = { startedMs: 5000, message: { channel: "C1", key: "request:aaaaaa" } };
  const { id, generation } = record();
  const open = (...how: Parameters<typeof record>): ClusterRecord => {
    const { status, ...rest } = record(...how);
    const { finishedMs: _finished, ...underWay } = status;
    return { ...rest, status: underWay };
  };
  const own = `${id}/${generation}`;

  test.each([
    ["a create: with the request that began it", open({}, { ...begun, phase: "creating" }), "aaaaaa"],
    [
      "a create while a delete waits for an approval: still with its own",
      open({ request: "bbbbbb" }, { ...begun, phase: "creating" }),
      "aaaaaa",
    ],
    ["a delete that was asked for", open({ wish: "absent" }, { ...begun, phase: "deleting" }), "aaaaaa"],
    [
      "a delete that was asked for before its time to live was over",
      open({ wish: "absent", expiresMs: 6000 }, { ...begun, phase: "deleting" }),
      "aaaaaa",
    ],
    [
      "a time to live that is over: by itself",
      open({ wish: "absent", expiresMs: 5000 }, { ...begun, phase: "deleting" }),
      own,
    ],
    ["new logins: by themselves", open({}, { ...begun, phase: "creating", doing: "renew" }), own],
  ])("%s", (_what, given, trace) => {
    expect(placed(given)).toEqual({ trace, inside: own });
  });

  test("a look at a cluster whose operation has ended is nobody's but who asked for it", () => {
    expect(placed(record({}, { ...begun, phase: "ready", finishedMs: 9000 }))).toBeUndefined();
  });
});
