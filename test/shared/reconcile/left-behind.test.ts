import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { unwind } from "../../../shared/reconcile/unwind.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: nothing that carries no mark, or that nobody would look for any more, is left behind when something goes.

/** An address that came into ERROR when its name was made already. */
async function broken() {
  const address = fakeKind("floating-ip");
  const pointer = { ...fakeKind("ptr"), outlives: true as const };
  const graph = [
    node("floating-ip/api", address, () => ({})),
    node("ptr/api", pointer, () => ({}), { exists: ["floating-ip/api"] }),
  ];
  const pass: Pass = { cloud: noCloud, cluster, graph, journal: fakeJournal(), nowMs: () => 1 };
  expect(await converge(pass)).toEqual({ is: "done" });
  for (const thing of address.things) thing.status = "failed";
  return { address, pointer, pass };
}

test("what would outlive a resource in ERROR is removed before it", async () => {
  const { address, pointer, pass } = await broken();
  const { remove } = pointer;
  pointer.remove = async () => {
    throw refusal("retry", "Service Unavailable");
  };
  expect(await converge(pass)).toMatchObject({ is: "waiting" });
  expect(address.calls).toEqual(["create floating-ip/api"]);
  pointer.remove = remove;
  expect(await converge(pass)).toMatchObject({ is: "waiting" });
  expect(pointer.calls).toEqual(["create ptr/api", "remove ptr-1"]);
  expect(address.calls).toEqual(["create floating-ip/api", "remove floating-ip-1"]);
});

test("what could not be looked for may be there, so nothing goes before it", async () => {
  const { address, pointer, pass } = await broken();
  const { find } = pointer;
  pointer.find = async () => {
    throw refusal("retry", "Service Unavailable");
  };
  expect(await converge(pass)).toMatchObject({ is: "waiting" });
  expect(address.calls).toEqual(["create floating-ip/api"]);
  pointer.find = find;
  expect(await converge(pass)).toMatchObject({ is: "waiting" });
  expect(address.calls).toEqual(["create floating-ip/api", "remove floating-ip-1"]);
});

test("a delete is not done before what its resources leave is cleared, by their last facts", async () => {
  const cleared: string[] = [];
  let down = true;
  const credential = {
    ...fakeKind("credential"),
    clear: async (_cloud: unknown, facts: Readonly<Record<string, string>>) => {
      if (down) throw refusal("retry", "Service Unavailable");
      cleared.push(facts["rules"] ?? "none");
    },
  };
  const journal = fakeJournal();
  const graph = [node("credential/storage", credential, () => ({}))];
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => 1 };
  const name = "dev-k7f3m2q9x1-credential-storage";
  // Its create was answered to nobody, so the record has no facts of it yet.
  credential.things.push({ id: "c1", name, status: "ready", state: "ACTIVE", facts: { rules: "r1 r2" } });
  expect(await unwind(pass, new Set())).toMatchObject({ is: "waiting", on: ["credential/storage"] });
  credential.things.length = 0;
  expect(await unwind(pass, new Set())).toMatchObject({ is: "waiting", troubles: [{ step: "credential/storage" }] });
  down = false;
  expect(await unwind(pass, new Set())).toEqual({ is: "done" });
  expect(cleared).toEqual(["r1 r2"]);
  expect(journal.held["credential/storage"]?.state).toBe("gone");
});
