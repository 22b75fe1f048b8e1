import { dispatch } from "../../handlers/work/dispatch.ts";
import type { AuditRecord } from "../../shared/state/audit.ts";
import { newestFirst } from "../../shared/state/audit.ts";
import { verify } from "../../shared/state/audit-verify.ts";
import { type Town, town } from "../support/town.ts";
import { desk } from "./desk.ts";
import { NOW_MS, record, request } from "./given.ts";

// Goal: what was asked, decided and changed is in the chain, each once, with who did it and the cloud's own ids; nothing
// secret is, whatever comes twice and whenever a process dies.
async function chain(store: Town["deps"]["store"], tenant = "team-a"): Promise<readonly AuditRecord[]> {
  const found: AuditRecord[] = [];
  for await (const one of newestFirst(store, tenant)) found.unshift(one);
  return found;
}

const told = (records: readonly AuditRecord[]) =>
  records.filter(({ what }) => what !== "resources.changed").map(({ what, actor }) => `${what} ${actor}`);

describe("a whole life", () => {
  let at: Town;
  let records: readonly AuditRecord[];
  let things: readonly string[];
  let ids: ReadonlySet<string>;

  beforeAll(async () => {
    at = await town();
    await at.type("create dev --rwx 100G");
    await at.until(() => at.button("request:approve") !== "");
    await at.click("request:approve", at.button("request:approve"));
    await at.until(async () => (await at.record("team-a/dev"))?.status.phase === "ready");
    await at.work(async () => false, 20);
    ids = new Set(at.sandbox.everything("team-a").map(({ id }) => id));
    things = at.things();
    await at.type("kubeconfig dev");
    await at.type("retry dev", "U0ONCALL");
    await at.type("delete dev");
    await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
    await at.until(async () => (await at.record("team-a/dev")) === undefined);
    records = await chain(at.deps.store);
  }, 60_000);
  afterAll(() => at.close());

  test("every step is there, with who took it", () => {
    expect(told(records)).toEqual([
      "request.asked U0DEV",
      "request.planned kinvirt",
      "decision.approve U0APPROVER",
      "request.approved kinvirt",
      "operation.started U0DEV",
      "operation.finished kinvirt",
      "kubeconfig.asked U0DEV",
      "retry.asked U0ONCALL",
      "request.asked U0DEV",
      "request.planned kinvirt",
      "request.approved kinvirt",
      "operation.started U0DEV",
      "operation.finished kinvirt",
    ]);
    const [, planned, decision, approved, started] = records;
    expect(decision?.detail?.["plan"]).toBe(planned?.detail?.["plan"]);
    expect(approved?.detail).toEqual({
      plan: planned?.detail?.["plan"],
      rule: "policy.approvals: 1",
      by: "U0APPROVER",
    });
    expect(started?.detail).toMatchObject({ operation: "create", plan: planned?.detail?.["plan"] });
    expect(records.filter(({ what }) => what === "request.approved")[1]?.detail?.["rule"]).toBe(
      "policy.autoApprove.delete: within all of its limits",
    );
  });

  test("every resource was recorded when it came and when it went, by the cloud's id and request id", () => {
    const changes = records.flatMap((one) => one.changes ?? []);
    const of = (did: string) => changes.filter((one) => one.did === did && !one.step.startsWith("kubernetes-"));
    expect(things.length).toBeGreaterThan(20);
    const plain = (id = "") => id.split("/").at(-1)?.split(":").at(-1) ?? "";
    expect(
      of("created")
        .map(({ id }) => plain(id))
        .filter((id) => ids.has(id)).length,
    ).toBeGreaterThan(20);
    expect(
      of("deleted")
        .map(({ id }) => plain(id))
        .sort(),
    ).toEqual(
      of("created")
        .map(({ id }) => plain(id))
        .sort(),
    );
    expect(of("created").filter(({ requestId }) => requestId === undefined)).toEqual([]);
    // Manila takes a rule away by an action on its share.
    expect(
      of("deleted")
        .filter(({ requestId }) => requestId === undefined)
        .map(({ step }) => step),
    ).toEqual(["share-access/rwx"]);
  });

  test("the chain is whole, and nothing in it is secret", async () => {
    expect(await verify(at.deps.store)).toMatchObject([{ tenant: "team-a", records: records.length }]);
    const text = JSON.stringify(records);
    for (const secret of ["BEGIN", "password", "demo", "https://links"]) expect(text).not.toContain(secret);
  });

  test("all that one pass changed is one record", () => {
    const passes = records.filter(({ what }) => what === "resources.changed").map(({ key }) => key.split(":")[1]);
    expect(new Set(passes).size).toBe(passes.length);
    expect(passes.length).toBeGreaterThan(5);
  });
});

test("a request that is planned, decided and told many times over is recorded once", async () => {
  const one = desk();
  await one.hold(record());
  await one.ask(request({ action: "delete", requester: "U0OTHER", state: "planning", dueMs: NOW_MS }));
  const again = () => dispatch({ is: "plan", request: "k3m9qz" }, one.deps);
  await Promise.all([again(), again(), again()]);
  await again();
  await one.type("deny k3m9qz not now", "U0APPROVER");
  await Promise.all([again(), again()]);
  const records = await chain(one.deps.store);
  expect(told(records)).toEqual(["request.asked U0OTHER", "request.planned kinvirt", "decision.deny U0APPROVER"]);
  expect(records[2]?.detail).toMatchObject({ reason: "not now" });
  expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test.each([
  ["cancelled", (one: ReturnType<typeof desk>) => one.type("cancel k3m9qz", "U0OTHER"), "request.cancelled U0OTHER"],
  [
    "left without an answer",
    async (one: ReturnType<typeof desk>) => {
      one.clock.pass(86_400_000);
      await one.deps.queue.enqueue({ is: "sweep" }, 0);
    },
    "request.expired kinvirt",
  ],
])("a request that is %s", async (_what, act, last) => {
  const one = desk();
  await one.hold(record());
  await one.ask(request({ action: "delete", requester: "U0OTHER", dueMs: NOW_MS + 86_400_000 }));
  await act(one);
  await one.work();
  await one.work();
  expect(told(await chain(one.deps.store)).at(-1)).toBe(last);
});

test("a dry run changes nothing and is not recorded", async () => {
  const one = desk();
  await one.hold(record());
  await one.ask(request({ action: "delete", dryRun: true, state: "planning", dueMs: NOW_MS }));
  await one.deps.queue.enqueue({ is: "plan", request: "k3m9qz" }, 0);
  await one.work();
  expect(await chain(one.deps.store)).toEqual([]);
});

test("what a person may not do is not recorded as done", async () => {
  const one = desk({ publicUrl: "https://links.example.org" });
  await one.hold(record());
  await one.type("renew dev", "U0OTHER");
  await one.type("retry nothing", "U0DEV");
  expect(await chain(one.deps.store)).toEqual([]);
});
