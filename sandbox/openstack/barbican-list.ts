import { rootOf, type World } from "./core.ts";
import type { Json } from "./json.ts";
import type { SandboxRequest } from "./service.ts";

const DEFAULT_LIMIT = 10;
const LIMIT_MAX = 100;

const whole = (text: string | null, usual: number): number => {
  const value = Number(text ?? "");
  return text === null || text === "" || !Number.isInteger(value) ? usual : value;
};

/** By id, which is by chance: Barbican asks its database for no order. */
export const byId = <T extends { readonly id: string }>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** A page by number: what comes or goes meanwhile moves the others. The links forget the filters. */
export function list<T>(
  world: World,
  request: SandboxRequest,
  key: string,
  rows: readonly T[],
  view: (row: T) => Json,
): Json {
  const most = Math.min(LIMIT_MAX, world.options.pageSize);
  const limit = Math.min(Math.max(1, whole(request.query.get("limit"), DEFAULT_LIMIT)), most);
  const offset = Math.max(0, whole(request.query.get("offset"), 0));
  const items = rows.slice(offset, offset + limit);
  const href = (at: number) => `${rootOf(request, "key-manager")}/v1/${key}?limit=${limit}&offset=${at}`;
  if (items.length === 0) return { [key]: [], total: rows.length };
  return {
    [key]: items.map(view),
    ...(offset > 0 ? { previous: href(Math.max(0, offset - limit)) } : {}),
    ...(rows.length > offset + limit ? { next: href(offset + limit) } : {}),
    total: rows.length,
  };
}
