import { among, type Mutant } from "./mutant.ts";

/** What one pass sees, makes, replaces and removes, at its edges. */
export const passes: readonly Mutant[] = [
  ...among({ file: "shared/reconcile/converge.ts", tests: ["test/shared/reconcile/sight.test.ts"] }, [
    {
      name: "what had failed and changes only by us is not looked at again",
      find: 'return state === "pending" && (kind.passive',
      replace: 'return (state === "pending" || state === "failed") && (kind.passive',
    },
    {
      name: "what exists by the record exists for nobody",
      find: "    tally.arrive(n, first);\n    await tally.take(n, first);",
      replace: "    await tally.take(n, first);",
    },
    {
      name: "who needs no more than that something is there waits for all of it",
      find: "  walk.arrivals.get(n.step)?.resolve();\n",
      replace: "",
    },
    {
      name: "another of its name takes the place of one that could not be asked for",
      find: "if (trouble !== undefined) tally.note(n, trouble);\n  else if (usable.length > 1)",
      replace:
        "if (trouble !== undefined && first === undefined) tally.note(n, trouble);\n  else if (usable.length > 1)",
    },
  ]),
  ...among({ file: "shared/reconcile/observe.ts", tests: ["test/shared/reconcile/sight.test.ts"] }, [
    {
      name: "worker-10 is worker-1",
      find: "(seen) => seen.name === name);\n    const { id",
      replace: "(seen) => seen.name.startsWith(name));\n    const { id",
    },
    {
      name: "a service whose listing fails is asked for each by its id",
      find: " || troubles.has(n.kind) || found",
      replace: " || found",
    },
    {
      name: "of the one that is listed and the one that is known the known one is taken",
      find: "bySteps.set(n.step, [...found, late])",
      replace: "bySteps.set(n.step, [late])",
    },
    {
      name: "what could not be asked for by its id is not there",
      find: "if (late instanceof OpenStackError) byId.set(n.step, late);",
      replace: "if (late instanceof OpenStackError) return;",
    },
    {
      name: "what a listing did not show is asked for its state alone",
      find: "const unlisted = listings.has(n.kind) ? undefined :",
      replace: "const unlisted =",
    },
  ]),
  ...among({ file: "shared/reconcile/converge.ts", tests: ["test/shared/reconcile/superseded.test.ts"] }, [
    {
      name: "a quiet pass calls a login gone that it has not looked for",
      find: "pass.quiet !== true && counted.outcome().is",
      replace: "counted.outcome().is",
    },
    {
      name: "a login goes while what is to take its place is still made",
      find: 'if (pass.quiet !== true && counted.outcome().is === "done") await prune',
      replace: "if (pass.quiet !== true) await prune",
    },
  ]),
  ...among({ file: "shared/reconcile/temporary.ts", tests: ["test/shared/reconcile/superseded.test.ts"] }, [
    {
      name: "what no step names goes although its cluster lives",
      find: "SUPERSEDED.has(kind.kind) && !names",
      replace: "!names",
    },
    {
      name: "a login that goes is told so by each pass",
      find: 'seen.status === "leaving" ? undefined : await attempt',
      replace: "await attempt",
    },
    {
      name: "a login that refuses to go is said to nobody",
      find: "if (removed instanceof OpenStackError) tally.note({ step: seen.name }, removed);\n      else tally.wait",
      replace: "if (!(removed instanceof OpenStackError)) tally.wait",
    },
    {
      name: "a login that goes is not waited for",
      find: "else tally.wait({ step: seen.name });",
      replace: "",
    },
    {
      name: "the record never hears that a login has gone",
      find: "if (over.length > 0) await journal.write",
      replace: "if (false as boolean) await journal.write",
    },
    {
      name: "the record says that a login has gone while it is there",
      find: "    .filter((step) => !left.some(({ seen }) => seen.name === nameOf({ ...cluster, step })));",
      replace: "    ;",
    },
    {
      name: "each pass writes that a login has gone",
      find: '    .filter((step) => journal.step(step)?.state !== "gone")\n',
      replace: "",
    },
    {
      name: "the record forgets all that today's graph does not name",
      find: 'SUPERSEDED.has(step.split("/")[0] ?? "") && !steps',
      replace: "!steps",
    },
  ]),
  ...among({ file: "shared/reconcile/converge.ts", tests: ["test/shared/reconcile/creator.test.ts"] }, [
    {
      name: "a refused create may be made anew once more",
      find: "{ ...unseen, recreated: intent.recreated }",
      replace: "unseen",
    },
  ]),
  ...among({ file: "shared/reconcile/creator.ts", tests: ["test/shared/reconcile/creator.test.ts"] }, [
    {
      name: "a create that there was no time for may be made anew once more",
      find: "recreated: journal.step(step)?.recreated ?? false",
      replace: "recreated: false",
    },
    {
      name: "a bug after the call ends its intent",
      find: "if (error instanceof OutOfTime) {",
      replace: "{",
    },
    {
      name: "a bug in one create forgets the ids of the others",
      find: "await made.then(wish.done, wish.fail);",
      replace: "wish.done(await made);",
    },
    {
      name: "of a bulk one gets the other's id",
      find: ": made[at];",
      replace: ": made[batch.length - 1 - at];",
    },
    {
      name: "one alone is a bulk",
      find: "batch.length > 1) {",
      replace: "batch.length > 0) {",
    },
    {
      name: "an intent that took just its time to write is not acted on",
      find: "nowMs() - intendedMs > SEND_MS_MAX",
      replace: "nowMs() - intendedMs >= SEND_MS_MAX",
    },
  ]),
  ...among({ file: "shared/reconcile/creator.ts", tests: ["test/shared/reconcile/late.test.ts"] }, [
    {
      name: "a POST that is sent late is cut short",
      find: "endMs: Number.POSITIVE_INFINITY, nowMs }",
      replace: "endMs: intendedMs + BEGIN_MS_MAX, nowMs }",
    },
  ]),
  ...among({ file: "shared/reconcile/anew.ts", tests: ["test/shared/reconcile/replaced.test.ts"] }, [
    {
      name: "one that came in the place of what goes is told to go too",
      find: "if (interruptible === undefined || id !== seen.id) return false;",
      replace: "if (interruptible === undefined) return false;",
    },
    {
      name: "the record does not say that what held data has failed",
      find: "nowMs()));\n    return tally.take(n, seen);\n  }\n  if (before.recreated",
      replace: "nowMs()));\n    return;\n  }\n  if (before.recreated",
    },
    {
      name: "the second ERROR is made anew while the first one goes",
      find: 'before.state === "leaving" && before.id === seen.id;',
      replace: 'before.state === "leaving";',
    },
    {
      name: "what goes is written down after it was told to",
      find: '  await journal.write({ [n.step]: { ...statusOf(seen, before, nowMs()), state: "leaving", recreated: true } });\n  const removed = (await freed(walk, n)) ?? (await attempt(n.kind.remove(cloud, seen)));',
      replace:
        '  const removed = (await freed(walk, n)) ?? (await attempt(n.kind.remove(cloud, seen)));\n  await journal.write({ [n.step]: { ...statusOf(seen, before, nowMs()), state: "leaving", recreated: true } });',
    },
    {
      name: "what needs a thing outlives it",
      find: "[...other.needs, ...other.exists].includes",
      replace: "[...other.exists].includes",
    },
    {
      name: "what was not seen yet does not outlive anything",
      find: "  await Promise.all(others.map(({ step }) => seen(step)));\n",
      replace: "",
    },
    {
      name: "that a thing in ERROR refuses to go is said to nobody",
      find: "if (removed instanceof OpenStackError) tally.note(n, removed);\n  else tally.wait(n);\n}\n\n/** It held",
      replace: "tally.wait(n);\n}\n\n/** It held",
    },
    {
      name: "the record does not say that the second one has failed",
      find: "    tally.block(failure(n.step, seen, nowMs()));\n    return tally.take(n, seen);",
      replace: "    return tally.block(failure(n.step, seen, nowMs()));",
    },
  ]),
  ...among({ file: "shared/reconcile/status.ts", tests: ["test/shared/reconcile/status.test.ts"] }, [
    {
      name: "a new one was ready when the old one was",
      find: "before.id === seen.id ? before.readyMs : undefined",
      replace: "before.readyMs",
    },
    {
      name: "a step without an id is named twice",
      find: 'seen.id === step ? "" :',
      replace: 'seen.id === "" ? "" :',
    },
  ]),
  ...among({ file: "shared/reconcile/status.ts", tests: ["test/shared/reconcile/replaced.test.ts"] }, [
    {
      name: "the record forgets why a resource has failed",
      find: "...(seen.fault === undefined ? {} : { fault: seen.fault }),",
      replace: "",
    },
  ]),
  ...among({ file: "shared/reconcile/converge.ts", tests: ["test/shared/reconcile/temporary.test.ts"] }, [
    {
      name: "what serves a boot is made before its server was looked for",
      find: "...(n.temporary === undefined ? [] : [walk.seen(n.temporary.madeFor)]),",
      replace: "",
    },
    {
      name: "what serves a boot is past while it is there",
      find: "n.temporary !== undefined && usable.length === 0 && isMade",
      replace: "n.temporary !== undefined && isMade",
    },
  ]),
  ...among({ file: "shared/reconcile/temporary.ts", tests: ["test/shared/reconcile/temporary.test.ts"] }, [
    {
      name: "what serves a boot is too old at half an hour",
      find: "nowMs - readyMs > STALE_MS",
      replace: "nowMs - readyMs >= STALE_MS",
    },
    {
      name: "what is too old is told so while it goes",
      find: "{ readyMs: _was, ...leaving }: StepStatus = { ...before, id",
      replace: "leaving: StepStatus = { ...before, id",
    },
    {
      name: "what was used is written down after it was told to go",
      find: "  await journal.write({ [n.step]: leaving });\n  const removed = await attempt(n.kind.remove(cloud, seen));",
      replace:
        "  const removed = await attempt(n.kind.remove(cloud, seen));\n  await journal.write({ [n.step]: leaving });",
    },
    {
      name: "what is over is cleared by each pass",
      find: 'if (before.state === "gone" && before.word === USED) return;',
      replace: "",
    },
    {
      name: "what stays behind what was used is left",
      find: "const cleared = await attempt(n.kind.clear?.(cloud, facts) ?? Promise.resolve());",
      replace: "const cleared = await attempt(Promise.resolve(facts && cloud && undefined));",
    },
    {
      name: "what could not be cleared is over",
      find: "if (cleared instanceof OpenStackError) return tally.note(n, cleared);",
      replace: "",
    },
  ]),
  ...among({ file: "shared/reconcile/tally.ts", tests: ["test/shared/reconcile/engine.test.ts"] }, [
    {
      name: "a create of what does not exist waits for ever",
      find: '["retry", "conflict", "quota"]',
      replace: '["retry", "conflict", "quota", "missing"]',
    },
    {
      name: "what a person must tell apart is waited for",
      find: '["retry", "conflict", "quota"]',
      replace: '["retry", "conflict", "quota", "ambiguous"]',
    },
  ]),
  ...among({ file: "shared/reconcile/unwind.ts", tests: ["test/shared/reconcile/whole-look.test.ts"] }, [
    {
      name: "a share that was given another name goes although its data is to be kept",
      find: " && !kept.has(kind));",
      replace: ");",
    },
    {
      name: "a copy that goes is what the record calls its own",
      find: 'known?.id !== seen.id || known.state === "leaving") return;',
      replace: 'known === undefined || known.state === "leaving") return;',
    },
    {
      name: "what a server holds goes before the server was told to",
      find: "open.has(other.step) && !(releases(other, n) && going);",
      replace: "open.has(other.step) && !releases(other, n);",
    },
    {
      name: "what a server holds goes with the first of its copies",
      find: "found.length > 0 && found.every((seen)",
      replace: "found.length > 0 && found.some((seen)",
    },
    {
      name: "a delete is done while what no step names still goes",
      find: "const on = [...open, ...strays.map(({ seen }) => seen.name)];",
      replace: "const on = [...open];",
    },
  ]),
  ...among({ file: "shared/reconcile/recollect.ts", tests: ["test/shared/reconcile/whole-look.test.ts"] }, [
    {
      name: "what others make is not looked for when half of what it stands on has gone",
      find: "namedBy(n).length > 0 && namedBy(n).every",
      replace: "namedBy(n).length > 0 && namedBy(n).some",
    },
  ]),
  ...among({ file: "shared/reconcile/strands.ts", tests: ["test/shared/reconcile/whole-look.test.ts"] }, [
    {
      name: "a delete waits for what is to be kept",
      find: "graph.filter(({ step }) => !keep.has(step));",
      replace: "graph.filter(() => true);",
    },
  ]),
  ...among({ file: "shared/reconcile/strands.ts", tests: ["test/shared/reconcile/strands.test.ts"] }, [
    {
      name: "of what goes wrong only the last is told",
      find: "troubles.push(...round.troubles);",
      replace: "troubles.splice(0, troubles.length, ...round.troubles);",
    },
  ]),
  ...among({ file: "shared/reconcile/unwind.ts", tests: ["test/shared/reconcile/looks.test.ts"] }, [
    {
      name: "what was told to go and is not listed is asked for by its id",
      find: "{ recall: belief, gone: true });",
      replace: "{ recall: belief });",
    },
    {
      name: "a cluster without control planes is asked what it holds",
      find: "onlySilence(pass), () => true)",
      replace: "() => undefined, () => true)",
    },
  ]),
  ...among({ file: "shared/reconcile/recollect.ts", tests: ["test/shared/reconcile/looks.test.ts"] }, [
    {
      name: "a cluster is silent when one of its control planes has gone",
      find: 'states.every((state) => state === "gone")',
      replace: 'states.some((state) => state === "gone")',
    },
    {
      name: "a control plane that was never begun may answer",
      find: 'journal.step(step)?.state ?? "gone");\n  return states',
      replace: "journal.step(step)?.state);\n  return states",
    },
  ]),
];
