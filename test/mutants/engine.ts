import { among, type Mutant } from "./mutant.ts";

const tests = ["test/shared/reconcile/engine.test.ts", "test/shared/reconcile/refused.test.ts"];

/** The walks towards a wish and back. */
export const engine: readonly Mutant[] = [
  ...among({ file: "shared/reconcile/converge.ts", tests }, [
    {
      name: "a resource's id is only written when the resource is complete",
      find: "  if (before?.id !== found.id) await journal.write({ [n.step]: statusOf(found, before ?? unseen, nowMs()) });\n",
      replace: "",
    },
    {
      name: "a create whose answer was lost is sent again at once",
      find: "if (mayAppear(journal, n.step, nowMs())) return",
      replace: "if (nowMs() < 0) return",
    },
    {
      name: "the intent of a lost create is forgotten like that of a refused one",
      find: 'if (remains === "nothing") await',
      replace: "await",
    },
    {
      name: "a refused create leaves its intent behind",
      find: 'if (remains === "nothing") await',
      replace: "if (nowMs() < 0) await",
    },
    {
      name: "a create at which the service failed is waited for as long as one whose answer was lost",
      find: 'if (remains === "listed") await',
      replace: "if (nowMs() < 0) await",
    },
    {
      name: "a resource in ERROR is polled for ever",
      find: '  if (found.status === "failed") return replace(walk, n, found);\n',
      replace: "",
    },
    {
      name: "a part that fails in an update is polled for ever",
      find: 'return updated.status === "failed" ? replace(walk, n, updated) : tally.take(n, updated);',
      replace: "return tally.take(n, updated);",
    },
    {
      name: "a resource in ERROR is made anew for ever",
      file: "shared/reconcile/anew.ts",
      find: 'state: "leaving", recreated: true',
      replace: 'state: "leaving", recreated: false',
    },
    {
      name: "of two with one mark the first is taken",
      find: "  else if (usable.length > 1) tally.block(ambiguous(n, usable, nowMs()));\n",
      replace: "",
    },
    {
      name: "what is being deleted counts as a second one",
      find: 'found.filter((seen) => seen.status !== "leaving")',
      replace: "found",
    },
    {
      name: "what is being deleted is made again beside itself",
      find: "const [first = found[0]] = usable;",
      replace: "const [first] = usable;",
    },
    {
      name: "a refused update (409) is taken for done",
      find: "if (updated instanceof OpenStackError) return tally.note(n, updated);",
      replace: "if (updated instanceof OpenStackError) return tally.take(n, found);",
    },
    {
      name: "a resource is made before what it needs is ready",
      find: "!n.needs.every((step) => tally.ready.has(step)) || ",
      replace: "",
    },
  ]),
  ...among({ file: "shared/reconcile/creator.ts", tests }, [
    { name: "no intent is written before a POST", find: "      await journal.write(intents);\n", replace: "" },
    {
      name: "a worker that stalled between its intent and its POST sends it all the same",
      find: "if (nowMs() - intendedMs > SEND_MS_MAX) throw",
      replace: "if (nowMs() < 0) throw",
    },
    {
      name: "an intent forgets that the resource was made anew before",
      find: "recreated: before.recreated, intendedMs",
      replace: "recreated: false, intendedMs",
    },
  ]),
  ...among({ file: "shared/reconcile/tally.ts", tests }, [
    {
      name: "a full quota stops the cluster for good, although it may be raised",
      find: '["retry", "conflict", "quota"]',
      replace: '["retry", "conflict"]',
    },
    {
      name: "a conflict (409) that passes stops the cluster for a person",
      find: '["retry", "conflict", "quota"]',
      replace: '["retry", "quota"]',
    },
    {
      name: "a refusal of the credentials is tried for ever",
      find: '["retry", "conflict", "quota"]',
      replace: '["retry", "conflict", "quota", "denied"]',
    },
  ]),
  ...among({ file: "shared/reconcile/observe.ts", tests }, [
    {
      name: "a listing that failed is taken for an empty one",
      find: "if (found instanceof OpenStackError) troubles.set(kind, found);",
      replace: "",
    },
    {
      name: "a lagging listing is believed, and the known id not asked for",
      find: "else if (late !== undefined) bySteps.set(n.step, [...found, late]);",
      replace: "",
    },
    {
      name: "everything with the cluster's mark is every step's",
      find: ".filter((seen) => seen.name === name)",
      replace: "",
    },
  ]),
  ...among({ file: "shared/reconcile/unwind.ts", tests }, [
    {
      name: "a delete trusts the remove's answer, without a fresh listing",
      find: '    after[n.step] = { ...statusOf(seen, known, nowMs()), state: "leaving" };\n',
      replace: "    open.delete(n.step);\n",
    },
    {
      name: "a delete is done while a lost create may still appear",
      find: "return mayCome || observation",
      replace: "return observation",
    },
    {
      name: "a delete takes a listing that failed for the proof that nothing is left",
      find: " || observation.trouble(n.step) !== undefined;",
      replace: ";",
    },
    {
      name: "a network goes before what hangs on it",
      find: "open.has(n.step) && free(n))",
      replace: "open.has(n.step) && [free])",
      tests: ["test/shared/reconcile/strands.test.ts"],
    },
    {
      name: "a delete is done without a last look at everything",
      find: "if (on.length === 0 && whole) return",
      replace: "if (on.length === 0) return",
    },
    { name: "what an earlier graph made is left", find: "!names.has(seen.name)", replace: "names.has('')" },
    {
      name: "a delete that the cloud's policy forbids is tried for ever",
      find: '["denied", "invalid"].includes(call.trouble)',
      replace: '["ambiguous"].includes(call.trouble)',
    },
    {
      name: "what leaves already is deleted again and again",
      find: '    if (seen.status === "leaving" && (!isToldAgain(pass, n) || again.has(seen.id))) return;\n',
      replace: "",
    },
    {
      name: "what refuses to go is said to nobody",
      find: "await attempt(n.kind.remove(cloud, seen));\n    if (result instanceof OpenStackError) troubles",
      replace: "await attempt(n.kind.remove(cloud, seen));\n    if (result instanceof RangeError) troubles",
    },
    {
      name: "keep-data deletes the share",
      find: "graph.filter((one) => mine(one) && !keep.has(one.step)).toReversed()",
      replace: "graph.filter(mine).toReversed()",
      tests: ["test/handlers/life.test.ts"],
      only: "whose data is to be kept",
    },
  ]),
];
