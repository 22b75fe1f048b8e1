import { address, among, type Fields, flag, list, text, texts, uuid, uuids, whole } from "./octavia-input.ts";

const LONG = 255;
const PORT = whole(1, 65_535);
const labels: Fields = { name: { check: text(LONG) }, admin_state_up: { check: flag }, tags: { check: texts(LONG) } };
const described: Fields = { ...labels, description: { check: text(LONG) } };
const owned: Fields = { project_id: { check: text(36) }, tenant_id: { check: text(36) } };

export const ALGORITHMS = ["SOURCE_IP_PORT", "LEAST_CONNECTIONS", "SOURCE_IP", "ROUND_ROBIN"] as const;
const LISTENER_PROTOCOLS = ["SCTP", "HTTPS", "HTTP", "PROMETHEUS", "TCP", "TERMINATED_HTTPS", "UDP"];
const POOL_PROTOCOLS = ["SCTP", "HTTPS", "HTTP", "PROXY", "PROXYV2", "TCP", "UDP"];
const MONITOR_TYPES = ["HTTP", "HTTPS", "PING", "SCTP", "TCP", "TLS-HELLO", "UDP-CONNECT"];

const memberChange: Fields = {
  ...labels,
  weight: { check: whole(0, 256) },
  backup: { check: flag },
  monitor_address: { check: address },
  monitor_port: { check: PORT },
};
export const MEMBER: Fields = {
  ...memberChange,
  ...owned,
  address: { check: address, must: true },
  protocol_port: { check: PORT, must: true },
  subnet_id: { check: uuid },
  request_sriov: { check: flag },
};
export const MEMBER_CHANGE = memberChange;

const monitorCommon: Fields = {
  ...labels,
  http_method: { check: text(LONG) },
  url_path: { check: text(LONG) },
  expected_codes: { check: text(LONG) },
  http_version: {},
  domain_name: { check: text(LONG) },
};
const retries = whole(1, 10);
const monitorInside: Fields = {
  ...monitorCommon,
  type: { check: among(...MONITOR_TYPES), must: true },
  delay: { check: whole(0), must: true },
  timeout: { check: whole(0), must: true },
  max_retries: { check: retries, must: true },
  max_retries_down: { check: retries },
};
export const MONITOR: Fields = { ...monitorInside, ...owned, pool_id: { check: uuid, must: true } };
export const MONITOR_CHANGE: Fields = {
  ...monitorCommon,
  delay: { check: whole(0) },
  timeout: { check: whole(0) },
  max_retries: { check: retries },
  max_retries_down: { check: retries },
};

const poolCommon: Fields = {
  ...described,
  lb_algorithm: { check: among(...ALGORITHMS) },
  session_persistence: {},
  tls_container_ref: { check: text(LONG) },
  ca_tls_container_ref: { check: text(LONG) },
  crl_container_ref: { check: text(LONG) },
  tls_enabled: { check: flag },
  tls_ciphers: { check: text(2048) },
  tls_versions: { check: texts(LONG) },
  alpn_protocols: { check: texts(LONG) },
};
/** Inside a create call a name alone refers to another pool, so nothing is mandatory. */
const poolInside: Fields = {
  ...poolCommon,
  protocol: { check: among(...POOL_PROTOCOLS) },
  healthmonitor: { of: monitorInside },
  members: { of: MEMBER, list: true },
};
export const POOL: Fields = {
  ...poolInside,
  ...owned,
  protocol: { check: among(...POOL_PROTOCOLS), must: true },
  lb_algorithm: { check: among(...ALGORITHMS), must: true },
  listener_id: { check: uuid },
  loadbalancer_id: { check: uuid },
};
export const POOL_CHANGE = poolCommon;

const listenerCommon: Fields = {
  ...described,
  connection_limit: { check: whole(-1) },
  default_pool_id: { check: uuid },
  default_tls_container_ref: { check: text(LONG) },
  sni_container_refs: { check: texts(LONG) },
  insert_headers: {},
  timeout_client_data: { check: whole(0) },
  timeout_member_connect: { check: whole(0) },
  timeout_member_data: { check: whole(0) },
  timeout_tcp_inspect: { check: whole(0) },
  client_ca_tls_container_ref: { check: text(LONG) },
  client_authentication: { check: among("NONE", "OPTIONAL", "MANDATORY") },
  client_crl_container_ref: { check: text(LONG) },
  allowed_cidrs: { check: texts(LONG) },
  tls_ciphers: { check: text(2048) },
  tls_versions: { check: texts(LONG) },
  alpn_protocols: { check: texts(LONG) },
  hsts_max_age: { check: whole(0) },
  hsts_include_subdomains: { check: flag },
  hsts_preload: { check: flag },
};
const listenerInside: Fields = {
  ...listenerCommon,
  protocol: { check: among(...LISTENER_PROTOCOLS), must: true },
  protocol_port: { check: PORT, must: true },
  default_pool: { of: poolInside },
  l7policies: { check: list },
};
export const LISTENER: Fields = { ...listenerInside, ...owned, loadbalancer_id: { check: uuid, must: true } };
export const LISTENER_CHANGE = listenerCommon;

const balancerCommon: Fields = { ...described, vip_qos_policy_id: { check: uuid }, vip_sg_ids: { check: uuids } };
export const BALANCER: Fields = {
  ...balancerCommon,
  ...owned,
  provider: { check: text(64) },
  flavor_id: { check: uuid },
  availability_zone: { check: text(LONG) },
  vip_address: { check: address },
  vip_port_id: { check: uuid },
  vip_subnet_id: { check: uuid },
  vip_network_id: { check: uuid },
  additional_vips: { check: list },
  listeners: { of: listenerInside, list: true },
  pools: { of: poolInside, list: true },
};
export const BALANCER_CHANGE = balancerCommon;
