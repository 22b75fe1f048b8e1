import type { CloudSettings } from "./clouds.ts";
import { OpenStackError, type ServiceType } from "./errors.ts";

export type Interface = "public" | "internal" | "admin";

export interface CatalogService {
  readonly type: string;
  readonly endpoints: readonly { readonly interface: string; readonly region: string; readonly url: string }[];
}

/** A service as the catalog offers it in our region. `type` is the catalog's own word, which access rules must name. */
export interface Located {
  readonly type: string;
  readonly url: string;
}

/**
 * Catalog types by which each service is known, the official one first.
 * Source: https://service-types.openstack.org/service-types.json
 */
const TYPES: Readonly<Record<ServiceType, readonly string[]>> = {
  identity: ["identity"],
  compute: ["compute"],
  image: ["image"],
  network: ["network"],
  "load-balancer": ["load-balancer"],
  dns: ["dns"],
  "key-manager": ["key-manager"],
  "shared-file-system": ["shared-file-system", "sharev2", "share"],
  "block-storage": ["block-storage", "volumev3"],
};

export const SERVICES = Object.keys(TYPES) as readonly ServiceType[];

/** The service that a catalog type, an alias or a configuration key (`load_balancer`) means. */
export const serviceNamed = (name: string): ServiceType | undefined =>
  SERVICES.find((service) => TYPES[service].includes(name.replaceAll("_", "-")));

type Where = Pick<CloudSettings, "name" | "region" | "interface" | "endpoints">;

/** The configured region, or the catalog's only one. Throws `invalid` when the configuration has to choose. */
export function regionOf(catalog: readonly CatalogService[], where: Where): string {
  const regions = [
    ...new Set(catalog.flatMap((service) => service.endpoints.map((endpoint) => endpoint.region))),
  ].sort();
  if (where.region !== undefined && (regions.length === 0 || regions.includes(where.region))) return where.region;
  const [only] = regions;
  if (where.region === undefined && regions.length === 1 && only !== undefined) return only;
  const fault =
    where.region === undefined
      ? `cloud ${where.name} has the regions ${regions.join(", ") || "(none)"}: set region_name to one of them`
      : `cloud ${where.name} has no region ${where.region}: set region_name to one of ${regions.join(", ")}`;
  throw new OpenStackError({ service: "identity", method: "GET", path: "/auth/catalog", fault, trouble: "invalid" });
}

/** Where the service is in our region and interface; undefined when the catalog does not offer it there. */
export function locate(catalog: readonly CatalogService[], service: ServiceType, where: Where): Located | undefined {
  const region = regionOf(catalog, where);
  const known = TYPES[service].flatMap((type) => catalog.filter((offered) => offered.type === type));
  const override = where.endpoints[service];
  if (override !== undefined) return { type: known[0]?.type ?? service, url: override };
  for (const { type, endpoints } of known) {
    const found = endpoints.find((endpoint) => endpoint.region === region && endpoint.interface === where.interface);
    if (found !== undefined) return { type, url: found.url };
  }
  return undefined;
}

export function mustLocate(catalog: readonly CatalogService[], service: ServiceType, where: Where): Located {
  const found = locate(catalog, service, where);
  if (found !== undefined) return found;
  const fault = `the catalog has no ${service} service in region ${regionOf(catalog, where)} (interface ${where.interface})`;
  throw new OpenStackError({ service, method: "GET", path: "/auth/catalog", fault, trouble: "missing" });
}
