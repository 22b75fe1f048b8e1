import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { unseen } from "../../../shared/reconcile/journal.ts";
import { unwind } from "../../../shared/reconcile/unwind.ts";
import { nameOf } from "../../../shared/resources/kind.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, type FakeKind, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: the last look at everything removes what bears the mark in the right order, whatever the record says of it, and nothing
// that is to be kept, whatever people call it.
const NOTHING = new Set<string>();
const named = (step: string) => nameOf({ ...cluster, step });
const thing = (id: string, name: string, status: "ready" | "leaving" = "ready") => ({
  ...{ id, name, status, state: "X", facts: {} },
});
const removals = ({ calls }: FakeKind) => calls.filter((call) => call.startsWith("remove"));
const refuses = async (): Promise<never> => {
  throw refusal("retry");
};

/** A server on a network, of which the record knows nothing any more. */
function world(releases = false) {
  const network = fakeKind("network");
  const server = Object.assign(fakeKind("server"), releases ? { releases: ["network"] as const } : {});
  const journal = fakeJournal();
  const time = { nowMs: 1_000_000 };
  const graph = [node("network", network, () => ({})), node("server/a", server, () => ({}), { needs: ["network"] })];
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => time.nowMs };
  return { network, server, journal, time, pass };
}

test("what no step names keeps a delete from being done until it has gone", async () => {
  const { server, pass } = world();
  server.things.push(thing("old", named("server/z")));
  expect(await unwind(pass, NOTHING)).toEqual({ is: "waiting", on: [named("server/z")], troubles: [] });
  expect(removals(server)).toEqual(["remove old"]);
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting", on: [named("server/z")] });
  expect(removals(server)).toEqual(["remove old"]);
  server.things.length = 0;
  expect(await unwind(pass, NOTHING)).toEqual({ is: "done" });
});

test("what is to be kept stays when people have given it another name, and the delete is done", async () => {
  const { network, server, pass } = world();
  await converge(pass);
  for (const one of network.things) one.name = "ours-for-good";
  await unwind(pass, new Set(["network"]));
  server.things.length = 0;
  expect(await unwind(pass, new Set(["network"]))).toEqual({ is: "done" });
  expect(removals(network)).toEqual([]);
});

test("what has another name goes when nothing is to be kept", async () => {
  const { network, server, pass } = world();
  await converge(pass);
  for (const one of network.things) one.name = "renamed";
  server.things.length = 0;
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting" });
  expect(removals(network).length).toBeGreaterThan(0);
});

test("a released network waits until its server was told to go, and each copy of it", async () => {
  const { network, server, pass } = world(true);
  network.things.push(thing("n", named("network")));
  server.things.push(thing("s1", named("server/a"), "leaving"), thing("s2", named("server/a")));
  const { remove } = server;
  server.remove = refuses;
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting", troubles: [{ step: "server/a" }] });
  expect(removals(network)).toEqual([]);
  server.remove = remove;
  await unwind(pass, NOTHING);
  await unwind(pass, NOTHING);
  expect([removals(server), removals(network)]).toEqual([["remove s2"], ["remove n"]]);
});

test("a released network waits for a server that may still appear", async () => {
  const { network, journal, time, pass } = world(true);
  await journal.write({ "server/a": { ...unseen, state: "intended", intendedMs: time.nowMs } });
  network.things.push(thing("n", named("network")));
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting" });
  expect(removals(network)).toEqual([]);
});

test("a copy that goes is not what the record calls its own", async () => {
  const { server, journal, pass } = world();
  await converge(pass);
  server.things.push(thing("copy", named("server/a")));
  await unwind(pass, NOTHING);
  expect(removals(server)).toEqual(["remove server-1", "remove copy"]);
  expect(journal.held["server/a"]).toMatchObject({ id: "server-1", state: "leaving" });
});

test("what was told to go and is in no listing has gone: it is not asked for by its id too", async () => {
  const { server, pass } = world();
  await converge(pass);
  await unwind(pass, NOTHING);
  const asked: string[] = [];
  server.get = async (_cloud, _cluster, id) => {
    asked.push(id);
    return undefined;
  };
  server.things.length = 0;
  await unwind(pass, NOTHING);
  expect(asked).toEqual([]);
});

test("what is to be kept, and what that needs, is nothing that a delete waits for", async () => {
  const [network, subnet] = [fakeKind("network"), fakeKind("subnet")];
  const graph = [node("network", network, () => ({})), node("subnet", subnet, () => ({}), { needs: ["network"] })];
  const pass = { ...world().pass, graph };
  await converge(pass);
  expect(await unwind(pass, new Set(["network", "subnet"]))).toEqual({ is: "done" });
  expect([removals(network), removals(subnet)]).toEqual([[], []]);
});

test("what others make is looked for as long as one of what it stands on is there", async () => {
  const [network, subnet] = [fakeKind("network"), fakeKind("subnet")];
  const balancer = Object.assign(fakeKind("service-balancer"), { foreign: true as const });
  const graph = [
    node("network", network, () => ({})),
    node("subnet", subnet, () => ({}), { needs: ["network"] }),
    node("service-balancer/left", balancer, () => ({}), { needs: ["network", "subnet"] }),
  ];
  const { pass, journal } = world();
  await converge({ ...pass, graph: graph.slice(0, 1) });
  await journal.write({ subnet: unseen });
  await unwind({ ...pass, graph }, NOTHING);
  expect(removals(network)).toEqual(["remove network-1"]);
});
