import { recorded, watched, withBegin } from "../../handlers/audit-record.ts";
import { auditRequest } from "../../handlers/audit-request.ts";
import type { ClusterRecord, StepStatus } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import { canonical, newestFirst } from "../../shared/state/audit.ts";
import { requests } from "../../shared/state/index.ts";
import { desk } from "./desk.ts";
import { call, HASH, NOW_MS, record, request, spec, step } from "./given.ts";

// Goal: what the audit log says of a request and of a record's changes, word by word.
const PLACE = { seq: 7, hash: "f".repeat(64) };
const OTHER = "e".repeat(64);

/** What is in the chain after this request was told. */
async function toldOf(...asked: readonly Request[]) {
  const counted: unknown[] = [];
  const none = () => undefined;
  const metrics = { count: (...of: unknown[]) => void counted.push(of), observe: none, set: none };
  const one = desk({ metrics });
  one.clock.pass(5000);
  for (const each of asked) {
    await one.ask(each);
    await requests(one.deps.store).change(each.id, (now) => ({ ...each, audited: now.audited }) as Request);
    const now = await one.request(each.id);
    if (now !== undefined) await auditRequest(one.deps, now);
  }
  const chain: unknown[] = [];
  for await (const { what, actor, atMs, key, cluster, request: of, detail } of newestFirst(one.deps.store, "team-a"))
    chain.unshift({ what, actor, atMs, key, cluster, of, detail });
  return { chain, counted, audited: (await one.request())?.audited };
}

const said = (what: string, over: object) => ({
  ...{ what, actor: "kinvirt", atMs: NOW_MS + 5000, cluster: { id: "k7f3m2q9x1", name: "dev" }, of: "k3m9qz" },
  ...over,
});
const askedEvent = (detail: object = {}) =>
  said("request.asked", {
    ...{ actor: "U0DEV", atMs: NOW_MS, key: "k3m9qz:asked" },
    detail: { action: "create", channel: "C0TEAMA", spec: canonical(spec()), ...detail },
  });
const planned = (hash = HASH, asks = "94 GiB of shared storage: up to 50 GiB would need no approval") =>
  said("request.planned", { key: `k3m9qz:plan:${hash}`, detail: { plan: hash, asks } });
const decision = (user: string, atMs: number, hash = HASH) => ({ user, verdict: "approve" as const, atMs, hash });

test("who asked for what, what was planned, who decided on which plan, and by which rule it is carried out", async () => {
  const decisions = [
    decision("U0SECOND", 1, OTHER),
    decision("U0APPROVER", 2),
    { ...decision("U0THIRD", 3), verdict: "deny" as const, reason: "too big" },
    decision("U0APPROVER", 4),
    decision("U0FOURTH", 5),
  ];
  const asked = request({ state: "approved", approvedMs: NOW_MS + 9, decisions, keepData: true });
  const { chain, counted, audited } = await toldOf(asked);
  const decided = (at: number, actor: string, what: string, detail: object) =>
    said(what, { actor, atMs: at + 1, key: `k3m9qz:decision:${at}`, detail });
  expect(chain).toEqual([
    askedEvent({ keepData: "true" }),
    planned(),
    decided(0, "U0SECOND", "decision.approve", { plan: OTHER }),
    decided(1, "U0APPROVER", "decision.approve", { plan: HASH }),
    decided(2, "U0THIRD", "decision.deny", { plan: HASH, reason: "too big" }),
    decided(3, "U0APPROVER", "decision.approve", { plan: HASH }),
    decided(4, "U0FOURTH", "decision.approve", { plan: HASH }),
    said("request.approved", {
      ...{ atMs: NOW_MS + 9, key: `k3m9qz:approved:${HASH}` },
      detail: { plan: HASH, rule: "policy.approvals: 2", by: "U0APPROVER, U0FOURTH" },
    }),
  ]);
  expect(counted).toContainEqual(["kinvirt_requests_total", { action: "create", event: "request.approved" }]);
  expect(counted).toHaveLength(8);
  expect(audited).toEqual([
    ...["asked", `plan:${HASH}`, "decision:0", "decision:1", "decision:2", "decision:3", "decision:4"],
    `approved:${HASH}`,
  ]);
});

test.each<[string, Partial<Request>, object]>([
  [
    "within the policy",
    { state: "approved", approvedMs: 3, reasons: [] },
    said("request.approved", {
      ...{ atMs: 3, key: `k3m9qz:approved:${HASH}` },
      detail: { plan: HASH, rule: "policy.autoApprove.create: within all of its limits" },
    }),
  ],
  [
    "refused",
    { state: "refused", problems: ["Too big.", "Too many."] },
    said("request.refused", { key: "k3m9qz:refused", detail: { problems: "Too big. Too many." } }),
  ],
  ["lapsed", { state: "expired" }, said("request.expired", { key: "k3m9qz:expired", detail: { plan: HASH } })],
  [
    "taken back",
    { state: "cancelled" },
    said("request.cancelled", { key: "k3m9qz:cancelled", actor: "U0DEV", detail: undefined }),
  ],
])("a request that is %s", async (_what, over, last) => {
  const { chain } = await toldOf(request(over));
  expect(chain.at(-1)).toEqual(last);
  expect(chain).toHaveLength(3);
});

test("a plan that asks for nobody, and another one after it", async () => {
  const later = request({ plan: { ...request().plan, hash: OTHER } as NonNullable<Request["plan"]> });
  const { chain, counted } = await toldOf(request({ reasons: [] }), later);
  expect(chain).toEqual([askedEvent(), planned(HASH, "nobody"), planned(OTHER)]);
  expect(counted).toHaveLength(3);
});

test("what is still planned was only asked for", async () => {
  const { plan: _none, ...bare } = request({ state: "planning" });
  expect((await toldOf(bare)).chain).toEqual([askedEvent()]);
});

const trace = {
  requestOf: (did: string, id: string) => (id === "untold" ? undefined : `req-${did}-${id}`),
  forget: () => undefined,
};
const watch = { holder: "h1", part: 3, from: PLACE, nowMs: NOW_MS + 1, trace };
const made = (over: Partial<StepStatus> = {}) => step({ id: "n1", intendedMs: NOW_MS, ...over });

const withSteps = (steps: Readonly<Record<string, StepStatus>>, over: Partial<ClusterRecord["status"]> = {}) =>
  record({}, { phase: "creating", finishedMs: undefined, steps, ...over } as Partial<ClusterRecord["status"]>);

test.each<[string, StepStatus | undefined, StepStatus, readonly object[]]>([
  ["came", undefined, made(), [{ did: "created", id: "n1", requestId: "req-created-n1" }]],
  ["was there", undefined, step({ id: "n1" }), [{ did: "found", id: "n1", requestId: "req-created-n1" }]],
  ["is meant", undefined, step({ id: undefined, state: "intended", intendedMs: 1 } as never), []],
  ["went", made(), made({ state: "gone" }), [{ did: "deleted", id: "n1", requestId: "req-deleted-n1" }]],
  ["was gone", made({ state: "gone" }), made({ state: "gone", word: "x" }), []],
  ["changed", made(), made({ word: "DOWN" }), [{ did: "changed", id: "n1", requestId: "req-changed-n1" }]],
  ["only looks different", made({ id: "untold" }), made({ id: "untold", word: "DOWN" }), []],
  [
    "was made anew",
    made(),
    made({ id: "n2" }),
    [
      { did: "deleted", id: "n1", requestId: "req-deleted-n1" },
      { did: "created", id: "n2", requestId: "req-created-n2" },
    ],
  ],
])("a step that %s", (_what, was, is, changes) => {
  const before = withSteps(was === undefined ? {} : { network: was });
  const { audit } = watched(before, withSteps({ network: is }), watch);
  expect(audit?.events.flatMap((one) => one.changes ?? []) ?? []).toEqual(
    changes.map((one) => ({ step: "network", ...one })),
  );
});

test("the changes of one holder are one event until they are told, from the place that the chain had reached", () => {
  const network = made();
  const first = watched(withSteps({}), withSteps({ network }), watch);
  const next = { ...first, status: withSteps({ network, subnet: made({ id: "s1" }) }).status };
  const { audit } = watched(first, next, { ...watch, from: { ...PLACE, seq: 9 }, nowMs: NOW_MS + 2 });
  expect(audit?.from).toEqual(PLACE);
  expect(audit?.events).toMatchObject([
    {
      ...{ key: "k7f3m2q9x1:h1:3", atMs: NOW_MS + 2, actor: "kinvirt", what: "resources.changed", request: "k3m9qz" },
      ...{ cluster: { id: "k7f3m2q9x1", name: "dev" }, detail: { operation: "create" } },
      changes: [{ id: "n1" }, { id: "s1" }],
    },
  ]);
  const other = watched(first, next, { ...watch, part: 4 });
  expect(other.audit?.events.map(({ key }) => key)).toEqual(["k7f3m2q9x1:h1:3", "k7f3m2q9x1:h1:4"]);
});

test("a record that did not change has nothing to tell", () => {
  const same = withSteps({ network: made() });
  expect(watched(same, same, watch)).toBe(same);
});

test.each<[string, Parameters<typeof record>, Parameters<typeof record>, object | undefined]>([
  [
    "ends",
    [{}, { phase: "creating", finishedMs: undefined } as never],
    [],
    { key: "k7f3m2q9x1:2:finished", what: "operation.finished", detail: { operation: "create" } },
  ],
  ["has ended before", [], [{}, { phase: "ready", told: false }], undefined],
  [
    "ends with data that stays",
    [{ wish: "absent" }, { phase: "deleting", finishedMs: undefined } as never],
    [{ wish: "absent" }, { phase: "deleting", kept: ["a", "b"] }],
    {
      key: "k7f3m2q9x1:2:finished",
      what: "operation.finished",
      detail: { operation: "delete", kept: "a, b" },
    },
  ],
  [
    "stops",
    [{}, { phase: "creating", finishedMs: undefined } as never],
    [{}, { phase: "blocked", finishedMs: undefined, blocked: call({ text: "x".repeat(999) }) } as never],
    {
      key: `k7f3m2q9x1:2:stopped:${NOW_MS}`,
      what: "operation.stopped",
      detail: { operation: "create", step: "server/worker-1", trouble: "failed", fault: "x".repeat(300) },
    },
  ],
  [
    "has stopped before",
    [{}, { phase: "blocked", finishedMs: undefined } as never],
    [{}, { phase: "blocked", finishedMs: undefined, told: false } as never],
    undefined,
  ],
])("an operation that %s", (_what, before, after, event) => {
  const { trace: _none, ...blind } = watch;
  const { audit } = watched(record(...before), record(...after), blind);
  expect(audit?.events ?? []).toEqual(
    event === undefined
      ? []
      : [
          {
            ...{ atMs: NOW_MS + 1, actor: "kinvirt", cluster: { id: "k7f3m2q9x1", name: "dev" }, request: "k3m9qz" },
            ...event,
          },
        ],
  );
});

test.each<[string, Parameters<typeof record>[0], Partial<ClusterRecord["status"]>, object | undefined]>([
  ["a create", {}, { phase: "creating" }, { actor: "U0DEV", operation: "create", why: "request k3m9qz" }],
  [
    "a delete by another",
    { wish: "absent", actor: "U0OTHER" },
    { phase: "deleting" },
    { actor: "U0OTHER", operation: "delete", why: "request k3m9qz" },
  ],
  [
    "a delete before its time",
    { wish: "absent", expiresMs: NOW_MS + 1 },
    { phase: "deleting" },
    { actor: "U0DEV", operation: "delete", why: "request k3m9qz" },
  ],
  [
    "the end of its time",
    { wish: "absent", expiresMs: NOW_MS },
    { phase: "deleting" },
    { actor: "kinvirt", operation: "delete", why: "its time to live is over" },
  ],
  [
    "new logins",
    { requester: "U0OTHER" },
    { phase: "creating", doing: "renew" },
    { actor: "kinvirt", operation: "renew", why: "logins of U0OTHER's cluster" },
  ],
  ["a look at what is ready", {}, { phase: "ready" }, undefined],
  ["what has stopped", {}, { phase: "blocked" }, undefined],
  ["what was begun before", { audit: { generation: 2, events: [] } }, { phase: "creating" }, undefined],
])("%s begins", (_what, over, status, event) => {
  const approved = { plan: HASH, by: [] };
  const begun = withBegin(record({ approved, ...over }, status), PLACE);
  const { actor = "", ...detail } = { ...event } as Readonly<Record<string, string>>;
  const events = [
    {
      ...{ key: "k7f3m2q9x1:2:started", atMs: NOW_MS, actor, what: "operation.started", request: "k3m9qz" },
      ...{ cluster: { id: "k7f3m2q9x1", name: "dev" }, detail: { ...detail, plan: HASH } },
    },
  ];
  if (event === undefined) expect(begun).toEqual(record({ approved, ...over }, status));
  else expect(begun.audit).toEqual({ from: PLACE, generation: 2, events });
});

test("what is told is forgotten, and the place with the last of it", () => {
  const event = (key: string) => ({
    ...{ key, atMs: 1, actor: "kinvirt", what: "resources.changed" as const, cluster: { id: "k", name: "dev" } },
  });
  const audit = { from: PLACE, generation: 2, events: [event("a"), event("b")] };
  const kept = (...keys: readonly string[]) => recorded(record({ audit }), new Set(keys)).audit;
  expect(kept("a")).toEqual({ ...audit, events: [event("b")] });
  expect(kept("a", "b")).toEqual({ generation: 2, events: [] });
  expect(kept()).toBe(audit);
});
