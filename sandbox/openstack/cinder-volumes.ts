import { CINDER_TAKES, findVolume, snapshotsOf, type Volume, volumesOf } from "./cinder-model.ts";
import { rootOf, type World } from "./core.ts";
import { isJson, type Json, jsonAt, numberAt, textAt } from "./json.ts";
import { metadataFilter, metadataOf, timeOf } from "./manila-common.ts";
import { linksOf, page } from "./paging.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const SERVICE = "block-storage";
const DELETABLE = ["available", "error", "error_restoring", "error_extending", "error_managing"];

function view(request: SandboxRequest, row: Volume): Json {
  const root = rootOf(request, SERVICE);
  const { attachment } = row;
  return {
    id: row.id,
    status: row.status,
    size: row.size,
    availability_zone: "nova",
    created_at: row.created_at,
    updated_at: row.created_at,
    name: row.name,
    description: row.description,
    volume_type: "lvmdriver-1",
    snapshot_id: row.snapshot_id,
    source_volid: null,
    metadata: row.metadata,
    links: [
      { rel: "self", href: `${root}/v3/volumes/${row.id}` },
      { rel: "bookmark", href: `${root}/volumes/${row.id}` },
    ],
    user_id: row.user_id,
    bootable: "false",
    encrypted: false,
    replication_status: null,
    consistencygroup_id: null,
    multiattach: false,
    attachments:
      attachment === undefined
        ? []
        : [
            {
              id: row.id,
              attachment_id: attachment.id,
              volume_id: row.id,
              server_id: attachment.server,
              host_name: null,
              device: attachment.device,
              attached_at: row.created_at,
            },
          ],
    "os-vol-tenant-attr:tenant_id": row.project_id,
  };
}

/** In a project with no more room, Cinder says how much there is. */
function checkQuota(world: World, project: string, size: number, volumes: number): void {
  const limit = (resource: string) => world.quotas.limit(project, SERVICE, resource);
  if (!world.quotas.fits(project, SERVICE, "gigabytes", size)) {
    const consumed = world.quotas.used(project, SERVICE, "gigabytes");
    const numbers = `Requested ${size}G, quota is ${limit("gigabytes")}G and ${consumed}G has been consumed.`;
    throw new Fault(
      413,
      `VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. ${numbers}`,
    );
  }
  if (world.quotas.fits(project, SERVICE, "volumes", volumes)) return;
  const most = `Maximum number of volumes allowed (${limit("volumes")}) exceeded for quota 'volumes'.`;
  throw new Fault(413, `VolumeLimitExceeded: ${most}`);
}

function create(world: World, request: SandboxRequest): Volume {
  const asked = jsonAt(request.body, "volume");
  if (asked === undefined) throw new Fault(400, "Missing required element 'volume' in request body.");
  const snapshot = textAt(asked, "snapshot_id");
  const source = snapshot === undefined ? undefined : snapshotsOf(world).get(snapshot, request.project);
  if (snapshot !== undefined && source === undefined) throw new Fault(404, `Snapshot ${snapshot} could not be found.`);
  const size = numberAt(asked, "size") ?? source?.size;
  if (size === undefined || !Number.isInteger(size) || size <= 0)
    throw new Fault(400, `Invalid input received: Volume size '${size}' must be an integer and greater than 0.`);
  const metadata = metadataOf(asked["metadata"]);
  checkQuota(world, request.project, size, 1);
  const row = volumesOf(world).add({
    id: world.uuid(),
    project_id: request.project,
    name: textAt(asked, "name") ?? null,
    description: textAt(asked, "description") ?? null,
    size,
    status: "creating",
    metadata,
    user_id: request.user,
    created_at: timeOf(world.nowMs()),
    snapshot_id: snapshot ?? null,
    attachment: undefined,
  });
  world.later(world.takes(CINDER_TAKES.made), () => {
    if (row.status !== "creating") return;
    row.status = world.faults.broken("volume", row.name ?? "") === undefined ? "available" : "error";
  });
  return row;
}

function remove(world: World, row: Volume): void {
  const snapshots = snapshotsOf(world).all(row.project_id);
  const held = row.attachment !== undefined || snapshots.some((one) => one.volume_id === row.id);
  if (held || !DELETABLE.includes(row.status)) {
    const states = `${DELETABLE.slice(0, -1).join(", ")} or ${DELETABLE.at(-1)}`;
    const must = "must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer,";
    const rest = "or be disassociated from snapshots after volume transfer.";
    throw new Fault(400, `Invalid volume: Volume status must be ${states} and ${must} ${rest}`);
  }
  row.status = "deleting";
  world.later(world.takes(CINDER_TAKES.removed), () => void volumesOf(world).remove(row.id));
}

function extend(world: World, row: Volume, asked: Json): void {
  const size = Number(asked["new_size"]);
  if (!Number.isInteger(size) || size <= row.size)
    throw new Fault(400, `Invalid input received: New size for extend must be greater than current size.`);
  if (!["available", "in-use"].includes(row.status))
    throw new Fault(400, `Invalid volume: Volume ${row.id} status must be '('available', 'in-use')' to extend.`);
  checkQuota(world, row.project_id, size - row.size, 0);
  const before = row.status;
  Object.assign(row, { status: "extending", size });
  world.later(world.takes(CINDER_TAKES.made), () => void Object.assign(row, { status: before }));
}

export function volumeRoutes(world: World): Readonly<Record<string, Handle>> {
  return {
    "GET /v3/volumes/detail": (request) => {
      const carries = metadataFilter(request);
      const fits = (row: Volume) => carries(row.metadata) && (request.query.get("name") ?? row.name) === row.name;
      const rows = volumesOf(world).listed(request.project).toReversed().filter(fits);
      const found = page(request, rows, world.options.pageSize);
      const links = linksOf(found, `${rootOf(request, SERVICE)}/v3/volumes/detail`).filter(({ rel }) => rel === "next");
      const volumes = found.items.map((row) => view(request, row));
      return { status: 200, body: { volumes, ...(links.length === 0 ? {} : { volumes_links: links }) } };
    },
    "POST /v3/volumes": (request) => ({ status: 202, body: { volume: view(request, create(world, request)) } }),
    "GET /v3/volumes/:id": (request, { id = "" }) => ({
      status: 200,
      body: { volume: view(request, findVolume(world, request, id)) },
    }),
    "DELETE /v3/volumes/:id": (request, { id = "" }) => {
      remove(world, findVolume(world, request, id));
      return { status: 202 };
    },
    "POST /v3/volumes/:id/action": (request, { id = "" }) => {
      const row = findVolume(world, request, id);
      const asked = isJson(request.body) ? jsonAt(request.body, "os-extend") : undefined;
      if (asked === undefined) throw new Fault(400, "There is no such action.");
      extend(world, row, asked);
      return { status: 202 };
    },
  };
}
