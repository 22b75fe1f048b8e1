import { isAdmin, rootOf, type World } from "./core.ts";
import { atLeast } from "./microversion.ts";
import { type Flavor, hostsOf, linksTo, microseconds, ZONE } from "./nova-model.ts";
import { bad, notAllowed, pageOf } from "./nova-schema.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const FLAVORS = [
  { name: "m1.tiny", vcpus: 1, ram: 512, disk: 1 },
  { name: "m1.small", vcpus: 1, ram: 2048, disk: 20 },
  { name: "m1.medium", vcpus: 2, ram: 4096, disk: 40 },
  { name: "m1.large", vcpus: 4, ram: 8192, disk: 80 },
  { name: "m1.xlarge", vcpus: 8, ram: 16_384, disk: 160 },
];

/** In the order of every listing: by id, which says nothing of their size. */
export const flavorsOf = (world: World): readonly Flavor[] =>
  FLAVORS.map((flavor) => ({ id: world.uuid(), ...flavor })).sort((a, b) => (a.id < b.id ? -1 : 1));

const described = (request: SandboxRequest) => (atLeast(request, "2.55") ? { description: null } : {});

const viewOf = (request: SandboxRequest, flavor: Flavor) => ({
  id: flavor.id,
  name: flavor.name,
  ram: flavor.ram,
  disk: flavor.disk,
  swap: atLeast(request, "2.75") ? 0 : "",
  "OS-FLV-EXT-DATA:ephemeral": 0,
  "OS-FLV-DISABLED:disabled": false,
  vcpus: flavor.vcpus,
  "os-flavor-access:is_public": true,
  rxtx_factor: 1,
  links: linksTo(request, `flavors/${flavor.id}`),
  ...described(request),
  ...(atLeast(request, "2.61") ? { extra_specs: {} } : {}),
});

function least(request: SandboxRequest, key: string): number {
  const asked = request.query.get(key) ?? "0";
  if (!/^\d+$/.test(asked)) throw bad(`Invalid ${key} filter [${asked}]`);
  return Number(asked);
}

/** Flavors, which no project owns, and the zone that all hosts are in. */
export function flavorRoutes(world: World, flavors: readonly Flavor[]): Readonly<Record<string, Handle>> {
  const list = (request: SandboxRequest, path: string, view: (flavor: Flavor) => unknown) => {
    const [ram, disk] = [least(request, "minRam"), least(request, "minDisk")];
    const fitting = flavors.filter((flavor) => flavor.ram >= ram && flavor.disk >= disk);
    const url = `${rootOf(request, "compute")}/v2.1${path}`;
    return { status: 200, body: pageOf(request, fitting, world.options.pageSize, { key: "flavors", url, view }) };
  };
  const find = (id: string): Flavor => {
    const flavor = flavors.find((one) => one.id === id);
    if (flavor === undefined) throw new Fault(404, `Flavor ${id} could not be found.`);
    return flavor;
  };
  return {
    "GET /v2.1/flavors": (request) =>
      list(request, "/flavors", ({ id, name }) => ({
        id,
        name,
        links: linksTo(request, `flavors/${id}`),
        ...described(request),
      })),
    "GET /v2.1/flavors/detail": (request) => list(request, "/flavors/detail", (flavor) => viewOf(request, flavor)),
    "GET /v2.1/flavors/:id": (request, { id = "" }) => ({ status: 200, body: { flavor: viewOf(request, find(id)) } }),
    "GET /v2.1/flavors/:id/os-extra_specs": (_request, { id = "" }) => {
      find(id);
      return { status: 200, body: { extra_specs: {} } };
    },
    "GET /v2.1/os-availability-zone": () => ({
      status: 200,
      body: { availabilityZoneInfo: [{ zoneName: ZONE, zoneState: { available: true }, hosts: null }] },
    }),
    "GET /v2.1/os-availability-zone/detail": (request) => {
      if (!isAdmin(request)) throw notAllowed("os-availability-zone:detail");
      const service = { available: true, active: true, updated_at: microseconds(world.nowMs()) };
      const hosts = hostsOf(world).map((host) => [host, { "nova-compute": service }] as const);
      const zone = { zoneName: ZONE, zoneState: { available: true }, hosts: Object.fromEntries(hosts) };
      return { status: 200, body: { availabilityZoneInfo: [zone] } };
    },
  };
}
