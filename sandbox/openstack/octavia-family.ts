import type { World } from "./core.ts";
import type { Json } from "./json.ts";
import { mayUse, missing, own } from "./octavia-faults.ts";
import { type Fields, inputOf } from "./octavia-input.ts";
import { fieldsOf, list } from "./octavia-list.ts";
import { rewrite } from "./octavia-new.ts";
import { look } from "./octavia-operating.ts";
import type { Listener, LoadBalancer, Part, Piece, Pool, Tables } from "./octavia-rows.ts";
import { carry } from "./octavia-work.ts";
import type { Handle, SandboxRequest } from "./service.ts";
import type { Table } from "./table.ts";

/** One family of parts below `/v2/lbaas`. */
export interface Family<T extends Part> {
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
  /** Refuses an update, or with nothing asked a removal. */
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

export function routesOf<T extends Part>(
  world: World,
  tables: Tables,
  of: Family<T>,
): Readonly<Record<string, Handle>> {
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
      of.check(lb, row, {});
      carry(world, lb, [{ ...of.piece(row), verb: "DELETE" }], of.held(row));
      return { status: 204 };
    },
  };
}
