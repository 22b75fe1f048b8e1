import { eventsMessage } from "../../../../handlers/views/on-call/events.ts";
import { verdictMessage } from "../../../../handlers/views/on-call/verdict.ts";
import { wordsOf } from "../../desk.ts";
import { call, NOW_MS, record, step } from "../../given.ts";

// Goal: what was done and what failed, with the ids that an operator finds it by; and all of it in one verdict.
const plain = (text: string): readonly string[] => text.replaceAll(/<!date[^>]*>/g, "THEN").split("\n");

test("a quiet create: its steps, the latest first", () => {
  const steps = {
    network: step({ readyMs: NOW_MS + 1000 }),
    "server/worker-1": step({ readyMs: NOW_MS + 90_000, id: "s1" }),
    "kubernetes-api": step({ id: "kubernetes-api", word: "ready", readyMs: NOW_MS + 80_000 }),
  };
  expect(plain(wordsOf(eventsMessage(record({}, { steps }), NOW_MS)))).toEqual([
    ":white_check_mark: *dev* is ready after 3m 10s; no call failed.",
    "*Steps, the latest first*",
    "server worker-1: ready (ACTIVE) after 1m 30s `s1`",
    "API server: ready (ready) after 1m 20s",
    "network: ready (ACTIVE) after 1s `5f0c`",
    "begun THEN by <@U0DEV> · request `k3m9qz` · cluster `k7f3m2q9x1`",
  ]);
});

test("one that stopped: why, what to do, and every failed call with its request id", () => {
  const blocked = call({ atMs: NOW_MS + 5000 });
  const failures = [
    call({ step: "network", trouble: "retry", text: "no answer", times: 3, requestId: "req-1" }),
    blocked,
  ];
  const { finishedMs: _, ...status } = record().status;
  const said = plain(
    wordsOf(eventsMessage({ ...record(), status: { ...status, phase: "blocked", blocked, failures } }, NOW_MS + 9000)),
  );
  expect(said.slice(0, 6)).toEqual([
    ":warning: *dev* has stopped and needs a person; 2 things went wrong.",
    "It stopped at THEN server worker-1: No valid host was found. · OpenStack request `req-5d1f`",
    "The service gave up on this twice: ask its operator for the reason, then type `/k8s retry dev`.",
    "*What went wrong*",
    "THEN server worker-1: No valid host was found. · OpenStack request `req-5d1f`",
    "THEN (3 times by now, the first) network: no answer · OpenStack request `req-1`",
  ]);
});

test("what is under way: what it is, and for how long", () => {
  const { finishedMs: _, ...status } = record().status;
  const head = (over: Partial<typeof status>) =>
    plain(wordsOf(eventsMessage({ ...record(), status: { ...status, ...over } }, NOW_MS + 90_000)))[0];
  expect(head({ phase: "creating" })).toBe(":white_check_mark: *dev* is being created, 1m 30s so far; no call failed.");
  expect(head({ phase: "creating", doing: "renew" })).toBe(
    ":white_check_mark: *dev* is getting new logins, 1m 30s so far; no call failed.",
  );
  expect(head({ phase: "requested" })).toBe(
    ":white_check_mark: *dev* waits to be started, 1m 30s so far; no call failed.",
  );
});

const finding = (grade: "bad" | "look", of: string) => ({ grade, of, says: "It is so." });

test("the verdict: the two worst in full, the rest counted by area", () => {
  const areas = [
    { name: "Nodes", what: "nodes", findings: [finding("look", "node a"), finding("bad", "node b")] },
    { name: "Storage", what: "storage", findings: [finding("bad", "storage")] },
    { name: "DNS names", what: "dns", findings: [] },
    { name: "Keys", what: "kms", findings: [finding("look", "key")] },
  ];
  expect(wordsOf(verdictMessage(record(), areas, NOW_MS)).split("\n")).toEqual([
    ":warning: *dev*: 2 things need a person.",
    ":x: *node b*: It is so.",
    ":x: *storage*: It is so.",
    ":x: *Nodes*: 1 thing wrong, `/k8s nodes dev`",
    ":x: *Storage*: 1 thing wrong, `/k8s storage dev`",
    ":white_check_mark: *DNS names*: nothing wrong",
    ":hourglass_flowing_sand: *Keys*: 1 thing to look at again, `/k8s kms dev`",
    "2 more things: the buttons below tell which.",
  ]);
});

test("a cluster that has stopped: that comes first; one that is being created says what it waits for", () => {
  const blocked = record({}, { phase: "blocked", blocked: call() });
  expect(wordsOf(verdictMessage(blocked, [], NOW_MS)).split("\n")[1]).toBe(
    ":x: *its creation has stopped*: server worker-1: No valid host was found. The service gave up on this twice: ask its operator for the reason, then type `/k8s retry dev`.",
  );
  const steps = { "server/worker-1": step({ state: "pending", word: "BUILD", intendedMs: 1 }) };
  const creating = record({}, { phase: "creating", steps });
  expect(wordsOf(verdictMessage(creating, [], NOW_MS + 60_000))).toContain(
    "*kinvirt* has worked on it for 1m: server worker-1 is BUILD.",
  );
});

test("one that is being deleted: nothing of it is missed", () => {
  const { finishedMs: _, ...status } = record().status;
  const leaving = { ...record({ wish: "absent" }), status: { ...status, phase: "deleting" as const } };
  const areas = [{ name: "Nodes", what: "nodes", findings: [] }];
  expect(wordsOf(verdictMessage(leaving, areas, NOW_MS + 5000)).split("\n")).toEqual([
    ":white_check_mark: *dev* is being deleted, and what belongs to it goes.",
    "*kinvirt* has been deleting it for 5s.",
  ]);
});
