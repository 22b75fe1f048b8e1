import { among, type Mutant } from "./mutant.ts";

const tests = ["test/shared/reconcile/looks.test.ts"];
const strands = "test/shared/reconcile/strands.test.ts";

/** Where the cloud is asked, and where the record is believed. */
export const looks: readonly Mutant[] = [
  ...among({ file: "shared/reconcile/converge.ts", tests }, [
    {
      name: "what is under way is never looked at again",
      find: "(kind.passive === true || early)",
      replace: "[kind.passive === true || early].length === 1",
    },
    {
      name: "what never comes so soon is looked for all the same",
      find: "(kind.passive === true || early)",
      replace: "kind.passive === true",
    },
    {
      name: "what changes only by us is never changed",
      find: '(first.status === "ready" || n.kind.passive !== true)',
      replace: "first !== undefined",
    },
  ]),
  ...among({ file: "shared/reconcile/tally.ts", tests }, [
    {
      name: "what a look after a setback did not come to was seen",
      find: 'return state === "ready" || ',
      replace: "return ",
    },
    {
      name: "what is being replaced after a setback is there",
      find: ' || state === "leaving"',
      replace: "",
    },
  ]),
  ...among(
    { file: "handlers/work/quiet.ts", tests: ["test/handlers/work/quiet.test.ts", "test/handlers/renew.test.ts"] },
    [
      {
        name: "a create that stumbled compares everything until its end",
        find: "status.doing === undefined && status.setbacks === 0;",
        replace: "status.doing === undefined && status.failures.length === 0;",
      },
      {
        name: "a copy that came late is not seen before people are told",
        find: " || status.failures.length === 0) return outcome;",
        replace: " || status.failures.length >= 0) return outcome;",
      },
      {
        name: "nothing is repaired after a setback",
        find: " || status.setbacks > 0",
        replace: "",
      },
      {
        name: "programs keep logins that are about to go",
        find: 'status.phase !== "creating" || status.doing !== undefined ||',
        replace: 'status.phase !== "creating" ||',
      },
    ],
  ),
  ...among({ file: "shared/reconcile/observe.ts", tests }, [
    {
      name: "what is being replaced has gone as soon as a listing does not show it",
      find: 'if (gone && state === "leaving") return;',
      replace: 'if (state === "leaving") return;',
    },
    {
      name: "what is ready is compared again because of another one of its kind",
      find: "recalled: (step) => known.get(step) !== undefined,",
      replace: "recalled: () => false,",
    },
  ]),
  ...among({ file: "shared/reconcile/recollect.ts", tests }, [
    {
      name: "what others make is looked for all the time while they go",
      find: 'return isGone && (making || none.has(n.step) || isIdle(pass, n)) ? "nothing" : undefined;',
      replace: "return undefined;",
    },
    {
      name: "a cluster whose servers go is asked what it holds",
      find: '    if (isSilent(pass, n)) return "nothing";\n',
      replace: "",
    },
    {
      name: "a server is listed while the cluster is asked what it holds",
      find: "other.kind.foreign === true ? !none",
      replace: "other.kind.foreign === true ? [] && none",
    },
  ]),
  ...among({ file: "shared/reconcile/recollect.ts", tests: [strands] }, [
    {
      name: "what others make is looked for all the time although nothing is left that it could keep",
      find: " || isIdle(pass, n))",
      replace: ")",
    },
    {
      name: "a port waits until its server is gone",
      find: "kind.releases?.includes(needed.kind.kind) === true;",
      replace: "kind.releases?.includes(kind.kind) === true;",
    },
    {
      name: "what hangs on nothing any more is listed before it goes",
      find: "believed.has(n.step) ? {",
      replace: "isNeeded(pass, looks, n) ? {",
    },
  ]),
  ...among({ file: "shared/reconcile/strands.ts", tests: [strands] }, [
    {
      name: "what goes waits for the next pass to free what it needed",
      find: "      begin();\n    }",
      replace: "    }",
    },
    {
      name: "a pass whose lease is lost goes on removing",
      find: " && ends.length === 0;",
      replace: ";",
    },
    {
      name: "a pass ends while its calls are under way",
      find: "while (running.size > 0) await Promise.all(running.values());",
      replace: "await Promise.race(running.values());",
    },
  ]),
  ...among({ file: "shared/reconcile/unwind.ts", tests: [strands] }, [
    {
      name: "what another kind of the record needs goes",
      find: "if (!mine(other)) return stays(pass, other, n);",
      replace: "if (!mine(other)) return false;",
      tests: ["test/shared/reconcile/engine.test.ts", strands],
    },
  ]),
  ...among({ file: "shared/reconcile/observe.ts", tests: [strands] }, [
    {
      name: "what leaves is looked at by id, and a listing that shows it no more is not asked for",
      find: ' && id !== undefined && state !== "leaving";',
      replace: " && id !== undefined;",
    },
    {
      name: "what is under way is listed although its id is known",
      find: "!near || !isNear(n)",
      replace: "[near, isNear].length > 0 || n.step === ''",
    },
  ]),
  ...among({ file: "shared/reconcile/unwind.ts", tests }, [
    {
      name: "a cluster whose servers go keeps them by its silence",
      find: " && !isSilent(pass, other);",
      replace: ";",
    },
    {
      name: "what the cluster itself let go is looked at in the next pass only",
      find: "gone || told.size > before || ",
      replace: "gone || ",
    },
    {
      name: "a copy that came late is in the way of a delete for ever",
      find: "const inTheWay: boolean = !whole &&",
      replace: "const inTheWay: boolean = whole &&",
    },
    {
      name: "a network goes in the moment in which nobody has looked for what others made on it",
      find: "    if (unknown(other)) return true;\n",
      replace: "",
      tests: [strands],
    },
  ]),
  ...among({ file: "handlers/work/pace.ts", tests: ["test/handlers/work/conclude.test.ts"] }, [
    {
      name: "a kind's usual time is waited for in silence",
      find: "Math.min(WAIT_SECONDS_MAX, early)",
      replace: "early",
    },
    {
      name: "what is late is looked at as often as what is due",
      find: "usual === undefined || age > usual * 2",
      replace: "usual === undefined",
    },
  ]),
  ...among({ file: "shared/reconcile/anew.ts", tests: ["test/shared/reconcile/left-behind.test.ts"] }, [
    {
      name: "what could not be looked for is left behind",
      find: "    if (trouble !== undefined) return trouble;\n    for (const left",
      replace: "    for (const left",
    },
  ]),
];
