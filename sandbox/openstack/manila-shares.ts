import { isAdmin, type World } from "./core.ts";
import { isJson, type Json, jsonAt, textAt } from "./json.ts";
import {
  bad,
  broken,
  checkLength,
  invalid,
  metadataOf,
  notFound,
  overLimit,
  timeOf,
  unprocessable,
} from "./manila-common.ts";
import { findNetwork } from "./manila-networks.ts";
import type { ShareType } from "./manila-types.ts";
import { Fault, type SandboxRequest } from "./service.ts";
import type { Row } from "./table.ts";

export interface Share extends Row {
  name: string | null;
  description: string | null;
  /** GiB. */
  size: number;
  /** What it grows to while it is extending. */
  wanted: number;
  status: string;
  /** Null where the scheduler found no place for it. */
  host: string | null;
  exports: readonly Export[];
  metadata: Readonly<Record<string, string>>;
  readonly type: ShareType;
  readonly share_network_id: string | null;
  readonly share_proto: string;
  readonly user_id: string;
  readonly created_at: string;
}

export interface Export {
  readonly id: string;
  readonly path: string;
  readonly preferred: boolean;
  readonly adminOnly: boolean;
  readonly atMs: number;
}

const SERVICE = "shared-file-system";
const PROTOCOLS = ["NFS", "CIFS"];
const SETTLED = ["available", "error", "inactive"];

export const sharesOf = (world: World) => world.table<Share>("share");

/** Undefined for another project's. */
export const shareOf = (world: World, request: SandboxRequest, id: string): Share | undefined =>
  sharesOf(world).get(id, isAdmin(request) ? undefined : request.project);

/** How Manila words a share that is missing differs from call to call. */
export function findShare(world: World, request: SandboxRequest, id: string, missing?: string): Share {
  const row = shareOf(world, request, id);
  if (row === undefined) throw notFound(missing);
  return row;
}

/** `more` GiB for a new share, or for one that grows. */
export function checkQuota(world: World, project: string, more: number, shares: number): void {
  if (!world.quotas.fits(project, SERVICE, "gigabytes", more)) {
    const message = "Requested share exceeds allowed project/user or share type gigabytes quota.";
    throw shares === 0 ? new Fault(403, message) : overLimit(`ShareSizeExceedsAvailableQuota: ${message}`);
  }
  if (world.quotas.fits(project, SERVICE, "shares", shares)) return;
  const most = `Maximum number of shares allowed (${world.quotas.limit(project, SERVICE, "shares")})`;
  throw overLimit(`ShareLimitExceeded: ${most} either per project/user or share type quota is exceeded.`);
}

export function checkSize(world: World, project: string, size: number): void {
  const most = world.quotas.limit(project, SERVICE, "per_share_gigabytes");
  if (most < 0 || size <= most) return;
  const what = `Requested share size ${size} is larger than maximum allowed limit ${most}.`;
  throw overLimit(`ShareSizeExceedsLimit: ${what}`);
}

function typeIn(asked: Json, types: readonly ShareType[]): ShareType {
  if ("share_type" in asked && "volume_type" in asked) throw bad("Cannot specify both share_type and volume_type");
  const wanted = asked["share_type"] ?? asked["volume_type"] ?? types[0]?.name;
  const type = types.find(({ id, name }) => id === wanted || name === wanted);
  if (type === undefined) throw notFound("Share type not found.");
  return type;
}

function sizeIn(value: unknown): number {
  const size = Number(value);
  if (!Number.isInteger(size) || size <= 0)
    throw invalid(`Share size '${value}' must be an integer and greater than 0`);
  return size;
}

/** In Manila's own order: a request with several mistakes learns of the same one. */
export function newShare(world: World, request: SandboxRequest, types: readonly ShareType[]): Share {
  const asked = jsonAt(request.body, "share");
  if (asked === undefined) throw unprocessable();
  if (asked["is_public"] === true && !isAdmin(request))
    throw new Fault(403, "User is not authorized to set 'is_public' to True in the request.");
  for (const key of ["name", "description"]) checkLength(asked[key], key);
  const protocol = textAt(asked, "share_proto")?.toUpperCase();
  if (protocol === undefined || asked["size"] === undefined) throw broken();
  const zone = textAt(asked, "availability_zone");
  if (zone !== undefined && zone !== "nova") throw notFound(`Availability zone ${zone} could not be found.`);
  const networkId = textAt(asked, "share_network_id");
  if (networkId !== undefined) findNetwork(world, request, networkId);
  const type = typeIn(asked, types);
  if (type.dhss && networkId === undefined)
    throw bad("Share network must be set when the driver_handles_share_servers is true.");
  const metadata = metadataOf(asked["metadata"]);
  const size = sizeIn(asked["size"]);
  if (!PROTOCOLS.includes(protocol)) {
    const why = `It is either disabled or unsupported. Available protocols: ['${PROTOCOLS.join("', '")}']`;
    throw invalid(`Invalid share protocol provided: ${protocol}. ${why}`);
  }
  checkSize(world, request.project, size);
  checkQuota(world, request.project, size, 1);
  return {
    id: world.uuid(),
    project_id: request.project,
    name: textAt(asked, "name") ?? null,
    description: textAt(asked, "description") ?? null,
    size,
    wanted: size,
    status: "creating",
    host: null,
    exports: [],
    metadata,
    type,
    share_network_id: networkId ?? null,
    share_proto: protocol,
    user_id: request.user,
    created_at: timeOf(world.nowMs()),
  };
}

export function changeShare(world: World, request: SandboxRequest, id: string): Share {
  const asked = isJson(request.body) ? jsonAt(request.body, "share") : undefined;
  if (asked === undefined) throw unprocessable();
  for (const key of ["display_name", "display_description"]) checkLength(asked[key], key);
  const row = findShare(world, request, id);
  row.name = textAt(asked, "display_name") ?? row.name;
  row.description = textAt(asked, "display_description") ?? row.description;
  return row;
}

export function checkSettled(row: Share): void {
  if (SETTLED.includes(row.status)) return;
  throw new Fault(403, `Invalid share: Share status must be one of ('${SETTLED.join("', '")}').`);
}
