import { clicked } from "../../handlers/actions/index.ts";
import type { AuditEvent, AuditWhat } from "../../shared/cluster/audit-event.ts";
import { append, auditKey } from "../../shared/state/audit.ts";
import { buttonValue } from "../support/bot.ts";
import { type Desk, desk, wordsOf } from "./desk.ts";
import { NOW_MS } from "./given.ts";

// Goal: people read the newest of what happened, page by page, of their own team only, and see when it was tampered with.
const HOUR_MS = 3_600_000;
const TIME = "<!date^1767268800^{date_short_pretty} at {time}|2026-01-01 12:00 UTC>";

const event = (key: string, over: Partial<AuditEvent> = {}): AuditEvent => ({
  key,
  atMs: NOW_MS,
  actor: "U0DEV",
  what: "request.asked",
  cluster: { id: "k7f3m2q9x1", name: "dev" },
  request: "k3m9qz",
  detail: { action: "create" },
  ...over,
});

async function told(...events: readonly AuditEvent[]): Promise<Desk> {
  const one = desk();
  for (const each of events) await append(one.deps.store, "team-a", each);
  return one;
}

const line = async (what: AuditWhat, over: Partial<AuditEvent> = {}): Promise<string> => {
  const one = await told(event("e", { what, ...over }));
  return (await one.type("audit dev")).split("\n").slice(1, -1).join("\n");
};

test("nothing has happened yet", async () => {
  expect(await desk().type("audit")).toBe(":scroll: There is nothing in the audit log about *team-a*.");
  expect(await desk().type("audit dev --since 7d")).toBe(
    ":scroll: There is nothing in the audit log about *dev* of *team-a* since <!date^1766664000^{date_short_pretty} at {time}|2025-12-25 12:00 UTC>.",
  );
});

test.each<[AuditWhat, Partial<AuditEvent>, string]>([
  ["request.asked", {}, "<@U0DEV> asked for its create, request `k3m9qz`"],
  [
    "request.planned",
    { actor: "kinvirt", detail: { plan: "f".repeat(64), asks: "nobody" } },
    "kinvirt planned request `k3m9qz`: plan `ffffffff`, which needs no approval",
  ],
  [
    "decision.approve",
    { actor: "U0APPROVER", detail: { plan: "f".repeat(64) } },
    "<@U0APPROVER> approved request `k3m9qz`, plan `ffffffff`",
  ],
  [
    "decision.deny",
    { actor: "U0APPROVER", detail: { reason: "<!channel> too `big`" } },
    "<@U0APPROVER> denied request `k3m9qz`: &lt;!channel&gt; too 'big'",
  ],
  [
    "request.approved",
    { actor: "kinvirt", detail: { plan: "f".repeat(64), rule: "policy.approvals: 2", by: "U0A, U0B" } },
    "kinvirt carries out request `k3m9qz`, plan `ffffffff`, approved by <@U0A>, <@U0B>",
  ],
  [
    "request.approved",
    { actor: "kinvirt", detail: { plan: "f".repeat(64), rule: "policy.autoApprove.create: within all of its limits" } },
    "kinvirt carries out request `k3m9qz`, plan `ffffffff`: policy.autoApprove.create: within all of its limits",
  ],
  ["request.cancelled", {}, "<@U0DEV> took request `k3m9qz` back"],
  ["request.expired", { actor: "kinvirt" }, "kinvirt let request `k3m9qz` lapse: no answer in time"],
  [
    "operation.started",
    { actor: "kinvirt", detail: { operation: "delete", why: "its time to live is over" } },
    "kinvirt began the delete: its time to live is over",
  ],
  [
    "operation.stopped",
    { actor: "kinvirt", detail: { operation: "create", step: "server/worker-1", fault: "No valid host." } },
    "kinvirt stopped the create at server worker-1: No valid host.",
  ],
  ["kubeconfig.asked", { detail: { role: "admin", hours: "2" } }, "<@U0DEV> asked for a kubeconfig, role admin, 2 h"],
])("%s", async (what, over, words) => {
  expect(await line(what, over)).toBe(`\`1\` ${TIME} *dev* ${words}`);
});

test("changes are counted, and what failed comes first", async () => {
  const created = Array.from({ length: 5 }, (_, at) => ({
    did: "created" as const,
    step: `port/worker-${at}`,
    id: `p${at}`,
    requestId: `req-${at}`,
  }));
  const failed = { did: "failed" as const, step: "server/worker-1", fault: "No <valid> host.", requestId: "req-x" };
  const words = await line("resources.changed", { actor: "kinvirt", changes: [...created, failed] });
  expect(words.split("\n")).toEqual([
    `\`1\` ${TIME} *dev* kinvirt resources: 5 created, 1 failed`,
    "      failed server worker-1: No &lt;valid&gt; host., OpenStack request `req-x`",
    "      created port worker-0 `p0`, OpenStack request `req-0`",
    "      created port worker-1 `p1`, OpenStack request `req-1`",
    "      created port worker-2 `p2`, OpenStack request `req-2`",
    "      created port worker-3 `p3`, OpenStack request `req-3`",
    "      created port worker-4 `p4`, OpenStack request `req-4`",
  ]);
  const [late = ""] = (
    await line("resources.changed", { actor: "kinvirt", detail: { operation: "clean-up" }, changes: created })
  ).split("\n");
  expect(late).toBe(`\`1\` ${TIME} *dev* kinvirt resources that came after the delete had ended: 5 created`);
  const one = await told(event("e", { what: "resources.changed", actor: "kinvirt", changes: [...created, failed] }));
  expect((await one.type("audit")).split("\n").slice(1, -2)).toEqual([
    `\`1\` ${TIME} *dev* kinvirt resources: 5 created, 1 failed`,
    "      failed server worker-1: No &lt;valid&gt; host., OpenStack request `req-x`",
  ]);
});

test("pages: newest first, and the button goes on with what was asked", async () => {
  const one = await told(
    ...Array.from({ length: 30 }, (_, at) =>
      event(`e${at}`, at % 2 === 0 ? {} : { cluster: { id: "k2", name: "other" } }),
    ),
  );
  const click = async (value: string) => {
    const said = await clicked(
      { action: "audit:older", value, user: "U0DEV", channel: "C0TEAMA", trigger: "t" },
      one.deps,
    );
    return said;
  };
  const numbers = (text: string) => [...text.matchAll(/^`(\d+)`/gm)].map(([, seq]) => Number(seq));
  expect(numbers(await one.type("audit dev"))).toEqual([29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7]);
  const older = await click("dev::7");
  expect(older?.replaces).toBe(true);
  expect(numbers(wordsOf(older?.message ?? { text: "", blocks: [] }))).toEqual([5, 3, 1]);
  expect(buttonValue(older?.message, "audit:older")).toBeUndefined();
  const all = await click("::31");
  expect(buttonValue(all?.message, "audit:older")).toBe("::19");
  const stale = await click("dev:x:7");
  expect(stale?.message.text).toContain("older version");
});

test("--since leaves out what is older, also where an old event was written late", async () => {
  const one = await told(
    event("old", { atMs: NOW_MS - 5 * HOUR_MS }),
    event("new", { atMs: NOW_MS - HOUR_MS }),
    event("late", { atMs: NOW_MS - 2.5 * HOUR_MS }),
  );
  const text = await one.type("audit --since 2h");
  expect(text).toContain("1 record of");
  expect(text).toContain("`2`");
});

test("another team's log is not there", async () => {
  const one = await told(event("e"));
  expect(await one.type("audit", "U0DEV", "C0TEAMB")).toBe(
    ":scroll: There is nothing in the audit log about *team-b*.",
  );
  expect(await one.type("audit", "U0DEV", "C0STRANGER")).toMatch(/^:no_entry: This channel is not connected/);
});

test("a record that was changed is marked", async () => {
  const one = await told(event("e1"), event("e2"));
  const { store } = one.deps;
  const entry = await store.get(auditKey("team-a", 1));
  const forged = (entry?.value ?? "").replace("U0DEV", "U0OTHER");
  await store.replace(auditKey("team-a", 1), forged, entry?.version ?? "");
  const text = await one.type("audit");
  expect(text).toContain(":warning: 1 record changed after being written.");
  expect(text).toContain(`:warning: *changed after it was written* \`1\` ${TIME} *dev* <@U0OTHER>`);
});
