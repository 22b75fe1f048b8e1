import { type Alert, alertKey, alerts } from "../../../shared/state/alerts.ts";
import { exampleConfig } from "../../support/bot.ts";
import { type Desk, desk } from "../desk.ts";
import { NOW_MS, record } from "../given.ts";

// Goal: an alert's buttons do what they say, to this alert alone, for those on call and for the team itself and nobody else.
const HOUR_MS = 3_600_000;
const OVER = ":no_entry: This is over, or another message tells of it now: nothing was changed.";
const STRANGER = ":no_entry: This alert is for another channel: nothing was changed.";

const given = (over: Partial<Alert> = {}): Alert => ({
  schema: 1,
  tenant: "team-a",
  cluster: { id: "k7f3m2q9x1", name: "dev" },
  about: "dns/api",
  symptom: "gone",
  facts: { fqdn: "api.dev.k8s.example.org." },
  mends: true,
  state: "open",
  sinceMs: NOW_MS,
  seenMs: NOW_MS,
  openedMs: [NOW_MS],
  tries: 0,
  moot: false,
  message: { channel: "C0ONCALL", key: "alert", ts: "5.000000" },
  threaded: 0,
  ...over,
});

async function told(over: Partial<Alert> = {}): Promise<Desk> {
  const one = desk();
  await one.hold(record());
  await alerts(one.deps.store).add(alertKey(given(over)), given(over));
  one.clock.pass(60_000);
  return one;
}

const press = (one: Desk, action: string, over: Partial<Alert> = {}, from: Parameters<Desk["click"]>[2] = {}) =>
  one.click(`alert:${action}`, alertKey(given(over)), { user: "U0ONCALL", channel: "C0ONCALL", ...from });

/** The alert as it is now, but for what its message shows. */
async function now(one: Desk, over: Partial<Alert> = {}): Promise<unknown> {
  const { shown: _hash, ...rest } = (await alerts(one.deps.store).get(alertKey(given(over)))) ?? {};
  return rest;
}

test.each(["open", "snoozed"] as const)("what is %s is in somebody's hand, which ends a snooze", async (state) => {
  const one = await told({ state, untilMs: NOW_MS + HOUR_MS, by: "U0DEV" });
  expect(await press(one, "acknowledge")).toBe(":white_check_mark: You have it in hand; everybody sees that.");
  expect(await now(one)).toEqual(given({ state: "acknowledged", by: "U0ONCALL", sinceMs: NOW_MS + 60_000 }));
});

test("whoever has it in hand has it until it is over, whoever else presses", async () => {
  const one = await told({ state: "acknowledged", by: "U0DEV" });
  expect(await press(one, "acknowledge")).toMatch(/^:white_check_mark:/);
  expect(await now(one)).toEqual(given({ state: "acknowledged", by: "U0DEV" }));
});

test.each([
  ["snooze:1", 1],
  ["snooze:8", 8],
])("%s: a promise to look later, for so many hours", async (action, hours) => {
  const one = await told({ state: "acknowledged", by: "U0DEV" });
  expect(await press(one, action)).toMatch(/^:white_check_mark: Nothing more is said of it until /);
  const sinceMs = NOW_MS + 60_000;
  expect(await now(one)).toEqual(
    given({ state: "snoozed", by: "U0ONCALL", sinceMs, untilMs: sinceMs + hours * HOUR_MS }),
  );
});

test.each(["recovered", "suspected"] as const)("what is %s can't be taken", async (state) => {
  const one = await told({ state });
  for (const action of ["acknowledge", "snooze:1", "snooze:8"]) expect(await press(one, action)).toBe(OVER);
  expect(await now(one)).toEqual(given({ state }));
});

test.each([
  ["on call", "C0ONCALL", true],
  ["of the team", "C0TEAMA", true],
  ["of another team", "C0TEAMB", false],
  ["of nobody", "C0STRANGER", false],
  ["none", "", false],
])("a channel %s", async (_what, channel, may) => {
  const one = await told();
  expect(await press(one, "acknowledge", {}, { channel })).toBe(
    may ? ":white_check_mark: You have it in hand; everybody sees that." : STRANGER,
  );
  expect(await now(one)).toMatchObject({ state: may ? "acknowledged" : "open" });
});

test("those on call of one team take no other team's alert", async () => {
  const one = await told({ tenant: "team-b" });
  expect(await press(one, "acknowledge", { tenant: "team-b" })).toBe(STRANGER);
  expect(await press(one, "acknowledge", { tenant: "nobody" })).toBe(STRANGER);
  expect(await now(one, { tenant: "team-b" })).toEqual(given({ tenant: "team-b" }));
});

test("an alert that is not there is over", async () => {
  const one = await told();
  for (const action of ["acknowledge", "snooze:1", "repair", "show"])
    expect(await press(one, action, { about: "dns/apps" })).toBe(OVER);
});

test("what is of the whole cloud can neither be repaired nor shown", async () => {
  const { cluster: _none, ...whole } = given({ about: "cloud", symptom: "unseen", facts: {} });
  const one = desk();
  await alerts(one.deps.store).add(alertKey(whole), whole);
  for (const action of ["alert:repair", "alert:show"])
    expect(await one.click(action, alertKey(whole), { channel: "C0ONCALL" })).toBe(OVER);
  expect(one.queued()).toEqual([]);
});

test("Repair and Show of a cluster that has gone leave the one alone that has its name now", async () => {
  const cluster = { id: "kanother00", name: "dev" };
  const one = await told({ cluster });
  expect(await press(one, "repair", { cluster })).toMatch(/^:no_entry: team-a has no cluster `dev`/);
  expect(await press(one, "show", { cluster })).toMatch(/^:no_entry: Another cluster is called `dev` now/);
  expect(await one.record()).toEqual(record());
  expect(one.queued()).toEqual([]);
});

test.each([
  ["load-balancer/api", "lb"],
  ["service-balancer/5f0c", "lb"],
  ["floating-ip/api", "lb"],
  ["dns/api", "dns"],
  ["ptr/api", "dns"],
  ["share/rwx", "storage"],
  ["server/worker-1", "nodes"],
  ["port/worker-1", "nodes"],
  ["kubernetes-node/worker-1", "nodes"],
  ["security-group/worker", "status"],
  ["end/ttl", "status"],
])("Show of %s asks for %s", async (about, what) => {
  const one = await told({ about });
  await press(one, "show", { about });
  expect(one.queued()).toEqual([
    { is: "ask", what, cluster: "team-a/dev", id: "k7f3m2q9x1", channel: "C0ONCALL", user: "U0ONCALL" },
  ]);
});

test("a question about a whole team, asked where several are on call, is nobody's", async () => {
  const value = JSON.stringify({ what: "quota" });
  const from = { user: "U0ONCALL", channel: "C0ONCALL" };
  const alone = desk();
  expect(await alone.click("oncall:refresh", value, from)).toMatch(/^:mag:/);
  expect(alone.queued()).toMatchObject([{ is: "ask", what: "quota", cluster: "team-a/" }]);
  const config = exampleConfig();
  const other = config.tenants["team-b"];
  if (other !== undefined) other.oncallChannel = "C0ONCALL";
  const shared = desk({ config });
  expect(await shared.click("oncall:refresh", value, from)).toMatch(/^:no_entry: This channel is not connected/);
  expect(shared.queued()).toEqual([]);
});

test("where people are on call nothing is decided", async () => {
  const one = await told();
  for (const action of ["request:approve", "request:deny", "request:cancel", "requests:again", "audit:older"])
    expect(await one.click(action, "k3m9qz:0", { channel: "C0ONCALL" })).toMatch(/^:no_entry: This channel is not/);
});
