import { laneOf, nextLane, occupancy } from "../../../shared/adapters/lanes.ts";
import type { Message } from "../../../shared/ports/queue.ts";

// Goal: whose turn is next follows from who waits in front of a screen, who holds how much, and who has waited for longest.
const asked = { is: "ask", what: "lb", cluster: "team-a/dev", channel: "C", user: "U" } as const;

test.each<[Message, string]>([
  [{ is: "reconcile", cluster: "team-a/dev" }, "work/team-a"],
  [{ is: "grave", cluster: "team-a/k7f3m2q9x1" }, "work/team-a"],
  [{ is: "health", tenant: "team-b" }, "work/team-b"],
  [asked, "quick/team-a"],
  [{ ...asked, cluster: "team-a/" }, "quick/team-a"],
  [{ is: "plan", request: "r1", tenant: "team-a" }, "quick/team-a"],
  [{ is: "plan", request: "r1" }, "quick/"],
  [{ is: "form", form: "V1" }, "quick/"],
  [{ is: "home", user: "U1" }, "work/"],
  [{ is: "sweep" }, "work/"],
])("%j waits in %s", (message, lane) => {
  expect(laneOf(message)).toBe(lane);
});

const due = (...lanes: readonly string[]) => lanes.map((lane, at) => ({ lane, dueMs: at }));
const holding = (of: Readonly<Record<string, number>>) => new Map(Object.entries(of));

test.each<[string, readonly string[], Readonly<Record<string, number>>, string | undefined]>([
  ["what is due for longest", ["work/a", "work/b"], {}, "work/a"],
  ["who holds less", ["work/a", "work/b"], { "work/a": 2, "work/b": 1 }, "work/b"],
  [
    "a question before work, whoever holds what",
    ["work/a", "work/b", "quick/a"],
    { "quick/a": 3, "work/a": 8 },
    "quick/a",
  ],
  ["nobody who holds all that one may", ["work/a", "work/b"], { "work/a": 8, "work/b": 7 }, "work/b"],
  ["none, where the only one holds all that it may", ["work/a"], { "work/a": 8 }, undefined],
  ["none, where nothing is due", [], {}, undefined],
])("%s is next", (_what, waiting, running, next) => {
  expect(nextLane(due(...waiting), holding(running))).toBe(next);
});

test("who holds what is counted, and forgotten when it is nothing", () => {
  const { running, enter, leave } = occupancy();
  for (const lane of ["a", "a", "b"]) enter(lane);
  leave("b");
  leave("a");
  expect([...running]).toEqual([["a", 1]]);
});
