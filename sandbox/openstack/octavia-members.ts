import type { World } from "./core.ts";
import { type Json, textAt } from "./json.ts";
import type { Effect } from "./octavia-effects.ts";
import { balancerOf } from "./octavia-family.ts";
import { invalid, mayUse, missing, mutable, PECAN, poolMutable, room } from "./octavia-faults.ts";
import { MEMBER, MEMBER_CHANGE } from "./octavia-fields.ts";
import { inputOf, inputsOf } from "./octavia-input.ts";
import { fieldsOf, list } from "./octavia-list.ts";
import { newMember, rewrite } from "./octavia-new.ts";
import { look } from "./octavia-operating.ts";
import { providerOf } from "./octavia-providers.ts";
import { type LoadBalancer, type Member, membersIn, monitorOf, type Pool, type Tables } from "./octavia-rows.ts";
import { addressAllowed, memberNew, memberSubnet } from "./octavia-rules.ts";
import { memberView } from "./octavia-views.ts";
import { around, carry } from "./octavia-work.ts";
import type { Handle, SandboxRequest } from "./service.ts";

const PATH = "/v2/lbaas/pools/:pool/members";

interface Place {
  readonly pool: Pool;
  readonly lb: LoadBalancer;
}

function placeOf(tables: Tables, request: SandboxRequest, id: string): Place {
  const pool = tables.pools.get(id);
  if (pool === undefined) throw missing("Pool", id, PECAN);
  return { pool, lb: balancerOf(tables, request, pool.lb) };
}

function memberOf(tables: Tables, request: SandboxRequest, { pool }: Place, id: string): Member {
  const row = tables.members.get(id);
  if (row === undefined) throw missing("Member", id);
  mayUse(request, row.project_id);
  if (row.pool !== pool.id) throw missing("Member", id);
  return row;
}

function ready({ pool, lb }: Place): void {
  poolMutable(pool);
  mutable(lb);
}

function create(world: World, tables: Tables, request: SandboxRequest, place: Place, asked: Json): Member {
  const { pool, lb } = place;
  const row = newMember(world, pool, lb, asked, monitorOf(tables, pool.id) !== undefined);
  addressAllowed(row.address);
  memberSubnet(world, request, asked);
  room(world, lb.project_id, "member");
  ready(place);
  memberNew(membersIn(tables, pool.id), row);
  providerOf(lb.provider).member(world, lb, asked);
  tables.members.add(row);
  carry(world, lb, [{ kind: "member", row, verb: "CREATE" }], around(tables, pool.id));
  return row;
}

const keyOf = (asked: Json): string => `${textAt(asked, "address")} ${String(asked["protocol_port"])}`;

/** All members at once, known by address and port. */
function replace(world: World, tables: Tables, request: SandboxRequest, place: Place, asked: readonly Json[]): void {
  const { pool, lb } = place;
  ready(place);
  const old = new Map(membersIn(tables, pool.id).map((row) => [keyOf({ ...row }), row]));
  const kept = asked.filter((one) => old.has(keyOf(one)));
  if (new Set(kept.map(keyOf)).size < kept.length)
    throw invalid("Member must be updated only once in the same request.");
  const fresh: Member[] = [];
  for (const one of asked.filter((each) => !old.has(keyOf(each)))) {
    const row = newMember(world, pool, lb, one, monitorOf(tables, pool.id) !== undefined);
    addressAllowed(row.address);
    memberSubnet(world, request, one);
    memberNew(fresh, row);
    fresh.push(row);
  }
  const wanted = new Set(asked.map(keyOf));
  const additive = /^true$/i.test(request.query.get("additive_only") ?? "");
  const gone = additive ? [] : [...old].flatMap(([key, row]) => (wanted.has(key) ? [] : [row]));
  if (fresh.length > gone.length) room(world, lb.project_id, "member", fresh.length - gone.length);
  for (const one of asked) providerOf(lb.provider).member(world, lb, one);
  const changes: Effect[] = [];
  for (const row of fresh) changes.push({ kind: "member", row: tables.members.add(row), verb: "CREATE" });
  for (const one of kept) {
    const row = old.get(keyOf(one));
    if (row === undefined) continue;
    rewrite(world, row, one, MEMBER_CHANGE);
    changes.push({ kind: "member", row, verb: "UPDATE", toggled: true });
  }
  for (const row of gone) changes.push({ kind: "member", row, verb: "DELETE" });
  if (changes.length > 0) carry(world, lb, changes, around(tables, pool.id));
}

export function members(world: World, tables: Tables): Readonly<Record<string, Handle>> {
  return {
    [`GET ${PATH}`]: (request, { pool: id = "" }) => {
      const { pool, lb } = placeOf(tables, request, id);
      look(world, tables, lb);
      const rows = tables.members.listed().filter((row) => row.pool === pool.id);
      return { status: 200, body: list(world, request, "members", rows, memberView) };
    },
    [`POST ${PATH}`]: (request, { pool = "" }) => {
      // Octavia finds the pool before it reads the body.
      const place = placeOf(tables, request, pool);
      const row = create(world, tables, request, place, inputOf(request, "member_", "member", MEMBER));
      return { status: 201, body: { member: memberView(row) } };
    },
    [`PUT ${PATH}`]: (request, { pool = "" }) => {
      const place = placeOf(tables, request, pool);
      replace(world, tables, request, place, inputsOf(request, "members_", "members", MEMBER));
      return { status: 202 };
    },
    [`GET ${PATH}/:id`]: (request, { pool = "", id = "" }) => {
      const place = placeOf(tables, request, pool);
      const row = memberOf(tables, request, place, id);
      look(world, tables, place.lb);
      return { status: 200, body: { member: fieldsOf(request, memberView(row)) } };
    },
    [`PUT ${PATH}/:id`]: (request, { pool = "", id = "" }) => {
      const place = placeOf(tables, request, pool);
      const asked = inputOf(request, "member_", "member", MEMBER_CHANGE);
      const row = memberOf(tables, request, place, id);
      ready(place);
      providerOf(place.lb.provider).member(world, place.lb, asked);
      rewrite(world, row, asked, MEMBER_CHANGE);
      const toggled = "admin_state_up" in asked;
      carry(world, place.lb, [{ kind: "member", row, verb: "UPDATE", toggled }], around(tables, pool));
      return { status: 200, body: { member: memberView(row) } };
    },
    [`DELETE ${PATH}/:id`]: (request, { pool = "", id = "" }) => {
      const place = placeOf(tables, request, pool);
      const row = memberOf(tables, request, place, id);
      ready(place);
      carry(world, place.lb, [{ kind: "member", row, verb: "DELETE" }], around(tables, pool));
      return { status: 204 };
    },
  };
}
