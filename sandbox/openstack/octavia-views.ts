import type { Json } from "./json.ts";
import {
  type Listener,
  type LoadBalancer,
  listenersOn,
  listenersTo,
  type Member,
  type Monitor,
  membersIn,
  monitorOf,
  type OctaviaRow,
  type Policy,
  type Pool,
  policiesOn,
  poolsOn,
  type Rule,
  rulesOf,
  type Tables,
} from "./octavia-rows.ts";

/** What passes through, which nothing does here. */
export const QUIET = { active_connections: 0, bytes_in: 0, bytes_out: 0, request_errors: 0, total_connections: 0 };

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => ({ id }));

const common = (row: OctaviaRow): Json => ({
  id: row.id,
  name: row.name,
  provisioning_status: row.provisioning_status,
  operating_status: row.operating_status,
  admin_state_up: row.admin_state_up,
  project_id: row.project_id,
  tenant_id: row.project_id,
  created_at: row.created_at,
  updated_at: row.updated_at,
  tags: row.tags.toSorted(),
});

export const memberView = (row: Member): Json => ({
  ...common(row),
  address: row.address,
  protocol_port: row.protocol_port,
  subnet_id: row.subnet_id,
  vnic_type: "normal",
  ...row.settings,
});

const monitorInside = (row: Monitor): Json => ({
  ...common(row),
  type: row.type,
  delay: row.delay,
  timeout: row.timeout,
  max_retries: row.max_retries,
  max_retries_down: row.max_retries_down,
  ...row.settings,
});

export const monitorView = (row: Monitor): Json => ({ ...monitorInside(row), pools: [{ id: row.pool }] });

const poolInside = (tables: Tables, row: Pool): Json => ({
  ...common(row),
  description: row.description,
  protocol: row.protocol,
  lb_algorithm: row.lb_algorithm,
  listeners: idsOf(listenersTo(tables, row.id)),
  ...row.settings,
});

export function poolView(tables: Tables, row: Pool): Json {
  const monitor = monitorOf(tables, row.id);
  return {
    ...poolInside(tables, row),
    loadbalancers: [{ id: row.lb }],
    members: idsOf(membersIn(tables, row.id)),
    ...(monitor === undefined ? {} : { healthmonitor_id: monitor.id }),
  };
}

export const ruleView = (row: Rule): Json => {
  const { name: _unnamed, ...rest } = common(row);
  const { type, compare_type, key, value, invert } = row;
  return { ...rest, type, compare_type, key, value, invert };
};

export const policyView = (tables: Tables, row: Policy): Json => ({
  ...common(row),
  description: row.description,
  listener_id: row.listener,
  position: row.position,
  action: row.action,
  redirect_pool_id: row.redirect_pool_id,
  redirect_url: row.redirect_url,
  redirect_prefix: row.redirect_prefix,
  redirect_http_code: row.redirect_http_code,
  rules: idsOf(rulesOf(tables, row.id)),
});

const listenerInside = (tables: Tables, row: Listener): Json => ({
  ...common(row),
  description: row.description,
  protocol: row.protocol,
  protocol_port: row.protocol_port,
  default_pool_id: row.default_pool_id,
  l7policies: idsOf(policiesOn(tables, row.id)),
  ...row.settings,
});

export const listenerView = (tables: Tables, row: Listener): Json => ({
  ...listenerInside(tables, row),
  loadbalancers: [{ id: row.lb }],
});

export const balancerView = (tables: Tables, row: LoadBalancer): Json => ({
  ...common(row),
  description: row.description,
  provider: row.provider,
  vip_address: row.vip_address,
  vip_port_id: row.vip_port_id,
  vip_subnet_id: row.vip_subnet_id,
  vip_network_id: row.vip_network_id,
  vip_sg_ids: [],
  vip_qos_policy_id: null,
  vip_vnic_type: "normal",
  additional_vips: [],
  flavor_id: null,
  availability_zone: null,
  listeners: idsOf(listenersOn(tables, row.id)),
  pools: idsOf(poolsOn(tables, row.id)),
});

/** The answer of a create call: everything that was made, in full. */
export function wholeView(tables: Tables, row: LoadBalancer): Json {
  const pools = poolsOn(tables, row.id).map((pool) => {
    const monitor = monitorOf(tables, pool.id);
    return {
      ...poolInside(tables, pool),
      members: membersIn(tables, pool.id).map(memberView),
      ...(monitor === undefined ? {} : { healthmonitor: monitorInside(monitor) }),
    };
  });
  return {
    ...balancerView(tables, row),
    listeners: listenersOn(tables, row.id).map((one) => listenerInside(tables, one)),
    pools,
  };
}

const status = (row: OctaviaRow): Json => ({
  id: row.id,
  name: row.name,
  operating_status: row.operating_status,
  provisioning_status: row.provisioning_status,
});

function poolStatus(tables: Tables, pool: Pool): Json {
  const monitor = monitorOf(tables, pool.id);
  return {
    ...status(pool),
    ...(monitor === undefined ? {} : { health_monitor: { ...status(monitor), type: monitor.type } }),
    members: membersIn(tables, pool.id).map((member) => ({
      ...status(member),
      address: member.address,
      protocol_port: member.protocol_port,
    })),
  };
}

/** A pool that no listener leads to is not in it. */
export const statusTree = (tables: Tables, row: LoadBalancer): Json => ({
  ...status(row),
  listeners: listenersOn(tables, row.id).map((listener) => ({
    ...status(listener),
    pools: poolsOn(tables, row.id)
      .filter((pool) => pool.id === listener.default_pool_id)
      .map((pool) => poolStatus(tables, pool)),
  })),
});
