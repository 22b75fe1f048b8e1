import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, fakeJournal, fakeKind, noCloud } from "./fake.ts";

// Goal: what holds data or keys is made anew only as long as it never held any; after that a loss is a person's.
function world() {
  const share = fakeKind("share");
  const journal = fakeJournal();
  const graph = [node("share/rwx", share, () => ({}), { holdsSince: "share/rwx" })];
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => 1_000_000 };
  return { share, pass };
}

test("one that fails before it was ever ready is made anew once", async () => {
  const { share, pass } = world();
  share.firstStatus = "failed";
  await converge(pass);
  expect(share.calls).toEqual(["create share/rwx", "remove share-1"]);
});

test("one that was ready and is in ERROR is not touched, however often people retry", async () => {
  const { share, pass } = world();
  await converge(pass);
  for (const thing of share.things) Object.assign(thing, { status: "failed", fault: "Backend went away" });
  for (const _again of [1, 2, 3])
    expect(await converge(pass)).toMatchObject({
      is: "blocked",
      call: { step: "share/rwx", trouble: "lost", text: expect.stringContaining("Backend went away") },
    });
  expect(share.calls).toEqual(["create share/rwx"]);
  for (const thing of share.things) Object.assign(thing, { status: "ready" });
  expect(await converge(pass)).toEqual({ is: "done" });
});

test("one that was ready and is gone is not made anew and empty", async () => {
  const { share, pass } = world();
  await converge(pass);
  share.things.length = 0;
  for (const _again of [1, 2]) expect(await converge(pass)).toMatchObject({ is: "blocked", call: { trouble: "lost" } });
  expect(share.calls).toEqual(["create share/rwx"]);
});
