import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { unseen } from "../../../shared/reconcile/journal.ts";
import { unwind } from "../../../shared/reconcile/unwind.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: what is only there so that something else can be made is gone once that has done its work, is never made in vain,
// and is made anew when it was too old or what it was for is lost.
const HOUR_MS = 3_600_000;

function world() {
  const pass = fakeKind("secret");
  const server = fakeKind("server");
  const member = fakeKind("kubernetes-node");
  member.firstStatus = "pending";
  const temporary = { madeFor: "server/a", until: "kubernetes-node/a" };
  const graph = [
    node("secret/a", pass, () => ({}), { temporary }),
    node("server/a", server, (from) => ({ of: from.of("secret/a").id }), { needs: ["secret/a"] }),
    node("kubernetes-node/a", member, () => ({}), { needs: ["server/a"] }),
  ];
  const journal = fakeJournal();
  const time = { nowMs: 1_000_000 };
  const walk: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => time.nowMs };
  const come = (): void => {
    for (const thing of member.things) thing.status = "ready";
  };
  return { pass, server, member, journal, time, walk, come };
}

test.each([false, true])("it goes as soon as it is of no use, and does not come again (quiet: %s)", async (quiet) => {
  const { pass, server, journal, walk, come } = world();
  const quietly = { ...walk, quiet };
  expect(await converge(quietly)).toMatchObject({ is: "waiting", on: ["kubernetes-node/a"] });
  expect(pass.things).toHaveLength(1);
  come();
  expect(await converge(quietly)).toMatchObject({ is: "waiting", on: ["secret/a"] });
  expect(pass.calls).toEqual(["create secret/a", "remove secret-1"]);
  expect(await converge(quietly)).toMatchObject({ is: "waiting", on: ["secret/a"] }); // it leaves slowly
  pass.things.length = 0;
  expect(await converge(quietly)).toEqual({ is: "done" });
  expect(journal.held["secret/a"]).toMatchObject({ state: "gone", word: "used" });
  expect(await converge(quietly)).toEqual({ is: "done" });
  expect([pass.calls.length, server.calls.length]).toEqual([2, 1]);
});

test("a removal that fails is tried again, and nothing is done before it has succeeded", async () => {
  const { pass, walk, come } = world();
  await converge(walk);
  come();
  const { remove } = pass;
  Object.assign(pass, {
    remove: async () => {
      throw refusal("retry");
    },
  });
  expect(await converge(walk)).toMatchObject({ is: "waiting", troubles: [{ step: "secret/a" }] });
  Object.assign(pass, { remove });
  await converge(walk);
  pass.things.length = 0;
  expect(await converge(walk)).toEqual({ is: "done" });
});

test("a server that is made anew gets another one", async () => {
  const { pass, server, walk, come } = world();
  await converge(walk);
  come();
  await converge(walk);
  pass.things.length = 0;
  await converge(walk);
  server.things.length = 0;
  expect((await converge(walk)).is).toBe("waiting");
  expect(pass.calls.filter((call) => call === "create secret/a")).toHaveLength(2);
  expect(server.calls.filter((call) => call === "create server/a")).toHaveLength(2);
});

test("one that nobody used for half an hour is too old, and is made anew", async () => {
  const { pass, server, time, walk } = world();
  server.lose.push({ when: "before", error: refusal("quota") }, { when: "before", error: refusal("quota") });
  await converge(walk);
  time.nowMs += HOUR_MS / 2;
  await converge(walk);
  expect(pass.calls).toEqual(["create secret/a"]);
  time.nowMs += 1;
  for (const _again of [1, 2]) await converge(walk); // it leaves slowly
  expect(pass.calls).toEqual(["create secret/a", "remove secret-1"]);
  pass.things.length = 0;
  await converge(walk);
  expect(pass.calls).toEqual(["create secret/a", "remove secret-1", "create secret/a"]);
  expect(server.things).toHaveLength(1);
});

test("while its server is there it is neither renewed nor made", async () => {
  const { pass, time, walk } = world();
  await converge(walk);
  time.nowMs += HOUR_MS;
  await converge(walk);
  pass.things.length = 0;
  await converge(walk);
  expect(pass.calls).toEqual(["create secret/a"]);
});

test("a delete removes it like anything else", async () => {
  const { pass, server, member, walk } = world();
  await converge(walk);
  member.things.length = 0;
  await unwind(walk, new Set());
  server.things.length = 0;
  await unwind(walk, new Set());
  expect(pass.calls).toEqual(["create secret/a", "remove secret-1"]);
});

test("a quiet pass does not make it while nobody knows whether what it is for is there", async () => {
  const { pass, server, journal, walk } = world();
  await journal.write({ "server/a": { ...unseen, state: "intended", intendedMs: 1_000_000 } });
  const name = "dev-k7f3m2q9x1-server-a";
  server.things.push({ id: "s", name, status: "ready", state: "X", facts: {} });
  const { find } = server;
  const slow = Promise.withResolvers<void>();
  server.find = (...asked) => slow.promise.then(() => find(...asked));
  const ended = converge({ ...walk, quiet: true });
  for (let turn = 0; turn < 100; turn += 1) await null;
  slow.resolve();
  await ended;
  expect(pass.calls).toEqual([]);
});

test("while it is there, what was made with it is compared with the very one", async () => {
  const { server, walk } = world();
  await converge(walk);
  const specs: unknown[] = [];
  const { update } = server;
  server.update = async (...asked) => {
    specs.push(asked[2]);
    return update(...asked);
  };
  await converge(walk);
  expect(specs).toEqual([{ of: "secret-1" }]);
});

test("what stays behind it is cleared by what was last seen of it, once, and before it is called used", async () => {
  const { pass, journal, walk, come } = world();
  await converge(walk);
  come();
  // The record has nothing of these facts yet.
  for (const thing of pass.things) thing.facts = { rules: "r1 r2" };
  const cleared: unknown[] = [];
  let down = true;
  Object.assign(pass, {
    clear: async (_cloud: unknown, facts: unknown) => {
      if (down) throw refusal("retry", "Service Unavailable");
      cleared.push(facts);
    },
  });
  const known: unknown[] = [];
  const { remove } = pass;
  pass.remove = async (...asked) => {
    known.push(journal.held["secret/a"]?.state);
    return remove(...asked);
  };
  await converge(walk);
  expect(known).toEqual(["leaving"]);
  pass.things.length = 0;
  expect(await converge(walk)).toMatchObject({ is: "waiting", troubles: [{ text: "Service Unavailable" }] });
  expect(journal.held["secret/a"]).toMatchObject({ state: "leaving" });
  down = false;
  for (const _again of [1, 2]) expect(await converge(walk)).toEqual({ is: "done" });
  expect(cleared).toEqual([{ rules: "r1 r2" }]);
});
