import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { key } from "../../../shared/resources/key.ts";
import { node } from "../../../shared/resources/node.ts";
import { secret } from "../../../shared/resources/secret.ts";
import { cluster, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: a key that somebody else has put where a cluster's own belongs is never taken for it.
const NAME = "dev-k7f3m2q9x1-secret-pki";

function world(secretive: boolean, quiet = false) {
  const kind = Object.assign(fakeKind("secret"), secretive ? { secretive: true as const } : {});
  const journal = fakeJournal();
  const graph = [node("secret/pki", kind, () => ({}))];
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, quiet, nowMs: () => 1_000_000 };
  const put = () => void kind.things.push({ id: "s-9", name: NAME, status: "ready", state: "ACTIVE", facts: {} });
  return { kind, pass, put };
}

test("one that was there before kinvirt meant to make it stops the cluster, and is named", async () => {
  const { kind, pass, put } = world(true);
  put();
  const text = `s-9 has the name of this, ${NAME}, and kinvirt has not made it.`;
  for (const _again of [1, 2])
    expect(await converge(pass)).toMatchObject({
      is: "blocked",
      call: { step: "secret/pki", trouble: "forged", text },
    });
  expect(kind.calls).toEqual([]);
  kind.things.length = 0;
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(kind.calls).toEqual(["create secret/pki"]);
});

test("one beside our own stops it too", async () => {
  const { pass, put } = world(true, true);
  expect(await converge(pass)).toEqual({ is: "done" });
  put();
  expect(await converge({ ...pass, quiet: false })).toMatchObject({ is: "blocked", call: { trouble: "ambiguous" } });
});

test("our own is ours although the answer to its create was lost, and of what holds no key any is", async () => {
  const { kind, pass } = world(true);
  kind.lose.push({ when: "after", error: refusal("retry") });
  await converge(pass);
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(kind.calls).toEqual(["create secret/pki"]);
  const other = world(false);
  other.put();
  expect(await converge(other.pass)).toEqual({ is: "done" });
});

test("what Barbican holds for a cluster is of this sort", () => {
  expect([secret.secretive, key.secretive]).toEqual([true, true]);
});
