import { among, type Mutant } from "./mutant.ts";

const anew = "test/handlers/renew-retry.test.ts";
const alertButtons = "test/handlers/actions/alert-buttons.test.ts";
const waiting = "test/handlers/work/waiting-rules.test.ts";
const sweeps = "test/handlers/work/sweep-rules.test.ts";
const start = "test/handlers/work/start.test.ts";
const listed = "test/handlers/requests.test.ts";

/** What begins, lapses, wakes and is told, each at its moment and once. */
export const moments: readonly Mutant[] = [
  ...among({ file: "handlers/renew.ts", tests: [anew] }, [
    {
      name: "logins are renewed of another cluster that has its name",
      find: "now.id === found.id && isReady(now)",
      replace: "isReady(now)",
    },
    {
      name: "logins are renewed of a cluster that has stopped meanwhile",
      find: "now.id === found.id && isReady(now)",
      replace: "now.id === found.id",
    },
    {
      name: "a renew that begins is not in the audit log",
      find: "if (isReady(found)) await",
      replace: "if (!isReady(found)) await",
    },
    {
      name: "a renew that did not begin is in the audit log",
      find: "if (isReady(found)) await",
      replace: "await",
    },
    {
      name: "a renew is in the name of whoever asked for the cluster",
      find: "deps.clock.nowMs(), caller.user)",
      replace: "deps.clock.nowMs(), now.requester)",
    },
    {
      name: "a renew that has begun shows the stop of the operation before",
      find: "finishedMs: _f, blocked: _b, ...status",
      replace: "finishedMs: _f, ...status",
    },
  ]),
  ...among({ file: "handlers/retry.ts", tests: [anew] }, [
    {
      name: "whoever tries again what has gone meanwhile is told that it goes on",
      find: "was = now.id === found.id ? now.status.phase : undefined;",
      replace: "was = now.id === found.id ? now.status.phase : was;",
    },
    {
      name: "a retry goes on with another cluster that has its name",
      find: "was = now.id === found.id ? now.status.phase : undefined;",
      replace: "was = now.status.phase;",
    },
    {
      name: "a retry of what was not started changes it",
      find: 'return was === "requested" ? undefined : {',
      replace: 'return was === "deleting" ? undefined : {',
    },
    {
      name: "a retry is not in the audit log",
      find: 'if (phase !== "requested") await',
      replace: 'if (phase === "requested") await',
    },
    { name: "a retry that stops again is told to nobody", find: "setbacks: 1, told: false", replace: "setbacks: 1" },
    {
      name: "a retry stands still from the moment of the first stop",
      find: "dueMs: nowMs, movedMs: nowMs",
      replace: "dueMs: nowMs",
    },
    {
      name: "a delete that is tried again creates",
      find: 'record.wish === "present" ? "creating" : "deleting"',
      replace: '"creating"',
    },
  ]),
  ...among({ file: "handlers/actions/alerts.ts", tests: [alertButtons] }, [
    {
      name: "whoever presses last has an alert in hand",
      find: 'now.state === "acknowledged" ? now : {',
      replace: 'now.state === "recovered" ? now : {',
    },
    { name: "an acknowledged alert stays snoozed", find: "({ untilMs: _until, ...now })", replace: "(now)" },
    { name: "an alert that is over is taken", find: "(isAlive(now) ? how(now) : undefined)", replace: "how(now)" },
    {
      name: "eight hours are one",
      find: "[ALERT_ACTIONS.hours]: snooze(8)",
      replace: "[ALERT_ACTIONS.hours]: snooze(1)",
    },
    {
      name: "the team itself can't take its alerts",
      find: "[settings.oncallChannel, ...settings.channels].includes(channel)",
      replace: "settings.oncallChannel === channel",
    },
    {
      name: "Repair repairs whatever has the cluster's name",
      find: "cluster.name, cluster.id)",
      replace: "cluster.name)",
    },
    {
      name: "Show looks at whatever has the cluster's name",
      find: "name: cluster.name, id: cluster.id }",
      replace: "name: cluster.name }",
    },
  ]),
  ...among({ file: "handlers/actions/oncall-tenant.ts", tests: [alertButtons] }, [
    {
      name: "where several teams are on call a question is the first one's",
      find: "if (name === undefined) return theirs.length === 1 ? theirs[0] : undefined;",
      replace: "if (name === undefined) return theirs[0];",
    },
    {
      name: "where people are on call they decide",
      find: "if (!ACTIONS.has(click.action)) return undefined;",
      replace: "",
    },
  ]),
  ...among({ file: "handlers/work/waiting.ts", tests: [waiting] }, [
    {
      name: "a request that is planned again waits from the beginning",
      find: 'if (request.state === "waiting" && request.expiresMs !== undefined) return {};',
      replace: "",
    },
    {
      name: "a request that was planned before lapses when it did then",
      find: 'if (request.state === "waiting" && request.expiresMs !== undefined) return {};',
      replace: "if (request.expiresMs !== undefined) return {};",
    },
    { name: "a dry run is planned again and again", find: '"approved" || dryRun || ', replace: '"approved" || ' },
    {
      name: "an approval is stale because of another cluster",
      find: "if (record?.id !== cluster) return false;",
      replace: "if (record === undefined) return false;",
    },
    {
      name: "a delete is planned again while another request is about it",
      find: 'record.wish === "present" && record.request === request.id',
      replace: 'record.wish === "present"',
    },
    {
      name: "a delete that has begun is planned again",
      find: 'record.wish === "present" && record.request === request.id',
      replace: "record.request === request.id",
    },
    {
      name: "whoever has approved is expected to approve again",
      find: "&& !given.has(user) && (await",
      replace: "&& (await",
    },
    {
      name: "Slack is asked for everybody each time that a request is looked at",
      find: "request.reachMs === undefined || request.reachMs > now",
      replace: "request.reachMs === undefined",
    },
    { name: "people are looked for without a pause", find: "reachMs: now + REACH_MS", replace: "reachMs: now" },
    {
      name: "a silent Slack has somebody come back",
      find: "let short = request.short ?? 0;",
      replace: "let short = 0;",
    },
    {
      name: "what breaks while people are looked for is Slack's silence",
      find: "if (!(error instanceof SlackError)) throw error;",
      replace: "void SlackError;",
    },
    {
      name: "who has come back is missed all the same",
      find: "({ short: _before, ...rest })",
      replace: "(rest)",
    },
    {
      name: "a look for people goes over a decision",
      find: 'rest.state === "waiting" ? { ...rest, reachMs',
      replace: 'rest.id !== "" ? { ...rest, reachMs',
    },
    {
      name: "a warning that Slack refused waits for hours",
      find: "? [nowMs + UNTOLD_MS] : [];",
      replace: "? [] : [];",
    },
    {
      name: "a moment that has passed is due for ever",
      find: "one <= nowMs ? nowMs + UNTOLD_MS : one",
      replace: "one",
    },
    {
      name: "a group is a person who may approve",
      find: "named.filter((one) => !isGroup(one))",
      replace: "named",
    },
  ]),
  {
    name: "what was approved long ago is carried out while nobody can plan it again",
    file: "handlers/work/plan-request.ts",
    find: " && !(await isStale(deps, after))) await start",
    replace: ") await start",
    tests: [waiting],
  },
  ...among({ file: "handlers/work/start.ts", tests: [start] }, [
    {
      name: "a request that was begun is due for ever",
      find: "await requests(deps.store).change(request.id, ({ dueMs: _due, ...rest }) => rest);\n",
      replace: "",
    },
    {
      name: "approvals of another plan stand on the cluster",
      find: 'one.verdict === "approve" && one.hash === hash',
      replace: 'one.verdict === "approve"',
    },
    {
      name: "a deny stands on the cluster as an approval",
      find: 'one.verdict === "approve" && one.hash === hash',
      replace: "one.hash === hash",
    },
    { name: "a delete is a renew still", find: "lease: _l, doing: _d", replace: "lease: _l" },
    { name: "a delete that begins has stopped", find: "blocked: _b, shown: _s", replace: "shown: _s" },
    { name: "an operation that begins has ended", find: "finishedMs: _f, blocked", replace: "blocked" },
    { name: "--keep-data is forgotten at the start", find: "keepData: request.keepData", replace: "keepData: false" },
    { name: "what begins is the first one's", find: "actor: request.requester", replace: "actor: record.requester" },
    {
      name: "a delete tells of itself on the message of the create",
      find: "message: request.message ??",
      replace: "message: status.message ?? request.message ??",
    },
    {
      name: "a delete goes by its own plan and not by what was made",
      find: '...(request.action === "create" && request.plan !== undefined ?',
      replace: "...(request.plan !== undefined ?",
    },
    {
      name: "a delete sets a new time to live",
      find: 'request.action === "create" && ttl !== undefined',
      replace: "ttl !== undefined",
    },
    {
      name: "failures of the last operation are told again",
      find: "      failures: [],\n      setbacks: 0,",
      replace: "      setbacks: 0,",
    },
  ]),
  ...among({ file: "handlers/work/sweep.ts", tests: [sweeps] }, [
    {
      name: "a delete that has stopped begins anew with each sweep",
      find: 'else if (record.wish === "present" && record.expiresMs',
      replace: "else if (record.expiresMs",
    },
    {
      name: "the end of a time to live keeps what had stopped",
      find: "blocked: _b, lease: _l, doing: _d, ...status } = r.status",
      replace: "lease: _l, doing: _d, ...status } = r.status",
    },
    {
      name: "the end of a time to live is a renew",
      find: "lease: _l, doing: _d, ...status } = r.status",
      replace: "lease: _l, ...status } = r.status",
    },
    {
      name: "logins that end are kinvirt's own wish",
      find: "renewing(r, now, r.requester)",
      replace: "renewing(r, now, r.actor === '' ? r.actor : 'kinvirt')",
    },
    { name: "a record that only waits to be removed waits for ever", find: " || isFinished(record))", replace: ")" },
    { name: "a grave is looked at by each sweep", find: "(grave.status.dueMs ?? 0) <= now", replace: "now > 0" },
    {
      name: "the name of a request that was denied is taken for ever",
      find: 'new Set(["denied", "expired", "refused", "cancelled"])',
      replace: 'new Set(["expired", "refused", "cancelled"])',
    },
    {
      name: "the name of a request that waits is freed",
      find: ": !ENDED.has(request.state)) return;",
      replace: ': request.state === "approved") return;',
    },
    {
      name: "a request that waits and lost its mark is in no list",
      find: "    if (isOpen(request)) await markOpen(store, request);\n",
      replace: "",
    },
  ]),
  ...among({ file: "handlers/requests-page.ts", tests: [listed] }, [
    {
      name: "what has lapsed is in the list of what waits",
      find: "end(request) > nowMs && (",
      replace: "(",
    },
    {
      name: "what lapses at one moment stands in no order",
      find: "end(a) - end(b) || a.createdMs - b.createdMs",
      replace: "end(a) - end(b)",
    },
    {
      name: "what is still planned waits for whoever looks",
      find: 'may && request.state === "waiting" &&',
      replace: "may &&",
    },
    {
      name: "one's own request waits for oneself",
      find: 'request.state === "waiting" && request.requester !== user,',
      replace: 'request.state === "waiting",',
    },
    {
      name: "Slack is asked for the same approvers with each request",
      find: "    known.set(key, asked);\n",
      replace: "",
    },
    {
      name: "who may approve one action may approve all",
      find: 'const key = approvers.join(" ");',
      replace: 'const key = "";',
    },
    {
      name: "a silent Slack takes the buttons away",
      find: "        return true;\n",
      replace: "        return false;\n",
    },
  ]),
  ...among({ file: "functions/told-once.ts", tests: ["test/functions/reconcile.test.ts"] }, [
    {
      name: "whoever dies while telling leaves a person without an answer",
      find: "const TELLING_SECONDS = 120;",
      replace: "const TELLING_SECONDS = 120_000;",
    },
    {
      name: "a message that comes again after hours tells a person twice",
      find: "const TOLD_SECONDS = 86_400;",
      replace: "const TOLD_SECONDS = 8640;",
    },
  ]),
  ...among({ file: "functions/reconcile.ts", tests: ["test/functions/reconcile.test.ts"] }, [
    {
      name: "a form's plan is no message",
      find: 'z.object({ is: z.literal("form"), form: text })',
      replace: 'z.object({ is: z.literal("form"), view: text })',
    },
    {
      name: "a home tab is no message",
      find: '  z.object({ is: z.literal("home"), user: text }),\n',
      replace: "",
    },
    {
      name: "a look at a tenant is no message",
      find: '  z.object({ is: z.literal("health"), tenant: text }),\n',
      replace: "",
    },
  ]),
];
