import { among, type Mutant } from "./mutant.ts";

const rules = "test/handlers/decide-rules.test.ts";
const links = "test/handlers/download.test.ts";

/** Decisions, names and links at their edges: what comes in between, whose rules they are, and what is left behind. */
export const edges: readonly Mutant[] = [
  ...among({ file: "handlers/decide.ts", tests: [rules] }, [
    { name: "a request without a plan breaks", find: "now.plan === undefined || (", replace: "(" },
    {
      name: "a request that has gone meanwhile is decided on",
      find: "  if (after === undefined) return refused(`The request ${code(seen.id)} is gone.`);\n",
      replace: "",
    },
    {
      name: "a decision that the queue loses is not due",
      find: "decisions, dueMs: nowMs, ",
      replace: "decisions, ",
    },
    {
      name: "a deny is told again each time that its request is looked at",
      find: "if (request.told || request.state",
      replace: "if (request.state",
    },
    {
      name: "a cancel waits for the sweep",
      find: "await wake(deps, planMessage(seen));\n  return done(`Cancelled",
      replace: "return done(`Cancelled",
    },
    {
      name: "a cancel that the queue loses is never shown",
      find: 'state: "cancelled", dueMs: deps.clock.nowMs()',
      replace: 'state: "cancelled"',
    },
    {
      name: "what is still planned can't be cancelled",
      find: 'now.state === "planning" || now.state === "waiting"',
      replace: 'now.state === "waiting"',
    },
    {
      name: "whoever can't cancel a delete is told to delete",
      find: 'after?.state === "approved" && after.action === "create"',
      replace: 'after?.state === "approved"',
    },
    {
      name: "a slow Slack costs the answer to whoever denies",
      find: "if (!(error instanceof TooSlow)) throw error;",
      replace: "throw error;",
    },
    {
      name: "what breaks while a deny is told is called done",
      find: "if (!(error instanceof TooSlow)) throw error;",
      replace: "void error;",
    },
    {
      name: "whoever denies waits for Slack for a minute",
      find: "TELL_MS_MAX = 1000",
      replace: "TELL_MS_MAX = 60_000",
    },
    {
      name: "a reason of a form keeps its blanks",
      find: "reason.trim().slice",
      replace: "reason.slice",
    },
  ]),
  ...among({ file: "handlers/may.ts", tests: [rules] }, [
    {
      name: "who may approve deletes is no approver",
      find: '["create", "delete"] as const',
      replace: '["create"] as const',
    },
    {
      name: "who may approve creates is no approver",
      find: '["create", "delete"] as const',
      replace: '["delete"] as const',
    },
    {
      name: "another team's approvers have this team's roles",
      find: "rulesOf(config, tenant, action).approvers",
      replace: 'rulesOf(config, "team-a", action).approvers',
    },
    {
      name: "another team's approvers decide",
      find: "rulesOf(deps.config, tenant, action);",
      replace: 'rulesOf(deps.config, tenant === "" ? tenant : "team-a", action);',
    },
    {
      name: "whatever breaks is Slack's silence",
      find: "if (error instanceof SlackError) return SILENT;\n    throw error;",
      replace: "return SILENT;",
    },
    {
      name: "whoever asks for a cluster is not its requester",
      find: "(of === undefined || of.requester === user)",
      replace: "of?.requester === user",
    },
  ]),
  ...among({ file: "handlers/removal.ts", tests: [rules] }, [
    {
      name: "a team's channel deletes another team's cluster",
      find: "`${caller.tenant}/${name}`);",
      replace: "`team-a/${name}`);",
    },
    {
      name: "a button of no version of ours is a confirmation",
      find: "!isClusterName(name) || ",
      replace: "",
    },
    {
      name: "what was changed while its delete was confirmed is deleted",
      find: "now.request === record.request && now.generation === target.generation",
      replace: "now.request === record.request",
    },
    {
      name: "a button that says nothing of data keeps all of it",
      find: 'keepData: data === "keep"',
      replace: 'keepData: data !== "drop"',
    },
  ]),
  ...among({ file: "handlers/create.ts", tests: [rules] }, [
    {
      name: "whoever comes second for a name leaves a request behind",
      find: "    await requests(deps.store).remove(id, () => true);\n",
      replace: "",
    },
    {
      name: "a template's volumes are left out",
      find: "typed.rwo === true || template.rwo === true",
      replace: "typed.rwo === true",
    },
    { name: "the network plugin is always the template's", find: "typed.cni ?? template.cni", replace: "template.cni" },
    {
      name: "control planes are always the template's",
      find: "typed.controlPlane ?? template.controlPlane.count",
      replace: "template.controlPlane.count",
    },
  ]),
  ...among({ file: "handlers/names.ts", tests: [rules] }, [
    {
      name: "two requests have one id",
      find: "if ((await requests(deps.store).get(id)) === undefined) return id;",
      replace: "return id;",
    },
    {
      name: "no id is an id",
      find: 'throw new Error("no free request id was found: chance is broken");',
      replace: 'return "";',
    },
  ]),
  ...among({ file: "handlers/tickets.ts", tests: [links] }, [
    {
      name: "whoever reads the store has the links",
      find: 'createHash("sha256").update(token).digest("hex")',
      replace: "token",
    },
    {
      name: "two who have one link both get the file",
      find: " || !(await firstTime(store, `ticket/${key}`, TICKET_SECONDS))",
      replace: "",
    },
    { name: "a used link stays in the store", find: "  await store.delete(`ticket/${key}`);\n", replace: "" },
    {
      name: "a link is used again when its process died over it",
      find: "`ticket/${key}`, TICKET_SECONDS)",
      replace: "`ticket/${key}`, 1)",
    },
  ]),
  ...among({ file: "handlers/download.ts", tests: [links] }, [
    {
      name: "whatever stands in a path is looked for in the store",
      find: "TOKEN.test(token) ? find(deps.store, token) : undefined",
      replace: "find(deps.store, token)",
    },
    {
      name: "a link leads to whatever has its cluster's name",
      find: "record?.id !== id || resolved",
      replace: "record === undefined || resolved",
    },
    {
      name: "a certificate is of whoever asked for the cluster",
      find: "user: `slack:${user}`",
      replace: "user: `slack:${record.requester}`",
    },
    { name: "every link is an administrator's", find: "[`kinvirt:${role}`]", replace: "[`kinvirt:admin`]" },
    { name: "every certificate lives for a day", find: "seconds: hours * 3600", replace: "seconds: 24 * 3600" },
    { name: "one download is two in the audit log", find: ", detail, once);", replace: ", detail);" },
    {
      name: "a file goes out before it is in the audit log",
      find: '    await noted(deps, "kubeconfig.downloaded"',
      replace: '    if (deps.store === undefined) await noted(deps, "kubeconfig.downloaded"',
    },
    { name: "a file is kept by whoever passes it on", find: "response.set(HEADERS).set(", replace: "response.set(" },
    { name: "a look at a link uses it up", find: "router.get(path, ask);", replace: "router.get(path, give);" },
  ]),
  ...among({ file: "handlers/commands/kubeconfig.ts", tests: [links] }, [
    {
      name: "a team's channel gets another team's kubeconfig",
      find: "`${caller.tenant}/${name}`",
      replace: "`team-a/${name}`",
      tests: [rules],
    },
    {
      name: "a cluster that is going gives kubeconfigs",
      find: 'if (record.wish === "absent")',
      replace: 'if (record.id === "")',
    },
    {
      name: "a link is not in the audit log",
      find: '    await noted(deps, "kubeconfig.asked"',
      replace: '    if (deps.store === undefined) await noted(deps, "kubeconfig.asked"',
    },
    {
      name: "a link is in the log",
      find: 'deps.log.info("kubeconfig.asked", ticket);',
      replace: 'deps.log.info("kubeconfig.asked", { ...ticket, link: token });',
    },
    {
      name: "a link is of whoever asked for the cluster",
      find: "user: caller.user, role",
      replace: "user: record.requester, role",
    },
    { name: "a certificate lives for a day unless told", find: "const HOURS = 8;", replace: "const HOURS = 24;" },
  ]),
];
