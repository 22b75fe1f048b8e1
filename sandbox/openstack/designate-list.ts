import { rootOf, type World } from "./core.ts";
import type { Json } from "./json.ts";
import { Fault, type SandboxRequest } from "./service.ts";

const DEFAULT_LIMIT = 20;
const LIMIT_MAX = 1000;
const PAGING = ["marker", "limit", "sort_key", "sort_dir"];
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What a listing can be filtered and sorted by. */
export interface Listing<T> {
  readonly key: string;
  readonly path: string;
  /** A filter matches if it matches one of these texts. */
  readonly filters: Readonly<Record<string, (row: T) => readonly (string | null)[]>>;
  readonly sorts: readonly string[];
  view(row: T): Json;
}

const bad = (type: string, message: string) => new Fault(400, message, type);

export function uuidOf(name: string, value: string): string {
  if (!UUID.test(value)) throw bad("invalid_uuid", `Invalid UUID ${name}: ${value}`);
  return value;
}

/** `*` is the API's wildcard, `%` and `_` are the database's, which also ignores case. */
function matcher(wanted: string): (value: string | null) => boolean {
  const pattern = wanted.replaceAll("*", "%").toLowerCase();
  if (pattern.startsWith("!") && !pattern.includes("%"))
    return (value) => value !== null && value.toLowerCase() !== pattern.slice(1);
  if (!pattern.includes("%")) return (value) => value?.toLowerCase() === pattern;
  const source = pattern
    .replace(/[.+?^${}()|[\]\\*]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  const like = new RegExp(`^${source}$`, "s");
  return (value) => value !== null && like.test(value.toLowerCase());
}

function filtersOf<T>(request: SandboxRequest, of: Listing<T>): ((row: T) => boolean)[] {
  const names = [...new Set(request.query.keys())].filter((name) => !PAGING.includes(name));
  const twice = names.filter((name) => request.query.getAll(name).length > 1);
  if (twice.length > 0) throw bad("bad_request", `Duplicate filters ${twice.join(", ")}`);
  const strange = names.filter((name) => !Object.hasOwn(of.filters, name));
  if (strange.length > 0) throw bad("bad_request", `Invalid filters ${strange.join(", ")}`);
  return names.map((name) => {
    const matches = matcher(request.query.get(name) ?? "");
    return (row) => of.filters[name]?.(row).some(matches) ?? false;
  });
}

function limitOf(request: SandboxRequest, most: number, usual: number): number {
  const text = request.query.get("limit");
  if (text === null) return usual;
  if (text.toLowerCase() === "max") return most;
  if (text === "") throw bad("value_error", "invalid literal for int() with base 10: ''");
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit <= 0)
    throw bad("invalid_limit", `limit should be an integer between 1 and ${LIMIT_MAX}`);
  return limit;
}

/** By age in whole seconds unless asked otherwise, then by id. */
function sorted<T extends { readonly id: string }>(
  request: SandboxRequest,
  of: Listing<T>,
  rows: readonly T[],
): readonly T[] {
  const key = request.query.get("sort_key") ?? "created_at";
  const direction = request.query.get("sort_dir") ?? "asc";
  if (direction !== "asc" && direction !== "desc")
    throw bad("invalid_sort_dir", "Unknown sort direction, must be 'desc' or 'asc'");
  if (!of.sorts.includes(key)) throw bad("invalid_sort_key", `sort key must be one of ['${of.sorts.join("', '")}']`);
  const textOfRow = (row: T) => String(Reflect.get(row, key) ?? "");
  const order = rows.toSorted((a, b) => {
    const [one, other] = [textOfRow(a), textOfRow(b)];
    if (one !== other) return one < other ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
  return direction === "asc" ? order : order.toReversed();
}

/** Python's quoting, which has the wildcard encoded as well. */
const hrefOf = (url: string, query: URLSearchParams): string => {
  const text = query.toString().replaceAll("*", "%2A");
  return text === "" ? url : `${url}?${text}`;
};

/** A page of what the filters leave; there is a next one wherever it is as long as asked for, and only there. */
export function list<T extends { readonly id: string }>(
  world: World,
  request: SandboxRequest,
  of: Listing<T>,
  rows: readonly T[],
): Json {
  const most = Math.min(LIMIT_MAX, world.options.pageSize);
  const limit = limitOf(request, most, Math.min(DEFAULT_LIMIT, most));
  const filters = filtersOf(request, of);
  const found = sorted(request, of, rows).filter((row) => filters.every((holds) => holds(row)));
  const marker = request.query.get("marker");
  if (marker !== null && !UUID.test(marker)) throw bad("invalid_marker", "");
  const at = marker === null ? 0 : found.findIndex((row) => row.id === marker) + 1;
  if (marker !== null && at === 0) throw bad("marker_not_found", "Marker None could not be found");
  const items = found.slice(at, at + Math.min(limit, most));
  const url = `${rootOf(request, "dns")}/v2${of.path}`;
  const next = new URLSearchParams(request.query);
  next.set("marker", items.at(-1)?.id ?? "");
  return {
    [of.key]: items.map(of.view),
    links: { self: hrefOf(url, request.query), ...(items.length === limit ? { next: hrefOf(url, next) } : {}) },
    metadata: { total_count: found.length },
  };
}
