import { among, type Mutant } from "./mutant.ts";

const chain = "test/shared/state/audit.test.ts";
const lease = "test/handlers/work/audit-lease.test.ts";
const waiting = "test/handlers/waiting.test.ts";
const may = "test/handlers/may.test.ts";
const policy = "test/shared/cluster/policy.test.ts";

/** What is recorded, and who may do what. */
export const audit: readonly Mutant[] = [
  ...among({ file: "shared/state/audit.ts", tests: [chain] }, [
    {
      name: "an event that is told twice is two records",
      find: "if (there.key === event.key) return there.place;",
      replace: "",
    },
    {
      name: "a long chain is passed link by link, for longer than some processes live",
      find: "next - after > NEAR ? AT_ONCE : 1",
      replace: "1",
    },
    {
      name: "each event passes the whole chain again",
      find: "if (before !== undefined) return before;",
      replace: "",
    },
    {
      name: "a record does not follow the one before it",
      find: 'previous: last.hash, hash: ""',
      replace: 'previous: "", hash: ""',
    },
    {
      name: "whoever comes second at a number believes that it was first",
      find: "JSON.stringify(record)))) continue;",
      replace: "JSON.stringify(record)))) return last;",
    },
    {
      name: "an event is looked for from the present end, wherever it was told first",
      find: "entry === undefined ? end : auditPlace.parse(JSON.parse(entry.value))",
      replace: "end",
    },
    { name: "keys stand in the hash as they come", find: ".sort(([a], [b]) => (a < b ? -1 : 1))", replace: "" },
  ]),
  ...among({ file: "shared/state/audit-verify.ts", tests: [chain] }, [
    {
      name: "an edited record is whole",
      find: "if (hashOfRecord(record) !== record.hash)",
      replace: "if (record.hash === '')",
    },
    {
      name: "a record that was taken out is not missed",
      find: "if (key !== auditKey(tenant, seq))",
      replace: "if (key === '')",
    },
    {
      name: "a record whose hash was made anew is whole",
      find: "if (record.previous !== last.hash)",
      replace: "if (last.hash === '')",
    },
    {
      name: "a chain without its end is whole",
      find: "if (kept.seq > end.seq)",
      replace: "if (kept.seq > end.seq + 9)",
    },
  ]),
  ...among({ file: "handlers/audit-record.ts", tests: [lease] }, [
    {
      name: "what a dead process had changed is not recorded by its successor",
      find: "const { events } = auditOf(record);\n  if (changes.length",
      replace: "const events: readonly AuditEvent[] = [];\n  if (changes.length",
    },
    {
      name: "what is gone is not recorded",
      find: "...(old === undefined ? [] :",
      replace: "...(old === undefined || id === undefined ? [] :",
    },
    {
      name: "what was there already counts as created",
      find: "is.intendedMs === undefined ?",
      replace: "is.intendedMs === 0 ?",
    },
    {
      name: "a failed call is recorded each time that it is seen",
      find: "!known.has(`${step}:${text}`)",
      replace: "step !== text",
    },
  ]),
  ...among({ file: "handlers/work/lease.ts", tests: [lease] }, [
    {
      name: "the record forgets what the chain has not taken",
      find: "recorded({ ...now, status }, noted)",
      replace: "recorded({ ...now, status }, new Set(now.audit?.events.map((one) => one.key)))",
    },
  ]),
  ...among({ file: "handlers/work/waiting.ts", tests: [waiting] }, [
    {
      name: "approvers are reminded again and again",
      find: "told.push(({ remindMs: _told, ...now }) => now);",
      replace: "void 0;",
    },
    { name: "who asked counts among those who may approve", find: "user !== request.requester && ", replace: "" },
    {
      name: "a stale approval is carried out",
      find: "deps.clock.nowMs() - approvedMs < FRESH_MS",
      replace: "approvedMs > 0",
    },
  ]),
  ...among({ file: "handlers/may.ts", tests: [may] }, [
    {
      name: "a role is everybody's",
      find: "if (await isAmong(deps, people, user)) return undefined;",
      replace: "return undefined;",
    },
    {
      name: "whoever asked for one cluster has every other",
      find: "(of === undefined || of.requester === user)",
      replace: "(of === undefined || of.requester !== '')",
    },
    {
      name: "another team's roles count",
      find: "deps.config.tenants[tenant]?.roles?.[deed]",
      replace: 'deps.config.tenants["team-a"]?.roles?.[deed]',
    },
  ]),
  ...among({ file: "shared/cluster/policy.ts", tests: [policy] }, [
    {
      name: "what a team says counts less than what the top says",
      find: "[own?.actions?.[action], own, top.actions[action]]",
      replace: "[top.actions[action], own?.actions?.[action], own]",
    },
  ]),
];
