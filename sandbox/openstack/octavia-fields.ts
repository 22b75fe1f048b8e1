import { rangeOf } from "./ip.ts";
import {
  address,
  among,
  type Check,
  type Fields,
  flag,
  list,
  matching,
  text,
  texts,
  uuid,
  uuids,
  whole,
} from "./octavia-input.ts";

const LONG = 255;
const PORT = whole(1, 65_535);
const labels: Fields = { name: { check: text(LONG) }, admin_state_up: { check: flag }, tags: { check: texts(LONG) } };
const described: Fields = { ...labels, description: { check: text(LONG) } };
const owned: Fields = { project_id: { check: text(36) }, tenant_id: { check: text(36) } };

export const ALGORITHMS = ["SOURCE_IP_PORT", "LEAST_CONNECTIONS", "SOURCE_IP", "ROUND_ROBIN"] as const;
const LISTENER_PROTOCOLS = ["SCTP", "HTTPS", "HTTP", "PROMETHEUS", "TCP", "TERMINATED_HTTPS", "UDP"];
const POOL_PROTOCOLS = ["SCTP", "HTTPS", "HTTP", "PROXY", "PROXYV2", "TCP", "UDP"];
const MONITOR_TYPES = ["HTTP", "HTTPS", "PING", "SCTP", "TCP", "TLS-HELLO", "UDP-CONNECT"];

const METHODS = ["HEAD", "GET", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "PATCH", "CONNECT"];
const PERSISTENCES = ["SOURCE_IP", "HTTP_COOKIE", "APP_COOKIE"];
const TIMEOUT = whole(0, 24 * 24 * 60 * 60 * 1000);

const urlPath: Check = (value) =>
  typeof value === "string" && /^\/(?!\/)\S*$/.test(value)
    ? undefined
    : { field: "Value must be a valid URL Path string" };
const cidrs: Check = (value) => {
  if (!Array.isArray(value)) return list(value);
  const fits = value.every((one) => String(one).includes(":") || rangeOf(String(one)) !== undefined);
  return fits ? undefined : { field: "Value should be IPv4 or IPv6 CIDR format" };
};

const version: Check = (value) =>
  value === 1 || value === 1.1
    ? undefined
    : {
        field: "Value should be one of: 1.0, 1.1",
        // Python's floats show that they are.
        ...(Number.isInteger(value) ? { value: `${value}.0` } : {}),
      };

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
  http_method: { check: among(...METHODS) },
  url_path: { check: urlPath },
  expected_codes: { check: matching(/^(\d{3}(\s*,\s*\d{3})*)$|^(\d{3}-\d{3})$/) },
  http_version: { check: version },
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

const persistence: Fields = {
  type: { check: among(...PERSISTENCES) },
  cookie_name: { check: text(LONG) },
  persistence_timeout: { check: whole(Number.NEGATIVE_INFINITY) },
  persistence_granularity: { check: address },
};
const poolCommon: Fields = {
  ...described,
  lb_algorithm: { check: among(...ALGORITHMS) },
  session_persistence: { of: persistence },
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
  session_persistence: { of: { ...persistence, type: { check: among(...PERSISTENCES), must: true } } },
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
  timeout_client_data: { check: TIMEOUT },
  timeout_member_connect: { check: TIMEOUT },
  timeout_member_data: { check: TIMEOUT },
  timeout_tcp_inspect: { check: TIMEOUT },
  client_ca_tls_container_ref: { check: text(LONG) },
  client_authentication: { check: among("NONE", "OPTIONAL", "MANDATORY") },
  client_crl_container_ref: { check: text(LONG) },
  allowed_cidrs: { check: cidrs },
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
