import { type About, CHECKS, type Level } from "../../../../shared/cluster/doctor/index.ts";
import { patient } from "./patient.ts";

// Goal: what is there but not as it should be is told from what is well, without a cloud.
const { tenant, templates } = patient().patient;
const about: About = { name: "team-a", tenant, templates };

function judged(id: string, seen: unknown, over: Partial<About["tenant"]> = {}): readonly [Level, string] {
  const check = CHECKS.find((one) => one.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  const { level, says } = check.judge(seen, { ...about, tenant: { ...tenant, ...over } });
  return [level, says];
}

const zone = (over: object) => ({
  projectId: "p1",
  zones: [{ id: "z1", name: "k8s.example.org.", project_id: "p1", status: "ACTIVE", type: "PRIMARY", ...over }],
});
const flavor = (name: string, over: object = {}) => ({ id: name, name, vcpus: 2, ram: 4096, disk: 40, ...over });
const both = (over: object) => [flavor("m1.medium"), flavor("m1.large", over)];
const type = (extra: object) => ({
  offered: true,
  types: [{ id: "t1", name: "rwx", extra_specs: { driver_handles_share_servers: "True", ...extra } }],
});
const network = (over: object) => ({ id: "n1", name: "public", project_id: "p1", status: "ACTIVE", ...over });

test.each<[string, unknown, Level, string]>([
  ["dns/zone", zone({}), "green", "k8s.example.org. is ACTIVE, of this project"],
  ["dns/zone", zone({ project_id: "p2" }), "green", "k8s.example.org. is ACTIVE, shared with us"],
  ["dns/zone", zone({ status: "PENDING" }), "amber", "k8s.example.org. is PENDING"],
  [
    "dns/zone",
    zone({ status: "ERROR" }),
    "red",
    "k8s.example.org. is in ERROR: Designate could not write it to its name servers",
  ],
  ["dns/zone", zone({ type: "SECONDARY" }), "red", "k8s.example.org. is a secondary zone: Designate only copies it"],
  ["dns/zone", { projectId: "p1", zones: [] }, "red", "this project sees no zone k8s.example.org., only: none"],
  ["dns/reverse", false, "amber", "Designate keeps no PTR records for floating IPs: clusters come without them"],
  ["dns/integration", [], "amber", "Neutron gives ports no names: nodes know each other by address alone"],
  [
    "compute/flavors",
    both({ ram: 1024 }),
    "amber",
    'workers of "small": m1.large has 2 vCPU, 1024 MiB RAM, 40 GiB disk, which leaves little room beside the kubelet; workers of "ha": m1.large has 2 vCPU, 1024 MiB RAM, 40 GiB disk, which leaves little room beside the kubelet',
  ],
  [
    "compute/flavors",
    [flavor("a2-ram4-disk0", { disk: 0 }), ...both({ disk: 0 })],
    "red",
    'workers of "small": m1.large has 2 vCPU, 4096 MiB RAM, 0 GiB disk: Nova starts servers of it from volumes alone, and nodes boot from an image; workers of "ha": m1.large has 2 vCPU, 4096 MiB RAM, 0 GiB disk: Nova starts servers of it from volumes alone, and nodes boot from an image',
  ],
  ["compute/zones", [], "red", "none is up, so no server can be started"],
  ["shared-file-system/type", type({}), "green", '"rwx", with a share network for each cluster'],
  ["shared-file-system/protocol", type({}), "green", "NFS, which Manila takes unless it is told otherwise"],
  ["shared-file-system/protocol", type({ storage_protocol: "NFS_CIFS" }), "green", "NFS, as the type says"],
  ["shared-file-system/protocol", type({ storage_protocol: "CEPHFS" }), "red", '"rwx" is for CEPHFS, not for NFS'],
  ["network/external", [network({}), network({ id: "n2" })], "amber", '2 are named "public"'],
  ["network/external", [network({ status: "DOWN" })], "amber", '"public" is DOWN'],
  ["network/external", [network({ id: "public", name: "internet" })], "green", '"internet" (public)'],
  [
    "compute/flavors",
    [flavor("m1.medium"), { ...flavor("large"), id: "m1.large" }],
    "green",
    "m1.medium has 2 vCPU, 4096 MiB RAM, 40 GiB disk; large has 2 vCPU, 4096 MiB RAM, 40 GiB disk",
  ],
  [
    "compute/flavors",
    [flavor("m1.medium", { ram: 1024 }), flavor("m1.large")],
    "red",
    'control planes of "small": m1.medium has 2 vCPU, 1024 MiB RAM, 40 GiB disk, and kubeadm refuses less than 2 vCPU or 1700 MiB; control planes of "ha": m1.medium has 2 vCPU, 1024 MiB RAM, 40 GiB disk, and kubeadm refuses less than 2 vCPU or 1700 MiB',
  ],
  [
    "compute/flavors",
    both({ disk: 10 }),
    "amber",
    'workers of "small": m1.large has 2 vCPU, 4096 MiB RAM, 10 GiB disk: less than 20 GiB fill up with images and logs; workers of "ha": m1.large has 2 vCPU, 4096 MiB RAM, 10 GiB disk: less than 20 GiB fill up with images and logs',
  ],
  [
    "shared-file-system/type",
    { offered: true, types: [{ id: "rwx", name: "gold", extra_specs: { driver_handles_share_servers: "False" } }] },
    "green",
    '"gold", without share servers',
  ],
  [
    "identity/roles",
    { roles: ["member"], project: "team-a", probed: { services: { "key-manager": "locked" } } },
    "red",
    'Barbican wants "creator", which is missing on team-a: member',
  ],
  [
    "identity/roles",
    { roles: ["member", "creator"], project: "team-a", probed: { services: { "key-manager": "locked" } } },
    "green",
    "on team-a: creator, member",
  ],
  [
    "identity/roles",
    { roles: ["member", "admin"], project: "team-a", probed: { services: {} } },
    "amber",
    "an administrator's login on team-a: admin, member: it reaches every project of this cloud",
  ],
  [
    "compute/version",
    { offered: true, version: "2.53" },
    "red",
    "2.53 is older than 2.64, which has server groups by policy, and tags on servers",
  ],
  [
    "load-balancer/version",
    { offered: true, version: undefined },
    "amber",
    "unknown, and 2.5 is needed for tags on load balancers",
  ],
  ["load-balancer/version", { offered: true, version: "2.10" }, "green", "2.10; 2.5 is needed"],
  [
    "identity/access-rules",
    { services: { compute: "enforced", network: "silent" } },
    "amber",
    "no answer to judge by from Neutron",
  ],
  ["identity/access-rules", { services: {} }, "amber", "no answer to judge by from any service"],
])("%s of %j: %s", (id, seen, level, says) => {
  expect(judged(id, seen)).toEqual([level, says]);
});

const scope = { projectName: "team-a", region: "R1", authUrl: "https://ks/v3" };

test.each<[object, Level, string]>([
  [{ ...scope }, "green", "project team-a, region R1"],
  [
    { ...scope, authUrl: "http://ks/v3", way: { verify: false, interface: "public" } },
    "green",
    "project team-a, region R1",
  ],
  [
    { ...scope, way: { verify: false, interface: "public" } },
    "amber",
    "certificates are not checked here, and clusters' nodes and programs do check them",
  ],
  [
    { ...scope, way: { verify: true, interface: "internal" } },
    "amber",
    "endpoints of the interface internal are used here, and clusters' programs use the public ones",
  ],
])("a login %#", (seen, level, says) => {
  expect(judged("identity/login", seen)).toEqual([level, says]);
});

test("CephFS is nothing that nodes mount", () => {
  expect(judged("shared-file-system/protocol", type({}), { shareProtocol: "CEPHFS" })).toEqual([
    "red",
    "nodes mount shares by NFS, and not by CEPHFS",
  ]);
});

const image = (over: object) => ({
  found: { "ubuntu-24.04-kube": { id: "i1", name: "ubuntu-24.04-kube", min_ram: 0, min_disk: 0, ...over } },
  flavors: [flavor("m1.medium"), flavor("m1.large", { disk: 0 })],
});

test.each<[object, Level, string]>([
  [image({}), "green", '"ubuntu-24.04-kube" is there (i1)'],
  [
    image({ min_disk: 60 }),
    "red",
    '"ubuntu-24.04-kube" wants at least 0 MiB of RAM and 60 GiB of disk, and m1.medium has less',
  ],
  [
    image({ min_ram: 8192 }),
    "red",
    '"ubuntu-24.04-kube" wants at least 8192 MiB of RAM and 0 GiB of disk, and m1.large, m1.medium has less',
  ],
  [{ found: { x: "2 images are named x" }, flavors: [] }, "red", "2 images are named x"],
])("an image %#", (seen, level, says) => {
  expect(judged("image/templates", seen)).toEqual([level, says]);
});

const quotas = (resource: string, limit: number, used: number, service = "compute") => ({
  services: ["compute", "network"],
  flavors: [flavor("m1.medium"), flavor("m1.large", { vcpus: 4, ram: 8192 })],
  quotas: [{ service, resource, limit, used }],
});

test.each<[object, Level, string]>([
  [quotas("cores", -1, 7), "green", "no limits"],
  [quotas("cores", 40, 7), "green", "tightest: cores, 7 of 40 used"],
  [quotas("cores", 9, 0), "red", 'cores: the limit is 9, and the smallest template, "small", needs 10'],
  [quotas("cores", 40, 31), "amber", 'cores: 31 of 40 are used, and another "small" needs 10'],
  [quotas("cores", 12, 0), "amber", 'cores: the limit of 12 never holds "ha" (18)'],
  [quotas("key_pairs", 0, 0), "unused", "no template takes any of it"],
])("a quota %#", (seen, level, says) => {
  expect(judged("compute/quota", seen)).toEqual([level, says]);
});

test("every check says what it is for, how it is read and how it is mended", () => {
  for (const { id, title, why, how, mend } of CHECKS)
    for (const words of [id, title, why, how, mend]) expect(words).toMatch(/^\S.*[^\s.]$/);
});
