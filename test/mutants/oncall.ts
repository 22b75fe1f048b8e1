import { among, type Mutant } from "./mutant.ts";

const edges = ["test/handlers/views/on-call/edges.test.ts"];
const create = ["test/handlers/on-call-create.test.ts"];
const advice = ["test/handlers/views/alert-advice.test.ts"];
const checks = ["test/handlers/work/health/checks.test.ts"];
const inside = ["test/handlers/work/health/inside.test.ts"];
const folding = ["test/handlers/work/health/fold.test.ts"];
const view = (name: string): string => `handlers/views/on-call/${name}.ts`;

/** What people on call read, and would be misled by. */
export const oncall: readonly Mutant[] = [
  ...among({ file: view("dns-findings"), tests: edges }, [
    {
      name: "on call: the zone of a cluster that has no name yet is called gone",
      find: " || of.records.length === 0",
      replace: "",
      tests: create,
    },
    {
      name: "on call: a name that is being made is called missing",
      find: 'verdict === "missing" && stage === "coming"',
      replace: 'verdict === "missing" && stage === "leaving"',
    },
    {
      name: "on call: a zone that is being written is an alarm",
      find: 'of.zone?.status === "PENDING" ? "look" : "bad"',
      replace: '"bad"',
    },
  ]),
  ...among({ file: view("dns"), tests: edges }, [
    {
      name: "on call: the cluster whose names are wrong is somewhere among the others",
      find: "const sorted = [...unwell, ...all.filter((one) => !unwell.includes(one))];",
      replace: "const sorted = unwell.length < 0 ? unwell : all;",
    },
    {
      name: "on call: whom nobody asked is called silent",
      find: "lookups.length === 0\n    ? ",
      replace: "lookups.length < 0\n    ? ",
    },
  ]),
  ...among({ file: view("nodes"), tests: edges }, [
    {
      name: "on call: a control plane that holds etcd is said to be made once more",
      find: "holds.includes(name)",
      replace: "holds.includes(`${name}!`)",
    },
    {
      name: "on call: a lost etcd is said to be made again",
      find: "one.server === undefined && holds.includes(one.name)",
      replace: "one.server === undefined && holds.includes(`${one.name}!`)",
    },
    {
      name: "on call: a server that is rebooted is an alarm",
      find: "if (PASSING.includes(status))",
      replace: "if (PASSING.includes(`${status}!`))",
    },
    {
      name: "on call: an API that comes and is not ready yet is an alarm",
      find: '  return [{ grade: coming ? "look" : "bad", of: "API server", says }];\n}',
      replace: '  return [{ grade: "bad", of: "API server", says }];\n}',
    },
    {
      name: "on call: a node whose server is switched off is well",
      file: view("node-block"),
      find: 'node?.ready === "True" && server?.status === "ACTIVE"',
      replace: 'node?.ready === "True"',
    },
  ]),
  {
    name: "on call: the machines of a create that come after the API are missed",
    file: "handlers/work/answers/nodes.ts",
    find: 'record.status.phase === "creating" ? names',
    replace: 'record.status.phase === "requested" ? names',
    tests: create,
  },
  {
    name: "on call: the control planes of a create that come after the first are down",
    file: "handlers/work/answers/lb.ts",
    find: 'status.phase === "creating" &&',
    replace: 'status.phase === "requested" &&',
    tests: create,
  },
  ...among({ file: view("lb-findings"), tests: edges }, [
    {
      name: "on call: a member switched off hides that nobody answers",
      find: "silent.length === 0 ? []",
      replace: "silent.length === 0 || off.length > 0 ? []",
    },
    {
      name: "on call: OVN is told to fail over",
      find: 'lb.provider === "ovn" ? ""',
      replace: 'lb.provider === "nvo" ? ""',
    },
    {
      name: "on call: of a load balancer that goes with its cluster all is missed",
      find: '  if (of.stage === "leaving") return [];\n',
      replace: "",
    },
    {
      name: "on call: a member whose address is not known yet is missed",
      find: 'one.address !== "" && !lb.members',
      replace: "!lb.members",
    },
    {
      name: "on call: an address that is not known yet makes others strangers",
      find: 'wanted.members.some((one) => one.address === "")\n    ? []',
      replace: 'wanted.members.every((one) => one.address === "")\n    ? []',
    },
    {
      name: "on call: a pool in ERROR is well",
      find: "lb.pools.filter(inError)",
      replace: "lb.pools.slice(9).filter(inError)",
    },
    {
      name: "on call: an Ingress' load balancer stands for a Service's",
      find: 'lb.role === "service" ? lb.of : []',
      replace: "lb.of",
    },
  ]),
  ...among({ file: view("kms"), tests: edges }, [
    {
      name: "on call: a login that will be renewed is an alarm",
      find: "NEAR_MS = 25 * DAY_MS",
      replace: "NEAR_MS = 35 * DAY_MS",
    },
    {
      name: "on call: whatever the API is ill of is its KMS plugin",
      find: 'failing.filter((check) => check.startsWith("kms"))',
      replace: "failing",
    },
  ]),
  ...among({ file: view("storage"), tests: edges }, [
    {
      name: "on call: a quota without a limit is used up",
      find: "limit >= 0 && used >=",
      replace: "used >=",
    },
    {
      name: "on call: the access rule of a cluster that comes is missed",
      find: 'rule === undefined && all.stage === "coming"',
      replace: 'rule === undefined && all.stage === "leaving"',
    },
  ]),
  ...among({ file: view("verdict"), tests: edges }, [
    {
      name: "on call: why a cluster has stopped is left out of the summary",
      find: "[...ownFindings(record), ...areas",
      replace: "[...ownFindings(record).slice(1), ...areas",
    },
  ]),
  {
    name: "on call: a cluster that is being deleted can be retried",
    file: view("buttons"),
    find: ' || record.status.phase === "deleting"',
    replace: "",
    tests: edges,
  },
  ...among({ file: "handlers/views/server-commands.ts", tests: advice }, [
    {
      name: "alert: what is paused is to be started",
      find: '"unpause"',
      replace: '"start"',
    },
    {
      name: "alert: what is shelved is to be started",
      find: 'SHELVED_OFFLOADED: ["shelved", "unshelve"',
      replace: 'SHELVED_OFFLOADED: ["shelved", "start"',
    },
  ]),
  ...among({ file: "handlers/views/alert-advice.ts", tests: advice }, [
    {
      name: "alert: OVN is told to fail over",
      find: 'alert.facts["provider"] === "ovn"',
      replace: 'alert.facts["provider"] === "nvo"',
    },
    {
      name: "alert: many are told to press a button that is not there",
      find: "  many: ({ facts",
      replace: "  rules2: ({ facts",
    },
    {
      name: "alert: nobody comes through, and that is some",
      find: 'facts["all"] === "true"\n',
      replace: 'facts["all"] !== "true"\n',
    },
  ]),
  ...among({ file: "handlers/views/alert.ts", tests: advice }, [
    {
      name: "alert: what kinvirt gave up has no button",
      find: "if (mends) return tries >= TRIES_MAX;",
      replace: "if (mends) return tries > TRIES_MAX;",
    },
    {
      name: "alert: data can be deleted with a button",
      find: '["load-balancer", "recordset"]',
      replace: '["load-balancer", "recordset", "share"]',
    },
  ]),
  ...among({ file: "handlers/work/health/look.ts", tests: checks }, [
    {
      name: "alert: an encryption key that is gone from Barbican is no news",
      find: 'kind === "key" ? (["secret", facts["secretId"]] as const)',
      replace: 'kind === "yek" ? (["secret", facts["secretId"]] as const)',
    },
    {
      name: "alert: a key is there as long as its order is",
      find: '["secret", facts["secretId"]]',
      replace: '["secret", facts["secretId"] === undefined ? undefined : id]',
    },
  ]),
  ...among({ file: "handlers/work/health/checks.ts", tests: checks }, [
    {
      name: "alert: a lost encryption key is made anew",
      find: '["secret/pki", "key/kms"]',
      replace: '["secret/pki"]',
    },
    { name: "alert: a server in rescue mode runs", find: ', "RESCUE"]', replace: "]" },
    {
      name: "alert: a router in ERROR is well",
      find: 'if (item.status === "ERROR") return { symptom: "error", facts: { id: item.id, fault: "Neutron',
      replace: 'if (item.status === "ERR") return { symptom: "error", facts: { id: item.id, fault: "Neutron',
    },
    {
      name: "alert: a router that leads to another network leads nowhere",
      find: 'facts: { wanted: wanted?.name ?? "", found }',
      replace: 'facts: { wanted: wanted?.name ?? "", found: found.slice(99) }',
    },
    {
      name: "alert: a rule too many is well",
      find: "lacking.length + unwanted.length === 0",
      replace: "lacking.length === 0",
    },
  ]),
  {
    name: "alert: a Service with two ports is never wholly down",
    file: "handlers/work/health/members.ts",
    find: "const nobody = all.every(({ id, members: its }) => (looked[id]?.down.length ?? 0) >= its.length);",
    replace: "const nobody = down.length >= all.reduce((sum, pool) => sum + pool.members.length, 0);",
    tests: checks,
  },
  ...among({ file: "handlers/work/health/endings.ts", tests: checks }, [
    { name: "alert: logins that will be renewed are told of", find: "14 * DAY_MS", replace: "29 * DAY_MS" },
    { name: "alert: authorities end in nine years", find: "10 * YEAR_MS", replace: "9 * YEAR_MS" },
  ]),
  ...among({ file: "handlers/work/health/inside.ts", tests: inside }, [
    {
      name: "alert: an API that nobody could ask is called silent",
      find: "if (error instanceof OpenStackError) return undefined;",
      replace: 'if (error instanceof OpenStackError) return { is: "silent" };',
    },
    {
      name: "alert: an API that takes too long keeps everybody from being looked at",
      find: " || error instanceof TooSlow",
      replace: "",
    },
    {
      name: "alert: a Barbican that is away hides the load balancers",
      file: "handlers/work/answers/inside.ts",
      find: "if (error instanceof OpenStackError) return { unasked: error };",
      replace: "",
    },
  ]),
  ...among({ file: "handlers/work/health/fold.ts", tests: folding }, [
    {
      name: "alert: three troubles of one cluster are those of many",
      find: "const enough = new Set(members.map(({ cluster }) => cluster?.id)).size >=",
      replace: "const enough = members.length >=",
    },
    {
      name: "alert: a group falls apart when some are well",
      find: "(lives(group) ? 1 : MANY)",
      replace: "(lives(group) ? MANY : MANY)",
    },
    {
      name: "alert: many wait for a second look because one of them may pass",
      find: "members.every(({ finding }) => finding.soft === true)",
      replace: "members.some(({ finding }) => finding.soft === true)",
    },
    {
      name: "alert: many are said to be put right because one of them is",
      find: "members.every(({ finding }) => finding.mends)",
      replace: "members.some(({ finding }) => finding.mends)",
    },
  ]),
];
