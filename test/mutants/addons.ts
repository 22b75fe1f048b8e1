import { among, type Mutant } from "./mutant.ts";

/** What is applied to a cluster, and would only be missed in one. */
export const addons: readonly Mutant[] = [
  ...among(
    { file: "shared/bootstrap/addons/calico-rules.ts", tests: ["test/shared/bootstrap/addons/readiness.test.ts"] },
    [
      {
        name: "Felix waits for what it may not list",
        find: 'rule("get list watch", "virtualmachineinstancemigrations", KUBEVIRT)',
        replace: 'rule("get", "virtualmachineinstancemigrations", KUBEVIRT)',
      },
      {
        name: "calico-node may not make the configuration that it makes at its start",
        find: "felixconfigurations bgpconfigurations clusterinformations",
        replace: "felixconfigurations clusterinformations",
      },
    ],
  ),
  ...among(
    { file: "shared/bootstrap/addons/calico-kinds.ts", tests: ["test/shared/bootstrap/addons/readiness.test.ts"] },
    [
      {
        name: "Calico's controllers have nowhere to write their status",
        find: 'plural: "kubecontrollersconfigurations", status: true',
        replace: 'plural: "kubecontrollersconfigurations"',
      },
    ],
  ),
  ...among(
    { file: "shared/bootstrap/addons/cilium-init.ts", tests: ["test/shared/bootstrap/addons/readiness.test.ts"] },
    [
      {
        name: "Cilium may not mark its connections while it reads its configuration",
        find: 'capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] }',
        replace: 'capabilities: { drop: ["ALL"] }',
      },
    ],
  ),
  ...among(
    { file: "shared/bootstrap/addons/external-dns.ts", tests: ["test/shared/bootstrap/addons/readiness.test.ts"] },
    [
      {
        name: "ExternalDNS reads other annotations than people write",
        find: "--annotation-prefix=external-dns.alpha.kubernetes.io/",
        replace: "--annotation-prefix=external-dns.kubernetes.io/",
      },
    ],
  ),
];
