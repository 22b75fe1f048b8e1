import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { LeaseLost } from "../../../shared/reconcile/journal.ts";
import { unwind } from "../../../shared/reconcile/unwind.ts";
import { nameOf, type Seen } from "../../../shared/resources/kind.ts";
import { node, ordered } from "../../../shared/resources/node.ts";
import { cluster, type FakeKind, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: a call that is refused, a listing that fails and a worker that stalls are never taken for success, and never lead
// to a second one of anything.
function world() {
  const network = fakeKind("network");
  const server = fakeKind("server");
  const graph = ordered([
    node("server/a", server, (from) => ({ of: from.of("network").id }), { needs: ["network"] }),
    node("network", network, () => ({})),
  ]);
  const journal = fakeJournal();
  const time = { nowMs: 1_000_000 };
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => time.nowMs };
  return { network, server, journal, time, pass };
}

const none: ReadonlySet<string> = new Set();
const creates = (kind: FakeKind) => kind.calls.filter((call) => call.startsWith("create"));

/** The next call of this function of the kind does something else, once. */
function once(kind: FakeKind, what: "find" | "update" | "remove", instead: (seen: Seen) => Seen): void {
  const usual = kind[what];
  const odd = async (...args: unknown[]) => {
    Object.assign(kind, { [what]: usual });
    return instead(args.at(-1) as Seen);
  };
  Object.assign(kind, { [what]: odd });
}

const refuse = (trouble: Parameters<typeof refusal>[0]) => (): never => {
  throw refusal(trouble);
};

test("a refused update is waited for, with the id written down, and nothing that needs it begins", async () => {
  const { network, server, journal, pass } = world();
  once(network, "update", refuse("conflict"));
  expect(await converge(pass)).toMatchObject({
    is: "waiting",
    on: ["network", "server/a"],
    troubles: [{ step: "network", trouble: "conflict" }],
  });
  expect(journal.held["network"]?.id).toBe("network-1");
  expect(server.calls).toEqual([]);
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(creates(network)).toHaveLength(1);
});

test("the first id is written before anything else is asked of the resource", async () => {
  const { network, journal, pass } = world();
  const written: unknown[] = [];
  once(network, "update", (seen) => {
    written.push(journal.held["network"]?.id);
    return seen;
  });
  await converge(pass);
  expect(written).toEqual(["network-1"]);
});

test("what an update finds in ERROR is made anew like everything in ERROR", async () => {
  const { network, pass } = world();
  once(network, "update", (seen) => ({ ...seen, status: "failed", state: "ERROR", fault: "a part broke" }));
  expect(await converge(pass)).toMatchObject({
    is: "waiting",
    troubles: [{ text: expect.stringContaining("a part broke") }],
  });
  expect(network.calls).toEqual(["create network", "remove network-1"]);
});

test("an ERROR is not asked to change before it goes", async () => {
  const { network, pass } = world();
  network.firstStatus = "failed";
  const asked: unknown[] = [];
  once(network, "update", (seen) => {
    asked.push(seen);
    return seen;
  });
  await converge(pass);
  expect(asked).toEqual([]);
});

test("one that is being deleted is no second one beside the one that lives", async () => {
  const { network, pass } = world();
  await converge(pass);
  const name = nameOf({ ...cluster, step: "network" });
  network.things.push({ id: "older", name, status: "leaving", state: "DELETING", facts: {} });
  expect(await converge(pass)).toEqual({ is: "done" });
});

test.each([
  "conflict",
  "retry",
  "denied",
] as const)("a listing that fails with %s is not an empty one", async (trouble) => {
  const { network, server, journal, pass } = world();
  await converge(pass);
  for (const step of Object.keys(journal.held)) delete journal.held[step];
  const is = trouble === "denied" ? "blocked" : "waiting";
  once(network, "find", refuse(trouble));
  expect(await converge(pass)).toMatchObject({ is });
  expect([...creates(network), ...creates(server)]).toEqual(["create network", "create server/a"]);
  network.things.length = 0;
  server.things.length = 0;
  once(network, "find", refuse(trouble));
  expect(await unwind(pass, none)).toMatchObject({ is });
  expect(await unwind(pass, none)).toEqual({ is: "done" });
});

test("a worker that stalls between its intent and its call does not send it", async () => {
  const { network, journal, time, pass } = world();
  const slow: Pass = {
    ...pass,
    journal: {
      ...journal,
      async write(changes) {
        await journal.write(changes);
        time.nowMs += 10_001;
      },
    },
  };
  await expect(converge(slow)).rejects.toThrow(LeaseLost);
  expect(network.calls).toEqual([]);
  expect(journal.held["network"]?.state).toBe("intended");
});

test("a delete ends with a listing, not with the answer to the last remove", async () => {
  const { network, server, pass } = world();
  await converge(pass);
  await unwind(pass, none);
  server.things.length = 0;
  expect(await unwind(pass, none)).toMatchObject({ is: "waiting", on: ["network"] });
  network.things.length = 0;
  expect(await unwind(pass, none)).toEqual({ is: "done" });
});

test("what leaves already is not deleted a second time", async () => {
  const { server, pass } = world();
  await converge(pass);
  await unwind(pass, none);
  await unwind(pass, none);
  expect(server.calls).toEqual(["create server/a", "remove server-1"]);
});

test("what is in use is told to go again after a look at everything, in the same pass", async () => {
  const { server, pass } = world();
  await converge(pass);
  once(server, "remove", refuse("conflict"));
  expect(await unwind(pass, none)).toMatchObject({ is: "waiting", troubles: [] });
  expect(server.things[0]?.status).toBe("leaving");
  expect(await unwind(pass, none)).toMatchObject({ is: "waiting", troubles: [] });
});

test.each([
  ["retry", "waiting"],
  ["denied", "blocked"],
  ["invalid", "blocked"],
] as const)("a remove that is refused with %s is %s, and says so", async (trouble, is) => {
  const { server, pass } = world();
  await converge(pass);
  once(server, "remove", refuse(trouble));
  const call = { step: "server/a", trouble };
  expect(await unwind(pass, none)).toMatchObject(is === "blocked" ? { is, call } : { is, troubles: [call] });
  expect(await unwind(pass, none)).toMatchObject({ is: "waiting", troubles: [] });
  expect(server.things[0]?.status).toBe("leaving");
});

test("what is to be kept stays, with all that it needs, and the delete is done all the same", async () => {
  const { network, server, pass } = world();
  await converge(pass);
  await unwind(pass, new Set(["network"]));
  server.things.length = 0;
  expect(await unwind(pass, new Set(["network"]))).toEqual({ is: "done" });
  expect(network.calls).toEqual(["create network"]);
});
