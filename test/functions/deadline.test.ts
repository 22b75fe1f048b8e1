import { timely } from "../../functions/deadline.ts";
import { reconcileFunction } from "../../functions/reconcile.ts";
import { sweep } from "../../handlers/work/sweep.ts";
import { type Town, town } from "../support/town.ts";

// Goal: a function is never ended in the middle of something: on a cloud that is too slow for a whole pass it stops asking in
// time, lets go of the lease, and the next call goes on. Nothing is made twice, and nobody is told of a trouble that was none.
jest.setTimeout(60_000);

const TIMEOUT_MS = 90_000;
const CALLS_MAX = 400;

let at: Town;
afterEach(() => at.close());

/** A town in which each call to the cloud takes so long, one after the other. */
async function slowTown(callMs: () => number): Promise<void> {
  at = await town({
    wire: (send) => async (request) => {
      await at.clock.wait(callMs());
      return send(request);
    },
  });
}

/** What the platform does with a message: it calls the function, and ends it when its time is over. */
function platform({ deps, clock, queue, record }: Town) {
  const work = timely(reconcileFunction(deps), clock.nowMs);
  const took: number[] = [];
  return {
    took,
    async call(): Promise<boolean> {
      const message = queue.take();
      if (message === undefined) return false;
      const begunMs = clock.nowMs();
      const context = { getRemainingTimeInMillis: () => begunMs + TIMEOUT_MS - clock.nowMs() };
      const { batchItemFailures } = await work(
        { Records: [{ messageId: `m${took.length}`, body: JSON.stringify(message) }] },
        context,
      );
      took.push(clock.nowMs() - begunMs);
      expect(batchItemFailures).toEqual([]);
      expect((await record("team-a/dev"))?.status.lease).toBeUndefined();
      return true;
    },
  };
}

async function until(one: ReturnType<typeof platform>, words: string): Promise<void> {
  for (let left = CALLS_MAX; left > 0 && !at.shown().includes(words); left -= 1) {
    if (await one.call()) continue;
    await at.clock.wait(10_000);
    await sweep(at.deps);
  }
  expect(at.shown()).toContain(words);
}

test("a whole life in pieces", async () => {
  let callMs = 0;
  await slowTown(() => callMs);
  const before = at.things();
  const one = platform(at);
  await at.type("create dev --rwx 100G");
  await until(one, "request:approve");
  await at.click("request:approve", at.button("request:approve"));
  await one.call();
  callMs = 4000;
  await until(one, "is ready after");
  // Rules of several groups have one name.
  const things = at.things().filter((thing) => !thing.startsWith("security-group-rule "));
  expect(things).toEqual([...new Set(things)]);
  expect(things.filter((thing) => thing.startsWith("server "))).toHaveLength(3);
  // It had to stop, some time before the platform's end.
  expect(Math.max(...one.took)).toBeGreaterThan(TIMEOUT_MS * (2 / 3));
  expect(Math.max(...one.took)).toBeLessThan(TIMEOUT_MS * (5 / 6));
  expect((await at.record("team-a/dev"))?.status.failures).toEqual([]);
  callMs = 400;
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await until(one, "is deleted after");
  expect(at.things()).toEqual(before);
});

test("people are told of a cloud that is too slow for anything", async () => {
  let callMs = 0;
  await slowTown(() => callMs);
  const one = platform(at);
  await at.type("create dev --rwx 100G");
  await until(one, "request:approve");
  callMs = 59_999;
  await at.click("request:approve", at.button("request:approve"));
  // Neither is there time for a plan: it waits, and the approval with it.
  await one.call();
  expect((await at.record("team-a/dev"))?.status.phase).toBe("requested");
  callMs = 0;
  await at.clock.wait(10_000);
  await one.call();
  expect((await at.record("team-a/dev"))?.status.phase).toBe("creating");
  // After one call there is no time for another.
  callMs = 60_001;
  await until(one, "the cloud answers so slowly that there was no time to look at everything");
  callMs = 0;
  await until(one, "is ready after");
});

test("a question to a cloud that is too slow has an answer", async () => {
  let callMs = 0;
  await slowTown(() => callMs);
  const one = platform(at);
  await at.type("quota");
  callMs = 29_000;
  await one.call();
  expect(at.whispered()).toContain("The cloud answers so slowly that this took too long");
  expect(one.took[0]).toBeLessThan(TIMEOUT_MS);
});
