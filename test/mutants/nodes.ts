import { among, type Mutant } from "./mutant.ts";

const script = "test/shared/bootstrap/script.test.ts";
const quotas = "test/shared/cluster/doctor/quotas.test.ts";
const noWorkers = "test/shared/cluster/no-workers.test.ts";

/** What a machine does on its way into a cluster, and what a plan says of machines that there are none of. */
export const nodes: readonly Mutant[] = [
  ...among({ file: "shared/bootstrap/script.ts", tests: [script], only: "an image that" }, [
    {
      name: "an image without a runtime is taken for one that has all",
      find: '= "Kubernetes $KUBERNETES_VERSION" ] &&\n    command -v containerd\n',
      replace: '= "Kubernetes $KUBERNETES_VERSION" ]\n',
    },
  ]),
  ...among({ file: "shared/bootstrap/script.ts", tests: [script], only: "own authority" }, [
    {
      name: "a node does not trust its cloud's own authority",
      find: '[ -z "$CLOUD_CA" ] ||',
      replace: '[ -n "$CLOUD_CA" ] ||',
    },
    {
      name: "a package mirror is held to the cloud's own authority",
      find: 'download[@]}" --output "$root$keyring"',
      replace: 'download[@]}" --cacert "$root$CLOUD_CA" --output "$root$keyring"',
    },
  ]),
  ...among({ file: "shared/cluster/doctor/machines.ts", tests: [noWorkers] }, [
    {
      name: "an image is too large for workers that there are none of",
      find: "...(workers.count === 0 ? [] : [workers])",
      replace: "workers",
    },
    {
      name: "the doctor looks for the flavor of workers that there are none of",
      find: "...(workers.count === 0 ? [] : [flavorFinding(",
      replace: "...(workers.count < 0 ? [] : [flavorFinding(",
    },
  ]),
  {
    name: "workers that there are none of have no price",
    file: "shared/cluster/planner.ts",
    tests: [noWorkers],
    find: "filter(({ count }) => count > 0)",
    replace: "filter(({ count }) => count >= 0)",
  },
  {
    name: "a plan is refused for the flavor of workers that there are none of",
    file: "shared/cluster/resolve.ts",
    tests: [noWorkers],
    find: "workers.count === 0 || ",
    replace: "",
  },
  {
    name: "a range that begins inside itself comes as far as Neutron",
    file: "shared/cluster/config-parts.ts",
    tests: ["test/shared/cluster/config.test.ts"],
    find: "!ipaddr.IPv4.isValidCIDR(text) ||",
    replace: "ipaddr.IPv4.isValidCIDR(text) ||",
  },
  ...among({ file: "shared/cluster/doctor/quotas.ts", tests: [quotas] }, [
    {
      name: "what is just enough is not enough to the doctor",
      find: "if (limit - used < smallest.needs)",
      replace: "if (limit - used <= smallest.needs)",
    },
    {
      name: "a limit that was raised as the doctor says has no room yet",
      find: "raise: [quota, used + smallest.needs]",
      replace: "raise: [quota, smallest.needs]",
    },
    {
      name: "a limit that was raised as the doctor says never holds the largest template",
      find: "Math.max(...never.map",
      replace: "Math.min(...never.map",
    },
    {
      name: "shares are wanted that nobody can ask for",
      find: "tenant.shareType === undefined ? [] : SMALLEST_SHARE",
      replace: "SMALLEST_SHARE",
    },
    {
      name: "an administrator is given an option that openstack does not have",
      find: 'limits.some(([{ resource }]) => resource === "trunk")',
      replace: 'limits.every(([{ resource }]) => resource === "trunk")',
    },
  ]),
  {
    name: "a service that fell silent is said to ignore its rules",
    file: "shared/cluster/doctor/probe.ts",
    tests: [quotas],
    find: 'outside === "silent" ? "silent" : outside',
    replace: "outside",
  },
  {
    name: "a tenant's word for all counts more than the one for this action",
    file: "shared/cluster/policy.ts",
    tests: ["test/shared/cluster/policy.test.ts"],
    find: "[own?.actions?.[action], own, top",
    replace: "[own, own?.actions?.[action], top",
  },
  {
    name: "a name whose request was lost is taken for as long as nobody looks through everything",
    file: "shared/cluster/due.ts",
    tests: ["test/shared/cluster/due.test.ts"],
    find: 'phase === "requested"',
    replace: 'phase === "blocked"',
  },
  {
    name: "who only looks sees no StorageClass change",
    file: "shared/bootstrap/addons/base.ts",
    tests: ["test/shared/bootstrap/addons/powers.test.ts"],
    find: 'rule("get list watch", "storageclasses"',
    replace: 'rule("get list", "storageclasses"',
  },
];
