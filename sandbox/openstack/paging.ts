import { Fault, type SandboxRequest } from "./service.ts";

export interface Page<T> {
  readonly items: readonly T[];
  /** Query of the next page, absent on the last one. A full page always has one, as no service looks ahead. */
  readonly next?: string;
  /** Query of the page before, when a marker was given. */
  readonly previous?: string;
}

/** The page that `limit` and `marker` ask for, of no more than `most` items. 400 if the marker is unknown. */
export function page<T extends { readonly id: string }>(
  request: SandboxRequest,
  rows: readonly T[],
  most: number,
): Page<T> {
  const text = request.query.get("limit");
  const asked = text === null ? most : Number(text);
  if (!Number.isInteger(asked) || asked < 0) throw new Fault(400, `Invalid input for limit: ${text}.`, "BadRequest");
  const limit = asked === 0 ? most : Math.min(asked, most);
  const marker = request.query.get("marker");
  const at = marker === null ? 0 : rows.findIndex((row) => row.id === marker) + 1;
  if (marker !== null && at === 0) throw new Fault(400, `marker [${marker}] not found`, "BadRequest");
  const items = rows.slice(at, at + limit);
  const query = (id: string, reverse: boolean) => {
    const next = new URLSearchParams(request.query);
    next.set("limit", String(limit));
    next.set("marker", id);
    if (reverse) next.set("page_reverse", "True");
    return next.toString();
  };
  const [first] = items;
  const last = items.at(-1);
  return {
    items,
    ...(last !== undefined && items.length === limit ? { next: query(last.id, false) } : {}),
    ...(first !== undefined && marker !== null ? { previous: query(first.id, true) } : {}),
  };
}

/** `[{ rel: "next", href }]` as Nova, Neutron, Octavia and Manila write it; `url` is the listing's own, without a query. */
export const linksOf = (
  found: Page<unknown>,
  url: string,
): readonly { readonly rel: string; readonly href: string }[] => [
  ...(found.next === undefined ? [] : [{ rel: "next", href: `${url}?${found.next}` }]),
  ...(found.previous === undefined ? [] : [{ rel: "previous", href: `${url}?${found.previous}` }]),
];
