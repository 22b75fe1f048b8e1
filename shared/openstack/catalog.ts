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

type Where = Pick<CloudSettings, "name" | "authUrl" | "region" | "interface" | "endpoints">;

/** Keystone's own endpoint has no region in MicroStack, and `*` in Open Telekom Cloud: it is every region's. */
const isEverywhere = (region: string): boolean => region === "" || region === "*";

/** The configured region, or the catalog's only one. Throws `invalid` when the configuration has to choose. */
export function regionOf(catalog: readonly CatalogService[], where: Where): string {
  const regions = [
    ...new Set(catalog.flatMap((service) => service.endpoints.map((endpoint) => endpoint.region))),
  ].sort();
  if (where.region !== undefined && (regions.length === 0 || regions.includes(where.region))) return where.region;
  const places = regions.filter((region) => !isEverywhere(region));
  const [only] = places.length === 0 ? regions : places;
  if (where.region === undefined && places.length <= 1 && only !== undefined) return only;
  const fault =
    where.region === undefined
      ? `cloud ${where.name} has the regions ${places.join(", ") || "(none)"}: set region_name to one of them`
      : `cloud ${where.name} has no region ${where.region}: set region_name to one of ${places.join(", ")}`;
  throw new OpenStackError({ service: "identity", method: "GET", path: "/auth/catalog", fault, trouble: "invalid" });
}

/**
 * Where the service is in our region and interface; undefined when the catalog does not offer it there. Keystone is where we
 * log in, whatever the catalog says of it: regions that share one have it in one of their catalogs alone.
 */
export function locate(catalog: readonly CatalogService[], service: ServiceType, where: Where): Located | undefined {
  const region = regionOf(catalog, where);
  const known = TYPES[service].flatMap((type) => catalog.filter((offered) => offered.type === type));
  const override = where.endpoints[service];
  if (override !== undefined) return { type: known[0]?.type ?? service, url: override };
  for (const { type, endpoints } of known) {
    const here = endpoints.filter((endpoint) => endpoint.interface === where.interface);
    const found = here.find((one) => one.region === region) ?? here.find((one) => isEverywhere(one.region));
    if (found !== undefined) return { type, url: found.url };
  }
  return service === "identity" ? { type: "identity", url: where.authUrl } : undefined;
}

export function mustLocate(catalog: readonly CatalogService[], service: ServiceType, where: Where): Located {
  const found = locate(catalog, service, where);
  if (found !== undefined && URL.canParse(found.url) && /^https?:/i.test(found.url)) return found;
  const asked = { service, method: "GET", path: "/auth/catalog" };
  if (found !== undefined) {
    const fault = `the catalog says where the ${service} service is in a way that is no address: ${found.url.slice(0, 100)}`;
    throw new OpenStackError({ ...asked, fault, trouble: "invalid" });
  }
  const fault = `the catalog has no ${service} service in region ${regionOf(catalog, where)} (interface ${where.interface})`;
  throw new OpenStackError({ ...asked, fault, trouble: "missing" });
}
