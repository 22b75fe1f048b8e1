import { isAdmin, type World } from "./core.ts";
import type { Json } from "./json.ts";
import { denied, notFound, since } from "./manila-common.ts";
import { atLeast } from "./microversion.ts";
import type { Handle, SandboxRequest } from "./service.ts";

export interface ShareType {
  readonly id: string;
  readonly name: string;
  /** Whether its driver makes share servers in a share network (driver_handles_share_servers). */
  readonly dhss: boolean;
  /** Which only an admin sees. */
  readonly backend: string;
}

/** The first one is the default. Nobody adds to them. */
export const seedTypes = (world: World): readonly ShareType[] => [
  { id: world.uuid(), name: "rwx", dhss: false, backend: "dummy1" },
  { id: world.uuid(), name: "rwx-dhss", dhss: true, backend: "dummy2" },
];

function view(request: SandboxRequest, type: ShareType): Json {
  const dhss = { driver_handles_share_servers: type.dhss ? "True" : "False" };
  // What a type doesn't say is told to those who can't see what it says.
  const inferred = since(request, "2.24", { revert_to_snapshot_support: false, mount_snapshot_support: false });
  return {
    id: type.id,
    name: type.name,
    extra_specs: {
      ...dhss,
      snapshot_support: "True",
      create_share_from_snapshot_support: "True",
      ...(isAdmin(request) ? { share_backend_name: type.backend } : inferred),
    },
    required_extra_specs: dhss,
    [atLeast(request, "2.7") ? "share_type_access:is_public" : "os-share-type-access:is_public"]: true,
    ...since(request, "2.41", { description: null }),
  };
}

export function typeRoutes(types: readonly ShareType[]): Readonly<Record<string, Handle>> {
  const one = (request: SandboxRequest, type: ShareType | undefined) => {
    if (type === undefined) throw notFound("Share type not found.");
    const shown = view(request, type);
    return { status: 200, body: { volume_type: shown, share_type: shown } };
  };
  return {
    "GET /v2/types": (request) => {
      const all = types.map((type) => view(request, type));
      return { status: 200, body: { volume_types: all, share_types: all } };
    },
    "POST /v2/types": () => {
      throw denied();
    },
    "GET /v2/types/default": (request) => one(request, types[0]),
    "GET /v2/types/:id": (request, { id }) =>
      one(
        request,
        types.find((type) => type.id === id),
      ),
  };
}
