import { among, type Mutant } from "./mutant.ts";

const boots = "test/handlers/kubernetes.test.ts";
const secrets = "test/handlers/secrets.test.ts";
const rules = "test/shared/resources/access-rules.test.ts";
const temporary = "test/shared/reconcile/temporary.test.ts";
const left = "test/shared/resources/by-cluster.test.ts";
const pki = "test/shared/bootstrap/pki.test.ts";
const serving = "test/shared/bootstrap/serving.test.ts";

/** Bootstrap, logins, and what a cluster leaves in the cloud. */
export const kubernetes: readonly Mutant[] = [
  ...among({ file: "shared/resources/access-rules.ts", tests: [rules] }, [
    {
      name: "a booting node may read every secret's payload",
      find: "{ GET: [`/secrets/${secretId}/payload`] }",
      replace: "{ GET: ['/secrets/*/payload'] }",
    },
    {
      name: "the ingress controller may read every secret by asking for no JSON",
      find: 'GET: ["/secrets"], POST',
      replace: 'GET: ["/secrets", "/secrets/*"], POST',
    },
    {
      name: "the controllers may read the cluster's authorities",
      find: '...dnsRules(prefixOf(prefixes, "dns")),',
      replace: '...dnsRules(prefixOf(prefixes, "dns")), ...payloadRules(prefixes, "*"),',
    },
  ]),
  ...among({ file: "shared/kubernetes/call.ts", tests: ["test/shared/kubernetes/api.test.ts"] }, [
    { name: "a cluster's API takes all of the memory", find: "read += chars;", replace: "" },
  ]),
  ...among({ file: "shared/kubernetes/call.ts", tests: ["test/shared/kubernetes/call.test.ts"] }, [
    {
      name: "one lost call in thirty, and no comparison of a cluster ever ends",
      find: "if (isRepeatable(asked) &&",
      replace: "if (asked.path === '' &&",
    },
    { name: "what is made by a lost call is made twice", find: "isRepeatable(asked) && ", replace: "" },
    { name: "a dead API is asked three times by each call", find: " && silent < TRIES_MAX", replace: "" },
    { name: "one call is made again for ever", find: " && tries < TRIES_MAX", replace: "" },
  ]),
  ...among(
    { file: "shared/adapters/undici-kubernetes.ts", tests: ["test/shared/adapters/undici-kubernetes.test.ts"] },
    [
      {
        name: "a cluster's API holds up everybody with an answer of pieces",
        find: "bearable(Buffer.from(await answer.body.arrayBuffer()))",
        replace: "Buffer.from(await answer.body.arrayBuffer())",
      },
    ],
  ),
  ...among({ file: "shared/bootstrap/addons/base.ts", tests: ["test/shared/bootstrap/addons/network.test.ts"] }, [
    {
      name: "whoever may edit has the cloud's logins",
      find: 'groupInNamespace("kinvirt:edit", "edit", "kinvirt:edit", "default")',
      replace: 'groupBinding("kinvirt:edit", "edit", "kinvirt:edit")',
    },
  ]),
  ...among({ file: "shared/reconcile/temporary.ts", tests: [temporary] }, [
    {
      name: "what a node booted with stays for ever",
      find: "n.temporary !== undefined && tally.ready.has(n.temporary.until)",
      replace: "n.temporary !== undefined && tally.ready.has('')",
    },
    {
      name: "what nobody used is never too old",
      find: "return nowMs - readyMs > STALE_MS;",
      replace: "return false;",
    },
    {
      name: "what a server booted with is taken from it while it boots",
      find: "|| isMade(observation, n.temporary.madeFor)) return false;",
      replace: ") return false;",
    },
  ]),
  ...among({ file: "shared/reconcile/anew.ts", tests: ["test/shared/reconcile/irreplaceable.test.ts"] }, [
    {
      name: "people's data is made anew and empty",
      find: "n.holdsSince !== undefined && journal.step(n.holdsSince)?.readyMs !== undefined",
      replace: "n.holdsSince !== undefined && journal.step(n.holdsSince)?.state === 'ready'",
    },
  ]),
  ...among({ file: "shared/cluster/boot.ts", tests: [secrets] }, [
    {
      name: "the login in user-data outlives its hour",
      find: "const FETCH_MS = 3_600_000;",
      replace: "const FETCH_MS = 86_400_000;",
    },
    {
      name: "every node's login has the same secret",
      find: "fetchSecret((await pkiOf(input, cloud, from)).seed, serverName(input, member), payload),",
      replace: "fetchSecret((await pkiOf(input, cloud, from)).seed, 'node', 'payload'),",
    },
  ]),
  ...among({ file: "shared/bootstrap/node.ts", tests: [secrets] }, [
    {
      name: "a worker gets the cluster's authorities",
      find: '...(boot.role === "worker" ? [] : authorities(pki)),',
      replace: "...authorities(pki),",
    },
  ]),
  ...among({ file: "shared/bootstrap/pki.ts", tests: [pki] }, [
    {
      name: "a client's certificate is good for a server too",
      find: "new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])",
      replace: "new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth])",
    },
    {
      name: "a login lives as long as the cluster",
      find: "lifeMs: of.seconds * 1000",
      replace: "lifeMs: CA_YEARS * YEAR_MS",
    },
  ]),
  ...among({ file: "shared/bootstrap/serving.ts", tests: [serving] }, [
    {
      name: "a node gets a certificate for another's address",
      find: "names.length > 0 && names.every(({ type, value }) => allowed.has(`${type}:${value}`))",
      replace: "names.length > 0",
    },
    {
      name: "whoever asks gets a node's certificate",
      find: "spec.username !== user || ",
      replace: "",
    },
  ]),
  ...among(
    { file: "shared/cluster/kubernetes/node-step.ts", tests: [boots, "test/shared/cluster/node-step.test.ts"] },
    [
      {
        name: "no kubelet's serving certificate is ever approved",
        file: "shared/cluster/kubernetes/approve-serving.ts",
        find: "one !== undefined && servingRequestFits(",
        replace: "one !== undefined && !servingRequestFits(",
      },
      {
        name: "a node's machine is given up because its API is silent",
        find: "const blamed = of.answered || member === FIRST;",
        replace: "const blamed = true;",
      },
      {
        name: "a machine that has been a node is given up",
        find: "|| wasIn === id ||",
        replace: "||",
      },
      {
        name: "a cluster is ready before its nodes are",
        find: 'if (state !== "Ready") return absent',
        replace: 'if (state === "") return absent',
      },
    ],
  ),
  ...among({ file: "shared/cluster/kubernetes/addon-step.ts", tests: ["test/shared/cluster/addon-step.test.ts"] }, [
    {
      name: "an add-on is ready before it runs",
      find: 'status: lacks === "" ? "ready" : "pending"',
      replace: 'status: "ready"',
    },
  ]),
  ...among({ file: "shared/cluster/kubernetes/leftovers.ts", tests: [boots] }, [
    {
      name: "a delete does not look for what the cluster has made of its own",
      find: "...kinds.map((kind) =>",
      replace: "...kinds.slice(99).map((kind) =>",
    },
  ]),
  ...among({ file: "shared/resources/by-cluster.ts", tests: [left] }, [
    {
      name: "a forged claim takes another cluster's DNS name along",
      find: ".filter(({ description }) => !isMarked(description))",
      replace: "",
    },
    {
      name: "a load balancer that other clusters use goes along",
      find: " && !isShared(tags, cluster)",
      replace: "",
    },
    {
      name: "a description that ends alike is a mark",
      find: "new RegExp(`\\\\b(from|in) cluster ${cluster}(, version: \\\\d+)?$`)",
      replace: "new RegExp(`\\\\b(from|in) cluster ${cluster}`)",
    },
    {
      name: "whoever owns the record beside ours loses it",
      find: "const records = all.filter((one) => spoken.has(`${one.zone_id} ${one.type} ${one.name}`));",
      replace: "const records = all.filter((one) => spoken.has(`${one.zone_id} A ${one.name}`));",
    },
  ]),
  ...among({ file: "handlers/tickets.ts", tests: [boots] }, [
    {
      name: "a kubeconfig can be downloaded again and again",
      find: "  await store.delete(`ticket/${key}`);\n  return found;",
      replace: "  await store.delete(`once/ticket/${key}`);\n  return found;",
    },
    {
      name: "a link is good for ever",
      find: "JSON.stringify(one), TICKET_SECONDS)",
      replace: "JSON.stringify(one))",
    },
  ]),
  ...among({ file: "handlers/commands/kubeconfig.ts", tests: [boots] }, [
    {
      name: "everybody in the channel becomes an administrator",
      find: 'role === "admin" ? "kubeconfigAdmin" : "kubeconfig"',
      replace: '"kubeconfig"',
    },
  ]),
];
