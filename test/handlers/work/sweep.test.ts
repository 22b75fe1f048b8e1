import { sweep } from "../../../handlers/work/sweep.ts";
import type { StateStore } from "../../../shared/ports/store.ts";
import { QUARTER_MS } from "../../../shared/state/due-index.ts";
import { clusters, requests } from "../../../shared/state/index.ts";
import { collect } from "../../conformance/store.suite.ts";
import { desk } from "../desk.ts";
import { NOW_MS, record, request } from "../given.ts";

// Goal: a sweep reads what is due and not everything, and still nothing is ever forgotten: what no mark says is found within a
// quarter of an hour, and by every process that starts.

const DAY_MS = 86_400_000;

/** A desk whose store says what was read of it. */
function watched() {
  const one = desk();
  const { store } = one.deps;
  const reads: string[] = [];
  const seen: StateStore = {
    ...store,
    get: (key) => {
      reads.push(key);
      return store.get(key);
    },
    list: (prefix, how) => {
      reads.push(`${prefix}*`);
      return store.list(prefix, how);
    },
  };
  return { ...one, raw: store, deps: { ...one.deps, store: seen }, reads: () => reads.splice(0) };
}

const cluster = (name: string, over: Parameters<typeof record>[0] = {}, status: Parameters<typeof record>[1] = {}) =>
  record({ ...over, spec: { ...record().spec, name }, id: `k${name}`.padEnd(10, "0") }, status);

test("the first sweep of a process looks at everything, those that follow at what is marked", async () => {
  const at = watched();
  for (const name of ["a", "b", "c"]) await clusters(at.deps.store).add(`team-a/${name}`, cluster(name));
  await sweep(at.deps);
  expect(at.reads().filter((key) => key.endsWith("*"))).toEqual(["request/*", "grave/*", "cluster/*"]);
  at.clock.pass(60_000);
  await sweep(at.deps);
  expect(at.reads()).toEqual(["due/*"]);
  await clusters(at.deps.store).change("team-a/b", (now) => ({
    ...now,
    status: { ...now.status, dueMs: at.clock.nowMs() },
  }));
  at.reads();
  await sweep(at.deps);
  expect(at.reads()).toEqual(["due/*", "cluster/team-a/b"]);
  expect(at.queued()).toEqual([{ is: "reconcile", cluster: "team-a/b" }]);
});

test("what is due and has no mark is found a quarter of an hour later at most", async () => {
  const at = watched();
  await clusters(at.deps.store).add("team-a/a", cluster("a"));
  await sweep(at.deps);
  // A mark that was lost: the document was written, and nothing beside it.
  const entry = await at.raw.get("cluster/team-a/a");
  const due = JSON.stringify(cluster("a", {}, { dueMs: NOW_MS }));
  await at.raw.replace("cluster/team-a/a", due, entry?.version ?? "");
  at.clock.pass(QUARTER_MS - 1);
  await sweep(at.deps);
  expect(at.queued()).toEqual([]);
  at.clock.pass(1);
  await sweep(at.deps);
  expect(at.queued()).toEqual([{ is: "reconcile", cluster: "team-a/a" }]);
});

test("what comes to its end between two looks at everything ends to the minute, also of records without a mark", async () => {
  const at = watched();
  const ends = NOW_MS + QUARTER_MS + 60_000;
  await at.raw.putIfAbsent("cluster/team-a/a", JSON.stringify(cluster("a", { expiresMs: ends })));
  await sweep(at.deps);
  at.clock.pass(QUARTER_MS);
  await sweep(at.deps);
  at.clock.pass(59_000);
  await sweep(at.deps);
  expect((await at.record("team-a/a"))?.wish).toBe("present");
  at.clock.pass(1000);
  await sweep(at.deps);
  expect(await at.record("team-a/a")).toMatchObject({ wish: "absent", status: { phase: "deleting" } });
});

test("marks of times that have passed go, those of what is still due stay", async () => {
  const at = watched();
  const due = { phase: "creating", dueMs: NOW_MS } as const;
  await at.hold(cluster("a", {}, due), cluster("b", {}, due));
  await sweep(at.deps);
  const all = clusters(at.deps.store);
  await all.change("team-a/a", ({ status: { dueMs: _due, ...status }, ...now }) => ({ ...now, status }));
  const marks = async () =>
    (await collect(at.raw.list("due/"))).map(({ key }) => key.replace(/^due\/\d+\/cluster\//, ""));
  at.clock.pass(QUARTER_MS);
  await sweep(at.deps);
  at.clock.pass(30_000);
  await sweep(at.deps);
  // Another's clock may still be in that quarter.
  expect(await marks()).toEqual(["team-a/a", "team-a/b"]);
  at.clock.pass(31_000);
  await sweep(at.deps);
  expect(await marks()).toEqual(["team-a/b"]);
  expect(at.queued()).toEqual([
    { is: "reconcile", cluster: "team-a/a" },
    { is: "reconcile", cluster: "team-a/b" },
  ]);
});

test("a request that has ended goes after a week; one that waits, or has still to be told, stays", async () => {
  const at = watched();
  const old = { createdMs: NOW_MS - 8 * DAY_MS, expiresMs: NOW_MS + DAY_MS };
  await at.ask(
    request({ ...old, id: "denied", state: "denied" }),
    request({ ...old, id: "made00", state: "approved" }),
    request({ ...old, id: "waits0", state: "waiting" }),
    request({ ...old, id: "untold", state: "expired", dueMs: NOW_MS + DAY_MS }),
    request({ ...old, id: "fresh0", state: "denied", createdMs: NOW_MS - 6 * DAY_MS }),
  );
  await sweep(at.deps);
  const left: string[] = [];
  for await (const { id } of requests(at.raw).list()) left.push(id);
  expect(left).toEqual(["fresh0", "untold", "waits0"]);
});

test("a record that can't be read costs the others nothing, and stays marked", async () => {
  const at = watched();
  await at.hold(
    cluster("a", {}, { phase: "creating", dueMs: NOW_MS }),
    cluster("b", {}, { phase: "creating", dueMs: NOW_MS }),
  );
  await sweep(at.deps);
  await at.work().catch(() => undefined);
  const { version = "" } = (await at.raw.get("cluster/team-a/a")) ?? {};
  await at.raw.replace("cluster/team-a/a", '{"schema":9}', version);
  at.clock.pass(60_000);
  await sweep(at.deps);
  expect(at.queued()).toContainEqual({ is: "reconcile", cluster: "team-a/b" });
  expect(at.logged.map(({ event }) => event)).toContain("record.unreadable");
  expect((await collect(at.raw.list("due/"))).map(({ key }) => key)).toContainEqual(
    expect.stringContaining("team-a/a"),
  );
});
