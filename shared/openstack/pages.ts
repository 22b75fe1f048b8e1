import type { Query } from "./endpoint.ts";
import type { ServiceType } from "./errors.ts";

/** Manila makes `<key>_links` with a marker that it does not read; only limit and offset move on. */
const MANILA_PAGE = 100;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function searchOf(query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.append(key, String(value));
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

export const firstPage = (service: ServiceType, query: Query = {}): string =>
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
export function nextPage(service: ServiceType, key: string, document: unknown, search: string): string | undefined {
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
