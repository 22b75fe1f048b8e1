import { concluded } from "../../../handlers/work/conclude.ts";
import { UNKNOWN } from "../../../handlers/work/pace.ts";
import type { FailedCall } from "../../../shared/cluster/record.ts";
import type { Outcome } from "../../../shared/reconcile/outcome.ts";
import { call, NOW_MS, record, step } from "../given.ts";

// Goal: a pass in trouble is tried again later and later, but not too late; what stopped waits for a person; what failed is
// kept once.
const creating = (status: Parameters<typeof record>[1] = {}) => {
  const { finishedMs: _f, ...rest } = record({}, { phase: "creating", ...status }).status;
  return { ...record(), status: rest };
};
const waiting = (...troubles: readonly FailedCall[]): Outcome => ({ is: "waiting", on: ["network"], troubles });
const dueIn = (outcome: Outcome, setbacks: number): number =>
  ((concluded(creating({ setbacks }), outcome, NOW_MS, UNKNOWN).status.dueMs ?? 0) - NOW_MS) / 1000;

test("each setback in a row doubles the wait, up to a minute", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((setbacks) => dueIn(waiting(call()), setbacks))).toEqual([2, 4, 8, 16, 32, 60, 60]);
});

test("a pass without trouble ends the row", () => {
  const { status } = concluded(creating({ setbacks: 5 }), waiting(), NOW_MS, UNKNOWN);
  expect([status.setbacks, (status.dueMs ?? 0) - NOW_MS]).toEqual([0, 1000]);
});

test("a setback is over when everything was seen, and no one waits for that as for a service that is down", () => {
  const cut: Outcome = { is: "waiting", on: ["network"], troubles: [], unsure: true };
  const { status } = concluded(creating({ setbacks: 5 }), cut, NOW_MS, UNKNOWN);
  expect([status.setbacks, (status.dueMs ?? 0) - NOW_MS]).toEqual([5, 1000]);
});

test("the longer it takes the less often it is looked at, but for a while after something has moved", () => {
  const dueAfter = (elapsed: number, still: number, usual?: number) => {
    const nowMs = NOW_MS + elapsed * 1000;
    const before = creating({ startedMs: NOW_MS, movedMs: nowMs - still * 1000 });
    return ((concluded(before, waiting(), nowMs, { ...UNKNOWN, usual }).status.dueMs ?? 0) - nowMs) / 1000;
  };
  expect([5, 30, 100, 400].map((elapsed) => dueAfter(elapsed, elapsed))).toEqual([1, 3, 10, 15]);
  expect([0, 4, 10, 30].map((still) => dueAfter(100, still))).toEqual([1, 2, 5, 10]);
  expect(dueAfter(20, 0, 60)).toBe(5);
});

test("what is known of a kind says when a look is worth while", () => {
  const dueAfter = (age: number, ...kinds: readonly (readonly [string, number])[]) => {
    const nowMs = NOW_MS + 20_000;
    const steps = { "server/worker-1": step({ state: "pending", intendedMs: nowMs - age * 1000 }) };
    const before = creating({ startedMs: NOW_MS, movedMs: nowMs, steps });
    const on = ["server/worker-1", "kubernetes-node/worker-1"];
    const pace = { usual: 60, kinds: new Map(kinds) };
    const { dueMs } = concluded(before, { is: "waiting", on, troubles: [] }, nowMs, pace).status;
    return ((dueMs ?? 0) - nowMs) / 1000;
  };
  expect(dueAfter(0, ["share", 30])).toBe(5); // nothing is known of servers: a twelfth of the whole
  expect(dueAfter(0, ["server", 10])).toBe(5); // alive, whatever is known
  expect(dueAfter(4, ["server", 10])).toBe(4);
  expect(dueAfter(8, ["server", 10])).toBe(0.5); // half a second is not noticed
  expect(dueAfter(13, ["server", 10])).toBe(1); // a little late
  expect(dueAfter(4, ["server", 4])).toBe(1); // what is soon there holds up nobody
  expect(dueAfter(36, ["server", 36])).toBe(1.8);
  expect(dueAfter(30, ["server", 10])).toBe(5); // late: as if nothing were known
});

test("a delete is looked at from when it may end, and often then", () => {
  const dueAfter = (elapsed: number, usual?: number) => {
    const nowMs = NOW_MS + elapsed * 1000;
    const before = { ...creating({ startedMs: NOW_MS, movedMs: NOW_MS }), wish: "absent" as const };
    return ((concluded(before, waiting(), nowMs, { ...UNKNOWN, usual }).status.dueMs ?? 0) - nowMs) / 1000;
  };
  expect([0, 4, 6, 10].map((elapsed) => dueAfter(elapsed, 10))).toEqual([5, 2, 0.5, 0.5]);
  expect([30, 50, 65].map((elapsed) => dueAfter(elapsed, 50))).toEqual([2.5, 2.5, 5]);
  expect(dueAfter(30, 10)).toBe(3); // late: as if nothing were known
  expect(dueAfter(30)).toBe(3);
});

test("what a step says again is counted, with the time when it said it first", () => {
  const before = creating({ failures: [call()] });
  const again = concluded(before, waiting(call({ atMs: NOW_MS + 5000 })), NOW_MS + 5000, UNKNOWN);
  expect(again.status.failures).toEqual([call({ times: 2 })]);
  const other = concluded(again, waiting(call({ text: "Quota exceeded." })), NOW_MS + 9000, UNKNOWN);
  expect(other.status.failures).toEqual([call({ times: 2 }), call({ text: "Quota exceeded." })]);
});

describe("a step that stands still for half an hour", () => {
  const steps = {
    network: step({ state: "ready" }),
    "share/rwx": step({ id: "s1", state: "pending", word: "creating" }),
  };
  const on = ["share-access/rwx", "share/rwx"];
  const after = (minutes: number, status: Parameters<typeof creating>[0] = {}, ...troubles: readonly FailedCall[]) => {
    const nowMs = NOW_MS + minutes * 60_000;
    const before = creating({ steps, startedMs: NOW_MS, ...status });
    return concluded(before, { is: "waiting", on, troubles }, nowMs, UNKNOWN).status;
  };

  test("is a person's, who is told what was seen of it last", () => {
    expect(after(29.9).phase).toBe("creating");
    const { phase, blocked } = after(30);
    expect(phase).toBe("blocked");
    expect(blocked).toMatchObject({ step: "share/rwx", trouble: "still" });
    expect(blocked?.text).toBe("s1 has not moved for 30 minutes (last seen creating)");
    const leaving = { "share/rwx": step({ id: "s1", state: "leaving", word: "available" }) };
    expect(after(30, { steps: leaving }).blocked?.text).toBe("s1 has not moved for 30 minutes (being deleted)");
  });

  test("is waited for while anything else moves, or while a trouble is known", () => {
    expect(after(45, { movedMs: NOW_MS + 20 * 60_000 }).phase).toBe("creating");
    expect(after(45, {}, call({ trouble: "quota" })).phase).toBe("creating");
  });
});

test("a stop is a person's: nothing is due but to tell it", () => {
  const { status } = concluded(
    creating({ dueMs: NOW_MS, told: true }),
    { is: "blocked", call: call() },
    NOW_MS,
    UNKNOWN,
  );
  expect(status).toMatchObject({ phase: "blocked", blocked: call(), told: false, dueMs: NOW_MS });
});

test("what is done is ready since its first moment, and due only until it is told", () => {
  const done = concluded(creating({ dueMs: NOW_MS, setbacks: 3 }), { is: "done" }, NOW_MS + 1, UNKNOWN);
  expect(done.status).toMatchObject({ phase: "ready", setbacks: 0, finishedMs: NOW_MS + 1, dueMs: NOW_MS + 1 });
  expect(concluded(done, { is: "done" }, NOW_MS + 99, UNKNOWN).status.finishedMs).toBe(NOW_MS + 1);
});
