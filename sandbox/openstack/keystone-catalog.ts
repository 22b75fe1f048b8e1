import type { ServiceType } from "../../shared/openstack/errors.ts";
import { rootOf } from "./core.ts";
import type { SandboxRequest } from "./service.ts";

/**
 * Type in the catalog, name, the service that answers, and the version that its URL carries: the same as the lab's, but for
 * Cinder, which it has not.
 */
const ENTRIES: readonly (readonly [string, string, ServiceType, string])[] = [
  ["shared-file-system", "manila", "shared-file-system", "/v2"],
  ["identity", "keystone", "identity", "/v3"],
  ["image", "glance", "image", ""],
  ["load-balancer", "octavia", "load-balancer", ""],
  ["key-manager", "barbican", "key-manager", ""],
  ["dns", "designate", "dns", ""],
  ["network", "neutron", "network", ""],
  ["compute", "nova", "compute", "/v2.1"],
  ["sharev2", "manilav2", "shared-file-system", "/v2"],
  ["block-storage", "cinder", "block-storage", "/v3"],
];

export function catalogOf(request: SandboxRequest, absent: readonly ServiceType[]): readonly unknown[] {
  return ENTRIES.filter(([, , service]) => !absent.includes(service)).map(([type, name, service, version]) => ({
    id: `service-${type}`,
    type,
    name,
    endpoints: ["admin", "internal", "public"].map((side) => ({
      id: `endpoint-${type}-${side}`,
      interface: side,
      region_id: "RegionOne",
      region: "RegionOne",
      url: `${rootOf(request, service)}${version}`,
    })),
  }));
}
