import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { hold } from "../../../handlers/work/lease.ts";
import { reporter } from "../../../handlers/work/report.ts";
import { createSlack } from "../../../sandbox/slack/index.ts";
import { slackBudget } from "../../../shared/adapters/slack-budget.ts";
import { slackWeb } from "../../../shared/adapters/slack-web.ts";
import type { FailedCall } from "../../../shared/cluster/record.ts";
import { clusters } from "../../../shared/state/index.ts";
import { desk } from "../desk.ts";
import { call, NOW_MS, record, spec } from "../given.ts";

// Goal: fifty clusters that are made at once in one channel keep to Slack's limits: each one's end is told once and soon, progress
// is shown as often as there is room for it, and Slack has next to nothing to refuse.
const TOKEN = "xoxb-many";

/** A channel of a Slack that keeps to its limits. */
async function channel() {
  const { deps: usual, clock } = desk();
  const web = express();
  const calls: { readonly method: string; readonly status: number }[] = [];
  web.use("/slack/api/:method", (request, response, next) => {
    response.on("finish", () => calls.push({ method: request.params["method"] ?? "", status: response.statusCode }));
    next();
  });
  const server = web.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bot = { botUrl: `${origin}/slack/events`, signingSecret: "secret", token: TOKEN };
  const slack = createSlack({ clock, chance: usual.chance, origin, ...bot });
  slack.faults.limits = true;
  web.use(slack.router);
  const budget = slackBudget(() => clock.nowMs());
  const { deps } = desk({ ...usual, slack: slackWeb({ token: TOKEN, apiUrl: `${origin}/slack/api/`, budget }) });

  return {
    clock,
    calls,
    said: () => slack.workspace.all(),
    /** A cluster whose create begins now or later. */
    async begin(name: string, beginsMs: number, failures: readonly FailedCall[] = []): Promise<void> {
      const { finishedMs: _, ...status } = record().status;
      const message = { channel: "C0TEAMA", key: `request:${name}` };
      const one = record({ id: `id-${name}`, spec: spec({ name }), request: name });
      const begun = {
        ...status,
        phase: "creating" as const,
        startedMs: beginsMs,
        told: false,
        message,
        failures: [...failures],
      };
      await clusters(deps.store).add(`team-a/${name}`, { ...one, status: begun });
    },
    /** What a pass says at its end. `again`: when it comes again with what it could not say. */
    async pass(name: string, ends: boolean): Promise<{ readonly said: boolean; readonly again: number }> {
      const held = await hold(deps, `team-a/${name}`);
      if (held === undefined) throw new Error("nobody else works on it");
      if (ends)
        await held.change((now) => ({ ...now, status: { finishedMs: clock.nowMs(), ...now.status, phase: "ready" } }));
      const tellers = reporter(deps, held, ["network"], undefined);
      const said = await tellers.tell();
      await held.release();
      return { said, again: tellers.restSeconds() ?? 10 };
    },
    async close(): Promise<void> {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

let at: Awaited<ReturnType<typeof channel>>;
beforeEach(async () => {
  at = await channel();
});
afterEach(() => at.close());

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, nth) => `c${nth}`);
const edits = () => at.calls.filter(({ method }) => method === "chat.update").length;

test("fifty begin within ten seconds, and end so: all is told within a minute of the last", async () => {
  const { clock } = at;
  const lastsMs = 60_000;
  const all = names(50).map((name, nth) => ({ name, beginsMs: NOW_MS + nth * 200, dueMs: NOW_MS + nth * 200 }));
  for (const { name, beginsMs } of all) await at.begin(name, beginsMs);
  const open = new Set(all);
  for (; open.size > 0; clock.pass(1000)) {
    for (const one of [...open].filter(({ dueMs }) => dueMs <= clock.nowMs())) {
      const ends = clock.nowMs() - one.beginsMs >= lastsMs;
      const { said, again } = await at.pass(one.name, ends);
      if (ends && said) open.delete(one);
      one.dueMs = clock.nowMs() + (ends ? again : 8) * 1000;
    }
  }
  expect(clock.nowMs() - (NOW_MS + 10_000 + lastsMs)).toBeLessThanOrEqual(60_000);
  const cards = at.said().filter((one) => one.thread_ts === undefined);
  const ends = at.said().filter((one) => one.thread_ts !== undefined);
  expect([cards.length, ends.length, new Set(ends.map((one) => one.thread_ts)).size]).toEqual([50, 50, 50]);
  expect(cards.filter((one) => JSON.stringify(one).includes("is ready"))).toHaveLength(50);
  expect(at.calls.filter(({ status }) => status === 429)).toEqual([]);
});

test("while twelve go on, each is shown in turn, and what ends is told at once", async () => {
  const { clock } = at;
  const all = names(12);
  for (const name of all) await at.begin(name, NOW_MS);
  const goOn = async (seconds: number): Promise<void> => {
    for (let left = seconds; left > 0; left -= 4) {
      for (const name of all) await at.pass(name, false);
      clock.pass(4000);
    }
  };
  await goOn(24);
  const before = edits();
  await goOn(48);
  expect(edits() - before).toBeGreaterThanOrEqual(36);
  expect(edits() - before).toBeLessThanOrEqual(42);
  expect(await at.pass("c7", true)).toMatchObject({ said: true });
  expect(at.said().filter((one) => one.thread_ts !== undefined)).toHaveLength(1);
  expect(at.calls.filter(({ status }) => status === 429)).toEqual([]);
});

test("while eight have three faults each to tell, an end is told at once, and in time the faults are too", async () => {
  const { clock } = at;
  const all = names(8);
  const faults = [1, 2, 3].map((nth) => call({ step: `server/worker-${nth}` }));
  for (const name of all) await at.begin(name, NOW_MS, faults);
  const told = (words: string) => at.said().filter((one) => one.thread_ts !== undefined && one.text.includes(words));
  const goOn = async (seconds: number): Promise<void> => {
    for (let left = seconds; left > 0; left -= 4) {
      for (const name of all) await at.pass(name, false);
      clock.pass(4000);
    }
  };
  await goOn(16);
  expect(told("No valid host").length).toBeLessThan(20);
  await at.pass("c7", true);
  expect(told("is ready")).toHaveLength(1);
  await goOn(60);
  expect(told("No valid host").length).toBe(24);
  expect(at.calls.filter(({ status }) => status === 429)).toEqual([]);
});
