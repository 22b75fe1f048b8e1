import { dispatch } from "../../../handlers/work/dispatch.ts";
import { clusters } from "../../../shared/state/index.ts";
import { desk } from "../desk.ts";
import { record, request } from "../given.ts";

// Goal: what a store that failed halfway through a command has left takes no name that is another's, and keeps nobody busy.
const PLAN = { is: "plan", request: "k3m9qz", tenant: "team-a" } as const;
const MINUTE_MS = 60_000;
const planning = (over: Parameters<typeof request>[0] = {}) => request({ state: "planning", ...over });
/** The name is held for another request, which came later. */
const another = record({ id: "kanother00", request: "x7x7x7" }, { phase: "requested" });

test.each([
  ["which nobody has", undefined],
  ["which is another's by now", another],
])("a request without its name, %s, is forgotten after a while, and nothing comes of it", async (_, other) => {
  const at = desk();
  await at.ask(planning());
  if (other !== undefined) await at.hold(other);
  at.clock.pass(30_000);
  await dispatch(PLAN, at.deps);
  expect(await at.request()).toEqual(planning());
  at.clock.pass(5 * MINUTE_MS);
  await dispatch(PLAN, at.deps);
  expect(await at.request()).toBeUndefined();
  expect(await clusters(at.deps.store).get("team-a/dev")).toEqual(other);
  expect([at.queued(), at.slack.said]).toEqual([[], []]);
  expect(at.logged.map(({ event }) => event)).toEqual(["request.nameless"]);
});

test("one whose name is its own is planned, however old it is", async () => {
  const at = desk();
  await at.ask(planning());
  await at.hold(record({}, { phase: "requested" }));
  at.clock.pass(5 * MINUTE_MS);
  await expect(dispatch(PLAN, at.deps)).rejects.toThrow("the cloud of team-a was asked");
});

test("a dry run has no name, and needs none", async () => {
  const at = desk();
  await at.ask(planning({ dryRun: true }));
  at.clock.pass(5 * MINUTE_MS);
  await expect(dispatch(PLAN, at.deps)).rejects.toThrow("the cloud of team-a was asked");
});

test("a cluster that waits for its approval is woken by nobody but its request", async () => {
  const at = desk();
  await at.hold(record({}, { phase: "requested", dueMs: 0 }));
  await dispatch({ is: "reconcile", cluster: "team-a/dev" }, at.deps);
  expect(at.queued()).toEqual([]);
});
