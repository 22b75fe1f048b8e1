import { NODES, RULES, roleOf, TRAFFIC } from "./bare.ts";
import type { Plain, Row } from "./cloud.ts";
import { RWX_GIB } from "./graph.ts";
import type { Ground } from "./ground.ts";

/*
 * The same cluster as a Heat stack, but for what Heat has no resource type for: application credentials and PTR records. Heat
 * is spared those 5 calls (and the 50 of their access rules).
 */
const HEAT = ["orchestration"];
const from = (name: string) => ({ get_resource: name });
const attribute = (name: string, ...path: readonly (string | number)[]) => ({ get_attr: [name, ...path] });

function groups(): Row {
  const resources = (["control-plane", "worker"] as const).map((role) => {
    const rules = RULES[role].map((rule) => ({
      protocol: rule.protocol,
      ...(rule.portMin === undefined ? {} : { port_range_min: rule.portMin }),
      ...(rule.portMax === undefined ? {} : { port_range_max: rule.portMax }),
      ...(rule.remote === "self" ? { remote_mode: "remote_group_id" } : { remote_ip_prefix: rule.remote }),
    }));
    return [`group-${role}`, { type: "OS::Neutron::SecurityGroup", properties: { rules } }] as const;
  });
  return Object.fromEntries(resources);
}

function machines(name: string, ground: Ground): Row {
  const entries = NODES.flatMap((node) => {
    const role = roleOf(node);
    const properties = {
      name: `${name}-${node}`,
      flavor: role === "worker" ? ground.worker : ground.controlPlane,
      image: ground.image,
      networks: [{ port: from(`port-${node}`) }],
      scheduler_hints: { group: from(`servers-${role}`) },
      config_drive: true,
    };
    const security_groups = [from(`group-${role}`)];
    const port = { network: from("network"), fixed_ips: [{ subnet: from("subnet") }], security_groups };
    return [
      [`port-${node}`, { type: "OS::Neutron::Port", properties: port }],
      [`server-${node}`, { type: "OS::Nova::Server", depends_on: "interface", properties }],
    ] as const;
  });
  const policies = ["soft-anti-affinity"];
  const places = ["control-plane", "worker"].map(
    (role) => [`servers-${role}`, { type: "OS::Nova::ServerGroup", properties: { policies } }] as const,
  );
  return Object.fromEntries([...entries, ...places]);
}

function entrance(name: string, ground: Ground): Row {
  const member = attribute("port-control-plane-1", "fixed_ips", 0, "ip_address");
  const address = (which: string) => [attribute(which, "floating_ip_address")];
  const recordset = (record: string, which: string) => ({
    type: "OS::Designate::RecordSet",
    properties: {
      name: `${record}.${name}.${ground.zone.name}`,
      zone: ground.zone.id,
      type: "A",
      ttl: 60,
      records: address(which),
    },
  });
  const pool = { listener: from("listener"), protocol: "TCP", lb_algorithm: "SOURCE_IP_PORT" };
  const floating = { floating_network: ground.external };
  return {
    balancer: { type: "OS::Octavia::LoadBalancer", properties: { vip_subnet: from("subnet"), provider: "ovn" } },
    listener: {
      type: "OS::Octavia::Listener",
      properties: { loadbalancer: from("balancer"), protocol: "TCP", protocol_port: 6443 },
    },
    pool: { type: "OS::Octavia::Pool", properties: pool },
    monitor: {
      type: "OS::Octavia::HealthMonitor",
      properties: { pool: from("pool"), type: "TCP", delay: 5, timeout: 3, max_retries: 3 },
    },
    member: {
      type: "OS::Octavia::PoolMember",
      properties: { pool: from("pool"), address: member, protocol_port: 6443 },
    },
    "fip-api": {
      type: "OS::Neutron::FloatingIP",
      depends_on: "interface",
      properties: { ...floating, port_id: attribute("balancer", "vip_port_id") },
    },
    "fip-apps": { type: "OS::Neutron::FloatingIP", properties: floating },
    "dns-api": recordset("api", "fip-api"),
    "dns-apps": recordset("*.apps", "fip-apps"),
  };
}

function rest(): Row {
  const secret = { payload: "x".repeat(48), payload_content_type: "text/plain", secret_type: "opaque" };
  const order = {
    type: "key",
    algorithm: "aes",
    bit_length: 256,
    mode: "cbc",
    payload_content_type: "application/octet-stream",
  };
  const access_rules = [{ access_type: "ip", access_to: TRAFFIC.nodeCidr, access_level: "rw" }];
  return {
    key: { type: "OS::Barbican::Order", properties: order },
    "secret-controllers": { type: "OS::Barbican::Secret", properties: secret },
    "secret-storage": { type: "OS::Barbican::Secret", properties: secret },
    share: {
      type: "OS::Manila::Share",
      properties: { share_protocol: "NFS", size: RWX_GIB, share_type: "rwx", access_rules },
    },
  };
}

const template = (name: string, ground: Ground) => ({
  heat_template_version: "2021-04-16",
  resources: {
    network: { type: "OS::Neutron::Net" },
    subnet: { type: "OS::Neutron::Subnet", properties: { network: from("network"), cidr: TRAFFIC.nodeCidr } },
    router: { type: "OS::Neutron::Router", properties: { external_gateway_info: { network: ground.external } } },
    interface: {
      type: "OS::Neutron::RouterInterface",
      properties: { router: from("router"), subnet: from("subnet") },
    },
    ...groups(),
    ...machines(name, ground),
    ...entrance(name, ground),
    ...rest(),
  },
});

type Wait = (ms: number) => Promise<void>;

export async function createStack(cloud: Plain, name: string, ground: Ground, wait: Wait): Promise<void> {
  const body = { stack_name: name, template: template(name, ground), timeout_mins: 15, disable_rollback: true };
  await cloud.ask(HEAT, "POST", "/stacks", body);
  for (;;) {
    const { stack_status: status, stack_status_reason: why } = await stack(cloud, name);
    if (status === "CREATE_COMPLETE") return;
    if (status !== "CREATE_IN_PROGRESS") throw new Error(`the stack is ${String(status)}: ${String(why)}`);
    await wait(250);
  }
}

const DELETES_MAX = 5;

/** Heat gives up on a stack at its first refusal; whoever owns it asks again. Resolves with how often that was. */
export async function deleteStack(cloud: Plain, name: string, wait: Wait): Promise<number> {
  const { id } = await stack(cloud, name);
  for (let asked = 1; ; asked += 1) {
    await cloud.ask(HEAT, "DELETE", `/stacks/${name}/${String(id)}`);
    let now = await stack(cloud, name);
    while (now["stack_status"] === "DELETE_IN_PROGRESS") {
      await wait(250);
      now = await stack(cloud, name);
    }
    if (now["stack_status"] === undefined || now["stack_status"] === "DELETE_COMPLETE") return asked;
    if (asked === DELETES_MAX) throw new Error(`the stack can't be deleted: ${String(now["stack_status_reason"])}`);
  }
}

const stack = async (cloud: Plain, name: string): Promise<Row> =>
  ((await cloud.ask(HEAT, "GET", `/stacks/${name}`))?.["stack"] ?? {}) as Row;
