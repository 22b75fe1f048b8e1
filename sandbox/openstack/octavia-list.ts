import { rootOf, scopeOf, type World } from "./core.ts";
import { isJson, type Json } from "./json.ts";
import { forbidden, PECAN } from "./octavia-faults.ts";
import type { OctaviaRow } from "./octavia-rows.ts";
import { linksOf, page } from "./paging.ts";
import { Fault, type SandboxRequest } from "./service.ts";

const PAGING = ["limit", "marker", "page_reverse", "fields", "sort", "sort_key", "sort_dir", "project_id", "tenant_id"];
const TAGS: Readonly<Record<string, (has: readonly string[], wanted: readonly string[]) => boolean>> = {
  tags: (has, wanted) => wanted.every((tag) => has.includes(tag)),
  "tags-any": (has, wanted) => wanted.some((tag) => has.includes(tag)),
  "not-tags": (has, wanted) => !wanted.every((tag) => has.includes(tag)),
  "not-tags-any": (has, wanted) => !wanted.some((tag) => has.includes(tag)),
};

/** Of one object in an answer, what `fields` asks for. */
export function fieldsOf(request: SandboxRequest, view: Json): Json {
  const wanted = request.query.getAll("fields");
  if (wanted.length === 0) return view;
  return Object.fromEntries(Object.entries(view).filter(([name]) => wanted.includes(name)));
}

type Sort = readonly (readonly [key: string, down: boolean])[];

function sortOf(request: SandboxRequest): Sort {
  const dirs = (request.query.get("sort_dir") ?? "").split(",");
  const asked =
    request.query.get("sort")?.split(",") ??
    (request.query.get("sort_key") ?? "").split(",").map((key, at) => `${key}:${dirs[at] || "asc"}`);
  return asked
    .map((one) => one.split(":"))
    .filter(([key]) => key !== "")
    .map(([key = "", dir = "asc"]) => {
      if (!["asc", "desc"].includes(dir.toLowerCase()))
        throw new Fault(400, `Supplied sort direction '${dir}' is not valid.`, PECAN);
      return [key, dir.toLowerCase() === "desc"];
    });
}

const compare = (a: unknown, b: unknown): number =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");

/** The query as paging reads it. Octavia's links forget every filter and the direction. */
function paged(request: SandboxRequest): SandboxRequest {
  const query = new URLSearchParams();
  const limit = request.query.get("limit");
  if (limit !== null && !/^-?\d+$/.test(limit))
    throw new Fault(400, `Supplied pagination limit '${limit}' is not valid.`, PECAN);
  if (limit !== null && Number(limit) > 0) query.set("limit", limit);
  for (const key of ["sort", "sort_key", "marker"]) {
    const value = request.query.get(key);
    if (value !== null) query.set(key, value);
  }
  return { ...request, query };
}

const holds = (value: unknown, wanted: string): boolean => String(value ?? "").toLowerCase() === wanted.toLowerCase();

/** One page of a listing. `extra` can be filtered by and is not shown. */
export function list<T extends OctaviaRow>(
  world: World,
  request: SandboxRequest,
  key: string,
  rows: readonly T[],
  view: (row: T) => Json,
  extra: (row: T) => Json = () => ({}),
): Json {
  const asked = paged(request);
  const sort = sortOf(request);
  const project = request.query.get("project_id") ?? request.query.get("tenant_id") ?? scopeOf(request);
  if (scopeOf(request) !== undefined && project !== request.project) throw forbidden();
  const filters = [...request.query].filter(([name]) => !PAGING.includes(name));
  const seen = rows
    .filter((row) => project === undefined || row.project_id === project)
    .map((row) => ({ id: row.id, view: view(row), tags: row.tags, all: { ...view(row), ...extra(row) } }));
  const [one] = seen;
  const known = (name: string) => one === undefined || Object.hasOwn(one.all, name);
  if (filters.some(([name]) => !Object.hasOwn(TAGS, name) && !known(name)))
    throw new Fault(400, "One or more arguments are either duplicate or invalid");
  const strange = sort.find(([name]) => !known(name));
  if (strange !== undefined) throw new Fault(400, `Supplied sort key '${strange[0]}' is not valid.`);
  const found = seen.filter((row) =>
    filters.every(([name, wanted]) => {
      const tags = TAGS[name];
      return tags === undefined ? holds(at(row.all, name), wanted) : tags(row.tags, wanted.split(","));
    }),
  );
  const keys: Sort = [...sort, ["created_at", false], ["id", false]];
  found.sort((a, b) =>
    keys.reduce((sum, [name, down]) => sum || compare(at(a.all, name), at(b.all, name)) * (down ? -1 : 1), 0),
  );
  const marker = asked.query.get("marker");
  if (marker !== null && !found.some(({ id }) => id === marker))
    throw new Fault(400, `Supplied pagination marker '${marker}' is not valid.`);
  const part = page(asked, found, world.options.pageSize);
  return {
    [key]: part.items.map((row) => fieldsOf(request, row.view)),
    [`${key}_links`]: linksOf(part, `${rootOf(request, "load-balancer")}${request.path}`),
  };
}

const at = (view: Json, name: string): unknown => (isJson(view) ? view[name] : undefined);
