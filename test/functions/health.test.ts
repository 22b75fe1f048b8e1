import { healthFunction } from "../../functions/health.ts";
import { reconcileFunction } from "../../functions/reconcile.ts";
import { desk } from "../handlers/desk.ts";
import { record } from "../handlers/given.ts";

// Goal: a tick has each tenant looked at by a function of its own, and one whose cloud is broken keeps no other from that.
test("a tick wakes a look for every tenant", async () => {
  const one = desk();
  await healthFunction(one.deps)();
  expect(one.queued()).toEqual([
    { is: "health", tenant: "team-a" },
    { is: "health", tenant: "team-b" },
  ]);
});

test("a look that fails comes again, and the others are done", async () => {
  const one = desk();
  await one.hold(record());
  const bodies = ["team-a", "team-b", "nobody"].map((tenant) => JSON.stringify({ is: "health", tenant }));
  const Records = bodies.map((body, at) => ({ messageId: `m${at}`, body }));
  // No cloud is behind this desk: whoever asks one is told so, and a look asks also for tenants without clusters.
  expect(await reconcileFunction(one.deps)({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }],
  });
  expect(one.logged.map(({ event }) => event)).toEqual(["message.failed", "message.failed"]);
});

test("a queue that is silent costs a look and no more", async () => {
  const down = async (): Promise<never> => Promise.reject(new Error("the queue is away"));
  const one = desk();
  await healthFunction({ ...one.deps, queue: { ...one.deps.queue, enqueue: down } })();
  expect(one.logged.map(({ event }) => event)).toEqual(["queue.silent", "queue.silent"]);
});
