import { ini } from "./cloud-conf.ts";
import type { AddonInput, Kuryr } from "./types.ts";

/** Where the pods find their files. */
export const KURYR_DIRECTORY = "/etc/kuryr";
/** What a node has of ports in hand as soon as a pod comes to it. */
export const PORTS_POOL_BATCH = 10;
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** oslo.config takes a value as it stands. */
const plain = (value: string) => value;

const kubernetes = (input: AddonInput) => ({
  api_root: `https://${input.api.name}:${input.api.port}`,
  ssl_ca_crt_file: `${ACCOUNT}/ca.crt`,
  ssl_verify_server_crt: true,
  token_file: `${ACCOUNT}/token`,
});

const nested = (input: AddonInput) => ({
  pod_vif_nested: { worker_nodes_subnets: input.subnetId },
  binding: { default_driver: "kuryr.lib.binding.drivers.vlan" },
});

/**
 * Source: openstack/kuryr-kubernetes 10.0.0, kuryr_kubernetes/config.py and devstack/plugin.sh. Pods get VLAN subports of
 * their worker's trunk; each Service is a load balancer. `resource_tags` is how all that it made is found when the
 * cluster goes.
 */
export function controllerConf(input: AddonInput, kuryr: Kuryr): string {
  const ovn = input.loadBalancerProvider === "ovn";
  return ini(
    {
      DEFAULT: { use_stderr: true },
      kubernetes: {
        ...kubernetes(input),
        pod_vif_driver: "nested-vlan",
        vif_pool_driver: "nested",
        pod_subnets_driver: "default",
        pod_security_groups_driver: "default",
        service_security_groups_driver: "default",
        endpoints_driver_octavia_provider: input.loadBalancerProvider,
        enabled_handlers: "vif,endpoints,service,kuryrloadbalancer,kuryrport",
        controller_ha: false,
      },
      vif_pool: { ports_pool_max: "0", ports_pool_min: "5", ports_pool_batch: String(PORTS_POOL_BATCH) },
      neutron: {
        auth_type: "v3applicationcredential",
        auth_url: input.authUrl,
        region_name: input.region,
        application_credential_id: input.controllers.id,
        application_credential_secret: input.controllers.secret,
        cafile: input.caCertificate === undefined ? undefined : `${KURYR_DIRECTORY}/ca.crt`,
      },
      neutron_defaults: {
        project: input.projectId,
        pod_subnet: kuryr.podSubnetId,
        pod_security_groups: kuryr.podSecurityGroupIds.join(","),
        service_subnet: kuryr.serviceSubnetId,
        external_svc_net: input.externalNetworkId,
        resource_tags: input.clusterId,
      },
      octavia_defaults: {
        member_mode: ovn ? "L2" : "L3",
        enforce_sg_rules: !ovn,
        lb_algorithm: ovn ? "SOURCE_IP_PORT" : "ROUND_ROBIN",
      },
      ...nested(input),
    },
    plain,
  );
}

/** The daemon on the nodes only plugs in what the controller made, and so has no credential. */
export const cniConf = (input: AddonInput): string =>
  ini(
    {
      DEFAULT: { use_stderr: true },
      kubernetes: kubernetes(input),
      cni_daemon: { docker_mode: true, netns_proc_dir: "/host_proc" },
      vif_plug_ovs_privileged: { helper_command: "privsep-helper" },
      vif_plug_linux_bridge_privileged: { helper_command: "privsep-helper" },
      ...nested(input),
    },
    plain,
  );
