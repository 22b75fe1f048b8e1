import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { unseen } from "../../../shared/reconcile/journal.ts";
import { unwind } from "../../../shared/reconcile/unwind.ts";
import type { Kind } from "../../../shared/resources/kind.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, type FakeKind, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: the cloud is asked where something may have changed, and nowhere else.
const NOTHING = new Set<string>();

/** What is listed (`server`), asked for by id (`server?`) and updated (`server!`), by kind. */
function watched(...kinds: readonly FakeKind[]): string[] {
  const looks: string[] = [];
  for (const kind of kinds) {
    const { find, get, update } = kind;
    const seen: Partial<Kind<{ readonly of?: string }>> = {
      find: async (...asked) => {
        looks.push(kind.kind);
        return find(...asked);
      },
      get: async (...asked) => {
        looks.push(`${kind.kind}?`);
        return get(...asked);
      },
      update: async (...asked) => {
        looks.push(`${kind.kind}!`);
        return update(...asked);
      },
    };
    Object.assign(kind, seen);
  }
  return looks;
}

function walking(graph: Pass["graph"], more: Partial<Pass> = {}) {
  const time = { nowMs: 1_000_000 };
  const journal = fakeJournal();
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => time.nowMs, ...more };
  const since = (looks: string[]): string[] => looks.splice(0);
  return { pass, journal, time, since };
}

test("what never comes so soon is not looked for before", async () => {
  const server = fakeKind("server");
  server.firstStatus = "pending";
  const { pass, time, since } = walking([node("server/a", server, () => ({}))], {
    quiet: true,
    never: new Map([["server", 6]]),
  });
  const looks = watched(server);
  await converge(pass);
  expect(since(looks)).toEqual(["server!"]);
  time.nowMs += 5900;
  expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["server/a"] });
  expect(since(looks)).toEqual([]);
  time.nowMs += 100;
  for (const thing of server.things) thing.status = "ready";
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(since(looks)).toEqual(["server", "server!"]);
  const careful = { ...pass, quiet: false };
  expect(await converge(careful)).toEqual({ is: "done" });
  expect(since(looks)).toEqual(["server", "server!"]);
});

test("what changes only by us is not looked at, and is changed when what it waits for is there", async () => {
  const balancer = fakeKind("load-balancer");
  balancer.firstStatus = "pending";
  const address = Object.assign(fakeKind("floating-ip"), {
    passive: true as const,
    update: async (_cloud: unknown, _owner: unknown, spec: { readonly of?: string }, seen: object) => ({
      ...seen,
      status: spec.of === undefined ? "pending" : "ready",
    }),
  }) as unknown as FakeKind;
  const graph = [
    node("load-balancer/api", balancer, () => ({})),
    node("floating-ip/api", address, (from) => ({ of: from.maybe("load-balancer/api")?.id ?? undefined }) as object, {
      later: ["load-balancer/api"],
    }),
  ];
  const { pass, since } = walking(graph, { quiet: true });
  const looks = watched(balancer, address);
  expect(await converge(pass)).toMatchObject({ is: "waiting" });
  since(looks);
  expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["load-balancer/api", "floating-ip/api"] });
  expect(since(looks)).toEqual(["load-balancer", "load-balancer!", "floating-ip!"]);
  for (const thing of balancer.things) thing.status = "ready";
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(since(looks)).toEqual(["load-balancer", "load-balancer!", "floating-ip!"]);
  expect(address.calls).toEqual(["create floating-ip/api"]);
});

test("what is ready is not compared again because another one of its kind is not", async () => {
  const server = fakeKind("server");
  const graph = ["server/a", "server/b"].map((step) => node(step, server, () => ({})));
  const { pass, journal, since } = walking(graph, { quiet: true });
  await converge(pass);
  for (const thing of server.things.slice(1)) thing.status = "pending";
  const { "server/b": b = unseen } = journal.held;
  await journal.write({ "server/b": { ...b, state: "pending" } });
  const looks = watched(server);
  expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["server/b"] });
  expect(since(looks)).toEqual(["server", "server!"]);
});

test("a look that did not come to what is called ready, or found something leaving, has not seen everything", async () => {
  const [port, server] = [fakeKind("port"), fakeKind("server")];
  const graph = [node("port/a", port, () => ({})), node("server/a", server, () => ({}), { needs: ["port/a"] })];
  const { pass } = walking(graph);
  expect(await converge(pass)).toEqual({ is: "done" });
  for (const thing of port.things) thing.status = "pending";
  expect(await converge(pass)).toEqual({ is: "waiting", on: ["port/a", "server/a"], troubles: [], unsure: true });
  for (const thing of port.things) thing.status = "failed";
  await converge(pass);
  server.things.length = 0;
  await pass.journal.write({ "server/a": unseen });
  expect(await converge(pass)).toEqual({ is: "waiting", on: ["port/a", "server/a"], troubles: [], unsure: true });
  port.things.length = 0;
  port.firstStatus = "pending";
  expect(await converge(pass)).toEqual({ is: "waiting", on: ["port/a", "server/a"], troubles: [] });
});

test("what is being replaced and is not listed is asked for by id, for a listing may be behind", async () => {
  const server = fakeKind("server");
  server.firstStatus = "failed";
  const { pass } = walking([node("server/a", server, () => ({}))]);
  expect(await converge(pass)).toMatchObject({ is: "waiting" });
  server.hidden = true;
  expect(await converge(pass)).toMatchObject({ is: "waiting" });
  expect(server.calls).toEqual(["create server/a", "remove server-1"]);
});

describe("a delete and what others make", () => {
  function world() {
    const server = fakeKind("server");
    const balancer = Object.assign(fakeKind("service-balancer"), { foreign: true as const });
    const network = fakeKind("network");
    const graph = [
      node("network", network, () => ({})),
      node("server/a", server, () => ({}), { needs: ["network"] }),
      node("service-balancer/left", balancer, () => ({}), { needs: ["network"], makers: ["server/a"] }),
    ];
    const { pass, since } = walking(graph);
    const looks = watched(server, balancer, network);
    const mine = () => since(looks).filter((look) => look === "service-balancer").length;
    const leave = async () => ({ outcome: await unwind(pass, NOTHING), looked: mine() });
    const made = async () => {
      await converge({ ...pass, graph: graph.slice(0, 2) });
      mine();
    };
    return { server, balancer, network, leave, made };
  }

  test("it is not looked for while its makers go, but when they are gone, and at the end", async () => {
    const { server, network, balancer, leave, made } = world();
    await made();
    expect(await leave()).toMatchObject({ outcome: { is: "waiting" }, looked: 0 });
    expect(await leave()).toMatchObject({ outcome: { is: "waiting", on: ["server/a", "network"] }, looked: 0 });
    // Made by the last breath of its maker.
    const name = "dev-k7f3m2q9x1-service-balancer-left";
    balancer.things.push({ id: "late", name, status: "ready", state: "X", facts: {} });
    server.things.length = 0;
    expect(await leave()).toMatchObject({ outcome: { is: "waiting" } });
    expect([balancer.calls, network.calls]).toEqual([["remove late"], ["create network"]]);
    balancer.things.length = 0;
    expect((await leave()).outcome).toMatchObject({ is: "waiting", on: ["network"] });
    network.things.length = 0;
    expect(await leave()).toMatchObject({ outcome: { is: "done" }, looked: 2 });
  });

  test("a look that failed is no look", async () => {
    const { server, balancer, network, leave, made } = world();
    await made();
    await leave();
    server.things.length = 0;
    const { find } = balancer;
    Object.assign(balancer, {
      find: async () => {
        throw refusal("retry");
      },
    });
    expect((await leave()).outcome).toMatchObject({ is: "waiting", on: expect.arrayContaining(["network"]) });
    expect(network.calls).toEqual(["create network"]);
    Object.assign(balancer, { find });
    await leave();
    expect(network.calls).toEqual(["create network", "remove network-1"]);
  });
});

describe("a delete and what only the cluster itself can tell", () => {
  function world() {
    const server = fakeKind("server");
    const address = fakeKind("floating-ip");
    const content = Object.assign(fakeKind("kubernetes-content"), { foreign: true as const });
    const graph = [
      node("server/a", server, () => ({})),
      node("floating-ip/a", address, () => ({})),
      node("kubernetes-content", content, () => ({}), {
        needs: ["server/a", "floating-ip/a"],
        answerers: ["server/a", "server/b"],
      }),
    ];
    const { pass, journal, since } = walking(graph);
    const lose = () => journal.write({ "server/b": unseen });
    const looks = watched(server, content);
    const leave = async () => ({ outcome: await unwind(pass, NOTHING), looks: since(looks) });
    const made = async () => {
      await converge({ ...pass, graph: graph.slice(0, 2) });
      since(looks);
    };
    return { server, address, content, leave, made, lose };
  }

  test("it goes first, and nobody is asked once those who answer were told to go", async () => {
    const { server, address, content, leave, made } = world();
    await made();
    const { remove } = address;
    Object.assign(address, {
      remove: async () => {
        throw refusal("retry");
      },
    });
    content.things.push({
      id: "c",
      name: "dev-k7f3m2q9x1-kubernetes-content",
      status: "ready",
      state: "2 Services",
      facts: {},
    });
    expect((await leave()).looks).toEqual(["kubernetes-content", "kubernetes-content"]);
    expect([content.calls, server.calls]).toEqual([["remove c"], ["create server/a"]]);
    content.things.length = 0;
    // The server goes by its record.
    expect((await leave()).looks).toEqual(["kubernetes-content", "server"]);
    expect(server.calls).toEqual(["create server/a", "remove server-1"]);
    Object.assign(address, { remove });
    expect((await leave()).looks).toEqual(["server"]);
    expect(address.calls).toEqual(["create floating-ip/a", "remove floating-ip-1"]);
    for (const kind of [server, address]) kind.things.length = 0;
    // Nor at the end, when everything else is looked at.
    expect(await leave()).toEqual({ outcome: { is: "done" }, looks: ["server", "server"] });
  });

  test("while one of those who answer is there it is asked, although another has gone", async () => {
    const { server, content, leave, made, lose } = world();
    await made();
    await lose();
    content.things.push({
      ...{ id: "c", name: "dev-k7f3m2q9x1-kubernetes-content", status: "ready", state: "1 Service", facts: {} },
    });
    await leave();
    expect([content.calls, server.calls]).toEqual([["remove c"], ["create server/a"]]);
  });
});

test("what is in the way of a delete and of no record is looked for everywhere, and goes", async () => {
  const [network, server] = [fakeKind("network"), fakeKind("server")];
  const graph = [node("network", network, () => ({})), node("server/a", server, () => ({}), { needs: ["network"] })];
  const { pass } = walking(graph);
  await converge(pass);
  await unwind(pass, NOTHING);
  server.things.length = 0;
  // Its create was given up long ago.
  server.things.push({ id: "late", name: "dev-k7f3m2q9x1-server-a", status: "ready", state: "X", facts: {} });
  const { remove } = network;
  Object.assign(network, {
    remove: async (...asked: Parameters<typeof remove>) => {
      if (server.things.length > 0) throw refusal("conflict");
      return remove(...asked);
    },
  });
  await pass.journal.write({ "server/a": unseen });
  expect(await unwind(pass, NOTHING)).toMatchObject({ is: "waiting", on: expect.arrayContaining(["server/a"]) });
  expect(server.calls.at(-1)).toBe("remove late");
});
