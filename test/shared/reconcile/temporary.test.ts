import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
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
  server.lose.push({ when: "before", error: refusal("quota") });
  await converge(walk);
  time.nowMs += HOUR_MS;
  await converge(walk);
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
