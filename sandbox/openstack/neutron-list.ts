import { isJson, type Json } from "./json.ts";
import { bad } from "./neutron-attributes.ts";
import type { Fault, SandboxRequest } from "./service.ts";

type Shown = Json & { readonly id: string };

/** Lists and dictionaries. */
const UNSORTED = [
  ...["fixed_ips", "security_groups", "allowed_address_pairs", "extra_dhcp_opts", "tags", "subnets", "sub_ports"],
  ...["security_group_rules", "external_gateway_info", "routes", "allocation_pools", "dns_nameservers", "host_routes"],
];

/** How the tags that are named between commas are held against those that there are. */
const TAGGED: Readonly<Record<string, (wanted: readonly string[], has: (tag: string) => boolean) => boolean>> = {
  tags: (wanted, has) => wanted.every(has),
  "tags-any": (wanted, has) => wanted.some(has),
  "not-tags": (wanted, has) => !wanted.every(has),
  "not-tags-any": (wanted, has) => !wanted.some(has),
};

export interface Listed {
  readonly items: readonly Shown[];
  /** Undefined where nobody asked for pages, and all are on this one. */
  readonly links: readonly { readonly rel: string; readonly query: string }[] | undefined;
}

const PAGING = ["limit", "marker", "page_reverse", "fields", "sort_key", "sort_dir"];

/** Of a list of objects, as `fixed_ips=ip_address=10.0.0.5`: each key with one of its values. */
function inList(items: readonly unknown[], wanted: readonly string[]): boolean {
  if (!items.some(isJson)) return items.some((item) => wanted.includes(String(item)));
  const pairs = wanted.map((one) => {
    const at = one.indexOf("=");
    if (at < 0) throw bad(`Invalid input for operation: '${one}' is not of the form <key>=[value].`, "InvalidInput");
    return [one.slice(0, at), one.slice(at + 1)] as const;
  });
  return pairs.every(([key]) =>
    items.some((item) => isJson(item) && pairs.some(([name, value]) => name === key && item[key] === value)),
  );
}

function holds(value: unknown, wanted: readonly string[]): boolean {
  if (Array.isArray(value)) return inList(value, wanted);
  return wanted.some((one) => String(value ?? "").toLowerCase() === one.toLowerCase());
}

function filtered(request: SandboxRequest, rows: readonly Shown[], names: readonly string[]): readonly Shown[] {
  const { query } = request;
  const filters = [...new Set(query.keys())].filter((key) => !PAGING.includes(key));
  const strange = filters.filter((key) => !names.includes(key) && !(key in TAGGED && names.includes("tags")));
  if (strange.length > 0) throw bad(`['${strange.join("', '")}'] is invalid attribute for filtering`);
  return rows.filter((row) =>
    filters.every((key) => {
      const tagged = TAGGED[key];
      if (tagged === undefined) return holds(row[key], query.getAll(key));
      const tags = Array.isArray(row["tags"]) ? row["tags"] : [];
      return tagged(
        query.getAll(key).flatMap((one) => one.split(",")),
        (tag) => tags.includes(tag),
      );
    }),
  );
}

function sorted(request: SandboxRequest, rows: readonly Shown[], names: readonly string[]): readonly Shown[] {
  const [keys, dirs] = [request.query.getAll("sort_key"), request.query.getAll("sort_dir")];
  if (keys.length !== dirs.length) throw bad("The number of sort_keys and sort_dirs must be same");
  const strange = keys.filter((key) => !names.includes(key) || UNSORTED.includes(key));
  if (strange.length > 0) throw bad(`['${strange.join("', '")}'] is invalid attribute for sort_keys`);
  const lost = dirs.filter((dir) => dir !== "asc" && dir !== "desc");
  if (lost.length > 0) {
    const why = "is invalid value for sort_dirs, valid value is 'asc' and 'desc'";
    throw bad(`['${lost.join("', '")}'] ${why}`);
  }
  return rows.toSorted((a, b) => {
    for (const [at, key] of keys.entries()) {
      const [x, y] = [String(a[key] ?? ""), String(b[key] ?? "")];
      if (x !== y) return (x < y ? -1 : 1) * (dirs[at] === "desc" ? -1 : 1);
    }
    return 0;
  });
}

/** The page that `limit` and `marker` ask for; a marker without a limit is passed over. */
export function listRows(
  request: SandboxRequest,
  all: readonly Shown[],
  names: readonly string[],
  most: number,
  missing: (id: string) => Fault,
): Listed {
  const rows = sorted(request, filtered(request, all, names), names);
  const text = request.query.get("limit") ?? "0";
  if (!/^\d+$/.test(text))
    throw bad(`Bad limit request: Limit must be an integer 0 or greater and not '${text}'.`, "BadRequest");
  const asked = Number(text);
  if (asked === 0 && rows.length < most) return { items: rows, links: undefined };
  const marker = asked === 0 ? null : request.query.get("marker");
  const at = marker === null ? 0 : rows.findIndex((row) => row.id === marker) + 1;
  if (marker !== null && at === 0) throw missing(marker);
  const limit = Math.min(asked || most, most);
  const back = marker !== null && request.query.get("page_reverse") === "True";
  const items = back ? rows.slice(Math.max(0, at - 1 - limit), at - 1) : rows.slice(at, at + limit);
  const from = (id: string | undefined, reverse: boolean) => {
    const query = new URLSearchParams(request.query);
    query.set("limit", String(limit));
    if (id === undefined) query.delete("marker");
    else query.set("marker", id);
    if (reverse) query.set("page_reverse", "True");
    else query.delete("page_reverse");
    return query.toString();
  };
  const [first, last] = [items[0], items.at(-1)];
  const full = first !== undefined && items.length === limit;
  // Neutron doesn't look further than the page: where it goes on in its direction if full, and in the other one anyway.
  const next = full || back ? [{ rel: "next", query: from(last?.id, false) }] : [];
  const previous = first !== undefined && (full || !back) ? [{ rel: "previous", query: from(first.id, true) }] : [];
  return { items, links: [...next, ...previous] };
}
