import type { World } from "./core.ts";
import { isoOf, type Json } from "./json.ts";
import type { Row, Table } from "./table.ts";

/** What all of Octavia's objects carry. */
export interface OctaviaRow extends Row {
  name: string;
  description: string;
  provisioning_status: string;
  operating_status: string;
  admin_state_up: boolean;
  tags: readonly string[];
  readonly created_at: string;
  updated_at: string | null;
}

export interface LoadBalancer extends OctaviaRow {
  readonly provider: string;
  readonly vip_address: string;
  readonly vip_port_id: string;
  readonly vip_subnet_id: string;
  readonly vip_network_id: string;
  /** False if the caller brought the port along. */
  readonly ownsPort: boolean;
  /** The port of the amphora beside the VIP. */
  vrrpPort: string | undefined;
  /** The provider does one thing after the other: when it is done with all that it was asked so far. */
  busyUntilMs: number;
  /** When the amphora last said what it sees. */
  reportedMs: number;
}

/** What hangs on a load balancer. */
export interface Part extends OctaviaRow {
  readonly lb: string;
  /** Whether the provider has made it: until then it is left out of what the provider reports. */
  known: boolean;
  /** Fields that nothing here acts on, as the caller sees them. */
  settings: Json;
}

export interface Listener extends Part {
  readonly protocol: string;
  readonly protocol_port: number;
  default_pool_id: string | null;
}

export interface Pool extends Part {
  readonly protocol: string;
  lb_algorithm: string;
}

export interface Member extends Part {
  readonly pool: string;
  readonly address: string;
  readonly protocol_port: number;
  readonly subnet_id: string | null;
  /** When the probes last agreed with its operating status. */
  agreedMs: number;
}

export interface Monitor extends Part {
  readonly pool: string;
  readonly type: string;
  delay: number;
  timeout: number;
  max_retries: number;
  max_retries_down: number;
}

export interface Policy extends Part {
  readonly listener: string;
  position: number;
  action: string;
  redirect_pool_id: string | null;
  redirect_url: string | null;
  redirect_prefix: string | null;
  redirect_http_code: number | null;
}

export interface Rule extends Part {
  readonly policy: string;
  type: string;
  compare_type: string;
  key: string | null;
  value: string;
  invert: boolean;
}

/** A part with its table's name. */
export type Piece =
  | { readonly kind: "listener"; readonly row: Listener }
  | { readonly kind: "pool"; readonly row: Pool }
  | { readonly kind: "member"; readonly row: Member }
  | { readonly kind: "health-monitor"; readonly row: Monitor }
  | { readonly kind: "l7policy"; readonly row: Policy }
  | { readonly kind: "l7rule"; readonly row: Rule };

const describe = (row: OctaviaRow) => ({ status: row.provisioning_status });

export interface Tables {
  readonly balancers: Table<LoadBalancer>;
  readonly listeners: Table<Listener>;
  readonly pools: Table<Pool>;
  readonly members: Table<Member>;
  readonly monitors: Table<Monitor>;
  readonly policies: Table<Policy>;
  readonly rules: Table<Rule>;
}

export const tablesOf = (world: World): Tables => ({
  balancers: world.table<LoadBalancer>("load-balancer", describe),
  listeners: world.table<Listener>("listener", describe),
  pools: world.table<Pool>("pool", describe),
  members: world.table<Member>("member", describe),
  monitors: world.table<Monitor>("health-monitor", describe),
  policies: world.table<Policy>("l7policy", describe),
  rules: world.table<Rule>("l7rule", describe),
});

/** Octavia writes its times without a zone. */
export const stampOf = (world: World): string => isoOf(world.nowMs()).slice(0, -1);

export const bornOf = (world: World) => ({
  provisioning_status: "PENDING_CREATE",
  operating_status: "OFFLINE",
  created_at: stampOf(world),
  updated_at: null,
});

export function put<T extends OctaviaRow>(world: World, row: T, change: Partial<T>): void {
  Object.assign(row, change, { updated_at: stampOf(world) });
}

export const listenersOn = (tables: Tables, lb: string) => tables.listeners.all().filter((one) => one.lb === lb);
export const poolsOn = (tables: Tables, lb: string) => tables.pools.all().filter((one) => one.lb === lb);
export const membersOn = (tables: Tables, lb: string) => tables.members.all().filter((one) => one.lb === lb);
export const membersIn = (tables: Tables, pool: string) => tables.members.all().filter((one) => one.pool === pool);
export const monitorOf = (tables: Tables, pool: string) => tables.monitors.all().find((one) => one.pool === pool);
export const listenersTo = (tables: Tables, pool: string) =>
  tables.listeners.all().filter((one) => one.default_pool_id === pool);
export const policiesOn = (tables: Tables, listener: string) =>
  tables.policies
    .all()
    .filter((one) => one.listener === listener)
    .sort((a, b) => a.position - b.position);
export const rulesOf = (tables: Tables, policy: string) => tables.rules.all().filter((one) => one.policy === policy);

/** Takes a policy out of the tables, with its rules. */
export function forgetPolicy(tables: Tables, policy: Policy): void {
  for (const rule of rulesOf(tables, policy.id)) tables.rules.remove(rule.id);
  tables.policies.remove(policy.id);
  policiesOn(tables, policy.listener).forEach((one, at) => {
    one.position = at + 1;
  });
}

/** Takes a listener out of the tables, with its policies. */
export function forgetListener(tables: Tables, id: string): void {
  for (const policy of policiesOn(tables, id)) forgetPolicy(tables, policy);
  tables.listeners.remove(id);
}

/** Takes a pool out of the tables, with all that hangs on it. */
export function forgetPool(tables: Tables, id: string): void {
  for (const member of membersIn(tables, id)) tables.members.remove(member.id);
  const monitor = monitorOf(tables, id);
  if (monitor !== undefined) tables.monitors.remove(monitor.id);
  for (const listener of listenersTo(tables, id)) listener.default_pool_id = null;
  tables.pools.remove(id);
}

/** Takes all that hangs on a load balancer out of the tables. */
export function forgetParts(tables: Tables, lb: string): void {
  for (const pool of poolsOn(tables, lb)) forgetPool(tables, pool.id);
  for (const listener of listenersOn(tables, lb)) forgetListener(tables, listener.id);
}
