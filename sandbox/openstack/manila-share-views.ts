import { isAdmin, rootOf, type World } from "./core.ts";
import type { Json } from "./json.ts";
import { accessStatus } from "./manila-access.ts";
import { invalid, metadataFilter, since, timeOf, windowOf } from "./manila-common.ts";
import { type Export, type Share, sharesOf } from "./manila-shares.ts";
import { atLeast } from "./microversion.ts";
import type { SandboxRequest } from "./service.ts";

const links = (request: SandboxRequest, id: string) => {
  const root = rootOf(request, "shared-file-system");
  return [
    { rel: "self", href: `${root}/v2/shares/${id}` },
    { rel: "bookmark", href: `${root}/shares/${id}` },
  ];
};

export const summary = (request: SandboxRequest, { id, name }: Share): Json => ({
  id,
  name,
  links: links(request, id),
});

const progressOf = (row: Share): string | null =>
  row.status === "creating" ? "0%" : row.status === "error" ? null : "100%";

function added(world: World, request: SandboxRequest, row: Share): Json {
  const rules = accessStatus(world, row.id);
  const told = rules === "syncing" && !atLeast(request, "2.28") ? "out_of_sync" : rules;
  return {
    ...since(request, "2.2", { snapshot_support: true }),
    ...since(request, "2.5", { task_state: null }),
    ...since(request, "2.6", { share_type_name: row.type.name }),
    ...since(request, "2.10", { access_rules_status: told }),
    ...since(request, "2.11", { replication_type: null, has_replicas: false }),
    ...since(request, "2.16", { user_id: row.user_id }),
    ...since(request, "2.24", { create_share_from_snapshot_support: true }),
    ...since(request, "2.27", { revert_to_snapshot_support: false }),
    ...since(request, "2.31", { share_group_id: null, source_share_group_snapshot_member_id: null }),
    ...since(request, "2.32", { mount_snapshot_support: false }),
    ...since(request, "2.54", { progress: progressOf(row) }),
    ...since(request, "2.69", { is_soft_deleted: false, scheduled_to_be_deleted_at: null }),
    ...since(request, "2.80", { source_backup_id: null }),
  };
}

export function detail(world: World, request: SandboxRequest, row: Share): Json {
  const paths = row.exports.map(({ path }) => path);
  return {
    id: row.id,
    size: row.size,
    availability_zone: row.host === null ? null : "nova",
    created_at: row.created_at,
    status: row.status,
    name: row.name,
    description: row.description,
    project_id: row.project_id,
    snapshot_id: null,
    share_network_id: row.share_network_id,
    share_proto: row.share_proto,
    metadata: row.metadata,
    share_type: atLeast(request, "2.6") ? row.type.id : row.type.name,
    volume_type: row.type.name,
    links: links(request, row.id),
    is_public: false,
    ...(atLeast(request, "2.9") ? {} : { export_location: paths[0] ?? null, export_locations: paths }),
    ...added(world, request, row),
    ...(isAdmin(request) ? { share_server_id: null, host: row.host } : {}),
  };
}

export const exportView = (request: SandboxRequest, one: Export, detailed: boolean): Json => ({
  id: one.id,
  path: one.path,
  ...since(request, "2.14", { preferred: one.preferred }),
  ...since(request, "2.87", { metadata: {} }),
  ...(isAdmin(request) ? { is_admin_only: one.adminOnly } : {}),
  ...(detailed ? { created_at: timeOf(one.atMs), updated_at: timeOf(one.atMs) } : {}),
});

const SORTS = ["id", "name", "size", "status", "created_at", "share_proto", "project_id", "user_id"];

function sorted(request: SandboxRequest, rows: readonly Share[]): readonly Share[] {
  const key = request.query.get("sort_key") ?? "created_at";
  if (!SORTS.includes(key)) throw invalid(`Wrong sorting key provided - '${key}'`);
  const sign = request.query.get("sort_dir") === "asc" ? 1 : -1;
  const fieldOf = (row: Share): string | number => {
    const value: unknown = Reflect.get(row, key);
    return typeof value === "number" ? value : String(value ?? "");
  };
  return rows.toSorted((a, b) => {
    const [x, y] = [fieldOf(a), fieldOf(b)];
    return x === y ? 0 : sign * (x < y ? -1 : 1);
  });
}

function fits(request: SandboxRequest): (row: Share) => boolean {
  const { query } = request;
  const carries = metadataFilter(request);
  const part = (value: string | null, key: string) => {
    const wanted = atLeast(request, "2.36") ? query.get(key) : null;
    return wanted === null || (value ?? "").includes(wanted);
  };
  const equal = (value: unknown, key: string) => !query.has(key) || value === query.get(key);
  return (row) =>
    carries(row.metadata) &&
    equal(row.name, "name") &&
    equal(row.status, "status") &&
    equal(row.type.id, "share_type_id") &&
    equal(row.share_network_id, "share_network_id") &&
    part(row.name, "name~") &&
    part(row.description, "description~");
}

/** The newest first. No marker moves on; an offset does, and only with a limit. */
export function listShares(world: World, request: SandboxRequest, view: (row: Share) => Json): Json {
  const { limit, offset } = windowOf(request);
  const everyones = isAdmin(request) && /^(1|true|t|yes|y|on)$/i.test(request.query.get("all_tenants") ?? "");
  const rows = sharesOf(world)
    .listed(everyones ? undefined : request.project)
    .toReversed();
  const found = sorted(request, rows.filter(fits(request)));
  const shown = limit === undefined ? found : found.slice(offset, offset + limit);
  const last = shown.at(-1);
  const next = new URLSearchParams(request.query);
  if (last !== undefined) next.set("marker", last.id);
  const href = `${rootOf(request, "shared-file-system")}/v2/shares?${decodeURIComponent(next.toString())}`;
  return {
    shares: shown.map(view),
    ...(atLeast(request, "2.42") && request.query.has("with_count") ? { count: found.length } : {}),
    ...(last !== undefined && shown.length === limit ? { shares_links: [{ rel: "next", href }] } : {}),
  };
}
