import type { World } from "./core.ts";
import { type Json, textAt } from "./json.ts";
import { conflict, missing, mutable, mayUse, own, poolMutable, invalid, room } from "./octavia-faults.ts";
import {
  LISTENER,
  LISTENER_CHANGE,
  MONITOR,
  MONITOR_CHANGE,
  POOL,
  POOL_CHANGE,
} from "./octavia-fields.ts";
import { type Fields, inputOf } from "./octavia-input.ts";
import { fieldsOf, list } from "./octavia-list.ts";
import { newListener, newMonitor, newPool, rewrite } from "./octavia-new.ts";
import { look } from "./octavia-operating.ts";
import { providerOf } from "./octavia-providers.ts";
import {
  type Listener,
  type LoadBalancer,
  listenersOn,
  listenersTo,
  type Monitor,
  monitorOf,
  type Part,
  type Piece,
  type Pool,
  type Tables,
} from "./octavia-rows.ts";
import { monitorFields, monitorFits, monitorKept, poolFits, portFree } from "./octavia-rules.ts";
import { listenerView, monitorView, poolView } from "./octavia-views.ts";
import { around, carry } from "./octavia-work.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";
import type { Table } from "./table.ts";

/** One family of parts below `/v2/lbaas`. */
interface Family<T extends Part> {
  readonly many: string;
  readonly one: string;
  /** The argument's name in faults. */
  readonly argument: string;
  readonly title: string;
  readonly table: Table<T>;
  readonly fields: Fields;
  readonly changes: Fields;
  piece(row: T): Piece;
  view(row: T): Json;
  /** What listings can be filtered by beside what they show. */
  extra(row: T): Json;
  create(request: SandboxRequest, asked: Json): T;
  /** Refuses an update. */
  check(lb: LoadBalancer, row: T, asked: Json): void;
  /** What a change holds up beside the part and its load balancer. */
  held(row: T): readonly (Listener | Pool)[];
}

/** The load balancer of a part, looked up for a caller and ready for a change. */
export function balancerOf(tables: Tables, request: SandboxRequest, id: string): LoadBalancer {
  const lb = tables.balancers.get(id);
  if (lb === undefined) throw missing("Load Balancer", id);
  mayUse(request, lb.project_id);
  return lb;
}

function routesOf<T extends Part>(world: World, tables: Tables, of: Family<T>): Readonly<Record<string, Handle>> {
  const path = `/v2/lbaas/${of.many}`;
  const ready = (row: T): LoadBalancer => {
    const lb = tables.balancers.get(row.lb);
    if (lb === undefined) throw missing("Load Balancer", row.lb);
    return lb;
  };
  return {
    [`GET ${path}`]: (request) => {
      for (const lb of tables.balancers.all()) look(world, tables, lb);
      return { status: 200, body: list(world, request, of.many, of.table.listed(), of.view, of.extra) };
    },
    [`POST ${path}`]: (request) => {
      const row = of.create(request, inputOf(request, of.argument, of.one, of.fields));
      return { status: 201, body: { [of.one]: of.view(row) } };
    },
    [`GET ${path}/:id`]: (request, { id = "" }) => {
      const row = own(request, of.table, of.title, id);
      look(world, tables, ready(row));
      return { status: 200, body: { [of.one]: fieldsOf(request, of.view(row)) } };
    },
    [`PUT ${path}/:id`]: (request, { id = "" }) => {
      const asked = inputOf(request, of.argument, of.one, of.changes);
      const row = own(request, of.table, of.title, id);
      const lb = ready(row);
      of.check(lb, row, asked);
      rewrite(world, row, asked, of.changes);
      carry(world, lb, [{ ...of.piece(row), verb: "UPDATE", toggled: "admin_state_up" in asked }], of.held(row));
      return { status: 200, body: { [of.one]: of.view(row) } };
    },
    [`DELETE ${path}/:id`]: (request, { id = "" }) => {
      const row = own(request, of.table, of.title, id);
      const lb = ready(row);
      if (of.one === "healthmonitor") of.check(lb, row, {});
      else mutable(lb);
      carry(world, lb, [{ ...of.piece(row), verb: "DELETE" }], of.held(row));
      return { status: 204 };
    },
  };
}

function listeners(world: World, tables: Tables): Family<Listener> {
  const pooled = (lb: LoadBalancer, protocol: string, asked: Json) => {
    const id = textAt(asked, "default_pool_id");
    if (id === undefined) return;
    const pool = tables.pools.get(id);
    if (pool?.lb !== lb.id) throw missing("Pool", id);
    poolFits({ protocol }, pool);
  };
  return {
    many: "listeners",
    one: "listener",
    argument: "listener_",
    title: "Listener",
    table: tables.listeners,
    fields: LISTENER,
    changes: LISTENER_CHANGE,
    piece: (row) => ({ kind: "listener", row }),
    view: listenerView,
    extra: (row) => ({ loadbalancer_id: row.lb }),
    create(request, asked) {
      const lb = balancerOf(tables, request, textAt(asked, "loadbalancer_id") ?? "");
      room(world, lb.project_id, "listener");
      const row = newListener(world, lb, asked);
      pooled(lb, row.protocol, asked);
      mutable(lb);
      portFree(listenersOn(tables, lb.id), row);
      providerOf(lb.provider).listener(asked);
      tables.listeners.add(row);
      carry(world, lb, [{ kind: "listener", row, verb: "CREATE" }]);
      return row;
    },
    check(lb, row, asked) {
      pooled(lb, row.protocol, asked);
      mutable(lb);
      providerOf(lb.provider).listener(asked);
    },
    held: () => [],
  };
}

function pools(world: World, tables: Tables): Family<Pool> {
  return {
    many: "pools",
    one: "pool",
    argument: "pool_",
    title: "Pool",
    table: tables.pools,
    fields: POOL,
    changes: POOL_CHANGE,
    piece: (row) => ({ kind: "pool", row }),
    view: (row) => poolView(tables, row),
    extra: (row) => ({ loadbalancer_id: row.lb }),
    create(request, asked) {
      const [lbId, listenerId] = [textAt(asked, "loadbalancer_id"), textAt(asked, "listener_id")];
      const listener = listenerId === undefined ? undefined : tables.listeners.get(listenerId);
      if (lbId === undefined && listenerId === undefined)
        throw invalid("Must provide at least one of: loadbalancer_id, listener_id");
      // The real one doesn't look whether it found the listener.
      if (lbId === undefined && listener === undefined)
        throw new Fault(500, "'NoneType' object has no attribute 'load_balancer_id'");
      const lb = balancerOf(tables, request, lbId ?? listener?.lb ?? "");
      const row = newPool(world, lb, asked);
      if (listener !== undefined) poolFits(listener, row);
      room(world, lb.project_id, "pool");
      if ((listener?.default_pool_id ?? null) !== null) throw conflict("This listener already has a default pool");
      mutable(lb);
      providerOf(lb.provider).pool(asked);
      tables.pools.add(row);
      if (listener !== undefined) listener.default_pool_id = row.id;
      const held = listener === undefined ? [] : [listener];
      carry(world, lb, [{ kind: "pool", row, verb: "CREATE", toggled: listener !== undefined }], held);
      return row;
    },
    check(lb, _row, asked) {
      mutable(lb);
      providerOf(lb.provider).pool(asked);
    },
    held: (row) => listenersTo(tables, row.id),
  };
}

function monitors(world: World, tables: Tables): Family<Monitor> {
  const poolOf = (id: string): Pool => {
    const pool = tables.pools.get(id);
    if (pool === undefined) throw missing("Pool", id);
    return pool;
  };
  return {
    many: "healthmonitors",
    one: "healthmonitor",
    argument: "health_monitor_",
    title: "Health Monitor",
    table: tables.monitors,
    fields: MONITOR,
    changes: MONITOR_CHANGE,
    piece: (row) => ({ kind: "health-monitor", row }),
    view: monitorView,
    extra: (row) => ({ pool_id: row.pool }),
    create(request, asked) {
      const pool = poolOf(textAt(asked, "pool_id") ?? "");
      const lb = balancerOf(tables, request, pool.lb);
      const row = newMonitor(world, pool, lb, asked);
      monitorFits(pool, row.type);
      room(world, lb.project_id, "health_monitor");
      poolMutable(pool);
      mutable(lb);
      monitorFields(row, asked);
      if (monitorOf(tables, pool.id) !== undefined) throw conflict("This pool already has a health monitor");
      providerOf(lb.provider).monitor(asked);
      tables.monitors.add(row);
      carry(world, lb, [{ kind: "health-monitor", row, verb: "CREATE" }], around(tables, pool.id));
      return row;
    },
    check(lb, row, asked) {
      monitorFields(row, asked);
      monitorKept(asked);
      poolMutable(poolOf(row.pool));
      mutable(lb);
    },
    held: (row) => around(tables, row.pool),
  };
}

export const parts = (world: World, tables: Tables): Readonly<Record<string, Handle>> => ({
  ...routesOf(world, tables, listeners(world, tables)),
  ...routesOf(world, tables, pools(world, tables)),
  ...routesOf(world, tables, monitors(world, tables)),
});
