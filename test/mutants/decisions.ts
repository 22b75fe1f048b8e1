import { among, type Mutant } from "./mutant.ts";

const decide = "test/handlers/decide.test.ts";
const refusals = "test/handlers/refusals.test.ts";
const removal = "test/handlers/removal.test.ts";
const start = "test/handlers/work/start.test.ts";

/** Who may decide on what, and what a decision begins. */
export const decisions: readonly Mutant[] = [
  ...among({ file: "handlers/decide.ts", tests: [decide] }, [
    {
      name: "the one who asked approves",
      find: "if (now.requester === deciding.user)",
      replace: "if (now.requester === '')",
    },
    {
      name: "one approver counts twice",
      find: "agreed(now).has(deciding.user)",
      replace: "agreed(now).has('')",
    },
    {
      name: "a button of an earlier plan approves the present one",
      find: "(deciding.hash ?? now.plan.hash) !== now.plan.hash",
      replace: "now.plan.hash === ''",
    },
    {
      name: "a request that has lapsed is approved",
      find: "if (now.expiresMs !== undefined && now.expiresMs <= nowMs)",
      replace: "if (now.expiresMs !== undefined && now.expiresMs <= 0)",
    },
    {
      name: "a request that was denied or cancelled is approved",
      find: 'if (now.state !== "waiting") return `${name} ${ENDED[now.state]}`;',
      replace: "",
    },
    {
      name: "what changes between the look and the write is not seen",
      find: "    late = objection(now, deciding, nowMs);\n",
      replace: "    late = objection(seen, deciding, nowMs);\n",
    },
    {
      name: "everybody in the channel approves",
      find: "?? (await mayNotDecide(deps, seen, deciding.user)) ?? seen",
      replace: "?? seen",
    },
    {
      name: "a request is decided in another tenant's channel",
      find: "seen === undefined || seen.tenant !== tenantOf(deps.config, deciding.channel)",
      replace: "seen === undefined",
    },
    {
      name: "a request is cancelled in another tenant's channel",
      find: "seen === undefined || seen.tenant !== tenantOf(deps.config, asked.channel)",
      replace: "seen === undefined",
      tests: ["test/handlers/races.test.ts"],
    },
    {
      name: "anybody cancels anybody's request",
      find: "if (seen.requester !== asked.user)",
      replace: "if (seen.requester === '')",
    },
    {
      name: "a deny needs no reason",
      find: 'deciding.verdict === "deny" && (deciding.reason ?? "").trim() === ""',
      replace: 'deciding.verdict === "deny" && deciding.reason === undefined',
      tests: ["test/handlers/races.test.ts"],
    },
    {
      name: "a denied create keeps its name",
      find: "    await freeName(deps, after);\n    await within",
      replace: "    await within",
    },
    {
      name: "a denied requester hears nothing",
      find: "await within(deps.clock, TELL_MS_MAX, tellDenied(deps, after))",
      replace: "await Promise.resolve()",
    },
  ]),
  ...among({ file: "handlers/work/plan-request.ts", tests: [refusals] }, [
    {
      name: "approvals of another plan count",
      file: "handlers/views/waiting.ts",
      find: 'd.verdict === "approve" && d.hash === request.plan?.hash).map(',
      replace: 'd.verdict === "approve").map(',
    },
    {
      name: "an approved plan is not made again before it is carried out",
      find: "    planned = await planOf(deps, seen);\n",
      replace: "    planned = seen.plan === undefined ? await planOf(deps, seen) : { value: seen.plan, own: true };\n",
    },
    {
      name: "a request that is waiting is refused because the cloud is silent",
      find: '["retry", "conflict", "quota"].includes(error.trouble)',
      replace: "error.trouble === 'ambiguous'",
    },
    {
      name: "a refused create keeps its name",
      find: 'if (after?.state === "refused") await freeName(deps, after);',
      replace: "void after;",
    },
    {
      name: "a dry run is carried out",
      find: 'after.state === "approved" && !after.dryRun && ',
      replace: 'after.state === "approved" && ',
      tests: ["test/handlers/work/plan-request.test.ts"],
    },
    {
      name: "a request that nobody answers never lapses",
      find: "seen.expiresMs !== undefined && seen.expiresMs <= now) await",
      replace: "seen.expiresMs !== undefined && seen.expiresMs <= 0) await",
      tests: [removal],
    },
    {
      name: "a delete of a cluster begins the delete of the one that has its name now",
      find: "if (record?.id !== request.cluster || record.resolved === undefined)",
      replace: "if (record?.resolved === undefined)",
      tests: ["test/handlers/races.test.ts"],
    },
  ]),
  ...among({ file: "handlers/work/start.ts", tests: [start] }, [
    {
      name: "a time to live counts from the request, not from its approval",
      find: "expiresMs: now + ttl * 1000",
      replace: "expiresMs: request.createdMs + ttl * 1000",
    },
    {
      name: "a request that is carried out twice begins anew",
      find: 'if (started || (request.action === "create" && record.wish === "absent")) return undefined;',
      replace: 'if (request.action === "create" && record.wish === "absent") return undefined;',
    },
    {
      name: "an old create brings back a cluster that is being deleted",
      find: 'if (started || (request.action === "create" && record.wish === "absent")) return undefined;',
      replace: "if (started) return undefined;",
    },
    {
      name: "a change of mind leaves the earlier worker its lease",
      find: "generation: record.generation + 1,\n    approved",
      replace: "generation: record.generation,\n    approved",
    },
  ]),
  ...among({ file: "handlers/removal.ts", tests: [removal] }, [
    {
      name: "a delete confirmed twice is two requests",
      find: "now.request === record.request && now.generation",
      replace: "now.generation",
    },
    {
      name: "an old confirmation deletes what has the name now",
      find: 'if (record.id !== target.id || record.generation !== target.generation || record.wish === "absent") {',
      replace: 'if (record.wish === "absent") {',
    },
  ]),
  ...among({ file: "handlers/names.ts", tests: [decide] }, [
    {
      name: "a denied request frees the name of another cluster",
      find: 'record.id === request.cluster && record.status.phase === "requested"',
      replace: 'record.status.phase === "requested"',
    },
    {
      name: "a request that ends frees the name of a cluster that was started",
      find: 'record.id === request.cluster && record.status.phase === "requested"',
      replace: "record.id === request.cluster",
      tests: ["test/handlers/races.test.ts"],
    },
  ]),
  ...among({ file: "shared/cluster/policy.ts", tests: ["test/shared/cluster/policy.test.ts"] }, [
    {
      name: "a cluster that never expires needs nobody",
      find: "rule.ttl !== undefined && spec.ttlSeconds === undefined",
      replace: "rule.ttl === 0 && spec.ttlSeconds === undefined",
    },
    {
      name: "control planes in any number need nobody",
      find: "asked.planes, planes",
      replace: "undefined, planes",
    },
    {
      name: "another person's cluster is deleted without approval",
      find: "if (asked.own && policy.autoApprove.delete?.own === true)",
      replace: "if (policy.autoApprove.delete?.own === true)",
    },
  ]),
];
