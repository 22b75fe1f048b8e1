import { OpenStackError } from "../../../shared/openstack/errors.ts";
import { converge, type Pass, SETTLE_MS } from "../../../shared/reconcile/converge.ts";
import { unwind } from "../../../shared/reconcile/unwind.ts";
import { node, ordered } from "../../../shared/resources/node.ts";
import { cluster, type FakeKind, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: whatever a call does, each step of a cluster exists at most once, every id is written down, and a delete is only
// done when a listing proves that nothing is left.
function world() {
  const network = fakeKind("network");
  const server = fakeKind("server");
  const graph = ordered([
    node("server/a", server, (from) => ({ of: from.of("network").id }), { needs: ["network"] }),
    node("server/b", server, (from) => ({ of: from.of("network").id }), { needs: ["network"] }),
    node("network", network, () => ({})),
  ]);
  const journal = fakeJournal();
  const time = { nowMs: 1_000_000 };
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => time.nowMs };
  return { network, server, journal, time, pass };
}

test("one pass makes everything whose needs are ready, and writes intent and id of each", async () => {
  const { network, server, journal, pass } = world();
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(network.calls).toEqual(["create network"]);
  expect([...server.calls].sort()).toEqual(["create server/a", "create server/b"]);
  expect(Object.keys(journal.writes[0] ?? {})).toEqual(["network"]);
  expect(journal.writes[0]?.["network"]?.state).toBe("intended");
  expect(Object.values(journal.held).map((step) => step.state)).toEqual(["ready", "ready", "ready"]);
});

test("a second pass makes no call and writes nothing", async () => {
  const { network, server, journal, pass } = world();
  await converge(pass);
  const before = [network.calls.length, server.calls.length, journal.writes.length];
  expect(await converge(pass)).toEqual({ is: "done" });
  expect([network.calls.length, server.calls.length, journal.writes.length]).toEqual(before);
});

test("what needs a pending resource waits for it", async () => {
  const { network, server, pass } = world();
  network.firstStatus = "pending";
  expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["network", "server/a", "server/b"] });
  expect(server.calls).toEqual([]);
});

/** A name that reads an address, which need not be ready for it. */
function namedAddress() {
  const { pass } = world();
  const address = fakeKind("floating-ip");
  const name = fakeKind("recordset");
  const graph = [
    node("floating-ip/api", address, () => ({})),
    node("dns/api", name, (from) => ({ of: from.of("floating-ip/api").id }), { exists: ["floating-ip/api"] }),
  ];
  return { address, name, pass: { ...pass, graph } };
}

test("what needs no more than that a resource is there does not wait until it is ready", async () => {
  const { address, name, pass } = namedAddress();
  address.firstStatus = "pending";
  expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["floating-ip/api"] });
  expect(name.calls).toEqual(["create dns/api"]);
});

test("what could not be made is there for nobody", async () => {
  const { address, name, pass } = namedAddress();
  address.lose.push({ when: "before", error: refusal("quota") });
  const outcome = await converge(pass);
  expect(outcome).toMatchObject({ is: "waiting", on: expect.arrayContaining(["floating-ip/api", "dns/api"]) });
  expect(name.calls).toEqual([]);
});

test("siblings whose need becomes ready together share one bulk call and one write of intents", async () => {
  const { server, journal, pass } = world();
  const bulk: number[] = [];
  Object.assign(server, {
    createAll: async (_cloud: unknown, wanted: readonly { owner: { step: string } }[]) => {
      bulk.push(wanted.length);
      return Promise.all(wanted.map(({ owner }) => server.create(noCloud, { ...cluster, step: owner.step }, {})));
    },
  });
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(bulk).toEqual([2]);
  expect(journal.writes.filter((write) => Object.values(write).some((step) => step.state === "intended"))).toHaveLength(
    2,
  );
});

for (const when of ["before", "after"] as const) {
  test(`a create whose answer is lost ${when} its effect is looked up, and made anew only when it can no longer appear`, async () => {
    const { network, time, pass } = world();
    network.lose.push({ when, error: refusal("retry") });
    network.hidden = true; // a listing that lags
    expect(await converge(pass)).toMatchObject({ is: "waiting", troubles: [{ step: "network", trouble: "retry" }] });
    await converge(pass);
    expect(network.calls).toEqual(["create network"]);
    network.hidden = false;
    time.nowMs += SETTLE_MS;
    expect(await converge(pass)).toEqual({ is: "done" });
    expect(network.things).toHaveLength(1);
  });
}

test("a create that nobody heard is sent again with the next pass", async () => {
  const { network, journal, pass } = world();
  const { detail } = refusal("retry");
  network.lose.push({ when: "before", error: new OpenStackError({ ...detail, status: 503, unheard: true }) });
  expect(await converge(pass)).toMatchObject({ is: "waiting", troubles: [{ step: "network", trouble: "retry" }] });
  expect(journal.held["network"]?.state).toBe("gone");
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(network.things).toHaveLength(1);
});

test("a create that the service failed at is looked up for a moment only", async () => {
  const { network, time, pass } = world();
  const { detail } = refusal("retry");
  network.lose.push({ when: "after", error: new OpenStackError({ ...detail, status: 500 }) });
  network.hidden = true; // a listing that lags
  await converge(pass);
  await converge(pass);
  expect(network.calls).toEqual(["create network"]);
  network.things.length = 0;
  expect(await unwind(pass, new Set())).toMatchObject({ is: "waiting", on: ["network"] });
  time.nowMs += 10_000;
  await converge(pass);
  expect(network.calls).toEqual(["create network", "create network"]);
});

test("a known id that a listing does not show is asked for by id, not made twice", async () => {
  const { network, pass } = world();
  await converge(pass);
  network.hidden = true;
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(network.calls).toEqual(["create network"]);
});

test("two with one mark are a person's", async () => {
  const { network, pass } = world();
  await converge(pass);
  const [first] = network.things;
  if (first !== undefined) network.things.push({ ...first, id: "other" });
  expect(await converge(pass)).toMatchObject({ is: "blocked", call: { step: "network", trouble: "ambiguous" } });
});

test("an ERROR is made anew once; the second one blocks with the service's words", async () => {
  const { network, pass } = world();
  network.firstStatus = "failed";
  expect(await converge(pass)).toMatchObject({ is: "waiting" });
  expect(network.calls).toEqual(["create network", "remove network-1"]);
  expect(await converge(pass)).toMatchObject({ is: "waiting" }); // it leaves slowly
  network.things.length = 0;
  expect(await converge(pass)).toMatchObject({ is: "blocked", call: { step: "network", trouble: "failed" } });
  expect(network.things).toHaveLength(1);
  expect(await converge(pass)).toMatchObject({ is: "blocked" });
  expect(network.calls.filter((call) => call.startsWith("create"))).toHaveLength(2);
});

for (const [trouble, is] of [
  ["quota", "waiting"],
  ["conflict", "waiting"],
  ["denied", "blocked"],
  ["invalid", "blocked"],
  ["missing", "blocked"],
  ["ambiguous", "blocked"],
] as const) {
  test(`a create refused with ${trouble} is ${is} and leaves no intent`, async () => {
    const { network, journal, pass } = world();
    network.lose.push({ when: "before", error: refusal(trouble) });
    expect((await converge(pass)).is).toBe(is);
    expect(journal.held["network"]?.state).toBe("gone");
  });
}

test("deletion runs backwards, waits for what leaves, and is done when nothing is listed", async () => {
  const { network, server, journal, pass } = world();
  await converge(pass);
  expect(await unwind(pass, new Set())).toMatchObject({ is: "waiting" });
  expect(network.calls).toEqual(["create network"]);
  server.things.length = 0;
  await unwind(pass, new Set());
  expect(network.calls).toEqual(["create network", "remove network-1"]);
  expect((await unwind(pass, new Set())).is).toBe("waiting");
  network.things.length = 0;
  expect(await unwind(pass, new Set())).toEqual({ is: "done" });
  expect(Object.values(journal.held).every((step) => step.state === "gone")).toBe(true);
});

test("deletion does not wait for what its kind releases, once it has been told to leave", async () => {
  const { network, server, pass } = world();
  Object.assign(server, { releases: ["network"] });
  await converge(pass);
  expect(await unwind(pass, new Set())).toMatchObject({ is: "waiting" });
  expect(network.calls).toEqual(["create network", "remove network-1"]);
});

/** What goes as soon as it is told to. */
function goesAtOnce(kind: FakeKind): void {
  const { remove } = kind;
  Object.assign(kind, {
    async remove(...asked: Parameters<typeof remove>) {
      await remove(...asked);
      kind.things.length = 0;
    },
  });
}

test("deletion goes on in the same pass while what it removes is gone at once", async () => {
  const { network, server, pass } = world();
  await converge(pass);
  for (const kind of [network, server]) goesAtOnce(kind);
  expect(await unwind(pass, new Set())).toEqual({ is: "done" });
  expect(network.calls).toEqual(["create network", "remove network-1"]);
});

test("deletion lists what its turn has come for, and everything at its end", async () => {
  const { network, server, pass } = world();
  await converge(pass);
  const looks: string[] = [];
  for (const kind of [network, server]) {
    const { find } = kind;
    Object.assign(kind, {
      async find(...asked: Parameters<typeof find>) {
        looks.push(kind.kind);
        return find(...asked);
      },
    });
  }
  await unwind(pass, new Set());
  expect(looks).toEqual(["server", "server"]);
  looks.length = 0;
  await unwind(pass, new Set());
  expect(looks).toEqual(["server"]);
  looks.length = 0;
  server.things.length = 0;
  await unwind(pass, new Set());
  expect(looks).toEqual(["server", "network"]);
  looks.length = 0;
  network.things.length = 0;
  // What somebody restored in the meantime is seen at the end only.
  server.things.push({ id: "late", name: "dev-k7f3m2q9x1-server-a", status: "ready", state: "X", facts: {} });
  expect(await unwind(pass, new Set())).toMatchObject({ is: "waiting", on: ["server/a"] });
  expect(looks).toEqual(["network", "network", "server"]);
  expect(server.calls.at(-1)).toBe("remove late");
});

test("deletion removes every copy with the mark, and what no step of the graph names", async () => {
  const { server, pass } = world();
  await converge(pass);
  const [first] = server.things;
  if (first !== undefined)
    server.things.push({ ...first, id: "copy" }, { ...first, id: "old", name: "dev-k7f3m2q9x1-server-z" });
  await unwind(pass, new Set());
  expect(server.calls.filter((call) => call.startsWith("remove")).sort()).toEqual([
    "remove copy",
    "remove old",
    "remove server-1",
    "remove server-2",
  ]);
});

test("deletion does not end while a lost create may still appear", async () => {
  const { network, time, pass } = world();
  network.lose.push({ when: "before", error: refusal("retry") });
  await converge(pass);
  expect(await unwind(pass, new Set())).toMatchObject({ is: "waiting", on: ["network"] });
  time.nowMs += SETTLE_MS;
  expect(await unwind(pass, new Set())).toEqual({ is: "done" });
});

test("a sighting that says what the record says writes nothing, whatever the order in which the record was read", async () => {
  const { journal, pass } = world();
  await converge(pass);
  for (const [step, status] of Object.entries(journal.held))
    journal.held[step] = Object.fromEntries(Object.entries(status).reverse()) as typeof status;
  const before = journal.writes.length;
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(journal.writes).toHaveLength(before);
});
