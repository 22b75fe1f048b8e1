import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clicked } from "../../handlers/actions/index.ts";
import { slash } from "../../handlers/slash.ts";
import { dispatch } from "../../handlers/work/dispatch.ts";
import { sweep } from "../../handlers/work/sweep.ts";
import { openStore } from "../../shared/adapters/stores.ts";
import { CLOCK_SKEW_MS } from "../../shared/ports/clock.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import { buttonValue } from "../support/bot.ts";
import { type Town, town } from "../support/town.ts";

// Goal: two processes whose clocks are a minute apart work on one store, in turn and at the same moment, through a whole life: each
// resource is made once, although the cloud does some of it a minute after it gave no answer, and each message is posted once.
jest.setTimeout(60_000);

const ROUNDS_MAX = 500;
/** Every so many calls that make something get no answer, and the service does them so much later. */
const LOST_EVERY = 7;
const LATE_MS = 55_000;

let folder = "";
let open: StateStore[] = [];
let at: Town;
let made = 0;
let late: { readonly dueMs: number; readonly run: () => Promise<unknown> }[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kinvirt-skew-"));
  made = 0;
  late = [];
  open = [];
  at = await town({
    wire: (send) => async (request) => {
      if (request.method !== "POST" || request.url.includes("/auth/")) return send(request);
      made += 1;
      if (made % LOST_EVERY > 0) return send(request);
      late.push({ dueMs: at.clock.nowMs() + LATE_MS, run: () => send(request) });
      throw new Error("The operation was aborted due to timeout");
    },
  });
});
afterEach(async () => {
  await Promise.all(open.map((store) => store.close()));
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A process whose clock is so far ahead: what it writes and what it takes for over is by that clock. */
function process(aheadMs: number): Deps {
  const nowMs = () => at.clock.nowMs() + aheadMs;
  const store = openStore(`sqlite://${join(folder, "state.db")}`, nowMs);
  open.push(store);
  return { ...at.deps, clock: { ...at.deps.clock, nowMs }, store };
}

test("a whole life of two that are a minute apart", async () => {
  const both = [process(0), process(CLOCK_SKEW_MS)] as const;
  const [first] = both;
  const [dana, channel] = ["U0DEV", "C0TEAMA"];
  const type = (text: string) => slash(text, { user: dana, channel }, first);
  const before = at.things();
  let turns = 0;
  /** Whom the queue hands a message to: one of them, and now and then both at once. */
  const inTurn = (): readonly Deps[] => {
    turns += 1;
    if (turns % 5 === 0) return both;
    return turns % 2 === 0 ? [both[0]] : [both[1]];
  };
  async function until(words: string): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const message = at.queue.take();
      if (message !== undefined) await Promise.all(inTurn().map((deps) => dispatch(message, deps)));
      if (at.shown().includes(words)) return;
      if (message !== undefined) continue;
      await at.clock.wait(5000);
      const due = late.filter(({ dueMs }) => dueMs <= at.clock.nowMs());
      late = late.filter((one) => !due.includes(one));
      for (const { run } of due) await run();
      await Promise.all(both.map(sweep));
    }
    throw new Error(`it never came to "${words}": ${at.live()}`);
  }

  await type("create dev --ttl 2d");
  await until("is ready after");
  // Rules of several groups have one name.
  const things = at.things().filter((thing) => !thing.startsWith("security-group-rule "));
  expect(things).toEqual([...new Set(things)]);
  expect(things.filter((thing) => thing.startsWith("server "))).toHaveLength(3);
  expect(made).toBeGreaterThan(LOST_EVERY);

  const value = buttonValue(await type("delete dev"), "delete:confirm") ?? "";
  await clicked({ action: "delete:confirm", value, user: dana, channel, trigger: "t1" }, first);
  await until("is deleted after");
  expect(at.things()).toEqual(before);
  // One message for each thing that there is to say, by its key.
  const keys = at.slack.said.map(({ channel, key }) => `${channel} ${key}`);
  expect(keys).toEqual([...new Set(keys)]);
});
