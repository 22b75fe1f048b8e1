import { isAdmin, rootOf, type World } from "./core.ts";
import { isJson, isoOf, type Json, jsonAt, listAt } from "./json.ts";
import { linksOf, page } from "./paging.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";
import type { Row, Table } from "./table.ts";

/** What all Neutron resources carry. */
export interface NeutronRow extends Row {
  name: string;
  description: string;
  readonly created_at: string;
  updated_at: string;
  revision_number: number;
}

export interface Collection<T extends Row> {
  /** `security_group`: the key of one in a body, and the quota's name without the underscores of `floatingip`. */
  readonly one: string;
  readonly many: string;
  /** `/security-groups` */
  readonly path: string;
  readonly table: Table<T>;
  /** Fields that a create call may name. */
  readonly accepts: readonly string[];
  /** Fields that an update may name. */
  readonly changes: readonly string[];
  /** Fields that only the answer has: with `accepts`, those that a listing can be filtered by. */
  readonly shows: readonly string[];
  /** Whether somebody else's row may be seen. */
  shared?(row: T): boolean;
  missing(id: string): Fault;
  view(row: T): Json;
  create(request: SandboxRequest, asked: Json): T;
  update?(request: SandboxRequest, row: T, asked: Json): void;
  remove?(request: SandboxRequest, row: T): void;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const PAGING = ["limit", "marker", "page_reverse", "fields", "sort_key", "sort_dir"];
const COMMON = ["id", "tenant_id", "project_id", "created_at", "updated_at", "revision_number", "tags", "status"];

export const bad = (message: string, type = "HTTPBadRequest") => new Fault(400, message, type);
export const born = (world: World) => {
  const at = isoOf(world.nowMs());
  return { created_at: at, updated_at: at, revision_number: 1 };
};
/** What every view ends with. */
export const stamps = (row: NeutronRow) => ({
  tenant_id: row.project_id,
  project_id: row.project_id,
  tags: [],
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
});

/** An id in a body must be a UUID before it is looked up. */
export function uuidAt(asked: Json, key: string): string {
  const value = asked[key];
  if (typeof value !== "string" || !UUID.test(value))
    throw bad(`Invalid input for ${key}. Reason: '${String(value)}' is not a valid UUID.`);
  return value;
}

export function room(world: World, project: string, resource: string, more: number): void {
  if (!world.quotas.fits(project, "network", resource, more))
    throw new Fault(409, `Quota exceeded for resources: ['${resource}'].`, "OverQuota");
}

export const canSee = <T extends Row>(request: SandboxRequest, of: Collection<T>, row: T): boolean =>
  isAdmin(request) || row.project_id === request.project || of.shared?.(row) === true;

export function find<T extends Row>(request: SandboxRequest, of: Collection<T>, id: string): T {
  const row = of.table.get(id);
  if (row === undefined || !canSee(request, of, row)) throw of.missing(id);
  return row;
}

function own<T extends Row>(request: SandboxRequest, of: Collection<T>, id: string, verb: string): T {
  const row = find(request, of, id);
  if (!isAdmin(request) && row.project_id !== request.project)
    throw new Fault(403, `rule:${verb}_${of.one} is disallowed by policy`, "PolicyNotAuthorized");
  return row;
}

const known = (asked: Json, names: readonly string[]) => {
  const strange = Object.keys(asked).filter((name) => !names.includes(name));
  if (strange.length > 0) throw bad(`Unrecognized attribute(s) '${strange.join(", ")}'`);
  return asked;
};

/** `fixed_ips=ip_address=10.0.0.5` looks into a list of objects; everything else is compared as text. */
function holds(value: unknown, wanted: string): boolean {
  if (Array.isArray(value)) return value.some((item) => holds(item, wanted));
  if (!isJson(value)) return String(value ?? "").toLowerCase() === wanted.toLowerCase();
  const [key = "", text = ""] = wanted.split("=");
  return value[key] === text;
}

function list<T extends Row>(world: World, request: SandboxRequest, of: Collection<T>): Json {
  const filters = [...new Set(request.query.keys())].filter((key) => !PAGING.includes(key));
  const strange = filters.filter((key) => ![...of.accepts, ...of.shows, ...COMMON].includes(key));
  if (strange.length > 0) throw bad(`['${strange.join("', '")}'] is invalid attribute for filtering`);
  const rows = of.table.listed().filter((row) => {
    if (!canSee(request, of, row)) return false;
    const view = filters.length === 0 ? {} : of.view(row);
    return filters.every((key) => request.query.getAll(key).some((wanted) => holds(view[key], wanted)));
  });
  const found = page(request, rows, world.options.pageSize);
  const asksForPages = request.query.has("limit") || found.next !== undefined;
  const url = `${rootOf(request, "network")}/v2.0${of.path}`;
  return {
    [of.many]: found.items.map(of.view),
    ...(asksForPages ? { [`${of.many}_links`]: linksOf(found, url) } : {}),
  };
}

/** One, or all of several or none. */
function create<T extends Row>(world: World, request: SandboxRequest, of: Collection<T>): Json {
  const several = listAt(request.body, of.many);
  const one = jsonAt(request.body, of.one);
  if (several === undefined && one === undefined) throw bad(`Unable to find '${of.one}' in request body`);
  const asked = (several ?? [one]).filter(isJson).map((item) => known(item, of.accepts));
  room(world, request.project, of.one, asked.length);
  const made: T[] = [];
  try {
    for (const item of asked) made.push(of.create(request, item));
  } catch (error) {
    for (const row of made) of.remove === undefined ? of.table.remove(row.id) : of.remove(request, row);
    throw error;
  }
  const views = made.map(of.view);
  return several === undefined ? { [of.one]: views[0] } : { [of.many]: views };
}

/** The five calls of a collection below `/v2.0`. */
export function routesOf<T extends Row>(world: World, of: Collection<T>): Readonly<Record<string, Handle>> {
  const { update, remove } = of;
  const change: Record<string, Handle> =
    update === undefined
      ? {}
      : {
          [`PUT /v2.0${of.path}/:id`]: (request, { id = "" }) => {
            const row = own(request, of, id, "update");
            update(request, row, known(jsonAt(request.body, of.one) ?? {}, of.changes));
            return { status: 200, body: { [of.one]: of.view(row) } };
          },
        };
  return {
    ...change,
    [`GET /v2.0${of.path}`]: (request) => ({ status: 200, body: list(world, request, of) }),
    [`POST /v2.0${of.path}`]: (request) => ({ status: 201, body: create(world, request, of) }),
    [`GET /v2.0${of.path}/:id`]: (request, { id = "" }) => ({
      status: 200,
      body: { [of.one]: of.view(find(request, of, id)) },
    }),
    [`DELETE /v2.0${of.path}/:id`]: (request, { id = "" }) => {
      const row = own(request, of, id, "delete");
      if (remove === undefined) of.table.remove(row.id);
      else remove(request, row);
      return { status: 204 };
    },
  };
}

/** Name and description, which every resource with an update takes. */
export function relabel(world: World, row: NeutronRow, asked: Json): void {
  if (typeof asked["name"] === "string") row.name = asked["name"];
  if (typeof asked["description"] === "string") row.description = asked["description"];
  row.updated_at = isoOf(world.nowMs());
  row.revision_number += 1;
}
