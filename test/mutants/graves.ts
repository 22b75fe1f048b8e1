import { among, type Mutant } from "./mutant.ts";

const tests = ["test/handlers/grave.test.ts"];

/** What comes when its cluster has gone. */
export const graves: readonly Mutant[] = [
  ...among({ file: "shared/cluster/grave.ts", tests }, [
    {
      name: "what has gone is looked at once",
      find: "[5 * 60_000, 60 * 60_000]",
      replace: "[5 * 60_000]",
    },
    {
      name: "where something came late no more is waited for",
      find: "late.length > 0 ? nowMs : (status.finishedMs ?? nowMs)",
      replace: "status.finishedMs ?? nowMs",
    },
    {
      name: "what can't be removed is tried for ever",
      find: "> GIVE_UP_MS ? undefined : nowMs + AGAIN_MS",
      replace: "< 0 ? undefined : nowMs + AGAIN_MS",
    },
    {
      name: "a grave keeps the lease of whoever dug it",
      find: "const { lease: _ended, dueMs: _told, ...status } = record.status;",
      replace: "const { dueMs: _told, ...status } = record.status;",
    },
  ]),
  ...among({ file: "handlers/work/grave.ts", tests }, [
    {
      name: "what is looked at is what has the name now",
      find: "cluster: { cluster: before.id, name: before.spec.name },",
      replace:
        "cluster: { cluster: (await clusters(deps.store).get(clusterKey(before)))?.id ?? before.id, name: before.spec.name },",
    },
    {
      name: "the record is removed before its grave is written",
      find: 'if (grave !== undefined) await graves(deps.store).add(graveKey(grave), grave);\n  await clusters(deps.store).remove(clusterKey(record), (now) => now.id === record.id && now.wish === "absent");',
      replace:
        'await clusters(deps.store).remove(clusterKey(record), (now) => now.id === record.id && now.wish === "absent");\n  if (grave !== undefined) await graves(deps.store).add(graveKey(grave), grave);',
    },
    {
      name: "data that is kept goes at the next look",
      find: "await leave(walk, before).catch",
      replace: "await leave(walk, { ...before, keepData: false }).catch",
    },
    {
      name: "every message is a look",
      find: "if (dueMs === undefined || dueMs > deps.clock.nowMs()) return;",
      replace: "if (dueMs === undefined) return;",
    },
    {
      name: "what came late is recorded when it has gone",
      find: "if (journal.step(step) === undefined) await journal.write({ [step]: lateStep(seen.id) });\n      refused.add(step);\n      await kind.remove(cloud, seen);\n",
      replace:
        "refused.add(step);\n      await kind.remove(cloud, seen);\n      if (journal.step(step) === undefined) await journal.write({ [step]: lateStep(seen.id) });\n",
    },
    {
      name: "people are told of what could be removed",
      find: "refused.size > 0 ? [...refused] : late",
      replace: "late",
    },
    {
      name: "people are told of it each time that it is tried",
      find: 'late.length > 0 && before.status.phase !== "blocked"',
      replace: "late.length > 0",
    },
    {
      name: "people are told of a look that was refused",
      find: "call !== undefined && late.length > 0 &&",
      replace: "call !== undefined &&",
    },
    {
      name: "nobody hears that it is gone at last",
      find: 'before.status.phase !== "blocked" || (await sayGone(deps, before))',
      replace: "true",
    },
    {
      name: "what is in the way for ever is waited for in silence",
      find: "call !== undefined && lasts ?",
      replace: "call === undefined && lasts ?",
    },
    {
      name: "data that came late stays, and nobody hears of it",
      file: "handlers/work/grave-told.ts",
      find: "if (news.length === 0 || message?.ts === undefined) return true;",
      replace: "if (news.length >= 0 || message?.ts === undefined) return true;",
    },
    {
      name: "a grave is removed by whoever lost it",
      find: "now.status.lease?.holder === lease?.holder",
      replace: "now.id !== lease?.holder",
    },
  ]),
  ...among({ file: "handlers/work/sweep.ts", tests }, [
    {
      name: "the sweep does not know the marks of graves",
      find: 'one.folder === "grave/" ? dueGrave(deps, one.key, now)',
      replace: 'one.folder === "grave/" ? dueRequest(deps, one.key, now)',
    },
    {
      name: "the sweep wakes no grave",
      find: "if ((grave.status.dueMs ?? 0) <= now)",
      replace: "if ((grave.status.dueMs ?? 0) <= 0)",
    },
  ]),
  ...among({ file: "handlers/audit-record.ts", tests }, [
    {
      name: "what came late is told as a part of the delete",
      find: "before.status.finishedMs !== undefined ? CLEAN_UP",
      replace: "before.status.finishedMs === undefined ? CLEAN_UP",
    },
  ]),
];
