import { reconcileFunction } from "../../functions/reconcile.ts";
import { sweepFunction } from "../../functions/sweep.ts";
import { memoryQueue } from "../../shared/adapters/memory-queue.ts";
import { memoryStore } from "../../shared/adapters/memory-store.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import { StoreError } from "../../shared/ports/store.ts";
import { desk, wordsOf } from "../handlers/desk.ts";
import { call, NOW_MS, record, request, spec } from "../handlers/given.ts";

// Goal: of a batch only what failed comes again, what can't be read takes nothing else down, and a tick wakes what is due.
const sqs = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, at) => ({
    messageId: `m${at}`,
    body: typeof body === "string" ? body : JSON.stringify(body),
  })),
});
const failed = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});
const question = { is: "ask", what: "lb", cluster: "team-a/dev", channel: "C0TEAMA", user: "U0DEV" };

test("a batch that is done has no failures", async () => {
  const { deps, slack } = desk();
  const grave = { is: "grave", cluster: "team-a/k7f3m2q9x1" };
  const batch = sqs(question, { is: "sweep" }, { is: "plan", request: "zzzzzz" }, grave);
  expect(await reconcileFunction(deps)(batch)).toEqual(failed());
  expect(slack.whispers.map(wordsOf)).toEqual([":no_entry: team-a has no cluster `dev` any more."]);
});

test("a question keeps all that it says: of what, of which cluster, and for whom", async () => {
  const { deps, slack, hold } = desk();
  await hold(record());
  const whole = { ...question, what: "events", only: "api", id: "k7f3m2q9x1", post: "answer:1" };
  expect(await reconcileFunction(deps)(sqs(whole, { ...question, what: "events", id: "another" }))).toEqual(failed());
  expect(slack.said.map(({ key, channel }) => [key, channel])).toEqual([["answer:1", "C0TEAMA"]]);
  expect(slack.whispers.map(wordsOf)).toEqual([":no_entry: team-a has no cluster `dev` any more."]);
});

test("a message that the queue hands out twice tells a person once, at the same moment and later", async () => {
  const { deps, slack, clock } = desk();
  const other = { ...deps, store: { ...deps.store } };
  await Promise.all([reconcileFunction(deps)(sqs(question)), reconcileFunction(other)(sqs(question))]);
  clock.pass(3_600_000);
  expect(await reconcileFunction(deps)(sqs(question))).toEqual(failed());
  expect(slack.whispers).toHaveLength(1);
});

test("what Slack did not take is told when the message comes again", async () => {
  const one = desk();
  let down = true;
  const ephemeral: typeof one.slack.ephemeral = (...to) =>
    down ? Promise.reject(new SlackError("no_answer", "Slack did not answer")) : one.slack.ephemeral(...to);
  const deps = { ...one.deps, slack: { ...one.slack, ephemeral } };
  expect(await reconcileFunction(deps)(sqs(question))).toEqual(failed("m0"));
  down = false;
  expect(await reconcileFunction(deps)(sqs(question))).toEqual(failed());
  expect(one.slack.whispers).toHaveLength(1);
});

test("every kind of message is read, with all of its fields or those of an older version", async () => {
  const { deps } = desk();
  const kinds = [
    { is: "plan", request: "zzzzzz", tenant: "team-a" },
    { is: "reconcile", cluster: "team-a/none" },
    { is: "form", form: "V0NONE" },
    { is: "home", user: "U0NOBODY" },
    { is: "health", tenant: "nobody" },
  ];
  expect(await reconcileFunction(deps)(sqs(...kinds))).toEqual(failed());
});

test("whoever dies while telling is followed by another after two minutes, and by nobody for a day once it is told", async () => {
  const one = desk();
  const dies = { ...one.slack, ephemeral: () => new Promise<never>(() => undefined) };
  const soon = () => new Promise((done) => setImmediate(done));
  void reconcileFunction({ ...one.deps, slack: dies })(sqs(question));
  for (let turns = 0; turns < 20; turns += 1) await soon();
  for (const [seconds, told] of [
    [119, 0],
    [1, 1],
    [86_399, 1],
  ] as const) {
    one.clock.pass(seconds * 1000);
    expect(await reconcileFunction(one.deps)(sqs(question))).toEqual(failed());
    expect(one.slack.whispers).toHaveLength(told);
  }
});

test("an empty batch", async () => {
  expect(await reconcileFunction(desk().deps)(sqs())).toEqual(failed());
});

test.each<[string, unknown]>([
  ["no JSON", "{"],
  ["nothing", ""],
  ["null", null],
  ["another kind", { is: "explode" }],
  ["a field too few", { is: "plan" }],
  ["a field of another type", { is: "reconcile", cluster: 7 }],
  ["another question", { ...question, what: "weather" }],
  ["an old shape", { type: "reconcile", cluster: "team-a/dev" }],
])("a message that holds %s comes again alone, until the queue puts it aside", async (_what, poison) => {
  const { deps, slack, logged } = desk();
  expect(await reconcileFunction(deps)(sqs(question, poison, question))).toEqual(failed("m1"));
  expect(slack.whispers).toHaveLength(2);
  expect(logged.map((one) => [one.event, one.fields["messageId"]])).toEqual([["message.failed", "m1"]]);
});

test("a cloud that is down for one cluster fails that message only, and its lease is let go of", async () => {
  const { deps, hold, record: now } = desk();
  await hold(record({}, { phase: "creating", dueMs: NOW_MS }));
  const batch = sqs({ is: "reconcile", cluster: "team-a/dev" }, { is: "reconcile", cluster: "team-a/none" });
  expect(await reconcileFunction(deps)(batch)).toEqual(failed("m0"));
  expect((await now())?.status).not.toHaveProperty("lease");
});

test("a store that is down fails the whole batch, so nothing is lost", async () => {
  const down = () => Promise.reject(new StoreError("store: connection refused"));
  const { deps } = desk({ store: { ...memoryStore(() => 0), get: down } });
  expect(await reconcileFunction(deps)(sqs(question, { is: "plan", request: "k3m9qz" }))).toEqual(failed("m0", "m1"));
});

test("the same message many times at once: one works, the others find it held", async () => {
  let asked = 0;
  const { deps, hold } = desk({
    cloudOf: () => {
      asked += 1;
      throw new Error("the cloud is down");
    },
  });
  await hold(record({}, { phase: "creating", shown: "x", dueMs: NOW_MS }));
  const message = { is: "reconcile", cluster: "team-a/dev" };
  const { batchItemFailures } = await reconcileFunction(deps)(sqs(message, message, message));
  expect([asked, batchItemFailures]).toEqual([1, [{ itemIdentifier: "m0" }]]);
});

test("a tick wakes what is due, and nothing else", async () => {
  const { deps, hold, ask, queued } = desk();
  await ask(request({ dueMs: NOW_MS }), request({ id: "later0", dueMs: NOW_MS + 1 }), request({ id: "never0" }));
  await hold(
    record({ spec: spec({ name: "due" }) }, { dueMs: NOW_MS - 1 }),
    record({ spec: spec({ name: "later" }) }, { dueMs: NOW_MS + 1 }),
    record({ spec: spec({ name: "blocked" }) }, { phase: "blocked", blocked: call() }),
  );
  await sweepFunction(deps)();
  expect(queued()).toEqual([
    { is: "plan", request: "k3m9qz", tenant: "team-a" },
    { is: "reconcile", cluster: "team-a/due" },
  ]);
});

test("a cluster whose time is over begins to be deleted, once", async () => {
  const { deps, hold, queued, record: now } = desk();
  await hold(record({ expiresMs: NOW_MS }), record({ tenant: "team-b", expiresMs: NOW_MS + 1 }));
  await sweepFunction(deps)();
  await sweepFunction(deps)();
  expect(await now()).toMatchObject({ wish: "absent", generation: 3, status: { phase: "deleting", told: false } });
  expect(await now("team-b/dev")).toMatchObject({ wish: "present", generation: 2 });
  expect(queued()).toEqual([{ is: "reconcile", cluster: "team-a/dev" }]);
});

test("a name whose request was never written is free a minute after it was so by any clock, and not before", async () => {
  const { deps, hold, clock, names } = desk();
  await hold(record({}, { phase: "requested", steps: {} }));
  clock.pass(119_000);
  await sweepFunction(deps)();
  expect(await names()).toEqual(["team-a/dev"]);
  clock.pass(1_000);
  await sweepFunction(deps)();
  expect(await names()).toEqual([]);
});

test("a queue that is down fails the tick, so that the platform sees it", async () => {
  const queue = memoryQueue({ clock: { nowMs: () => 0, wait: async () => undefined } });
  const one = desk({ queue: { ...queue, enqueue: () => Promise.reject(new Error("queue: refused")) } });
  await one.ask(request({ dueMs: NOW_MS }));
  await expect(sweepFunction(one.deps)()).rejects.toThrow("queue: refused");
});
