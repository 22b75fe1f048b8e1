import type { StepStatus } from "../../../shared/cluster/record.ts";
import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { unwind } from "../../../shared/reconcile/unwind.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, type FakeKind, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: what a service has forgotten to make is made anew once, and what it has forgotten to delete is told to go again; of no
// kind whose service refuses that, and nothing that was ever there.
const PATIENCE_MS = 300_000;

/** A server that was asked for, and that nobody builds. */
async function forgotten(more: Partial<Pass> = {}, kind: Partial<FakeKind> = { interruptible: { making: "BUILD" } }) {
  const server = Object.assign(fakeKind("server"), kind);
  server.firstStatus = "pending";
  const journal = fakeJournal();
  const time = { nowMs: 1_000_000 };
  const graph = [node("server/a", server, () => ({}))];
  const nowMs = () => time.nowMs;
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, patienceMs: () => PATIENCE_MS, nowMs, ...more };
  const see = (seen: Partial<FakeKind["things"][number]>) => {
    for (const thing of server.things) Object.assign(thing, seen);
  };
  await converge(pass);
  see({ state: "BUILD" });
  const is = (over: Partial<StepStatus>) => Object.assign(journal.held["server/a"] ?? {}, over);
  return { server, journal, time, pass, see, is };
}
const GONE = ["create server/a", "remove server-1"];

test("it is waited for as long as it may take, and then told to go, with the reason, and made anew", async () => {
  const { server, journal, time, pass } = await forgotten();
  time.nowMs += PATIENCE_MS - 1;
  expect(await converge(pass)).toEqual({ is: "waiting", on: ["server/a"], troubles: [] });
  time.nowMs += 1;
  const text = "server-1 was not built within 5m (last seen BUILD)";
  expect(await converge(pass)).toMatchObject({
    is: "waiting",
    on: ["server/a"],
    troubles: [{ step: "server/a", trouble: "unbuilt", text }],
  });
  expect(server.calls).toEqual(GONE);
  expect(journal.held["server/a"]).toMatchObject({ id: "server-1", state: "leaving", recreated: true });
  server.things.length = 0;
  server.firstStatus = "ready";
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(server.calls).toEqual([...GONE, "create server/a"]);
});

test("the second one is waited for, however long, until a person asks for another", async () => {
  const { server, time, pass, is } = await forgotten();
  time.nowMs += PATIENCE_MS;
  await converge(pass);
  server.things.length = 0;
  await converge(pass);
  for (const thing of server.things) thing.state = "BUILD";
  time.nowMs += 9 * PATIENCE_MS;
  expect(await converge(pass)).toEqual({ is: "waiting", on: ["server/a"], troubles: [] });
  expect(server.calls).toEqual([...GONE, "create server/a"]);
  is({ recreated: false }); // Retry
  await converge(pass);
  expect(server.calls.at(-1)).toMatch(/^remove /);
});

test.each([
  ["of a kind whose service refuses it", {}, {}],
  ["that somebody has stopped", { interruptible: { making: "BUILD" } }, { state: "SHUTOFF" }],
] as const)("one %s is left alone", async (_what, kind, seen) => {
  const { server, time, pass, see } = await forgotten({}, kind);
  see(seen);
  time.nowMs += 9 * PATIENCE_MS;
  expect(await converge(pass)).toEqual({ is: "waiting", on: ["server/a"], troubles: [] });
  expect(server.calls).toEqual(["create server/a"]);
});

test.each([
  ["one that was there", { readyMs: 1_000_001 }],
  ["one of whose create nothing is known", { intendedMs: undefined }],
] as const)("%s is left alone", async (_what, over) => {
  const { server, time, pass, is } = await forgotten();
  is(over as Partial<StepStatus>);
  time.nowMs += 9 * PATIENCE_MS;
  await converge(pass);
  expect(server.calls).toEqual(["create server/a"]);
});

test("where nobody can say how long it takes it is waited for", async () => {
  const { server, time, pass } = await forgotten();
  const { patienceMs: _none, ...patient } = pass;
  time.nowMs += 9 * PATIENCE_MS;
  await converge(patient);
  expect(server.calls).toEqual(["create server/a"]);
});

test("another clock's intent may be wrong by as much as that clock", async () => {
  const { server, journal, time, pass } = await forgotten();
  journal.doubtMs = () => 60_000;
  time.nowMs += PATIENCE_MS + 59_999;
  await converge(pass);
  expect(server.calls).toEqual(["create server/a"]);
  time.nowMs += 1;
  await converge(pass);
  expect(server.calls).toEqual(GONE);
});

test.each([
  "pending",
  "ready",
] as const)("the delete of one that is %s by then was lost: it goes all the same, and is told of in the same words", async (status) => {
  const { server, time, pass, see } = await forgotten();
  const { remove } = server;
  server.remove = async () => {
    throw refusal("retry");
  };
  time.nowMs += PATIENCE_MS;
  const lost = await converge(pass);
  server.remove = remove;
  see({ status });
  time.nowMs += 60_000;
  const again = await converge(pass);
  expect(server.calls).toEqual(GONE);
  const said = (outcome: typeof lost) => (outcome.is === "waiting" ? outcome.troubles[0]?.text : outcome.is);
  expect(said(again)).toBe(said(lost));
});

describe("a delete whose message was lost", () => {
  const removals = ({ calls }: FakeKind) => calls.filter((call) => call.startsWith("remove")).length;

  test("is sent again when it is time, once in a pass, and the record says the same as before", async () => {
    const { server, journal, pass } = await forgotten();
    await unwind(pass, new Set());
    await unwind(pass, new Set());
    expect(removals(server)).toBe(1);
    const before = journal.writes.length;
    expect(await unwind({ ...pass, again: true }, new Set())).toEqual({
      is: "waiting",
      on: ["server/a"],
      troubles: [],
    });
    expect(removals(server)).toBe(2);
    expect(journal.writes).toHaveLength(before);
    await unwind({ ...pass, again: true }, new Set());
    expect(removals(server)).toBe(3);
  });

  test("is sent again once in a pass that looks at everything twice", async () => {
    const { server, pass } = await forgotten({}, { interruptible: { making: "BUILD" }, releases: ["network"] });
    const network = fakeKind("network");
    const graph = [node("network", network, () => ({})), node("server/a", server, () => ({}), { needs: ["network"] })];
    await converge({ ...pass, graph });
    await unwind({ ...pass, graph }, new Set());
    for (const thing of network.things) thing.status = "ready";
    network.remove = async () => {
      throw refusal("conflict");
    };
    const outcome = await unwind({ ...pass, graph, again: true }, new Set());
    expect(outcome).toMatchObject({ is: "waiting", troubles: [{ step: "network", trouble: "conflict" }] });
    expect(removals(server)).toBe(2);
  });

  test("is not sent again where the service refuses that", async () => {
    const { server, pass } = await forgotten({}, {});
    await unwind(pass, new Set());
    await unwind({ ...pass, again: true }, new Set());
    expect(removals(server)).toBe(1);
  });

  test("holds up a create no longer than a delete", async () => {
    const { server, time, pass } = await forgotten();
    time.nowMs += PATIENCE_MS;
    await converge(pass);
    expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["server/a"] });
    expect(removals(server)).toBe(1);
    expect(await converge({ ...pass, again: true })).toMatchObject({ is: "waiting", on: ["server/a"] });
    expect(removals(server)).toBe(2);
  });

  test("is tried again with its reason when it is refused", async () => {
    const { server, pass } = await forgotten();
    await unwind(pass, new Set());
    server.remove = async () => {
      throw refusal("retry", "Service Unavailable");
    };
    const refused = { is: "waiting", troubles: [{ step: "server/a", text: "Service Unavailable" }] };
    expect(await unwind({ ...pass, again: true }, new Set())).toMatchObject(refused);
    expect(await converge({ ...pass, again: true })).toMatchObject(refused);
  });
});
