import { isStale, nextLook, reach, waitingSince } from "../../../handlers/work/waiting.ts";
import type { Request } from "../../../shared/cluster/request.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import { SlackError } from "../../../shared/ports/slack.ts";
import { exampleConfig, recordingSlack } from "../../support/bot.ts";
import { type Desk, desk } from "../desk.ts";
import { HASH, NOW_MS, record, request } from "../given.ts";

// Goal: when a request that waits is looked at, told of and carried out, to the millisecond.
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const rules = { approvers: ["U0APPROVER"], approvals: 1, expiresAfter: 86_400, autoApprove: {} };
const times = { expiresMs: NOW_MS + DAY_MS, remindMs: NOW_MS + 18 * HOUR_MS, reachMs: NOW_MS };

test("what begins to wait gets its times, and keeps them with another plan", () => {
  const { expiresMs: _none, ...fresh } = request({ state: "planning" });
  expect(waitingSince(fresh, rules, NOW_MS)).toEqual(times);
  expect(waitingSince(request({ state: "planning", expiresMs: 1 }), rules, NOW_MS)).toEqual(times);
  expect(waitingSince(request({ state: "waiting", expiresMs: 1 }), rules, NOW_MS)).toEqual({});
});

test.each<[string, Partial<Request>, number | undefined]>([
  ["its next moment", { expiresMs: NOW_MS + 3000, remindMs: NOW_MS + 2000, reachMs: NOW_MS + 1000 }, 1000],
  ["a moment that has passed comes soon", { expiresMs: NOW_MS + DAY_MS, reachMs: NOW_MS }, 10_000],
  ["soon, while a warning is to be told", { expiresMs: NOW_MS + DAY_MS, short: 1 }, 10_000],
  ["a warning that was told is over", { expiresMs: NOW_MS + DAY_MS, short: 1, warned: true }, DAY_MS],
  ["nobody is short", { expiresMs: NOW_MS + DAY_MS, short: 0 }, DAY_MS],
])("it is looked at again: %s", (_what, over, afterMs) => {
  expect(nextLook(request(over), NOW_MS)).toEqual({ dueMs: NOW_MS + (afterMs ?? 0) });
});

test("without a moment it is not looked at again", () => {
  const { expiresMs: _none, ...bare } = request();
  expect(nextLook(bare, NOW_MS)).toEqual({});
});

const requested = record({}, { phase: "requested" });
const remove = { action: "delete" as const };

test.each<[string, Partial<Request>, ReturnType<typeof record> | undefined, number, boolean]>([
  ["fresh", {}, requested, 59_999, false],
  ["a minute old and not begun", {}, requested, 60_000, true],
  ["begun", {}, record({}, { phase: "creating" }), 60_000, false],
  ["of a cluster that is gone", {}, undefined, 60_000, false],
  ["of a name that is another's", {}, record({ id: "kanother00" }, { phase: "requested" }), 60_000, false],
  ["a dry run", { dryRun: true }, requested, 60_000, false],
  ["not approved", { state: "waiting" }, requested, 60_000, false],
  ["a delete that has not begun", remove, record(), 60_000, true],
  ["a delete that has begun", remove, record({ wish: "absent" }), 60_000, false],
  ["a delete of what another request is about", remove, record({ request: "other0" }), 60_000, false],
])("an approval that is stale: %s", async (_what, over, held, afterMs, stale) => {
  const one = desk();
  if (held !== undefined) await one.hold(held);
  one.clock.pass(afterMs);
  expect(await isStale(one.deps, request({ state: "approved", approvedMs: NOW_MS, ...over }))).toBe(stale);
});

/** Looks who is left, of two who may approve and a group. */
async function looked(over: Partial<Request>, there: readonly string[], approvals = 1, error?: Error): Promise<Desk> {
  const config = exampleConfig();
  Object.assign(config.policy, { approvers: ["U0APPROVER", "S0GROUP"], approvals });
  const isReachable = (user: string) =>
    error === undefined ? Promise.resolve(there.includes(user)) : Promise.reject(error);
  const membersOf = async () => ["U0MEMBER", "U0DEV"];
  const one = desk({ config, slack: { ...recordingSlack(), membersOf, isReachable } });
  await one.ask(request({ ...times, ...over }));
  await reach(one.deps, request({ ...times, ...over }));
  return one;
}

const yes = { user: "U0APPROVER", verdict: "approve" as const, atMs: NOW_MS, hash: HASH };

test.each<[string, Partial<Request>, readonly string[], number, number | undefined]>([
  ["one of them is there", {}, ["U0MEMBER"], 1, undefined],
  ["one is there, and two are needed", {}, ["U0MEMBER"], 2, 1],
  ["who asked does not count, nor does a group by itself", {}, ["U0DEV", "S0GROUP"], 1, 1],
  ["who has approved gives no second one", { decisions: [yes] }, ["U0APPROVER"], 2, 1],
  ["who is left is enough for what is left", { decisions: [yes] }, ["U0MEMBER"], 2, undefined],
  ["they have come back", { short: 1 }, ["U0MEMBER"], 1, undefined],
])("who is left: %s", async (_what, over, there, approvals, short) => {
  const now = await (await looked(over, there, approvals)).request();
  expect([now?.short, now?.reachMs]).toEqual([short, NOW_MS + HOUR_MS]);
});

test("Slack not answering says nothing of who is left; what breaks is told", async () => {
  const silent = new SlackError("no_answer", "Slack did not answer");
  const one = await looked({ short: 2 }, [], 1, silent);
  expect(await one.request()).toMatchObject({ short: 2, reachMs: NOW_MS + HOUR_MS });
  expect(one.logged).toEqual([{ event: "approvers.unknown", fields: { request: "k3m9qz", code: "no_answer" } }]);
  await expect(looked({}, [], 1, new TypeError("broken"))).rejects.toThrow("broken");
});

test.each<[string, Partial<Request>]>([
  ["before its time", { reachMs: NOW_MS + 1 }],
  ["when it waits no more", { state: "denied" }],
])("nobody is looked for %s", async (_what, over) => {
  const one = await looked(over, [], 1, new TypeError("Slack was asked"));
  expect(await one.request()).toEqual(request({ ...times, ...over }));
});

test("what is decided meanwhile keeps its end", async () => {
  const one = desk();
  await one.ask(request({ ...times, state: "denied" }));
  await reach(one.deps, request(times));
  expect(await one.request()).toEqual(request({ ...times, state: "denied" }));
});

test("what was approved a minute ago and not begun waits while the cloud does not answer", async () => {
  const said = { service: "compute", method: "GET", path: "/flavors", fault: "Service Unavailable" } as const;
  const error = new OpenStackError({ ...said, trouble: "retry", requestId: "req-7" });
  const one = desk({ cloudOf: () => ({ services: () => Promise.reject(error) }) as never });
  await one.hold(requested);
  await one.ask(request({ state: "approved", approvedMs: NOW_MS, dueMs: NOW_MS }));
  one.clock.pass(60_000);
  await one.deps.queue.enqueue({ is: "plan", request: "k3m9qz" }, 0);
  await one.work();
  expect(await one.record()).toEqual(requested);
  expect(await one.request()).toMatchObject({ state: "approved", approvedMs: NOW_MS });
  expect(one.queued()).toEqual([{ is: "plan", request: "k3m9qz", tenant: "team-a" }]);
});
