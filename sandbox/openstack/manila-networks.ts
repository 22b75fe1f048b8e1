import type { World } from "./core.ts";
import { type Json, jsonAt, textAt } from "./json.ts";
import { bad, notFound, overLimit, since, timeOf, unprocessable, windowOf } from "./manila-common.ts";
import { dropServer, type ShareServer } from "./manila-servers.ts";
import type { Share } from "./manila-shares.ts";
import { atLeast } from "./microversion.ts";
import type { Network, Subnet } from "./neutron-networks.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";
import type { Row } from "./table.ts";

/** Where share servers go. Manila takes Neutron's ids on trust until the first share needs a server there. */
export interface ShareNetwork extends Row {
  name: string | null;
  description: string | null;
  neutron_net_id: string | null;
  neutron_subnet_id: string | null;
  readonly subnet: string;
  readonly created_at: string;
  updated_at: string | null;
  server: ShareServer | undefined;
}

export const shareNetworks = (world: World) => world.table<ShareNetwork>("share-network");

export function findNetwork(world: World, request: SandboxRequest, id: string): ShareNetwork {
  const row = shareNetworks(world).get(id, request.project);
  if (row === undefined) throw notFound(`Share network ${id} could not be found.`);
  return row;
}

/** What Manila learns of the network when it makes a share server there. */
function wires(world: World, row: ShareNetwork): Json {
  const found = row.server === undefined ? undefined : world.table<Subnet>("subnet").get(row.neutron_subnet_id ?? "");
  const network = found === undefined ? undefined : world.table<Network>("network").get(found.network_id);
  return {
    network_type: found === undefined ? null : "geneve",
    segmentation_id: row.server?.segment ?? null,
    cidr: found?.cidr ?? null,
    ip_version: found === undefined ? null : 4,
    gateway: found?.gateway_ip ?? null,
    mtu: network?.mtu ?? null,
  };
}

function view(world: World, request: SandboxRequest, row: ShareNetwork): Json {
  const { neutron_net_id, neutron_subnet_id, created_at, updated_at } = row;
  const { gateway, mtu, ...wired } = wires(world, row);
  const place = { neutron_net_id, neutron_subnet_id, ...wired };
  const added = { ...since(request, "2.18", { gateway }), ...since(request, "2.20", { mtu }) };
  const subnet = { id: row.subnet, availability_zone: null, created_at, updated_at, ...place, mtu, gateway };
  return {
    id: row.id,
    name: row.name,
    project_id: row.project_id,
    created_at,
    updated_at,
    description: row.description,
    ...(atLeast(request, "2.26") ? {} : { nova_net_id: null }),
    ...(atLeast(request, "2.51")
      ? { share_network_subnets: [{ ...subnet, ...since(request, "2.78", { metadata: {} }) }] }
      : { ...place, ...added }),
    ...since(request, "2.63", { status: "active", security_service_update_support: true }),
    ...since(request, "2.70", { network_allocation_update_support: true }),
  };
}

/** `name=x` is equality, `name~=x` a part of it; a field that there isn't fits nothing. Manila sorts by nothing. */
function listed(world: World, request: SandboxRequest): readonly ShareNetwork[] {
  const { limit, offset } = windowOf(request);
  const passed = ["limit", "offset", "all_tenants", "project_id", "created_since", "created_before"];
  const filters = [...request.query].filter(([key]) => !passed.includes(key));
  const rows = shareNetworks(world)
    .listed(request.project)
    .filter((row) =>
      filters.every(([key, wanted]) => {
        const value = String(Reflect.get(row, key.replace(/~$/, "")) ?? "");
        return key.endsWith("~") ? value.includes(wanted) : value === wanted;
      }),
    )
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const most = world.options.pageSize;
  return rows.slice(offset, offset + Math.min(most, limit || most));
}

const NAME_MAX = 255;
const textOrNull = (asked: Json, key: string): string | null => textAt(asked, key) ?? null;
const askedIn = (request: SandboxRequest): Json => {
  const asked = jsonAt(request.body, "share_network");
  if (asked === undefined) throw unprocessable();
  return asked;
};

function create(world: World, request: SandboxRequest): ShareNetwork {
  const asked = askedIn(request);
  if ("neutron_net_id" in asked !== "neutron_subnet_id" in asked) {
    const why = "specify both neutron_net_id and neutron_subnet_id or none of them.";
    throw bad(`When creating a new share network subnet you need to ${why}`);
  }
  if (!world.quotas.fits(request.project, "shared-file-system", "share_networks")) {
    const most = world.quotas.limit(request.project, "shared-file-system", "share_networks");
    throw overLimit(`ShareNetworksLimitExceeded: Maximum number of share-networks allowed (${most}) exceeded.`);
  }
  // Manila doesn't look before its database refuses it.
  if ((textOrNull(asked, "name")?.length ?? 0) > NAME_MAX) throw new Fault(500, "Could not create share network.");
  return shareNetworks(world).add({
    id: world.uuid(),
    project_id: request.project,
    name: textOrNull(asked, "name"),
    description: textOrNull(asked, "description"),
    neutron_net_id: textOrNull(asked, "neutron_net_id"),
    neutron_subnet_id: textOrNull(asked, "neutron_subnet_id"),
    subnet: world.uuid(),
    created_at: timeOf(world.nowMs()),
    updated_at: null,
    server: undefined,
  });
}

function update(world: World, request: SandboxRequest, id: string): ShareNetwork {
  const asked = askedIn(request);
  const row = findNetwork(world, request, id);
  if (row.server !== undefined && Object.keys(asked).some((key) => !["name", "description"].includes(key))) {
    const why = "It is used by share servers. Only 'name' and 'description' fields are available for update";
    throw new Fault(403, `Cannot update share network ${id}. ${why}`);
  }
  for (const key of ["name", "description", "neutron_net_id", "neutron_subnet_id"] as const)
    if (key in asked) row[key] = textOrNull(asked, key);
  row.updated_at = timeOf(world.nowMs());
  return row;
}

function remove(world: World, request: SandboxRequest, id: string): void {
  const row = findNetwork(world, request, id);
  const users = world
    .table<Share>("share")
    .all()
    .filter((share) => share.share_network_id === id);
  if (users.length > 0) throw new Fault(409, `Can not delete share network ${id}, it has ${users.length} share(s).`);
  dropServer(world, row.server);
  shareNetworks(world).remove(id);
}

export function networkRoutes(world: World): Readonly<Record<string, Handle>> {
  const one = (request: SandboxRequest, row: ShareNetwork) => ({
    status: 200,
    body: { share_network: view(world, request, row) },
  });
  const path = "/v2/share-networks";
  return {
    [`GET ${path}`]: (request) => {
      const shown = listed(world, request).map(({ id, name }) => ({ id, name }));
      return { status: 200, body: { share_networks: shown } };
    },
    [`GET ${path}/detail`]: (request) => {
      const shown = listed(world, request).map((row) => view(world, request, row));
      return { status: 200, body: { share_networks: shown } };
    },
    [`POST ${path}`]: (request) => one(request, create(world, request)),
    [`GET ${path}/:id`]: (request, { id = "" }) => one(request, findNetwork(world, request, id)),
    [`PUT ${path}/:id`]: (request, { id = "" }) => one(request, update(world, request, id)),
    [`DELETE ${path}/:id`]: (request, { id = "" }) => {
      remove(world, request, id);
      return { status: 202 };
    },
  };
}
