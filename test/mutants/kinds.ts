import { among, type Mutant } from "./mutant.ts";

const kindsSuite = "test/conformance/kinds.sandbox.test.ts";
const of = (name: string) => `test/shared/resources/${name}.test.ts`;
const life = "test/handlers/life.test.ts";

/** Whose a resource is, and what is done to it. */
export const kinds: readonly Mutant[] = [
  ...among({ file: "shared/resources/listed.ts", tests: [of("listed")] }, [
    {
      name: "everything in the project is the cluster's",
      find: "item.description === markOf(cluster) && item.project_id === projectId",
      replace: "item.description !== null && item.project_id === projectId",
    },
    {
      name: "a mark that only begins with ours is ours",
      find: "item.description === markOf(cluster) &&",
      replace: "item.description?.startsWith(markOf(cluster)) === true &&",
      tests: [kindsSuite],
    },
    {
      name: "other projects' resources are ours",
      find: "item.description === markOf(cluster) && item.project_id === projectId",
      replace: "item.description === markOf(cluster) && projectId !== ''",
    },
  ]),
  ...among({ file: "shared/resources/server.ts", tests: [kindsSuite] }, [
    {
      name: "a server is ours by its name's beginning",
      find: 'item.metadata["kinvirt"] === cluster.cluster && item.tags.includes(markOf(cluster)) &&',
      replace: "item.name.startsWith(`${cluster.name}-${cluster.cluster}`) &&",
    },
    {
      name: "a server that goes away is still ready",
      find: "leavingTask(item) !== undefined",
      replace: "false",
      tests: [of("server")],
    },
    {
      name: "Nova's reason for an ERROR is dropped",
      find: '{ fault: item.fault?.message ?? "Nova gives no reason" }',
      replace: '{ fault: "Nova gives no reason" }',
      tests: [life],
      only: "a server in ERROR is made anew once",
    },
  ]),
  ...among({ file: "shared/resources/dns-mark.ts", tests: [kindsSuite] }, [
    {
      name: "DNS records of another cluster are ours",
      find: "if (mark !== markOf(cluster) || step",
      replace: "if (mark === undefined || step",
    },
  ]),
  ...among({ file: "shared/resources/recordset.ts", tests: [of("recordset")] }, [
    {
      name: "a DNS name that somebody else has is taken over",
      find: "  if (seen?.name === nameOf(owner)) return seen;\n",
      replace: "  return seen ?? seeAs(owner, holder);\n",
    },
    {
      name: "a wrong address in DNS is left",
      find: 'seen.facts["records"] === joined(spec.records) &&',
      replace: "",
      tests: [of("recordset")],
    },
  ]),
  ...among({ file: "shared/resources/ptr.ts", tests: [of("ptr")] }, [
    {
      name: "somebody else's PTR record is overwritten",
      find: "if (now.ptrdname !== null && !isMarked(now.description))",
      replace: "if (now.ptrdname === '')",
    },
    {
      name: "an address whose floating IP was deleted by hand is of no use to another cluster",
      find: "if (now.ptrdname !== null && !isMarked(now.description))",
      replace: "if (now.ptrdname !== null && now.description !== description)",
    },
  ]),
  ...among({ file: "shared/resources/share-access.ts", tests: [of("share")] }, [
    { name: "a share is opened to every address", find: "    refuseEverybody(spec);\n", replace: "" },
  ]),
  ...among({ file: "shared/resources/share.ts", tests: [of("share")] }, [
    {
      name: "a share shrinks",
      find: 'gib <= Number(now.facts["gib"])',
      replace: 'gib === Number(now.facts["gib"])',
    },
    {
      name: "a share that is to be kept is deleted",
      find: '    if (now.facts["keep"] !== "true") return cloud',
      replace: "    return cloud",
    },
  ]),
  ...among({ file: "shared/resources/credential.ts", tests: [of("credential")] }, [
    {
      name: "a credential's secret is kept in the record",
      find: "    return see(await cloud.identity.createApplicationCredential({ ...labels, secret, roles, accessRules, ...end }));",
      replace:
        "    const made = see(await cloud.identity.createApplicationCredential({ ...labels, secret, roles, accessRules, ...end }));\n    return { ...made, facts: { ...made.facts, secret } };",
    },
    {
      name: "access rules that another credential uses are deleted",
      find: "rules.filter((id) => !used.has(id))",
      replace: "rules.filter((id) => used !== undefined || id)",
    },
    {
      name: "access rules outlive their credential",
      find: "    await removeUnused(cloud, rulesOf(seen.facts));\n",
      replace: "",
    },
  ]),
  ...among({ file: "shared/resources/key.ts", tests: [kindsSuite] }, [
    {
      name: "a deleted order leaves its key behind",
      find: "    if (secretId !== undefined) await cloud.keyManager.deleteSecret(secretId);\n",
      replace: "",
    },
  ]),
];
