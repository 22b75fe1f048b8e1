import type { World } from "./core.ts";
import { type Json, textAt } from "./json.ts";
import { balancerOf, type Family, routesOf } from "./octavia-family.ts";
import { conflict, invalid, missing, mutable, own, poolMutable, room } from "./octavia-faults.ts";
import { LISTENER, LISTENER_CHANGE, MONITOR, MONITOR_CHANGE, POOL, POOL_CHANGE } from "./octavia-fields.ts";
import { newListener, newMonitor, newPool } from "./octavia-new.ts";
import { checkDelay, checkListener, checkPersistence, checkVersion } from "./octavia-options.ts";
import { providerOf } from "./octavia-providers.ts";
import {
  type Listener,
  type LoadBalancer,
  listenersOn,
  listenersTo,
  type Monitor,
  monitorOf,
  type Pool,
  type Tables,
} from "./octavia-rows.ts";
import { monitorFields, monitorFits, monitorKept, poolFits, portFree } from "./octavia-rules.ts";
import { listenerView, monitorView, poolView, QUIET } from "./octavia-views.ts";
import { around, carry } from "./octavia-work.ts";
import { Fault, type Handle } from "./service.ts";

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
    view: (row) => listenerView(tables, row),
    extra: (row) => ({ loadbalancer_id: row.lb }),
    create(request, asked) {
      const lb = balancerOf(tables, request, textAt(asked, "loadbalancer_id") ?? "");
      room(world, lb.project_id, "listener");
      const row = newListener(world, lb, asked);
      pooled(lb, row.protocol, asked);
      mutable(lb);
      checkListener(row, asked, true);
      portFree(listenersOn(tables, lb.id), row);
      providerOf(lb.provider).listener(asked);
      tables.listeners.add(row);
      carry(world, lb, [{ kind: "listener", row, verb: "CREATE" }]);
      return row;
    },
    check(lb, row, asked) {
      checkListener(row, asked, false);
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
      checkPersistence(row.protocol, asked, true);
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
    check(lb, row, asked) {
      const user = tables.policies.all().find((policy) => policy.redirect_pool_id === row.id);
      if (user !== undefined && Object.keys(asked).length === 0)
        throw conflict(`Pool ${row.id} is in use by L7 policy ${user.id}`);
      checkPersistence(row.protocol, asked, false);
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
      checkDelay(asked);
      room(world, lb.project_id, "health_monitor");
      poolMutable(pool);
      mutable(lb);
      monitorFields(row, asked);
      checkVersion(asked);
      if (monitorOf(tables, pool.id) !== undefined) throw conflict("This pool already has a health monitor");
      providerOf(lb.provider).monitor(asked);
      tables.monitors.add(row);
      carry(world, lb, [{ kind: "health-monitor", row, verb: "CREATE" }], around(tables, pool.id));
      return row;
    },
    check(lb, row, asked) {
      monitorFields(row, asked, row);
      monitorKept(asked);
      checkVersion(asked, row);
      poolMutable(poolOf(row.pool));
      mutable(lb);
    },
    held: (row) => around(tables, row.pool),
  };
}

export const parts = (world: World, tables: Tables): Readonly<Record<string, Handle>> => ({
  ...routesOf(world, tables, listeners(world, tables)),
  "GET /v2/lbaas/listeners/:id/stats": (request, { id = "" }) => {
    own(request, tables.listeners, "Listener", id);
    return { status: 200, body: { stats: QUIET } };
  },
  ...routesOf(world, tables, pools(world, tables)),
  ...routesOf(world, tables, monitors(world, tables)),
});
