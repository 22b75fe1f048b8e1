import { OutOfTime } from "../../../shared/openstack/deadline.ts";
import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { unseen } from "../../../shared/reconcile/journal.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, type FakeKind, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: of creates that are sent together each gets what is its own, and no way in which one can end makes the record forget what
// may have been made.
function world(steps = ["server/a", "server/b"]) {
  const server = fakeKind("server");
  const journal = fakeJournal();
  const time = { nowMs: 1_000_000 };
  const graph = steps.map((step) => node(step, server, () => ({})));
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => time.nowMs };
  return { server, journal, time, pass };
}

type Wanted = readonly { readonly owner: { readonly step: string } }[];

/** A bulk call; how many were asked for with each. */
function bulk(kind: FakeKind): number[] {
  const sizes: number[] = [];
  const createAll = async (_cloud: unknown, wanted: Wanted) => {
    sizes.push(wanted.length);
    const made = [];
    for (const { owner } of wanted) made.push(await kind.create(noCloud, { ...cluster, step: owner.step }, {}));
    return made;
  };
  Object.assign(kind, { createAll });
  return sizes;
}

test("each of a bulk gets its own id, and one alone is no bulk", async () => {
  const { server, journal, pass } = world();
  const sizes = bulk(server);
  expect(await converge(pass)).toEqual({ is: "done" });
  const ids = Object.fromEntries(server.things.map(({ name, id }) => [name, id]));
  expect(journal.held["server/a"]?.id).toBe(ids["dev-k7f3m2q9x1-server-a"]);
  expect(journal.held["server/b"]?.id).toBe(ids["dev-k7f3m2q9x1-server-b"]);
  expect(sizes).toEqual([2]);
  const alone = world(["server/a"]);
  const none = bulk(alone.server);
  expect(await converge(alone.pass)).toEqual({ is: "done" });
  expect(none).toEqual([]);
});

test("a bulk that is refused leaves no intent of any, and is told for each", async () => {
  const { server, journal, pass } = world();
  bulk(server);
  server.lose.push({ when: "before", error: refusal("quota") });
  expect(await converge(pass)).toMatchObject({ is: "waiting", troubles: [{ trouble: "quota" }, { trouble: "quota" }] });
  expect([journal.held["server/a"], journal.held["server/b"]]).toEqual([unseen, unseen]);
});

test("a bug in one create takes nothing from the others, and leaves its own intent", async () => {
  const { server, journal, pass } = world();
  const { create } = server;
  server.create = async (...asked) => {
    if (asked[1].step === "server/b") for (let turn = 0; turn < 50; turn += 1) await null;
    const made = await create(...asked);
    if (asked[1].step === "server/a") throw new TypeError("a bug after the call");
    return made;
  };
  await expect(converge(pass)).rejects.toThrow("a bug after the call");
  expect(journal.held["server/a"]).toMatchObject({ state: "intended", intendedMs: 1_000_000 });
  expect(journal.held["server/b"]).toMatchObject({ state: "ready", id: "server-2" });
  server.create = create;
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(server.things).toHaveLength(2);
});

test("what there was no time for was made anew before, and still was", async () => {
  const { server, journal, pass } = world(["server/a"]);
  await journal.write({ "server/a": { ...unseen, recreated: true } });
  server.create = async () => {
    throw new OutOfTime("no time was left");
  };
  await expect(converge(pass)).rejects.toThrow(OutOfTime);
  expect(journal.held["server/a"]).toEqual({ ...unseen, recreated: true });
});

test("a refused create was made anew before, and still was, so its next ERROR is a person's", async () => {
  const { server, journal, pass } = world(["server/a"]);
  await journal.write({ "server/a": { ...unseen, recreated: true } });
  server.lose.push({ when: "before", error: refusal("quota") });
  await converge(pass);
  expect(journal.held["server/a"]).toEqual({ ...unseen, recreated: true });
  server.firstStatus = "failed";
  expect(await converge(pass)).toMatchObject({ is: "blocked", call: { trouble: "failed" } });
});

test("an intent that took ten seconds to write is acted on", async () => {
  const { server, journal, time, pass } = world(["server/a"]);
  const slow: Pass = {
    ...pass,
    journal: {
      ...journal,
      async write(changes) {
        await journal.write(changes);
        if (Object.values(changes).some(({ state }) => state === "intended")) time.nowMs += 10_000;
      },
    },
  };
  expect(await converge(slow)).toEqual({ is: "done" });
  expect(server.calls).toEqual(["create server/a"]);
});
