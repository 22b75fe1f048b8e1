import { among, type Mutant } from "./mutant.ts";

const tests = ["test/shared/reconcile/looks.test.ts"];

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
      find: 'return isGone && (making || none.has(n.step)) ? "nothing" : undefined;',
      replace: "return undefined;",
    },
    {
      name: "a cluster whose servers go is asked what it holds",
      find: '    if (isSilent(pass, n)) return "nothing";\n',
      replace: "",
    },
    {
      name: "a server is listed while the cluster is asked what it holds",
      find: "if (other.answerers !== undefined) return !none",
      replace: "if (other.answerers !== undefined) return [] && none",
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
    },
  ]),
  ...among({ file: "handlers/work/pace.ts", tests: ["test/handlers/work/conclude.test.ts"] }, [
    {
      name: "a kind's usual time is waited for in silence",
      find: "Math.min(WAIT_SECONDS_MAX, vain(usual) - age)",
      replace: "vain(usual) - age",
    },
    {
      name: "what is late is looked at as often as what is due",
      find: "usual === undefined || age > usual * 2",
      replace: "usual === undefined",
    },
  ]),
];
