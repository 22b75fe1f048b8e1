import type { World } from "./core.ts";
import { type Json, numberAt, textAt } from "./json.ts";
import { balancerOf } from "./octavia-family.ts";
import { missing, mutable, own, room } from "./octavia-faults.ts";
import { inputOf } from "./octavia-input.ts";
import { POLICY, POLICY_CHANGE, targetIn } from "./octavia-l7-fields.ts";
import { fieldsOf, list } from "./octavia-list.ts";
import { labelsOf } from "./octavia-new.ts";
import { bornOf, type Listener, type Policy, policiesOn, put, type Tables } from "./octavia-rows.ts";
import { poolFits } from "./octavia-rules.ts";
import { policyView } from "./octavia-views.ts";
import { carry } from "./octavia-work.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const PATH = "/v2/lbaas/l7policies";

/** Policies are numbered from 1, without gaps. */
function number(tables: Tables, listener: string, moved?: Policy, to?: number): void {
  const others = policiesOn(tables, listener).filter((one) => one !== moved);
  if (moved !== undefined) others.splice(Math.max(0, (to ?? others.length + 1) - 1), 0, moved);
  others.forEach((one, at) => {
    one.position = at + 1;
  });
}

function listenerOf(tables: Tables, id: string): Listener {
  const listener = tables.listeners.get(id);
  if (listener === undefined) throw missing("Listener", id);
  return listener;
}

function checkPool(tables: Tables, listener: Listener, asked: Json): void {
  const id = textAt(asked, "redirect_pool_id");
  if (id === undefined) return;
  const pool = tables.pools.get(id);
  if (pool === undefined) throw missing("Pool", id);
  poolFits(listener, pool);
}

function hold(world: World, tables: Tables, row: Policy, verb: "CREATE" | "UPDATE" | "DELETE"): void {
  const lb = tables.balancers.get(row.lb);
  if (lb !== undefined) carry(world, lb, [{ kind: "l7policy", row, verb }], [listenerOf(tables, row.listener)]);
}

function create(world: World, tables: Tables, request: SandboxRequest): Policy {
  const asked = inputOf(request, "l7policy_", "l7policy", POLICY);
  const listener = listenerOf(tables, textAt(asked, "listener_id") ?? "");
  const lb = balancerOf(tables, request, listener.lb);
  checkPool(tables, listener, asked);
  room(world, lb.project_id, "l7policy");
  const target = targetIn(asked);
  mutable(lb);
  if (lb.provider === "ovn") {
    const why = "This provider does not support creating l7policies.";
    throw new Fault(501, `Provider 'ovn' does not support a requested action: ${why}`);
  }
  const row = tables.policies.add({
    id: world.uuid(),
    project_id: lb.project_id,
    lb: lb.id,
    known: false,
    settings: {},
    listener: listener.id,
    position: 0,
    ...target,
    ...labelsOf(asked),
    ...bornOf(world),
  });
  number(tables, listener.id, row, numberAt(asked, "position"));
  hold(world, tables, row, "CREATE");
  return row;
}

function update(world: World, tables: Tables, request: SandboxRequest, row: Policy): void {
  const asked = inputOf(request, "l7policy_", "l7policy", POLICY_CHANGE);
  const lb = balancerOf(tables, request, row.lb);
  const target = targetIn(asked, row);
  checkPool(tables, listenerOf(tables, row.listener), asked);
  mutable(lb);
  const labels = Object.entries(labelsOf(asked)).filter(([name]) => name in asked);
  put<Policy>(world, row, { ...target, ...Object.fromEntries(labels) });
  const position = numberAt(asked, "position");
  if (position !== undefined) number(tables, row.listener, row, position);
  hold(world, tables, row, "UPDATE");
}

/** Policies of a listener, as an amphora has them. Source: octavia/api/v2/controllers/l7policy.py. */
export function policies(world: World, tables: Tables): Readonly<Record<string, Handle>> {
  const find = (request: SandboxRequest, id: string) => own(request, tables.policies, "L7 Policy", id);
  const view = (row: Policy) => policyView(tables, row);
  const extra = (row: Policy) => ({ listener_id: row.listener });
  return {
    [`GET ${PATH}`]: (request) => ({
      status: 200,
      body: list(world, request, "l7policies", tables.policies.listed(), view, extra),
    }),
    [`POST ${PATH}`]: (request) => ({ status: 201, body: { l7policy: view(create(world, tables, request)) } }),
    [`GET ${PATH}/:id`]: (request, { id = "" }) => ({
      status: 200,
      body: { l7policy: fieldsOf(request, view(find(request, id))) },
    }),
    [`PUT ${PATH}/:id`]: (request, { id = "" }) => {
      const row = find(request, id);
      update(world, tables, request, row);
      return { status: 200, body: { l7policy: view(row) } };
    },
    [`DELETE ${PATH}/:id`]: (request, { id = "" }) => {
      const row = find(request, id);
      mutable(balancerOf(tables, request, row.lb));
      hold(world, tables, row, "DELETE");
      return { status: 204 };
    },
  };
}
