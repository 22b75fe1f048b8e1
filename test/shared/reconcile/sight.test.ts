import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { unseen } from "../../../shared/reconcile/journal.ts";
import { nameOf, type Seen } from "../../../shared/resources/kind.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, type FakeKind, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: what is seen of a step is what bears exactly its name, together with what the record knows by id; what could not be looked
// at is never taken for what is not there.
const named = (step: string) => nameOf({ ...cluster, step });

function world(steps: readonly string[], more: Partial<Pass> = {}) {
  const server = fakeKind("server");
  const journal = fakeJournal();
  const graph = steps.map((step) => node(step, server, () => ({})));
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => 1_000_000, ...more };
  return { server, journal, pass };
}

const thing = (id: string, step: string): Seen => ({
  ...{ id, name: named(step), status: "ready" as const, state: "ACTIVE", facts: {} },
});

const refuse = async (): Promise<never> => {
  throw refusal("retry", "Service Unavailable");
};

test("a step is not another whose name begins with its own", async () => {
  const { server, journal, pass } = world(["server/worker-1", "server/worker-10"]);
  server.things.push(thing("ten", "server/worker-10"));
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(server.calls).toEqual(["create server/worker-1"]);
  expect(journal.held["server/worker-10"]?.id).toBe("ten");
  expect(journal.held["server/worker-1"]?.id).not.toBe("ten");
});

test("of the one that a listing shows and the one that the record knows neither is taken", async () => {
  const { server, journal, pass } = world(["server/a"]);
  await journal.write({ "server/a": { ...unseen, id: "known", state: "ready" } });
  server.things.push(thing("listed", "server/a"));
  server.get = async () => thing("known", "server/a");
  expect(await converge(pass)).toMatchObject({
    is: "blocked",
    call: { trouble: "ambiguous", text: expect.stringContaining("listed, known") },
  });
  expect(journal.held["server/a"]?.id).toBe("known");
});

test("while the one that the record knows can't be asked for, another of its name does not take its place", async () => {
  const { server, journal, pass } = world(["server/a"]);
  await journal.write({ "server/a": { ...unseen, id: "known", state: "ready" } });
  server.get = refuse;
  for (const listed of [[], [thing("listed", "server/a")]]) {
    server.things.splice(0, server.things.length, ...listed);
    expect(await converge(pass)).toMatchObject({ is: "waiting", troubles: [{ text: "Service Unavailable" }] });
    expect(journal.held["server/a"]?.id).toBe("known");
  }
  expect(server.calls).toEqual([]);
});

/** What is asked by id. */
function asked(kind: FakeKind): string[] {
  const calls: string[] = [];
  const { get } = kind;
  Object.assign(kind, {
    get: (...call: Parameters<typeof get>) => {
      calls.push("get");
      return get(...call);
    },
    look: async (_cloud: unknown, _cluster: unknown, { id }: { readonly id: string }) => {
      calls.push("look");
      return kind.things.find((one) => one.id === id);
    },
  });
  return calls;
}

test("a service whose listing fails is not asked for each by its id", async () => {
  const { server, pass } = world(["server/a", "server/b"]);
  await converge(pass);
  const calls = asked(server);
  server.find = refuse;
  expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["server/a", "server/b"] });
  expect(calls).toEqual([]);
});

test("what a listing did not show is asked for whole, and what was not listed for its state alone", async () => {
  const { server, journal, pass } = world(["server/a"]);
  await converge(pass);
  const calls = asked(server);
  server.hidden = true;
  await converge(pass);
  expect(calls.splice(0)).toEqual(["get"]);
  Object.assign(journal.held["server/a"] ?? {}, { state: "pending" });
  await converge({ ...pass, quiet: true });
  expect(calls).toEqual(["look"]);
});

describe("a quiet pass", () => {
  test("goes on with what exists by the record", async () => {
    const [address, name] = [fakeKind("floating-ip"), fakeKind("recordset")];
    const graph = [
      node("floating-ip/api", address, () => ({})),
      node("dns/api", name, (from) => ({ of: from.of("floating-ip/api").id }), { exists: ["floating-ip/api"] }),
    ];
    const { pass } = world([], { graph, quiet: true });
    name.lose.push({ when: "before", error: refusal("quota") });
    await converge(pass);
    expect(await converge(pass)).toEqual({ is: "done" });
    expect(name.things).toHaveLength(1);
  });

  test("looks again at what had failed and changes only by us", async () => {
    const { server: address, journal, pass } = world(["server/a"], { quiet: true });
    Object.assign(address, { passive: true });
    await converge(pass);
    Object.assign(journal.held["server/a"] ?? {}, { state: "failed" });
    expect(await converge(pass)).toEqual({ is: "done" });
    expect(address.calls).toEqual(["create server/a"]);
  });
});

test("who needs no more than that something is there does not wait for what that waits for", async () => {
  const [balancer, address, name] = [fakeKind("load-balancer"), fakeKind("floating-ip"), fakeKind("recordset")];
  const graph = [
    node("load-balancer/api", balancer, () => ({})),
    node("floating-ip/api", address, () => ({}), { later: ["load-balancer/api"] }),
    node("dns/api", name, () => ({}), { exists: ["floating-ip/api"] }),
  ];
  const { pass } = world([], { graph });
  const slow = Promise.withResolvers<void>();
  const { create } = balancer;
  balancer.create = (...call) => slow.promise.then(() => create(...call));
  const ended = converge(pass);
  for (let turn = 0; turn < 200; turn += 1) await null;
  expect(name.calls).toEqual(["create dns/api"]);
  slow.resolve();
  expect(await ended).toEqual({ is: "done" });
});
