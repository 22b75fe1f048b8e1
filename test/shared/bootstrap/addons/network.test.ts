import { addons, KURYR_WARNING } from "../../../../shared/bootstrap/addons/index.ts";
import { known, sections, unknownKeys } from "./ini.ts";
import { addonOf, INPUT, manifestsOf, textOf, variant } from "./input.ts";
import { podsOf } from "./pods.ts";

// Goal: each network carries the pods through Neutron and keeps them from the metadata; and who may do what in a cluster.
/** openstack/kuryr-kubernetes kuryr_kubernetes/config.py; keystoneauth's for the section neutron. */
const KURYR: Readonly<Record<string, readonly string[]>> = {
  DEFAULT: known("use_stderr debug"),
  kubernetes: known(
    `api_root ssl_ca_crt_file ssl_verify_server_crt token_file pod_vif_driver vif_pool_driver pod_subnets_driver
     pod_security_groups_driver service_security_groups_driver endpoints_driver_octavia_provider enabled_handlers
     controller_ha`,
  ),
  vif_pool: known("ports_pool_max ports_pool_min ports_pool_batch ports_pool_update_frequency"),
  neutron: known("auth_type auth_url region_name application_credential_id application_credential_secret cafile"),
  neutron_defaults: known("project pod_subnet pod_security_groups service_subnet external_svc_net resource_tags"),
  octavia_defaults: known("member_mode enforce_sg_rules lb_algorithm"),
  pod_vif_nested: known("worker_nodes_subnets"),
  binding: known("default_driver link_iface"),
  cni_daemon: known("docker_mode netns_proc_dir vif_annotation_timeout"),
  vif_plug_ovs_privileged: known("helper_command"),
  vif_plug_linux_bridge_privileged: known("helper_command"),
};

test("Calico carries pods in VXLAN between all nodes and keeps them from the metadata", () => {
  const node = podsOf(INPUT).find(({ owner }) => owner === "calico-node");
  const env = Object.fromEntries(node?.spec.containers[0]?.env?.map(({ name, value }) => [name, value]) ?? []);
  expect(env).toMatchObject({
    CALICO_IPV4POOL_CIDR: INPUT.cidrs.pods,
    CALICO_IPV4POOL_VXLAN: "Always",
    CALICO_IPV4POOL_IPIP: "Never",
    IP_AUTODETECTION_METHOD: "cidr=10.20.0.0/24",
  });
  const kinds = addonOf(INPUT, "calico").manifests.filter(({ kind }) => kind === "CustomResourceDefinition");
  expect(kinds).toHaveLength(23);
  expect(addonOf(INPUT, "calico").manifests.slice(-2)).toEqual([
    expect.objectContaining({ kind: "Tier", spec: { order: 10, defaultAction: "Pass" } }),
    expect.objectContaining({
      kind: "GlobalNetworkPolicy",
      spec: expect.objectContaining({
        types: ["Egress"],
        egress: [{ action: "Deny", destination: { nets: ["169.254.169.254/32"] } }, { action: "Pass" }],
      }),
    }),
  ]);
});

test("Cilium carries pods in VXLAN and keeps them from the metadata once it runs", () => {
  const input = variant("cilium");
  const order = addons(input).map(({ name }) => name);
  expect(order.indexOf("metadata-access")).toBeGreaterThan(order.indexOf("cilium"));
  expect(addonOf(input, "metadata-access").manifests).toMatchObject([
    {
      spec: { egressDeny: [{ toCIDR: ["169.254.169.254/32"] }], enableDefaultDeny: { egress: false, ingress: false } },
    },
  ]);
  expect(textOf(input, "ConfigMap kube-system/cilium-config", "cluster-pool-ipv4-cidr")).toBe(INPUT.cidrs.pods);
  expect(textOf(input, "ConfigMap kube-system/cilium-config", "tunnel-protocol")).toBe("vxlan");
});

test("Kuryr is told what it knows, marks what it makes, and finds the API without kube-proxy", () => {
  const input = variant("kuryr");
  const [conf, node] = ["Secret kube-system/kuryr-controller", "ConfigMap kube-system/kuryr-cni"].map((object) =>
    sections(textOf(input, object, "kuryr.conf")),
  );
  expect([...unknownKeys(conf ?? {}, KURYR), ...unknownKeys(node ?? {}, KURYR)]).toEqual([]);
  expect(conf).toMatchObject({
    kubernetes: { api_root: "https://api.dev.k8s.example.org:6443", endpoints_driver_octavia_provider: "ovn" },
    neutron_defaults: { resource_tags: "k7f3a", pod_security_groups: input.kuryr?.podSecurityGroupIds.join() },
    octavia_defaults: { enforce_sg_rules: "false", lb_algorithm: "SOURCE_IP_PORT" },
  });
  expect(sections(textOf(input, "Secret kube-system/cloud-config", "cloud.conf"))["LoadBalancer"]?.["enabled"]).toBe(
    "false",
  );
  const hosts = podsOf(input).filter(({ containers }) =>
    JSON.stringify(containers).includes("KUBERNETES_SERVICE_HOST"),
  );
  expect(hosts.map(({ owner }) => owner)).toEqual([
    "kuryr-controller",
    "kuryr-cni",
    "openstack-cloud-controller-manager",
  ]);
  expect(KURYR_WARNING).toMatch(/retired.*2024-10-17.*1\.28/);
  expect(() => addons({ ...INPUT, cni: "kuryr" })).toThrow("Kuryr needs its subnets");
});

test("nodes renew their certificates, nobody joins with a token, and people have the role they asked for", () => {
  const bindings = addonOf(INPUT, "base").manifests.flatMap((manifest) =>
    manifest.kind === "ClusterRoleBinding" || manifest.kind === "RoleBinding"
      ? [[manifest.subjects?.[0]?.name, manifest.roleRef.name, manifest.metadata.namespace ?? "everywhere"]]
      : [],
  );
  expect(bindings).toEqual([
    ["system:nodes", "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient", "everywhere"],
    ["kinvirt:admin", "cluster-admin", "everywhere"],
    ["kinvirt:edit", "edit", "default"],
    ["kinvirt:edit", "view", "everywhere"],
    ["kinvirt:view", "view", "everywhere"],
    ["kinvirt:edit", "kinvirt:cluster-reader", "everywhere"],
    ["kinvirt:view", "kinvirt:cluster-reader", "everywhere"],
  ]);
  expect(JSON.stringify(manifestsOf(INPUT))).not.toContain("system:bootstrappers");
});
