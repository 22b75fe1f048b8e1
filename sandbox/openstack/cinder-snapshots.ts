import { CINDER_TAKES, findVolume, type Snapshot, snapshotsOf } from "./cinder-model.ts";
import { rootOf, scopeOf, type World } from "./core.ts";
import { type Json, jsonAt, textAt } from "./json.ts";
import { metadataFilter, metadataOf, timeOf } from "./manila-common.ts";
import { linksOf, page } from "./paging.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const view = (row: Snapshot): Json => ({
  id: row.id,
  name: row.name,
  description: row.description,
  status: row.status,
  size: row.size,
  volume_id: row.volume_id,
  metadata: row.metadata,
  created_at: row.created_at,
  updated_at: row.created_at,
  "os-extended-snapshot-attributes:progress": row.status === "available" ? "100%" : "0%",
  "os-extended-snapshot-attributes:project_id": row.project_id,
});

function find(world: World, request: SandboxRequest, id: string): Snapshot {
  const row = snapshotsOf(world).get(id, scopeOf(request));
  if (row === undefined) throw new Fault(404, `Snapshot ${id} could not be found.`);
  return row;
}

function create(world: World, request: SandboxRequest): Snapshot {
  const asked = jsonAt(request.body, "snapshot");
  const volume = findVolume(world, request, textAt(asked, "volume_id") ?? "");
  if (volume.status !== "available" && asked?.["force"] !== true)
    throw new Fault(400, `Invalid volume: Volume ${volume.id} status must be available, but is ${volume.status}.`);
  if (!world.quotas.fits(request.project, "block-storage", "snapshots"))
    throw new Fault(413, "SnapshotLimitExceeded: Maximum number of snapshots allowed exceeded for quota 'snapshots'.");
  const row = snapshotsOf(world).add({
    id: world.uuid(),
    project_id: request.project,
    name: textAt(asked, "name") ?? null,
    description: textAt(asked, "description") ?? null,
    size: volume.size,
    status: "creating",
    volume_id: volume.id,
    metadata: metadataOf(asked?.["metadata"]),
    created_at: timeOf(world.nowMs()),
  });
  world.later(world.takes(CINDER_TAKES.made), () => {
    if (row.status === "creating") row.status = "available";
  });
  return row;
}

export function snapshotRoutes(world: World): Readonly<Record<string, Handle>> {
  const list: Handle = (request) => {
    const carries = metadataFilter(request);
    const rows = snapshotsOf(world).listed(request.project).toReversed();
    const fits = (row: Snapshot) => carries(row.metadata) && (request.query.get("name") ?? row.name) === row.name;
    const found = page(request, rows.filter(fits), world.options.pageSize);
    const url = `${rootOf(request, "block-storage")}${request.path}`;
    const links = linksOf(found, url).filter(({ rel }) => rel === "next");
    const snapshots = found.items.map(view);
    return { status: 200, body: { snapshots, ...(links.length === 0 ? {} : { snapshots_links: links }) } };
  };
  return {
    "GET /v3/snapshots": list,
    "GET /v3/snapshots/detail": list,
    "POST /v3/snapshots": (request) => ({ status: 202, body: { snapshot: view(create(world, request)) } }),
    "GET /v3/snapshots/:id": (request, { id = "" }) => ({
      status: 200,
      body: { snapshot: view(find(world, request, id)) },
    }),
    "DELETE /v3/snapshots/:id": (request, { id = "" }) => {
      const row = find(world, request, id);
      if (!["available", "error"].includes(row.status))
        throw new Fault(400, "Invalid snapshot: Snapshot status must be available or error.");
      row.status = "deleting";
      world.later(world.takes(CINDER_TAKES.removed), () => void snapshotsOf(world).remove(row.id));
      return { status: 202 };
    },
  };
}
