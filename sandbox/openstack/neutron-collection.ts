import { isAdmin, rootOf, type World } from "./core.ts";
import { isJson, isoOf, type Json, jsonAt, listAt } from "./json.ts";
import { type Attributes, bad, checkCreate, checkUpdate, withCommon } from "./neutron-attributes.ts";
import { listRows } from "./neutron-list.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";
import type { Row, Table } from "./table.ts";

/** What all Neutron resources carry. */
export interface NeutronRow extends Row {
  name: string;
  description: string;
  readonly created_at: string;
  updated_at: string;
  revision_number: number;
  tags?: readonly string[];
}

export interface Collection<T extends Row> {
  /** `security_group`: the key of one in a body, and the quota's name. */
  readonly one: string;
  readonly many: string;
  /** `/security-groups` */
  readonly path: string;
  readonly table: Table<T>;
  /** Besides those that all have: what bodies may name, and listings be filtered and sorted by. */
  readonly attributes: Attributes;
  /** Those that every view has and no listing is filtered by. */
  readonly hidden?: readonly string[];
  /** Whether somebody else's row may be seen. */
  shared?(row: T): boolean;
  missing(id: string): Fault;
  /** `verb`: the call that it answers, unless that is a GET. */
  view(row: T, verb?: "POST" | "PUT"): Json;
  create(request: SandboxRequest, asked: Json): T;
  update?(request: SandboxRequest, row: T, asked: Json): void;
  remove?(request: SandboxRequest, row: T): void;
}

/** Some resources count their revisions from 0. */
export const born = (world: World, revision_number = 1) => {
  const at = isoOf(world.nowMs());
  return { created_at: at, updated_at: at, revision_number };
};
/** What every view ends with. */
export const stamps = (row: NeutronRow) => ({
  tenant_id: row.project_id,
  project_id: row.project_id,
  tags: row.tags ?? [],
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
});

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

function list<T extends Row>(world: World, request: SandboxRequest, of: Collection<T>): Json {
  const names = Object.keys(withCommon(of.attributes)).filter((name) => of.hidden?.includes(name) !== true);
  const rows = of.table.listed().filter((row) => canSee(request, of, row));
  const views = rows.map((row) => ({ ...of.view(row), id: row.id }));
  const found = listRows(request, views, names, world.options.pageSize, of.missing);
  const href = (more: string) => `${rootOf(request, "network")}/v2.0${of.path}?${more}`;
  const links = found.links?.map(({ rel, query: more }) => ({ rel, href: href(more) }));
  return {
    [of.many]: found.items.map((one) => trimmed(request, one)),
    ...(links === undefined ? {} : { [`${of.many}_links`]: links }),
  };
}

/** The fields that are asked for. */
function trimmed(request: SandboxRequest, view: Json): Json {
  const fields = request.query.getAll("fields");
  if (fields.length === 0) return view;
  return Object.fromEntries(Object.entries(view).filter(([name]) => fields.includes(name)));
}

function unreadable({ body }: SandboxRequest, one: string): Fault {
  if (body !== undefined && !isJson(body)) return bad("Body contains invalid data");
  const there = isJson(body) && one in body;
  return bad(there ? `Object '${one}' contains invalid data` : `Unable to find '${one}' in request body`);
}

/** One, or all of several or none. */
function create<T extends Row>(world: World, request: SandboxRequest, of: Collection<T>): Json {
  const several = listAt(request.body, of.many);
  const one = jsonAt(request.body, of.one);
  if (several === undefined && one === undefined) throw unreadable(request, of.one);
  if (several?.length === 0) throw bad("Resources required");
  const attributes = withCommon(of.attributes);
  const asked = (several ?? [one]).filter(isJson).map((item) => checkCreate(request, attributes, of.one, item));
  room(world, request.project, of.one, asked.length);
  const made: T[] = [];
  try {
    for (const item of asked) made.push(of.create(request, item));
  } catch (error) {
    for (const row of made) of.remove === undefined ? of.table.remove(row.id) : of.remove(request, row);
    throw error;
  }
  const views = made.map((row) => of.view(row, "POST"));
  return several === undefined ? { [of.one]: views[0] } : { [of.many]: views };
}

/** What `If-Match: revision_number=5` asks for. */
function revisionIn(request: SandboxRequest): number | undefined {
  const text = /revision_number=([^",]*)/.exec(request.headers["if-match"] ?? "")?.[1];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const why = "Revision number etag must be in the format of revision_number=<int>.";
  throw bad(`Bad if-match request: ${why}`, "BadRequest");
}

function checkRevision(row: Row, wanted: number | undefined): void {
  const now = "revision_number" in row ? row.revision_number : wanted;
  if (wanted === undefined || now === wanted) return;
  const message = `Constrained to ${wanted}, but current revision is ${now}`;
  throw new Fault(412, message, "RevisionNumberConstraintFailed");
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
            const revision = revisionIn(request);
            const asked = jsonAt(request.body, of.one);
            if (asked === undefined) throw unreadable(request, of.one);
            const fields = checkUpdate(request, withCommon(of.attributes), of.one, asked);
            checkRevision(row, revision);
            update(request, row, fields);
            return { status: 200, body: { [of.one]: of.view(row, "PUT") } };
          },
        };
  return {
    ...change,
    [`GET /v2.0${of.path}`]: (request) => ({ status: 200, body: list(world, request, of) }),
    [`POST /v2.0${of.path}`]: (request) => ({ status: 201, body: create(world, request, of) }),
    [`GET /v2.0${of.path}/:id`]: (request, { id = "" }) => ({
      status: 200,
      body: { [of.one]: trimmed(request, of.view(find(request, of, id))) },
    }),
    [`DELETE /v2.0${of.path}`]: () => {
      throw of.missing("None");
    },
    [`DELETE /v2.0${of.path}/:id`]: (request, { id = "" }) => {
      const row = own(request, of, id, "delete");
      checkRevision(row, revisionIn(request));
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
