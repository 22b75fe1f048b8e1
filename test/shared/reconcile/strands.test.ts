import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { LeaseLost } from "../../../shared/reconcile/journal.ts";
import { unwind } from "../../../shared/reconcile/unwind.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, type FakeKind, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: in a delete nobody waits for a service that answers slowly but what hangs on its answer; what is on its way lets go of
// what its service releases; and nothing goes before what needs it.
const NOTHING = new Set<string>();

const walking = (graph: Pass["graph"], more: Partial<Pass> = {}): Pass => ({
  ...{ cloud: noCloud, cluster, graph, journal: fakeJournal(), nowMs: () => 1_000_000 },
  ...more,
});

/** Its calls in the order in which they were sent, of all kinds. */
function logged(...kinds: readonly FakeKind[]): string[] {
  const calls: string[] = [];
  for (const kind of kinds) {
    const { find, remove } = kind;
    Object.assign(kind, {
      find: async (...asked: Parameters<typeof find>) => {
        calls.push(`list ${kind.kind}`);
        return find(...asked);
      },
      remove: async (...asked: Parameters<typeof remove>) => {
        calls.push(`remove ${asked[1].id}`);
        await remove(...asked);
        kind.things.splice(0, kind.things.length, ...kind.things.filter(({ id }) => id !== asked[1].id));
      },
    });
  }
  return calls;
}

test("a listing that takes long holds up only what it is about", async () => {
  const [network, server, record] = [fakeKind("network"), fakeKind("server"), fakeKind("recordset")];
  const pass = walking([
    node("network", network, () => ({})),
    node("server/a", server, () => ({}), { needs: ["network"] }),
    node("dns/api", record, () => ({})),
  ]);
  await converge(pass);
  const calls = logged(network, server);
  const slow = Promise.withResolvers<void>();
  const { find } = record;
  Object.assign(record, { find: (...asked: Parameters<typeof find>) => slow.promise.then(() => find(...asked)) });
  const ended = unwind(pass, NOTHING);
  for (let turn = 0; turn < 200; turn += 1) await null;
  expect(calls).toEqual(["list server", "remove server-1", "list server", "remove network-1", "list network"]);
  slow.resolve();
  expect(await ended).toMatchObject({ is: "waiting", on: ["dns/api"] });
});

test("of one kind what is needed stays, and the other goes", async () => {
  const [network, server] = [fakeKind("network"), fakeKind("server")];
  const balancer = Object.assign(fakeKind("service-balancer"), { foreign: true as const });
  const pass = walking([
    node("network/a", network, () => ({})),
    node("network/b", network, () => ({})),
    node("network/c", network, () => ({})),
    node("server/a", server, () => ({}), { needs: ["network/c"] }),
    node("service-balancer/left", balancer, () => ({}), { needs: ["network/a"], makers: ["server/a"] }),
  ]);
  await converge({ ...pass, graph: pass.graph.slice(0, 4) });
  const calls = logged(network);
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting" });
  expect(calls.filter((call) => call.startsWith("remove"))).toEqual(["remove network-2"]);
});

test("what its kind releases goes in the same pass and in the next, and what it does not release waits", async () => {
  const [port, secret] = [fakeKind("port"), fakeKind("secret")];
  const server = Object.assign(fakeKind("server"), { releases: ["port"] as const });
  const pass = walking([
    node("port/a", port, () => ({})),
    node("secret/pki", secret, () => ({})),
    node("server/a", server, () => ({}), { needs: ["port/a", "secret/pki"] }),
  ]);
  await converge(pass);
  const { remove } = port;
  Object.assign(port, { remove: async () => Promise.reject(refusal("retry")) });
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting", troubles: [{ step: "port/a" }] });
  Object.assign(port, { remove });
  const calls = logged(port, secret);
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting", on: ["server/a", "secret/pki"] });
  expect(calls).toEqual(["list port", "remove port-1", "list port"]);
});

test("what others make is looked for no more when all is gone that it could be in the way of, but at the end", async () => {
  const [router, server] = [fakeKind("router"), fakeKind("server")];
  const address = Object.assign(fakeKind("service-address"), { foreign: true as const });
  const pass = walking([
    node("router", router, () => ({})),
    node("server/a", server, () => ({})),
    node("service-address/left", address, () => ({}), { needs: ["router"] }),
  ]);
  await converge({ ...pass, graph: pass.graph.slice(0, 2) });
  const calls = logged(router, address);
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting", on: ["server/a"] });
  expect(calls).toEqual(["list service-address", "remove router-1", "list router"]);
  calls.length = 0;
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting", on: ["server/a"] });
  expect(calls).toEqual([]);
  server.things.length = 0;
  expect(await unwind(pass, NOTHING)).toEqual({ is: "done" });
  expect(calls.toSorted()).toEqual(["list router", "list service-address"]);
});

test("when the lease is lost no further call is begun, and those under way end first", async () => {
  const [network, server, secret] = [fakeKind("network"), fakeKind("server"), fakeKind("secret")];
  const pass = walking([
    node("network", network, () => ({})),
    node("server/a", server, () => ({}), { needs: ["network"] }),
    node("secret/a", secret, () => ({})),
  ]);
  await converge(pass);
  const calls = logged(network, server, secret);
  const { write } = pass.journal;
  Object.assign(pass.journal, {
    write: async (changes: Parameters<typeof write>[0]) => {
      if ("secret/a" in changes) throw new LeaseLost("another's");
      return write(changes);
    },
  });
  const slow = Promise.withResolvers<void>();
  const { remove } = server;
  Object.assign(server, { remove: (...asked: Parameters<typeof remove>) => slow.promise.then(() => remove(...asked)) });
  let ended = false;
  const unwound = unwind(pass, NOTHING).finally(() => {
    ended = true;
  });
  unwound.catch(() => undefined);
  for (let turn = 0; turn < 200; turn += 1) await null;
  expect(ended).toBe(false);
  slow.resolve();
  await expect(unwound).rejects.toThrow(LeaseLost);
  expect(calls).not.toContain("remove network-1");
});

describe("a look by id", () => {
  function world() {
    const server = fakeKind("server");
    server.firstStatus = "pending";
    const calls = logged(server);
    const { get } = server;
    Object.assign(server, {
      look: async (...[cloud, of, { id }]: [never, never, { id: string }]) => {
        calls.push(`look at ${id}`);
        return get(cloud, of, id);
      },
    });
    return { server, calls, pass: walking([node("server/a", server, () => ({}))], { quiet: true }) };
  }

  test("is all that a quiet pass takes of what is under way, and finds it gone", async () => {
    const { server, calls, pass } = world();
    await converge(pass);
    calls.length = 0;
    expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["server/a"] });
    for (const thing of server.things) thing.status = "ready";
    expect(await converge(pass)).toEqual({ is: "done" });
    expect(calls).toEqual(["look at server-1", "look at server-1"]);
  });

  test("is not enough for a pass that compares everything, nor for what has no id yet or is leaving", async () => {
    const { calls, pass } = world();
    await converge(pass);
    calls.length = 0;
    await converge({ ...pass, quiet: false });
    const { "server/a": known } = (pass.journal as ReturnType<typeof fakeJournal>).held;
    if (known === undefined) throw new Error("it was made");
    await pass.journal.write({ "server/a": { ...known, state: "leaving" } });
    await converge(pass);
    const { id: _none, ...intended } = known;
    await pass.journal.write({ "server/a": { ...intended, state: "intended" } });
    await converge(pass);
    expect(calls).toEqual(["list server", "list server", "list server"]);
  });
});

test("what each of the services says is told, and not only what the last one says", async () => {
  const [network, server, record] = [fakeKind("network"), fakeKind("server"), fakeKind("recordset")];
  const pass = walking([
    node("network", network, () => ({})),
    node("server/a", server, () => ({}), { needs: ["network"] }),
    node("dns/api", record, () => ({})),
  ]);
  await converge(pass);
  for (const kind of [server, record])
    kind.remove = async () => Promise.reject(refusal("retry", `${kind.kind} is away`));
  const { troubles } = (await unwind(pass, NOTHING)) as { readonly troubles: readonly { readonly text: string }[] };
  expect(troubles.map(({ text }) => text).sort()).toEqual(["recordset is away", "server is away"]);
});
