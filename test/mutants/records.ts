import { among, type Mutant } from "./mutant.ts";

const tests = ["test/handlers/audit-rules.test.ts"];

/** What the audit log says of requests and of changes. */
export const records: readonly Mutant[] = [
  ...among({ file: "handlers/audit-request.ts", tests }, [
    {
      name: "why somebody had to approve is not in the audit log",
      find: 'asks: request.reasons.join("; ") || "nobody"',
      replace: 'asks: "nobody"',
    },
    {
      name: "approvals of another plan are in the audit log as this one's",
      find: 'one.verdict === "approve" && one.hash === plan?.hash',
      replace: 'one.verdict === "approve"',
    },
    { name: "one approver is two in the audit log", find: "[...new Set(yes)]", replace: "yes" },
    {
      name: "an approval happens when it is recorded",
      find: "atMs: approvedMs ?? nowMs",
      replace: "atMs: nowMs",
    },
    {
      name: "kinvirt takes a request back",
      find: '{ ...self, actor: request.requester, what: "request.cancelled"',
      replace: '{ ...self, what: "request.cancelled"',
    },
    { name: "of two plans the first is recorded", find: "of: `plan:${plan.hash}`", replace: 'of: "plan"' },
    {
      name: "--keep-data is not in the audit log",
      find: ', ...(keepData ? { keepData: "true" } : {}) }',
      replace: " }",
    },
    {
      name: "the reason of a deny is not in the audit log",
      find: "detail: { plan: hash, ...(reason === undefined ? {} : { reason }) },",
      replace: "detail: { plan: hash },",
    },
    {
      name: "nobody counts what becomes of requests",
      find: '    deps.metrics?.count("kinvirt_requests_total", { action: request.action, event: event.what });\n',
      replace: "",
    },
  ]),
  ...among({ file: "handlers/audit-record.ts", tests }, [
    {
      name: "what is changed in the cloud is not recorded",
      find: "return id === undefined || requestId === undefined ? []",
      replace: 'return id !== "" ? []',
    },
    {
      name: "new logins are recorded as a create",
      find: 'status.doing ?? (wish === "present" ? "create" : "delete")',
      replace: 'wish === "present" ? "create" : "delete"',
    },
    {
      name: "a delete before its time is recorded as the end of it",
      find: "expiresMs !== undefined && expiresMs <= status.startedMs",
      replace: "expiresMs !== undefined",
    },
    {
      name: "an operation begins with each of its passes",
      find: "audit.generation === generation || ",
      replace: "",
    },
    {
      name: "a look at what is ready is recorded as its create",
      find: ' || !["creating", "deleting"].includes(status.phase)) return record;',
      replace: ") return record;",
    },
    {
      name: "data that stays is not in the audit log",
      find: "...(stops ? fault : kept)",
      replace: "...(stops ? fault : {})",
    },
    {
      name: "what has stopped stops with each write",
      find: 'phase === "blocked" && before.status.phase !== "blocked"',
      replace: 'phase === "blocked"',
    },
    {
      name: "what has ended ends with each write",
      find: "finishedMs !== undefined && before.status.finishedMs === undefined",
      replace: "finishedMs !== undefined",
    },
    {
      name: "changes after those that were told are not recorded",
      find: "`${record.id}:${watch.holder}:${watch.part}`",
      replace: "`${record.id}:${watch.holder}`",
    },
    {
      name: "of a pass only its last changes are recorded",
      find: "changes: [...(open?.changes ?? []), ...changes]",
      replace: "changes",
    },
    {
      name: "a chain is walked from where an earlier operation began",
      find: "events.length === 0 ? { ...rest, events }",
      replace: "events.length === 0 ? { ...rest, from: _told, events }",
    },
    { name: "an operation begins by no plan", find: ", why, ...planOf(record) }", replace: ", why }" },
    {
      name: "what had gone already goes once more",
      find: 'was?.state === "gone" ? undefined : was?.id',
      replace: "was?.id",
    },
    { name: "a cloud's words fill the chain", find: "blocked.text.slice(0, 300)", replace: "blocked.text" },
  ]),
];
