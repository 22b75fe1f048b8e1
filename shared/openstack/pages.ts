import type { Query } from "./endpoint.ts";
import type { ServiceType } from "./errors.ts";

/** Manila makes `<key>_links` with a marker that it does not read; only limit and offset move on. */
const MANILA_PAGE = 100;
/** A listing of ours is some dozens of items; this ends one whose pages go on for ever. */
const PAGES_MAX = 1000;
/** As much as one answer may have: a listing is no larger for coming in pages, and other clouds' need the memory too. */
const LISTING_CHARS_MAX = 64 * 1024 * 1024;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function searchOf(query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.append(key, String(value));
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

const firstPage = (service: ServiceType, query: Query = {}): string =>
  searchOf(service === "shared-file-system" ? { limit: MANILA_PAGE, ...query } : query);

/** `networks_links: [{rel: "next"}]` (Nova, Neutron, Octavia), `links.next` (Designate, Keystone), `next` (Barbican, Glance). */
function linkIn(document: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const list = document[`${key}_links`];
  const next = Array.isArray(list) ? list.find((link) => isRecord(link) && link["rel"] === "next") : undefined;
  if (isRecord(next) && typeof next["href"] === "string") return next["href"];
  const links = document["links"];
  if (isRecord(links) && typeof links["next"] === "string") return links["next"];
  return typeof document["next"] === "string" ? document["next"] : undefined;
}

/**
 * The query of the next page with its `?`; undefined after the last. Of a link only the query counts: its host and path may be
 * the cloud's inner ones, and a token must go nowhere but to the catalog's URL.
 */
function nextPage(service: ServiceType, key: string, document: unknown, search: string): string | undefined {
  if (!isRecord(document)) return undefined;
  const items = document[key];
  if (service === "shared-file-system") {
    const query = new URLSearchParams(search);
    if (!Array.isArray(items) || items.length !== Number(query.get("limit"))) return undefined;
    query.set("offset", String(Number(query.get("offset") ?? 0) + items.length));
    return `?${query}`;
  }
  const href = linkIn(document, key);
  const at = href?.indexOf("?") ?? -1;
  return href === undefined || at < 0 || href.slice(at) === search ? undefined : href.slice(at);
}

/** Of a next page's query. All of it stands in the words of each call that fails. */
const SEARCH_CHARS_MAX = 4096;

interface Page<T> {
  /** As it came, and as JSON. */
  readonly body: string;
  readonly document: unknown;
  readonly items: readonly T[];
}

/** Every item, page by page. `endless`: the error of a listing that does not come to its end. */
export async function everyPage<T>(
  service: ServiceType,
  key: string,
  query: Query | undefined,
  ask: (search: string) => Promise<Page<T>>,
  endless: (fault: string) => Error,
): Promise<readonly T[]> {
  const items: T[] = [];
  const seen = new Set<string>();
  let chars = 0;
  for (let search: string | undefined = firstPage(service, query); search !== undefined; ) {
    const { body, document, items: more } = await ask(search);
    // A service that does not understand the next page's query sends the same page again.
    if (seen.has(body)) return items;
    seen.add(body);
    chars += body.length;
    // Not all as arguments: a page may have more than a call can have.
    for (const one of more) items.push(one);
    search = nextPage(service, key, document, search);
    if ((search?.length ?? 0) > SEARCH_CHARS_MAX)
      throw endless(`the address of the next page has more than ${SEARCH_CHARS_MAX} characters`);
    if (search !== undefined && seen.size >= PAGES_MAX) throw endless(`the listing has more than ${PAGES_MAX} pages`);
    if (search !== undefined && chars >= LISTING_CHARS_MAX)
      throw endless(`the listing has more than ${LISTING_CHARS_MAX} characters`);
  }
  return items;
}
