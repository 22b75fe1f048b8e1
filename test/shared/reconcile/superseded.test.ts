import type { StepStatus } from "../../../shared/cluster/record.ts";
import { converge, type Pass } from "../../../shared/reconcile/converge.ts";
import { unseen } from "../../../shared/reconcile/journal.ts";
import { nameOf, type Seen } from "../../../shared/resources/kind.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, type FakeKind, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: a login whose place another has taken goes when all else is as it should be, and not before; the record says that it is
// gone when it is, and nothing else goes with it.
const known = (id: string): StepStatus => ({ ...unseen, id, state: "ready" });
const thing = (id: string, step: string, status: Seen["status"] = "ready"): Seen => ({
  ...{ id, name: nameOf({ ...cluster, step }), status, state: "ACTIVE", facts: {} },
});

/** `secret/new` is in the graph, `secret/old` was; a server stands for all else. */
function world(steps: Record<string, StepStatus> = { "secret/old": known("s-old") }) {
  const [secret, server] = [fakeKind("secret"), fakeKind("server")];
  secret.things.push({ ...thing("s-old", "secret/old") });
  const journal = fakeJournal(steps);
  const graph = [node("secret/new", secret, () => ({})), node("server/a", server, () => ({}))];
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => 1_000_000 };
  return { secret, server, journal, pass };
}

const removals = ({ calls }: FakeKind) => calls.filter((call) => call.startsWith("remove"));

test("it goes last, is waited for, is told once, and is gone in the record when no listing shows it", async () => {
  const { secret, journal, pass } = world();
  expect(await converge(pass)).toEqual({ is: "waiting", on: ["dev-k7f3m2q9x1-secret-old"], troubles: [] });
  expect(journal.held["secret/old"]?.state).toBe("ready");
  expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["dev-k7f3m2q9x1-secret-old"] });
  expect(removals(secret)).toEqual(["remove s-old"]);
  secret.things.splice(0, 1);
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(journal.held["secret/old"]).toEqual({ ...unseen, word: "used" });
  const writes = journal.writes.length;
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(journal.writes).toHaveLength(writes);
});

test("while anything else is waited for it stays, for it may be in use", async () => {
  const { secret, server, pass } = world();
  server.firstStatus = "pending";
  expect(await converge(pass)).toMatchObject({ is: "waiting", on: ["server/a"] });
  expect(removals(secret)).toEqual([]);
});

test("a quiet pass, which has not looked for it, neither removes it nor calls it gone", async () => {
  const { secret, journal, pass } = world();
  expect(await converge({ ...pass, quiet: true })).toEqual({ is: "done" });
  expect(removals(secret)).toEqual([]);
  expect(journal.held["secret/old"]).toEqual(known("s-old"));
});

test.each([
  ["conflict", "waiting"],
  ["denied", "blocked"],
] as const)("a removal that is refused with %s is told, and %s", async (trouble, is) => {
  const { secret, pass } = world();
  secret.remove = async () => {
    throw refusal(trouble);
  };
  const call = { step: "dev-k7f3m2q9x1-secret-old", trouble };
  expect(await converge(pass)).toMatchObject(is === "blocked" ? { is, call } : { is, troubles: [call] });
});

test("of other kinds nothing goes, and the record keeps what it says of them", async () => {
  const { server, journal, pass } = world({ "server/old": known("old") });
  server.things.push({ ...thing("old", "server/old") });
  await converge(pass);
  await converge(pass);
  expect(removals(server)).toEqual([]);
  expect(journal.held["server/old"]).toEqual(known("old"));
});
