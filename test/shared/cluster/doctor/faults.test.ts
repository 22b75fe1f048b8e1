import { CHECKS } from "../../../../shared/cluster/doctor/index.ts";
import { at, type Case, patient, titles, troubles } from "./patient.ts";

// Goal: a cloud that has all that Kubernetes expects is green, and each thing that is missing is named, with what to do, and
// nothing else is.
test("a whole cloud: every check is there once, and all of them are green", async () => {
  const { examine } = patient();
  const found = await examine();
  expect(found.lines.map((line) => line.id)).toEqual(CHECKS.map((check) => check.id));
  expect(found.lines.filter((line) => line.level !== "green")).toEqual([]);
  expect(new Set(CHECKS.map((check) => check.id)).size).toBe(CHECKS.length);
});

const templates = (over: object) => {
  const { small, ha } = patient().patient.templates;
  if (small === undefined || ha === undefined) throw new Error("the example has two templates");
  return { small: { ...small, ...over }, ha };
};

const RAISE = "An administrator runs: openstack quota set PROJECT";

const FAULTS: readonly (readonly [string, Case, readonly string[]])[] = [
  [
    "a service is down",
    { harm: (cloud) => cloud.faults.down("load-balancer") },
    [
      "red Octavia: Octavia does not answer: Service Unavailable (OpenStack request REQ) | Ask the operator whether Octavia is up, and run the doctor again.",
    ],
  ],
  [
    "nobody listens at a service",
    { harm: (cloud) => cloud.faults.down("compute", "refused") },
    [
      "red Nova: Nova does not answer: no answer from the service (connect ECONNREFUSED openstack.sandbox:80) | Ask the operator whether Nova is up, and run the doctor again.",
    ],
  ],
  [
    "a service is not in the catalog",
    { options: { absent: ["dns"] } },
    [
      "red Designate: the catalog has no dns service in our region and interface | Ask the cloud's operator for Designate, or correct region_name and interface in clouds.yaml.",
    ],
  ],
  [
    "an extension is missing",
    { options: { without: ["quota_details"] } },
    [
      'red Extensions: missing: "quota_details" (what is used of a quota) | Ask the operator to add it to Neutron\'s service_plugins or extension_drivers.',
      "red Neutron's quota: Neutron does not answer: The resource could not be found (OpenStack request REQ) | Ask the operator to look at Neutron.",
    ],
  ],
  [
    "trunks are missing and a template has Kuryr",
    { options: { without: ["trunk"] }, templates: templates({ cni: "kuryr" }) },
    [
      'red Trunk ports: Neutron has no extension "trunk", which small needs for Kuryr | Choose calico or cilium in the template, or ask the operator to add trunk to Neutron\'s service_plugins.',
    ],
  ],
  [
    "there is no zone",
    { tenant: { dnsZone: "clusters.example.net." } },
    [
      "red DNS zone: this project sees no zone clusters.example.net., only: k8s.example.org. | Create it (openstack zone create --email you@example.org clusters.example.net.), have it shared with this project, or correct dnsZone.",
    ],
  ],
  [
    "the share type is wrong",
    { tenant: { shareType: "gold" } },
    [
      'red Share type: there is no share type "gold", only: rwx, rwx-dhss | Set shareType to one of these, or ask the operator to give this project access to it.',
    ],
  ],
  [
    "a quota is 0",
    { harm: (cloud) => cloud.quotas.set(cloud.project("team-a").id, "compute", "cores", 0) },
    [`red Nova's quota: cores: the limit is 0, and the smallest template, "small", needs 10 | ${RAISE} --cores 10`],
  ],
  [
    "a quota is 0 that has no command",
    { harm: (cloud) => cloud.quotas.set(cloud.project("team-a").id, "key-manager", "secrets", 0) },
    [
      `red Barbican's quota: secrets: the limit is 0, and the smallest template, "small", needs 8 | An administrator sends PUT /v1/project-quotas/PROJECT {"project_quotas": {"secrets":8}}`,
    ],
  ],
  [
    "a role is missing",
    { options: { roles: ["reader"] } },
    [
      'red Roles: "member" is missing on team-a: reader | Whoever may give roles runs: openstack role add --user USER --project team-a member',
      "red Barbican: Barbican refuses us: Secret(s) retrieval attempt not allowed - please review your user/project privileges (OpenStack request REQ) | Correct the credentials in clouds.yaml, or give their user the role: openstack role add --user USER --project PROJECT creator",
    ],
  ],
  [
    "the provider is missing",
    { options: { without: ["ovn"] } },
    [
      'red Load-balancer provider: Octavia has no provider "ovn", only: amphora, octavia | Set loadBalancerProvider to amphora, or ask the operator to enable ovn in octavia.conf (enabled_provider_drivers).',
    ],
  ],
  [
    "access rules are not enforced",
    { options: { accessRules: { dropped: true } } },
    [
      "red Keystone's version: 3.12 is older than 3.13, which has access rules | Ask the cloud's operator for a newer Keystone.",
      "red Access rules: not enforced by Barbican, Cinder, Designate, Manila, Neutron, Nova, Octavia: a restricted login made a call that its rules don't name | Ask the operator for a Keystone that knows access rules (3.13) and keystonemiddleware in front of each service. Until then a cluster's logins may do all that their roles may.",
    ],
  ],
  [
    "a service takes no restricted login",
    { options: { accessRules: { unset: ["shared-file-system"] } } },
    [
      "red Access rules: Manila refuses restricted logins even what their rules name | Ask the operator to set service_type in [keystone_authtoken] to the catalog's word for it, and, where the catalog's address has a path before the version, to have the proxy leave it there; and look at the roles above.",
    ],
  ],
  [
    "the external network has another name",
    { tenant: { externalNetwork: "internet" } },
    ['red External network: there is no external network "internet" | Set externalNetwork to one of: public.'],
  ],
  [
    "ranges overlap",
    { tenant: { cidrs: { nodes: "10.244.0.0/24", pods: "10.244.0.0/16", services: "10.96.0.0/16" } } },
    [
      "red Address ranges: cidrs.nodes (10.244.0.0/24) and cidrs.pods (10.244.0.0/16) overlap: give each its own range. | Give each a range of its own below cidrs in the configuration.",
    ],
  ],
  [
    "ranges are of sizes that kubeadm refuses",
    { tenant: { cidrs: { nodes: "10.20.0.0/24", pods: "10.244.0.0/25", services: "10.96.0.0/16" } } },
    [
      'red Address ranges: "small": cidrs.pods (10.244.0.0/25) is too small: Kubernetes takes one from /8 to /24; "ha": cidrs.pods (10.244.0.0/25) is too small: Kubernetes takes one from /8 to /24 | Choose other ranges below cidrs in the configuration.',
    ],
  ],
  [
    "control planes are too small, and workers of a flavor that nobody has",
    {
      templates: templates({
        controlPlane: { count: 1, flavor: "m1.small" },
        workers: { count: 2, flavor: "c5.large" },
      }),
    },
    [
      'red Flavors: control planes of "small": m1.small has 1 vCPU, 2048 MiB RAM, 20 GiB disk, and kubeadm refuses less than 2 vCPU or 1700 MiB; workers of "small": there is no flavor "c5.large" | Choose another flavor for control planes of "small": m1.large, m1.medium, m1.xlarge. Choose another flavor for workers of "small": m1.large, m1.medium, m1.small, m1.xlarge.',
    ],
  ],
  [
    "there is no such image",
    { templates: templates({ image: "debian-13-kube" }) },
    [
      'red Images: there is no active image "debian-13-kube" | Upload it (openstack image create --file FILE --disk-format qcow2 "debian-13-kube"), or correct the template.',
    ],
  ],
];

test.each(FAULTS)("%s", async (_what, given, said) => {
  const { examine, logins } = patient(given);
  const before = logins();
  const found = await examine();
  const lines = troubles(found).map((line) => line.replaceAll(/req-[0-9a-f-]+/g, "REQ"));
  expect(lines).toEqual(said);
  expect(logins()).toEqual(before);
});

test("of a service that is down there is one line, and the others are looked at", async () => {
  const { examine } = patient({ harm: (cloud) => cloud.faults.down("network") });
  const found = await examine();
  expect(titles(found, "red")).toEqual(["Neutron"]);
  expect(at(found, "unknown").map(({ title, says }) => `${title}: ${says}`)).toEqual(
    [
      "Extensions",
      "External network",
      "Address ranges",
      "Trunk ports",
      "Neutron's DNS integration",
      "Neutron's quota",
    ].map((title) => `${title}: not looked at, because of Neutron`),
  );
  expect(titles(found, "green")).toContain("DNS zone");
});

test.each([
  "compute",
  "image",
  "network",
  "load-balancer",
  "dns",
  "key-manager",
  "shared-file-system",
] as const)("%s is down: no line is red but its own", async (service) => {
  const { examine } = patient({ harm: (cloud) => cloud.faults.down(service) });
  const found = await examine();
  expect(at(found, "red").map((line) => line.id)).toEqual([service]);
  expect(titles(found, "amber")).toEqual([]);
});

test("a service that hangs is waited for once", async () => {
  const { examine, clock } = patient({
    harm: (cloud) => cloud.faults.on({ service: "compute", times: 999 }, { is: "slow", ms: 60_000 }),
    options: { wait: async () => undefined },
  });
  const found = await examine();
  expect(titles(found, "red")).toEqual(["Nova"]);
  expect(titles(found, "green")).toContain("Images");
  // Three tries of the first call, with half a second and a second between them; nothing of it is asked after that.
  expect(clock.nowMs() - Date.UTC(2026, 0, 1)).toBeLessThanOrEqual(2 * 1500);
});

test("where nobody logs in there is one line", async () => {
  const { examine } = patient({ harm: (cloud) => cloud.faults.down("identity") });
  const found = await examine();
  expect(titles(found, "red")).toEqual(["Keystone"]);
  expect(at(found, "unknown")).toHaveLength(CHECKS.length - 1);
});

test("a wrong password: Keystone refuses us, with what to look at", async () => {
  const login = (settings: Parameters<NonNullable<Case["login"]>>[0]) =>
    settings.auth.method === "password" ? { ...settings, auth: { ...settings.auth, password: "wrong" } } : settings;
  const { examine } = patient({ login });
  expect(troubles(await examine())).toEqual([
    expect.stringMatching(
      /^red Keystone: Keystone refuses us: The request you have made requires authentication \(OpenStack request req-.*\) \| Correct the credentials in clouds.yaml, or give their user the role: openstack role add --user USER --project PROJECT member$/,
    ),
  ]);
});

test("Octavia's own role, where its policy wants that of whoever is no administrator", async () => {
  let first = "";
  const wire: Case["wire"] = (send) => (request) => {
    const token = request.headers["x-auth-token"] ?? "";
    if (first === "") first = token;
    const refused = request.url.includes("/lbaas/") && token !== first;
    const faultstring = "Policy does not allow this request to be performed.";
    return refused
      ? Promise.resolve({ status: 403, headers: {}, body: JSON.stringify({ faultstring }) })
      : send(request);
  };
  const { examine } = patient({ options: { roles: ["member", "admin", "creator"] }, wire });
  expect(troubles(await examine())).toEqual([
    'red Roles: Octavia wants "load-balancer_member", which is missing on team-a: admin, creator, member | Whoever may give roles runs: openstack role add --user USER --project team-a load-balancer_member',
    "red Access rules: Octavia refuses restricted logins even what their rules name | Ask the operator to set service_type in [keystone_authtoken] to the catalog's word for it, and, where the catalog's address has a path before the version, to have the proxy leave it there; and look at the roles above.",
  ]);
});

test("Octavia refuses ourselves: the role that it wants is named", async () => {
  const wants = { service: "load-balancer", path: /loadbalancers/, times: 99 } as const;
  const message = "Policy does not allow this request to be performed.";
  const { examine } = patient({
    options: { roles: ["member", "reader", "creator"] },
    harm: (cloud) => cloud.faults.on(wants, { is: "answer", status: 403, message }),
  });
  expect(troubles(await examine())).toEqual([
    expect.stringMatching(
      /^red Octavia: Octavia refuses us: Policy does not allow .* --project PROJECT load-balancer_member$/,
    ),
  ]);
});

test("what nothing of the configuration needs is no trouble", async () => {
  const { patient: one } = patient();
  const { shareType: _shareType, ...tenant } = one.tenant;
  const { examine } = patient({ options: { absent: ["block-storage", "shared-file-system"], without: ["trunk"] } });
  const without = patient({
    options: { absent: ["shared-file-system"] },
    tenant: { ...tenant, shareType: undefined } as never,
  });
  expect(titles(await without.examine(), "red")).toEqual([]);
  expect(at(await without.examine(), "unused").map(({ title, says }) => `${title}: ${says}`)).toEqual([
    "Manila: the catalog has no shared-file-system service in our region and interface: --rwx is refused",
    "Manila's version: there is no Manila",
    "Share type: no shareType is configured: --rwx is refused",
    "Share protocol: no shareType is configured: --rwx is refused",
    "Manila's quota: there is no Manila",
  ]);
  const found = await examine();
  expect(titles(found, "red")).toEqual(["Manila"]);
  expect(titles(found, "unused")).toEqual(["Trunk ports", "Cinder"]);
});
