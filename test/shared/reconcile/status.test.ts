import type { StepStatus } from "../../../shared/cluster/record.ts";
import { failure, statusOf } from "../../../shared/reconcile/status.ts";
import type { Seen } from "../../../shared/resources/kind.ts";

// Goal: the record never says of one resource what was so of another, and forgets nothing of the one that it has.
const seen: Seen = { id: "s-1", name: "x", status: "pending", state: "BUILD", facts: { address: "10.6.0.5" } };
const before: StepStatus = { id: "s-1", state: "ready", facts: {}, recreated: true, intendedMs: 100, readyMs: 200 };

test("what was ready once was so, whatever it is now, and since when is not written anew", () => {
  const now = { id: "s-1", state: "pending", word: "BUILD", facts: seen.facts, recreated: true, intendedMs: 100 };
  expect(statusOf(seen, before, 900)).toEqual({ ...now, readyMs: 200 });
  expect(statusOf({ ...seen, status: "ready" }, before, 900)).toMatchObject({ readyMs: 200 });
});

test("another one that takes its place was never ready, and is so from when it is", () => {
  expect(statusOf({ ...seen, id: "s-2" }, before, 900)).not.toHaveProperty("readyMs");
  expect(statusOf({ ...seen, id: "s-2", status: "ready" }, before, 900)).toMatchObject({ id: "s-2", readyMs: 900 });
});

test("the service's words about a failure are those of now", () => {
  const failed = statusOf({ ...seen, status: "failed", state: "ERROR", fault: "no host" }, before, 900);
  expect(failed).toMatchObject({ state: "failed", word: "ERROR", fault: "no host" });
  expect(statusOf(seen, failed, 901)).not.toHaveProperty("fault");
});

test("what has no id but its step is not named twice", () => {
  const failed = { ...seen, status: "failed", state: "ERROR", fault: "no host" } as const;
  expect(failure("server/a", failed, 900)).toMatchObject({ text: "s-1 is in ERROR: no host" });
  const inside = { ...failed, id: "kubernetes-node/a" };
  expect(failure("kubernetes-node/a", inside, 900)).toMatchObject({ text: "no host" });
});
