import { isAdmin, type World } from "./core.ts";
import { atLeast } from "./microversion.ts";
import { type Server, serverTable } from "./nova-model.ts";
import { portsOf } from "./nova-ports.ts";
import { bad, countAt, notAllowed, python } from "./nova-schema.ts";
import { Fault, type SandboxRequest } from "./service.ts";

/** Filters that Nova knows and that leave the sandbox's servers as they are. */
const OTHERS = ["status", "all_tenants", "deleted", "tenant_id", "project_id", "changes-since", "reservation_id"];

type Fits = (server: Server) => boolean;

/** What a server's `status` may be asked for; of the states that the sandbox's servers are never in, none is found. */
const STATUSES = [
  ...["ACTIVE", "BUILD", "DELETED", "ERROR", "SHUTOFF", "HARD_REBOOT", "MIGRATING", "PASSWORD", "PAUSED", "REBOOT"],
  ...["REBUILD", "RESCUE", "RESIZE", "REVERT_RESIZE", "SHELVED", "SHELVED_OFFLOADED", "SOFT_DELETED", "SUSPENDED"],
  ...["UNKNOWN", "VERIFY_RESIZE"],
];
const PAGING = ["limit", "marker", "sort_key", "sort_dir"];
const SORTS = [
  ...["access_ip_v4", "access_ip_v6", "auto_disk_config", "availability_zone", "config_drive", "created_at"],
  ...[
    "display_description",
    "display_name",
    "host",
    "hostname",
    "image_ref",
    "instance_type_id",
    "kernel_id",
    "key_name",
  ],
  ...["launch_index", "launched_at", "locked_by", "node", "power_state", "progress", "project_id", "ramdisk_id"],
  ...["root_device_name", "task_state", "terminated_at", "updated_at", "user_id", "uuid", "vm_state", "architecture"],
  ...["cell_name", "cleaned", "default_ephemeral_device", "default_swap_device", "deleted", "deleted_at"],
  ...[
    "disable_terminate",
    "ephemeral_gb",
    "ephemeral_key_uuid",
    "id",
    "key_data",
    "launched_on",
    "locked",
    "memory_mb",
  ],
  ...["os_type", "reservation_id", "root_gb", "shutdown_terminate", "user_data", "vcpus", "vm_mode"],
];
const TAGS: Readonly<Record<string, (tags: readonly string[], wanted: readonly string[]) => boolean>> = {
  tags: (tags, wanted) => wanted.every((tag) => tags.includes(tag)),
  "tags-any": (tags, wanted) => wanted.some((tag) => tags.includes(tag)),
  "not-tags": (tags, wanted) => !wanted.every((tag) => tags.includes(tag)),
  "not-tags-any": (tags, wanted) => !wanted.some((tag) => tags.includes(tag)),
};
const SIMPLE: Readonly<Record<string, (world: World, wanted: string) => Fits>> = {
  name: (_world, wanted) => {
    const found = pattern("name", wanted);
    return (server) => found.test(server.name);
  },
  image: (_world, wanted) => (server) => server.image_id === wanted,
  flavor: (_world, wanted) => (server) => server.flavor.id === wanted,
  ip: (world, wanted) => {
    const found = pattern("ip", wanted);
    return (server) => portsOf(world, server).some((port) => port.fixed_ips.some((ip) => found.test(ip.ip_address)));
  },
};

/** Names are searched, as the database does it: a regular expression that ignores case. */
function pattern(key: string, wanted: string): RegExp {
  try {
    return new RegExp(wanted, "i");
  } catch {
    throw bad(`Invalid input for query parameters ${key}. Value: ${wanted}. ${python(wanted)} is not a 'regex'`);
  }
}

function byStatus(request: SandboxRequest): Fits {
  const wanted = request.query.getAll("status").map((status) => status.toUpperCase());
  if (wanted.length === 0) return () => true;
  if (!wanted.some((status) => STATUSES.includes(status))) {
    if (atLeast(request, "2.38")) throw bad("Invalid status value");
    return () => false;
  }
  if (wanted.every((status) => status === "DELETED") && !isAdmin(request))
    throw new Fault(403, "Only administrators may list deleted instances");
  return (server) => wanted.includes(server.status);
}

function everyProject(request: SandboxRequest, policy: string): boolean {
  const asked = request.query.get("all_tenants");
  if (asked === null || ["0", "f", "false", "off", "n", "no"].includes(asked.toLowerCase())) return false;
  if (!isAdmin(request)) throw notAllowed(`servers:${policy}:get_all_tenants`);
  return true;
}

/** The servers that a listing is asked for, the newest first. Members' other filters are ignored, until 2.75 forbids them. */
export function listedServers(world: World, request: SandboxRequest, policy: "index" | "detail"): readonly Server[] {
  countAt(request, "limit");
  const sort = request.query.get("sort_key");
  if (sort !== null && !SORTS.includes(sort)) {
    const why = `${python(sort)} is not one of [${SORTS.map(python).join(", ")}]`;
    throw bad(`Invalid input for query parameters sort_key. Value: ${sort}. ${why}`);
  }
  const filters = [...new Set(request.query.keys())].filter((key) => !PAGING.includes(key));
  const tagged = atLeast(request, "2.26") ? TAGS : {};
  const known = [...Object.keys(SIMPLE), ...Object.keys(TAGS), ...OTHERS];
  const strange = filters.find((key) => !known.includes(key));
  if (strange !== undefined && atLeast(request, "2.75"))
    throw bad(`'${strange}' does not match any of the regexes: '^_'`);
  const fitting = byStatus(request);
  const all = everyProject(request, policy);
  const tests = filters.map((key): Fits => {
    const wanted = request.query.get(key) ?? "";
    const byTags = tagged[key];
    if (byTags !== undefined) return (server) => byTags(server.tags, wanted.split(","));
    return SIMPLE[key]?.(world, wanted) ?? (() => true);
  });
  return serverTable(world)
    .listed(all ? undefined : request.project)
    .filter((server) => fitting(server) && tests.every((test) => test(server)))
    .reverse();
}
