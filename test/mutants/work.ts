import { among, type Mutant } from "./mutant.ts";

const lease = "test/handlers/work/lease.test.ts";
const live = "test/handlers/work/live.test.ts";
const batch = "test/functions/reconcile.test.ts";
const life = "test/handlers/life.test.ts";

/** Leases, wake-ups and what people are told by the worker. */
export const work: readonly Mutant[] = [
  ...among({ file: "handlers/work/lease.ts", tests: [lease] }, [
    {
      name: "a lease never ends, so a dead worker's cluster stands still",
      find: "other.holder !== dead && !isOver(deps, key, other)",
      replace: "other.holder !== dead",
    },
    {
      name: "another's lease is no reason to wait",
      find: "other !== undefined && other.holder !== dead && !isOver(deps, key, other)",
      replace: "deps.clock.nowMs() < 0",
    },
    {
      name: "the lease is not looked at when something is written",
      find: "|| now.generation !== generation || now.status.lease?.holder !== holder;\n      if (lost)",
      replace: "|| now.generation !== generation;\n      if (lost)",
    },
    {
      name: "a pass goes on although people have changed their mind",
      find: "lost = now.id !== id || now.generation !== generation ||",
      replace: "lost = now.id !== id ||",
    },
    {
      name: "a long pass does not renew its lease",
      find: "return { ...next, status: { ...next.status, lease: lease() } };",
      replace: "return next;",
    },
    {
      name: "whoever holds a cluster reads it before each write",
      find: "const write = all.writer(key);",
      replace: "const write: Writer<ClusterRecord> = (how) => all.change(key, how);",
      tests: ["test/handlers/work/lease-writes.test.ts"],
    },
    {
      name: "whoever lost the lease takes it from its successor at the end",
      find: "if (now.id !== id || now.status.lease?.holder !== holder) return undefined;\n        const",
      replace: "if (now.id !== id) return undefined;\n        const",
    },
  ]),
  ...among({ file: "handlers/work/others.ts", tests: [lease] }, [
    {
      name: "a clock that is ahead takes a lease that is still another's",
      find: "if (lease.untilMs + skew <= now)",
      replace: "if (lease.untilMs <= now)",
    },
    {
      name: "a lease that is renewed is taken all the same",
      find: "seen?.lease.holder === lease.holder && seen.lease.untilMs === lease.untilMs",
      replace: "seen?.lease.holder === lease.holder",
    },
    {
      name: "a process that looks on waits for as long as one that remembers nothing",
      find: "return now - seen.sinceMs >= LEASE_MS;",
      replace: "return false;",
    },
    {
      name: "another clock's intent is believed to the second",
      find: "? 0 : skewOf(deps)",
      replace: "? 0 : 0 * skewOf(deps)",
    },
  ]),
  ...among({ file: "functions/told-once.ts", tests: [batch] }, [
    {
      name: "a message that comes twice at once tells a person twice",
      find: "told || !(await firstTime(deps.store, telling, TELLING_SECONDS))",
      replace: "told",
    },
    {
      name: "a message that comes again an hour later tells a person twice",
      find: "if (told || !(await",
      replace: "if (!(await",
    },
    {
      name: "what Slack did not take is told to nobody",
      find: "      await forget(deps.store, telling);\n",
      replace: "",
    },
  ]),
  ...among({ file: "functions/deadline.ts", tests: ["test/functions/deadline.test.ts"] }, [
    {
      name: "a function works until it is ended",
      find: "if (left === undefined)",
      replace: "if (left !== -1)",
    },
  ]),
  ...among({ file: "handlers/work/live.ts", tests: [live] }, [
    {
      name: "a message whose post's answer was lost is posted again",
      find: "const found = await slack.findPosted(channel, key, thread, urgency);",
      replace: "const found = thread === key ? key : undefined;",
    },
    {
      name: "two workers post the same message",
      find: "if (!(await firstTime(store, claim, CLAIM_SECONDS + skewOf(deps) / 1000))) return undefined;",
      replace: "",
    },
    {
      name: "a worker that stalled before its post posts all the same",
      find: "    if (!inTime()) return undefined;\n",
      replace: "",
    },
    {
      name: "a live message is edited although nothing has changed",
      find: 'if (ref.ts !== undefined && shown === before) return "equal";',
      replace: "",
    },
    {
      name: "a live message is never edited again",
      find: "if (!at.isNew) await",
      replace: "if (at.isNew) await",
    },
    {
      name: "Slack being down stops the cloud's work",
      find: 'deps.log.warn("slack.show"',
      replace: 'if (error.code === "no_answer") throw error;\n    deps.log.warn("slack.show"',
    },
    {
      name: "a channel that is gone is tried for ever",
      find: 'return FINAL.has(error.code) ? "equal" : "silent";',
      replace: 'return "silent";',
    },
    {
      name: "a word that Slack did not take is not said again",
      find: "return FINAL.has(error.code);",
      replace: "return true;",
    },
  ]),
  ...among({ file: "handlers/work/sweep.ts", tests: [batch] }, [
    {
      name: "the sweep forgets clusters that are due",
      find: "(record.status.dueMs ?? Number.POSITIVE_INFINITY) <= now",
      replace: "record.status.dueMs === now",
    },
    {
      name: "the sweep forgets requests that are due",
      find: "request.dueMs !== undefined && request.dueMs <= now",
      replace: "request.dueMs !== undefined && request.dueMs < 0",
    },
    {
      name: "a time to live has no end",
      find: "record.expiresMs !== undefined && record.expiresMs <= now",
      replace: "record.expiresMs !== undefined && record.expiresMs < 0",
    },
    {
      name: "the end of a time to live leaves the earlier worker its lease",
      find: "generation: r.generation + 1, status: begun",
      replace: "generation: r.generation, status: begun",
    },
    {
      name: "a name whose request was never written is taken for ever",
      find: 'if (record.status.phase === "requested") await freeOrphan(deps, record, now);\n  else if',
      replace: "if",
    },
    {
      name: "a name is freed before its request can have been written",
      find: "now - record.createdMs < ORPHAN_MS + skewOf(deps)",
      replace: "now - record.createdMs < 0",
    },
  ]),
  ...among({ file: "handlers/work/sweep.ts", tests: ["test/handlers/work/sweep.test.ts"] }, [
    {
      name: "what lost its mark is never found",
      find: "nowMs - before.atMs >= WHOLE_MS",
      replace: "nowMs - before.atMs < 0",
    },
    {
      name: "what is still due loses its mark",
      find: "if (passed && (dueMs === undefined || quarterOf(dueMs) !== one.quarter))",
      replace: "if (passed)",
    },
    {
      name: "a mark goes while another's clock is still in its time",
      find: "quarterOf(now - skewOf(deps))",
      replace: "quarterOf(now)",
    },
    {
      name: "a request goes before its end was told",
      find: "!isOpen(request) && request.dueMs === undefined &&",
      replace: "!isOpen(request) &&",
    },
  ]),
  ...among({ file: "shared/state/due-index.ts", tests: ["test/shared/state/due-index.test.ts"] }, [
    {
      name: "a mark that the store did not take is not written again",
      find: "    if (!(error instanceof StoreError)) throw error;\n    return;",
      replace: "    if (!(error instanceof StoreError)) throw error;",
    },
    {
      name: "what a writer writes is not marked",
      find: "const write = all.writer(key);\n    return async (change) => {",
      replace: "const write = all.writer(key);\n    if (key !== '') return write;\n    return async (change) => {",
    },
    {
      name: "a mark that was taken away is not written again",
      find: "  known.get(store)?.delete(keyOf(one));",
      replace: "",
    },
    {
      name: "a cluster that is due sooner is found later",
      find: "if (next !== undefined) marking = mark(store, folder, key, dueOf(next));",
      replace: "if (next === undefined) marking = mark(store, folder, key, dueOf(now));",
    },
  ]),
  ...among({ file: "handlers/work/reconcile.ts", tests: ["test/handlers/work/nameless.test.ts"] }, [
    {
      name: "a message for a cluster that nobody has approved comes again at once, for ever",
      find: '&& phase !== "requested") await wakeAt',
      replace: "&& phase.length > 0) await wakeAt",
    },
  ]),
  ...among({ file: "handlers/work/plan-request.ts", tests: ["test/handlers/work/nameless.test.ts"] }, [
    {
      name: "a request whose name is another's is carried out",
      find: 'if (seen.state === "planning" && (await isNameless(deps, seen)))',
      replace: "if (seen.dryRun && (await isNameless(deps, seen)))",
    },
    {
      name: "a request is forgotten whose name is just being taken",
      find: "if (deps.clock.nowMs() - createdMs < ORPHAN_MS + skewOf(deps)) return;",
      replace: "",
    },
  ]),
  ...among({ file: "handlers/work/reconcile.ts", tests: [life] }, [
    {
      name: "a waiting cluster is left to the sweep",
      find: 'if (dueMs !== undefined && phase !== "requested") await wakeAt(deps, key, dueMs);',
      replace: "void dueMs;",
      only: "has everything once",
    },
    {
      name: "a failed pass keeps its lease",
      find: "  } catch (error) {\n    await held.release();",
      replace: "  } catch (error) {",
      tests: [batch],
    },
  ]),
  ...among({ file: "handlers/work/conclude.ts", tests: ["test/handlers/work/conclude.test.ts"] }, [
    {
      name: "a service that is down is asked every second",
      find: "outcome.troubles.length === 0 ? settled : status.setbacks + 1",
      replace: "settled",
    },
    {
      name: "a pass that was cut has seen everything after a setback",
      find: "outcome.unsure === true ? status.setbacks : 0",
      replace: "0",
    },
    {
      name: "a service that is down for an hour is asked again in a day",
      find: "Math.min(BACKOFF_SECONDS_MAX, 2 ** Math.min(setbacks, 6))",
      replace: "2 ** setbacks",
    },
    {
      name: "a service that is down for an hour fills the list of failures",
      find: "one.step === call.step && one.text === call.text",
      replace: "one.atMs === call.atMs",
    },
    {
      name: "a stop is said to nobody",
      find: "return { ...record, status: { ...next, told: false } };",
      replace: "return { ...record, status: next };",
    },
  ]),
  ...among({ file: "functions/reconcile.ts", tests: [batch] }, [
    {
      name: "a message that failed is taken for done",
      find: "return [{ itemIdentifier: messageId }];",
      replace: "return [];",
    },
  ]),
  ...among({ file: "handlers/work/walk.ts", tests: ["test/functions/deadline.test.ts"] }, [
    {
      name: "intents that are taken back for want of time count as progress, so nobody is told that there is none",
      find: "isMoved(before, held.record())",
      replace: "before !== held.record()",
    },
  ]),
];
