import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { unseen } from "../../../shared/reconcile/journal.ts";
import { nameOf } from "../../../shared/resources/kind.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: what is made anew is the very thing that failed, the record says so before it goes, and it says of each ERROR what the
// service says.
const name = nameOf({ ...cluster, step: "server/a" });

function world(more: { readonly interruptible?: true; readonly holds?: true } = {}) {
  const kind = more.interruptible === true ? { interruptible: { making: "BUILD" } } : {};
  const server = Object.assign(fakeKind("server"), kind);
  const journal = fakeJournal();
  const graph = [node("server/a", server, () => ({}), more.holds === true ? { holdsSince: "server/a" } : {})];
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => 1_000_000 };
  const fail = (): void => {
    for (const thing of server.things) Object.assign(thing, { status: "failed", state: "ERROR", fault: "no host" });
  };
  return { server, journal, pass, fail };
}

test("the record knows that it leaves before it is told to, so that whoever dies between does not do it twice", async () => {
  const { server, journal, pass, fail } = world();
  await converge(pass);
  fail();
  const known: unknown[] = [];
  const { remove } = server;
  server.remove = async (...asked) => {
    const { state, recreated } = journal.held["server/a"] ?? unseen;
    known.push([state, recreated]);
    return remove(...asked);
  };
  await converge(pass);
  expect(known).toEqual([["leaving", true]]);
});

test("a removal that is refused is told beside the ERROR", async () => {
  const { server, pass, fail } = world();
  await converge(pass);
  fail();
  server.remove = async () => {
    throw refusal("conflict", "it is busy");
  };
  expect(await converge(pass)).toMatchObject({
    is: "waiting",
    on: ["server/a"],
    troubles: [
      { trouble: "failed", text: "server-1 is in ERROR: no host" },
      { trouble: "conflict", text: "it is busy" },
    ],
  });
});

test.each([
  ["the second ERROR", {}, { recreated: true }, "failed"],
  ["the ERROR of what holds data", { holds: true }, {}, "lost"],
] as const)("the record has %s, with the service's words", async (_what, more, over, trouble) => {
  const { journal, pass, fail } = world(more);
  await converge(pass);
  Object.assign(journal.held["server/a"] ?? {}, over);
  fail();
  expect(await converge(pass)).toMatchObject({ is: "blocked", call: { trouble } });
  expect(journal.held["server/a"]).toMatchObject({ state: "failed", word: "ERROR", fault: "no host" });
});

test("another one than was told to go is no more than itself: in ERROR it is a person's, and otherwise it is taken", async () => {
  const { server, journal, pass, fail } = world({ interruptible: true });
  await journal.write({ "server/a": { id: "old", state: "leaving", facts: {}, recreated: true } });
  server.things.push({ id: "new", name, status: "ready", state: "ACTIVE", facts: {} });
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(journal.held["server/a"]).toMatchObject({ id: "new", state: "ready" });
  await journal.write({ "server/a": { id: "old", state: "leaving", facts: {}, recreated: true } });
  fail();
  expect(await converge(pass)).toMatchObject({ is: "blocked", call: { trouble: "failed" } });
  expect(server.calls).toEqual([]);
});

test.each([
  "needs",
  "exists",
] as const)("what %s it and would outlive it goes before it, once it was seen", async (names) => {
  const address = fakeKind("floating-ip");
  const pointer = Object.assign(fakeKind("ptr"), { outlives: true as const });
  const of = ["floating-ip/api"];
  const graph = [
    node("floating-ip/api", address, () => ({})),
    node("ptr/api", pointer, () => ({}), names === "needs" ? { needs: of } : { exists: of }),
  ];
  const journal = fakeJournal();
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, quiet: true, nowMs: () => 1 };
  await converge(pass);
  for (const thing of address.things) thing.status = "failed";
  // Both are looked at, and the second one's listing takes long.
  for (const step of Object.keys(journal.held)) Object.assign(journal.held[step] ?? {}, { state: "pending" });
  const { find } = pointer;
  const slow = Promise.withResolvers<void>();
  pointer.find = (...asked) => slow.promise.then(() => find(...asked));
  const ended = converge(pass);
  for (let turn = 0; turn < 100; turn += 1) await null;
  expect(address.calls).toEqual(["create floating-ip/api"]);
  slow.resolve();
  await ended;
  expect([pointer.calls.at(-1), address.calls.at(-1)]).toEqual(["remove ptr-1", "remove floating-ip-1"]);
});
