import type { World } from "./core.ts";
import { booleanAt, type Json, textAt } from "./json.ts";
import { balancerOf } from "./octavia-family.ts";
import { conflict, missing, mutable, own, PECAN, room } from "./octavia-faults.ts";
import { inputOf } from "./octavia-input.ts";
import { checkRule, RULE, RULE_CHANGE } from "./octavia-l7-fields.ts";
import { fieldsOf, list } from "./octavia-list.ts";
import { labelsOf } from "./octavia-new.ts";
import { bornOf, type LoadBalancer, type Policy, put, type Rule, rulesOf, type Tables } from "./octavia-rows.ts";
import { ruleView } from "./octavia-views.ts";
import { carry } from "./octavia-work.ts";
import type { Handle, SandboxRequest } from "./service.ts";

const PATH = "/v2/lbaas/l7policies/:policy/rules";
const RULES_MAX = 50;
const OWN = ["type", "compare_type", "key", "value"];

interface Place {
  readonly policy: Policy;
  readonly lb: LoadBalancer;
}

function placeOf(tables: Tables, request: SandboxRequest, id: string): Place {
  const policy = tables.policies.get(id);
  if (policy === undefined) throw missing("L7Policy", id, PECAN);
  return { policy, lb: balancerOf(tables, request, policy.lb) };
}

function ready({ policy, lb }: Place): void {
  if (policy.provisioning_status !== "ACTIVE")
    throw conflict(`L7Policy ${policy.id} is immutable and cannot be updated.`);
  mutable(lb);
}

function hold(world: World, tables: Tables, place: Place, row: Rule, verb: "CREATE" | "UPDATE" | "DELETE"): void {
  const listener = tables.listeners.get(place.policy.listener);
  const held = listener === undefined ? [place.policy] : [place.policy, listener];
  carry(world, place.lb, [{ kind: "l7rule", row, verb }], held);
}

function create(world: World, tables: Tables, request: SandboxRequest, place: Place): Rule {
  const asked = inputOf(request, "rule_", "rule", RULE);
  const { policy, lb } = place;
  checkRule(asked);
  if (rulesOf(tables, policy.id).length >= RULES_MAX) throw conflict(`Too many rules on L7 policy ${policy.id}`);
  room(world, lb.project_id, "l7rule");
  ready(place);
  const row = tables.rules.add({
    id: world.uuid(),
    project_id: lb.project_id,
    lb: lb.id,
    known: false,
    settings: {},
    policy: policy.id,
    type: textAt(asked, "type") ?? "",
    compare_type: textAt(asked, "compare_type") ?? "",
    key: textAt(asked, "key") ?? null,
    value: textAt(asked, "value") ?? "",
    invert: booleanAt(asked, "invert") === true,
    ...labelsOf(asked),
    ...bornOf(world),
  });
  hold(world, tables, place, row, "CREATE");
  return row;
}

function update(world: World, tables: Tables, request: SandboxRequest, place: Place, row: Rule): void {
  const asked = inputOf(request, "rule_", "rule", RULE_CHANGE);
  const merged: Json = { ...row, ...asked };
  checkRule(merged);
  ready(place);
  const labels = Object.entries(labelsOf(asked)).filter(([name]) => name in asked);
  const own = OWN.filter((name) => name in asked).map((name) => [name, asked[name]] as const);
  put<Rule>(world, row, {
    ...Object.fromEntries([...labels, ...own]),
    invert: "invert" in asked ? booleanAt(asked, "invert") === true : row.invert,
  });
  hold(world, tables, place, row, "UPDATE");
}

/** Rules of a policy. Source: octavia/api/v2/controllers/l7rule.py. */
export function policyRules(world: World, tables: Tables): Readonly<Record<string, Handle>> {
  const find = (request: SandboxRequest, id: string) => own(request, tables.rules, "L7 Rule", id);
  return {
    [`GET ${PATH}`]: (request, { policy = "" }) => {
      const { id } = placeOf(tables, request, policy).policy;
      const rows = tables.rules.listed().filter((row) => row.policy === id);
      return { status: 200, body: list(world, request, "rules", rows, ruleView) };
    },
    [`POST ${PATH}`]: (request, { policy = "" }) => {
      const row = create(world, tables, request, placeOf(tables, request, policy));
      return { status: 201, body: { rule: ruleView(row) } };
    },
    [`GET ${PATH}/:id`]: (request, { policy = "", id = "" }) => {
      placeOf(tables, request, policy);
      return { status: 200, body: { rule: fieldsOf(request, ruleView(find(request, id))) } };
    },
    [`PUT ${PATH}/:id`]: (request, { policy = "", id = "" }) => {
      const place = placeOf(tables, request, policy);
      const row = find(request, id);
      update(world, tables, request, place, row);
      return { status: 200, body: { rule: ruleView(row) } };
    },
    [`DELETE ${PATH}/:id`]: (request, { policy = "", id = "" }) => {
      const place = placeOf(tables, request, policy);
      const row = find(request, id);
      ready(place);
      hold(world, tables, place, row, "DELETE");
      return { status: 204 };
    },
  };
}
