import { among, type Mutant } from "./mutant.ts";

const needs = "test/handlers/work/needs.test.ts";
const policy = "test/shared/cluster/policy.test.ts";
const config = "test/shared/cluster/config.test.ts";
const refusals = "test/handlers/refusals.test.ts";

/** What is checked before anything is made. */
export const plans: readonly Mutant[] = [
  ...among({ file: "shared/cluster/needs.ts", tests: [needs] }, [
    {
      name: "a quota is checked against its limit, not against what is left",
      find: "const left = Math.max(0, limit - used);",
      replace: "const left = Math.max(0, limit - 0 * used);",
      tests: [policy],
    },
    {
      name: "a quota without a limit holds nothing",
      find: "if (limit < 0 || needs <= left) return [];",
      replace: "if (needs <= left) return [];",
      tests: [policy],
    },
    {
      name: "the workers' cores are not counted",
      find: "planes * cp.vcpus + workers * w.vcpus",
      replace: "planes * cp.vcpus",
    },
    {
      name: "the rules that come with a security group are not counted",
      find: "sum + one + DEFAULT_EGRESS_RULES",
      replace: "sum + one",
    },
    {
      name: "the port that OVN probes members from is not counted",
      find: 'balancers + (provider === "ovn" ? 1 : 0)',
      replace: "balancers",
    },
    {
      name: "the load balancer's and the router's ports are not counted",
      find: 'count("port") + count("subnet") + balancers',
      replace: 'count("port")',
    },
    {
      name: "the cluster's storage is not counted",
      find: 'count("share") * (spec.rwxGib ?? 0)',
      replace: '(spec.rwxGib ?? 0) - spec.workers.count - count("share")',
    },
  ]),
  ...among({ file: "shared/cluster/planner.ts", tests: ["test/handlers/work/needs.test.ts"] }, [
    {
      name: "what is limited is believed to be as it was when the plan was first made",
      find: "line.limit < 0 && same !== undefined",
      replace: "same !== undefined",
      only: "made again",
    },
    {
      name: "the room of another zone is taken for this one's",
      find: "const isSameZone = found.value.zone.id === zoneId;",
      replace: "const isSameZone = true;",
      only: "made again",
    },
  ]),
  ...among({ file: "shared/openstack/load-balancer.ts", tests: ["test/shared/openstack/load-balancer.test.ts"] }, [
    {
      name: "what Octavia limits is not counted",
      find: "some((limit) => limit >= 0)",
      replace: "some((limit) => limit === 0)",
    },
  ]),
  ...among({ file: "shared/cluster/logins.ts", tests: ["test/shared/cluster/logins.test.ts"] }, [
    {
      name: "two logins bring the same new rule in one moment",
      find: "after === undefined || leaving === true",
      replace: "after !== null || leaving === true",
    },
  ]),
  ...among({ file: "shared/cluster/planner.ts", tests: [refusals] }, [
    {
      name: "what does not fit in the quota is approved",
      find: "  if (problems.length > 0) return { problems };\n",
      replace: "",
    },
    {
      name: "more machines of a role are approved than Nova lets be in a server group",
      find: "[...shortages(quota, name), ...crowded(spec, await quotas)]",
      replace: "shortages(quota, name)",
    },
    {
      name: "an approval stands although the price has moved",
      find: "const agreed = { ...plan, quota:",
      replace: "const agreed = { ...plan, price: undefined, quota:",
    },
    {
      name: "what others use of the quota makes every approval void",
      find: "plan.quota.map(({ used: _used, ...line }) => line)",
      replace: "plan.quota",
    },
    {
      name: "ranges that contain one another do not overlap",
      find: "Math.min(a.cidr[1], b.cidr[1])",
      replace: "Math.max(a.cidr[1], b.cidr[1])",
      tests: [policy],
    },
  ]),
  ...among({ file: "shared/cluster/cluster-roles.ts", tests: ["test/shared/cluster/cluster-roles.test.ts"] }, [
    {
      name: "a cloud that writes _member_ has no member",
      find: '.replace(/^_(.+)_$/, "$1")',
      replace: "",
    },
    {
      name: "a plan is another one with each order of the token's roles",
      find: ".toSorted())",
      replace: ")",
    },
  ]),
  ...among({ file: "shared/cluster/resolve.ts", tests: [refusals] }, [
    {
      name: "a cluster's credentials get all of our roles",
      find: "roles: [...roles],",
      replace: "roles: [...scope.roles],",
      tests: [needs],
    },
    {
      name: "a cluster whose logins can get no role gets all of ours",
      find: "  if (roles.length === 0)\n",
      replace: "  if (roles.length === 99)\n",
    },
    {
      name: "a flavor without a disk is taken, and Nova starts no server of it",
      find: "if (flavor?.disk !== 0)",
      replace: "if (flavor?.disk !== -1)",
    },
    {
      name: "a share is made that no node can mount",
      find: 'tenant.shareProtocol !== "NFS"',
      replace: 'tenant.shareProtocol === ("" as never)',
    },
    {
      name: "the first zone is taken when there is none of this name",
      find: "listed.zones.find((one) => one.name === tenant.dnsZone),",
      replace:
        "listed.zones.find((one) => one.name === tenant.dnsZone) ?? ({ id: '', name: tenant.dnsZone } as never),",
    },
  ]),
  ...among({ file: "shared/cluster/config.ts", tests: [config] }, [
    {
      name: "a setting that nobody knows is passed over",
      find: "const tenant = z.strictObject({",
      replace: "const tenant = z.object({",
    },
    {
      name: "one channel speaks for two tenants",
      find: "        if (other !== undefined) {",
      replace: "        if (other === '') {",
    },
    {
      name: "two control planes are let through, which lose etcd with one of them",
      find: "p.count % 2 === 1",
      replace: "p.count > 0",
    },
    {
      name: "policy may ask for no approval at all by a slip",
      file: "shared/cluster/policy-config.ts",
      find: "const approvals = z.int().min(1)",
      replace: "const approvals = z.int().min(0)",
    },
  ]),
  ...among({ file: "handlers/create.ts", tests: ["test/handlers/command.test.ts"] }, [
    {
      name: "a tenant has as many clusters as it likes",
      find: "if (there.length >= limits.clusters) {",
      replace: "if (there.length > limits.clusters) {",
    },
    {
      name: "a name that is taken is taken again",
      find: "  if (!named) {",
      replace: "  if (!named && id === '') {",
      tests: ["test/handlers/races.test.ts"],
    },
  ]),
  ...among({ file: "shared/units.ts", tests: ["test/shared/units.test.ts"] }, [
    {
      name: "a decimal size shrinks when it is counted in GiB",
      find: "(bytes + GIB - 1n) / GIB",
      replace: "bytes / GIB",
    },
  ]),
];
