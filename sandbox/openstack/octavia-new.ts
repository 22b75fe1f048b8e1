import type { World } from "./core.ts";
import { booleanAt, type Json, numberAt, textAt, textsAt } from "./json.ts";
import type { Fields } from "./octavia-input.ts";
import { kept } from "./octavia-options.ts";
import type { OctaviaRow } from "./octavia-rows.ts";
import { bornOf, type Listener, type LoadBalancer, type Member, type Monitor, type Pool, put } from "./octavia-rows.ts";

/** Fields that nothing here acts on, with their defaults. */
const SETTINGS = {
  listener: {
    connection_limit: -1,
    insert_headers: {},
    timeout_client_data: 50_000,
    timeout_member_connect: 5000,
    timeout_member_data: 50_000,
    timeout_tcp_inspect: 0,
    default_tls_container_ref: null,
    sni_container_refs: [],
    client_ca_tls_container_ref: null,
    client_authentication: "NONE",
    client_crl_container_ref: null,
    allowed_cidrs: null,
    tls_ciphers: null,
    tls_versions: null,
    alpn_protocols: null,
    hsts_max_age: null,
    hsts_include_subdomains: false,
    hsts_preload: false,
  },
  pool: {
    session_persistence: null,
    tls_container_ref: null,
    ca_tls_container_ref: null,
    crl_container_ref: null,
    tls_enabled: false,
    tls_ciphers: null,
    tls_versions: null,
    alpn_protocols: null,
  },
  member: { weight: 1, backup: false, monitor_address: null, monitor_port: null },
  monitor: { http_method: null, url_path: null, expected_codes: null, http_version: null, domain_name: null },
};
/** Of fields that something here acts on. */
const OWN: Json = { max_retries_down: 3 };
const HTTP = { http_method: "GET", url_path: "/", expected_codes: "200" };

const settingsOf = (defaults: Json, asked: Json): Json =>
  Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, kept(name, asked[name]) ?? value]));

/** What the caller says of any object. `null` clears a text, and switches off. */
export const labelsOf = (asked: Json) => ({
  name: textAt(asked, "name") ?? "",
  description: textAt(asked, "description") ?? "",
  admin_state_up: asked["admin_state_up"] === undefined || booleanAt(asked, "admin_state_up") === true,
  tags: [...new Set(textsAt(asked, "tags"))],
});

const partOf = (world: World, lb: LoadBalancer, asked: Json, defaults: Json) => ({
  id: world.uuid(),
  project_id: lb.project_id,
  lb: lb.id,
  known: false,
  settings: settingsOf(defaults, asked),
  ...labelsOf(asked),
  ...bornOf(world),
});

export const newListener = (world: World, lb: LoadBalancer, asked: Json): Listener => ({
  ...partOf(world, lb, asked, SETTINGS.listener),
  protocol: textAt(asked, "protocol") ?? "",
  protocol_port: numberAt(asked, "protocol_port") ?? 0,
  default_pool_id: textAt(asked, "default_pool_id") ?? null,
});

export const newPool = (world: World, lb: LoadBalancer, asked: Json): Pool => ({
  ...partOf(world, lb, asked, SETTINGS.pool),
  protocol: textAt(asked, "protocol") ?? "",
  lb_algorithm: textAt(asked, "lb_algorithm") ?? "",
});

export const newMember = (world: World, pool: Pool, lb: LoadBalancer, asked: Json, monitored: boolean): Member => ({
  ...partOf(world, lb, asked, SETTINGS.member),
  operating_status: monitored ? "OFFLINE" : "NO_MONITOR",
  pool: pool.id,
  address: textAt(asked, "address") ?? "",
  protocol_port: numberAt(asked, "protocol_port") ?? 0,
  subnet_id: textAt(asked, "subnet_id") ?? null,
  agreedMs: world.nowMs(),
});

export function newMonitor(world: World, pool: Pool, lb: LoadBalancer, asked: Json): Monitor {
  const type = textAt(asked, "type") ?? "";
  return {
    ...partOf(world, lb, asked, { ...SETTINGS.monitor, ...(type.startsWith("HTTP") ? HTTP : {}) }),
    pool: pool.id,
    type,
    delay: numberAt(asked, "delay") ?? 0,
    timeout: numberAt(asked, "timeout") ?? 0,
    max_retries: numberAt(asked, "max_retries") ?? 0,
    max_retries_down: numberAt(asked, "max_retries_down") ?? 3,
  };
}

/** What a null brings back; of a monitor that asks for no page those of one that does, as the real one. */
const usual = (): Json => Object.assign({}, ...Object.values(SETTINGS), HTTP);

/** Writes what an update names. `fields` are those that it may name. */
export function rewrite<T extends OctaviaRow>(world: World, row: T, asked: Json, fields: Fields): void {
  const labels = Object.entries(labelsOf(asked)).filter(([name]) => name in asked);
  const own = Object.keys(fields).filter((name) => name in asked && name in row && !(name in labelsOf({})));
  const change = Object.fromEntries([
    ...labels,
    ...own.map((name) => [name, asked[name] ?? OWN[name] ?? null] as const),
  ]);
  put<OctaviaRow>(world, row, change);
  if (!("settings" in row)) return;
  const named = Object.entries(row.settings as Json).map(([name, value]) => {
    const wanted = asked[name];
    if (wanted === undefined) return [name, value] as const;
    return [name, kept(name, wanted, value) ?? usual()[name]] as const;
  });
  Object.assign(row, { settings: Object.fromEntries(named) });
}
