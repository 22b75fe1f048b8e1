import { among, type Mutant } from "./mutant.ts";

const tests = ["test/shared/reconcile/forgotten.test.ts"];

/** What a service has forgotten to make, or to delete. */
export const forgotten: readonly Mutant[] = [
  ...among({ file: "shared/reconcile/anew.ts", tests }, [
    {
      name: "what somebody has stopped is taken for what was never built",
      find: " || seen.state !== interruptible.making",
      replace: "",
    },
    {
      name: "what is never built is made anew for ever",
      find: "if (recreated || intendedMs",
      replace: "if (intendedMs",
    },
    {
      name: "what was never built, and told to go in vain, is waited for after all",
      find: '  if (state === "leaving") return true;\n',
      replace: "",
    },
    {
      name: "a server that another clock gave its time is given up too early",
      find: " + (journal.doubtMs?.(n.step) ?? 0)",
      replace: "",
    },
    {
      name: "a service that refuses it is told again and again",
      find: "again === true && kind.interruptible !== undefined",
      replace: "again === true",
    },
  ]),
  ...among({ file: "shared/reconcile/converge.ts", tests }, [
    {
      name: "a key that somebody else has put there is taken for the cluster's",
      find: "n.kind.secretive === true && journal.step(n.step) === undefined",
      replace: "false",
      tests: ["test/shared/reconcile/forged.test.ts"],
    },
    {
      name: "a create waits for ever for a server whose delete was lost",
      find: "return leaves(walk, n, found);",
      replace: "return tally.take(n, found);",
    },
  ]),
  ...among({ file: "shared/reconcile/unwind.ts", tests }, [
    {
      name: "a delete whose message was lost is waited for in silence",
      find: "(!isToldAgain(pass, n) || again.has(seen.id))",
      replace: "[again]",
    },
    {
      name: "one pass sends a delete again with each of its looks",
      find: " || again.has(seen.id)",
      replace: "",
    },
  ]),
  ...among({ file: "handlers/work/patience.ts", tests: ["test/handlers/work/patience.test.ts"] }, [
    {
      name: "a delete that stands still is sent again by each pass",
      find: "still >= AGAIN_MS && still % AGAIN_MS < AGAIN_WITHIN_MS",
      replace: "still >= AGAIN_MS && still % AGAIN_MS < AGAIN_MS",
    },
    {
      name: "a quick cloud's servers are given up when they are a little slow",
      find: "Math.max(PATIENCE_MS_MIN, TIMES * usual * 1000)",
      replace: "TIMES * usual * 1000",
    },
  ]),
];
