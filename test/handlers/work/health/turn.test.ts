import type { Finding } from "../../../../handlers/work/health/finding.ts";
import { turn } from "../../../../handlers/work/health/turn.ts";
import type { Alert } from "../../../../shared/state/alerts.ts";
import { NOW_MS } from "../../given.ts";
import { alert } from "../../views/alert-given.ts";

// Goal: what becomes of an alert depends on what was seen and on nothing else: soft trouble waits for a second look, hard
// trouble does not, what comes back within the hour is the same alert, and what is over goes in the end.
const at = { tenant: "team-a", cluster: { id: "k7f3m2q9x1", name: "dev" }, nowMs: NOW_MS };
const hard: Finding = { about: "dns/api", symptom: "gone", facts: {}, mends: true, cause: "x" };
const soft: Finding = { ...hard, symptom: "down", soft: true };
const state = (now: Alert | undefined) => now?.state;
const after = (ms: number) => ({ ...at, nowMs: NOW_MS + ms });

test("soft: suspected, then open from the next look on, or forgotten", () => {
  const suspected = turn(undefined, soft, at);
  expect(state(suspected)).toBe("suspected");
  expect(state(turn(suspected, soft, after(5000)))).toBe("suspected");
  expect(turn(suspected, soft, after(60_000))).toMatchObject({
    state: "open",
    seenMs: NOW_MS,
    openedMs: [NOW_MS + 60_000],
  });
  expect(turn(suspected, undefined, after(60_000))).toBeUndefined();
  expect(state(turn(suspected, hard, after(1)))).toBe("open");
});

test("hard: open at once", () => {
  expect(turn(undefined, hard, at)).toMatchObject({ state: "open", sinceMs: NOW_MS, tries: 0, threaded: 0 });
});

test("over, then the same again within the hour, and forgotten after it", () => {
  const over = turn(alert({ tries: 2, by: "U0ONCALL", state: "acknowledged" }), undefined, after(1000));
  expect(over).toMatchObject({ state: "recovered", sinceMs: NOW_MS + 1000 });
  expect(over).not.toHaveProperty("by");
  expect(turn(over, soft, after(2000))).toMatchObject({ state: "open", openedMs: [NOW_MS, NOW_MS + 2000], tries: 0 });
  expect(turn(over, undefined, after(3_600_000))).toBe(over);
  expect(turn(over, undefined, after(3_601_001))).toBeUndefined();
});

test("its counts are of the last hour", () => {
  const often = alert({ state: "recovered", openedMs: [NOW_MS, NOW_MS + 1, NOW_MS + 3_000_000], threaded: 3 });
  expect(turn(often, hard, after(3_600_001))).toMatchObject({
    openedMs: [NOW_MS + 3_000_000, NOW_MS + 3_600_001],
    threaded: 0,
  });
});

test("who has it in hand keeps it while it lasts, with the newest words", () => {
  const taken = alert({ state: "acknowledged", by: "U0ONCALL" });
  const facts = { fqdn: "other" };
  expect(turn(taken, { ...hard, facts }, after(60_000))).toEqual({ ...taken, facts });
});

test("a snooze ends when it was to end, and says so", () => {
  const snoozed = alert({ state: "snoozed", by: "U0ONCALL", untilMs: NOW_MS + 1000 });
  expect(state(turn(snoozed, hard, after(999)))).toBe("snoozed");
  expect(turn(snoozed, hard, after(1000))).toMatchObject({ state: "open", untilMs: NOW_MS + 1000 });
});

test("what became moot is told once and then goes", () => {
  const moot = turn(alert(), undefined, { ...at, moot: true });
  expect(moot).toMatchObject({ state: "recovered", moot: true });
  expect(turn(moot, undefined, { ...after(1), moot: true })).toBeUndefined();
});
