import { assert } from "../../shared/assert.ts";
import { isAdmin, rootOf, type World } from "./core.ts";
import { isoOf } from "./json.ts";
import { page } from "./paging.ts";
import { Fault, type SandboxRequest, type SandboxService } from "./service.ts";
import type { Row } from "./table.ts";
import { webobOf } from "./webob.ts";

export interface Image extends Row {
  readonly name: string;
  readonly status: string;
  readonly visibility: string;
  readonly tags: readonly string[];
  readonly created_at: string;
  readonly size: number;
  /** GiB */
  readonly min_disk: number;
  /** MiB */
  readonly min_ram: number;
  /** Whatever else its owner wrote on it. */
  readonly properties: Readonly<Record<string, string>>;
}

const VERSIONS = [15, 13, 12, 11, 10, 9, 8, 17, 7, 6, 5, 4, 3, 2, 1, 0];
const CURRENT = 17;
/** `limit_param_default`: without a limit, a page is smaller than it may be. */
const PAGE = 25;
const VISIBILITIES = ["public", "private", "shared", "community", "all"];
/** Their filters take a list: `in:a,b`. */
const LISTED = ["id", "name", "status", "container_format", "disk_format"];
const SORTS = ["name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at"];
const NOT_FILTERS = ["limit", "marker", "sort", "sort_key", "sort_dir", "tag", "visibility", "member_status"];
const UNAUTHORIZED =
  "This server could not verify that you are authorized to access the document you requested. Either you supplied the " +
  "wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.";
const CHECKSUM = "8e309b80fc0e748728a95dd8255b830c";

const bad = (message: string): Fault => new Fault(400, message);

export const canSeeImage = (request: SandboxRequest, image: Image): boolean =>
  image.visibility === "public" || image.project_id === request.project || isAdmin(request);

const viewOf = (image: Image) => ({
  ...image.properties,
  name: image.name,
  disk_format: "qcow2",
  container_format: "bare",
  visibility: image.visibility,
  size: image.size,
  virtual_size: 1_048_576,
  status: image.status,
  checksum: CHECKSUM,
  protected: false,
  min_ram: image.min_ram,
  min_disk: image.min_disk,
  owner: image.project_id,
  os_hidden: false,
  os_hash_algo: "sha512",
  os_hash_value: CHECKSUM.repeat(4),
  id: image.id,
  created_at: image.created_at,
  updated_at: image.created_at,
  tags: image.tags,
  self: `/v2/images/${image.id}`,
  file: `/v2/images/${image.id}/file`,
  schema: "/v2/schemas/image",
  stores: "fs",
});

/** What a filter of these fields stands for: `in:a,"b,c"` is two values, anything else is one. */
function valuesOf(filter: string): readonly string[] {
  if (!filter.startsWith("in:")) return [filter.replace(/^eq:/, "")];
  const list = filter.slice("in:".length);
  if ((list.replace(/\\./g, "").match(/"/g) ?? []).length % 2 === 1)
    throw bad(`Invalid filter value ${list}. The quote is not closed.`);
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/g)].map(([whole, inner]) =>
    inner === undefined ? whole : inner.replace(/\\(.)/g, "$1"),
  );
}

function filter(request: SandboxRequest): (image: Image) => boolean {
  const { query } = request;
  const visibility = query.get("visibility") ?? "all";
  if (!VISIBILITIES.includes(visibility)) throw bad(`Invalid visibility value: ${visibility}`);
  const tags = query.getAll("tag");
  const fields = [...query].filter(([key]) => !NOT_FILTERS.includes(key));
  const wanted = fields.map(([key, text]) => [key, LISTED.includes(key) ? valuesOf(text) : [text]] as const);
  return (image) => {
    const view: Readonly<Record<string, unknown>> = viewOf(image);
    return (
      (visibility === "all" || image.visibility === visibility) &&
      tags.every((tag) => image.tags.includes(tag)) &&
      wanted.every(([key, values]) => values.includes(String(view[key] ?? "")))
    );
  };
}

function list(world: World, request: SandboxRequest) {
  const limit = request.query.get("limit");
  if (limit !== null && !/^-?\d+$/.test(limit)) throw bad("limit param must be an integer");
  if (limit?.startsWith("-")) throw bad("limit param must be positive");
  const sort = request.query.get("sort_key") ?? "id";
  if (!SORTS.includes(sort))
    throw bad(`Invalid sort key: ${sort}. It must be one of the following: ${SORTS.join(", ")}.`);
  const fits = filter(request);
  const rows = world
    .table<Image>("image")
    .listed()
    .filter((image) => canSeeImage(request, image) && fits(image))
    .reverse();
  const marker = request.query.get("marker");
  if (marker !== null && !rows.some((row) => row.id === marker)) throw bad(`No image found with ID ${marker}`);
  const query = new URLSearchParams(request.query);
  query.delete("marker");
  const first = query.size === 0 ? "/v2/images" : `/v2/images?${query}`;
  if (limit !== null && Number(limit) === 0) return { images: [], first, schema: "/v2/schemas/images" };
  const most = limit === null ? Math.min(PAGE, world.options.pageSize) : world.options.pageSize;
  const found = page(request, rows, most);
  return {
    images: found.items.map(viewOf),
    first,
    schema: "/v2/schemas/images",
    ...(found.next === undefined ? {} : { next: `/v2/images?${found.next}` }),
  };
}

function versions(request: SandboxRequest) {
  const links = [{ rel: "self", href: `${rootOf(request, "image")}/v2/` }];
  return VERSIONS.map((minor) => ({
    id: `v2.${minor}`,
    status: minor === CURRENT ? "CURRENT" : "SUPPORTED",
    links,
  }));
}

/** The image that every project sees: the one that clusters are made from. */
function seed(world: World): void {
  const admin = world.projects.find((one) => one.name === "admin");
  assert(admin !== undefined, "the admin project holds what is shared");
  world.table<Image>("image").add({
    id: world.uuid(),
    project_id: admin.id,
    name: "ubuntu-24.04-kube",
    status: "active",
    visibility: "public",
    tags: [],
    created_at: isoOf(world.nowMs()),
    size: 196_616,
    min_disk: 1,
    min_ram: 0,
    properties: { os_distro: "ubuntu" },
  });
}

/** Images: read only, as a member of a project meets them. */
export function glance(world: World): SandboxService {
  const images = world.table<Image>("image");
  const find = (request: SandboxRequest, id: string): Image => {
    const image = images.get(id);
    if (image === undefined || !canSeeImage(request, image)) throw new Fault(404, `No image found with ID ${id}`);
    return image;
  };
  seed(world);
  return {
    type: "image",
    name: "glance",
    fault: (fault) => webobOf(fault.status === 401 ? { status: 401, message: UNAUTHORIZED } : fault),
    routes: {
      "GET /": (request) => ({ status: 300, body: { versions: versions(request) } }),
      "GET /versions": (request) => ({ status: 200, body: { versions: versions(request) } }),
      "GET /v2/images": (request) => ({ status: 200, body: list(world, request) }),
      "GET /v2/images/:id": (request, { id = "" }) => ({ status: 200, body: viewOf(find(request, id)) }),
      "DELETE /v2/images/:id": (request, { id = "" }) => {
        find(request, id);
        throw new Fault(403, "You are not authorized to complete delete_image action.");
      },
    },
  };
}
