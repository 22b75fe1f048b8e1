import type { Quota } from "../../shared/openstack/endpoint.ts";
import type { ServiceType } from "../../shared/openstack/errors.ts";

export interface Quotas {
  /** Called once by each service: its limits for every project, and how much of a resource a project uses now. */
  define(
    service: ServiceType,
    limits: Readonly<Record<string, number>>,
    used: (project: string, resource: string) => number,
  ): void;
  /** A project's own limit, -1 for none. */
  set(project: string, service: ServiceType, resource: string, limit: number): void;
  limit(project: string, service: ServiceType, resource: string): number;
  used(project: string, service: ServiceType, resource: string): number;
  /** True if `more` of it still fit. */
  fits(project: string, service: ServiceType, resource: string, more?: number): boolean;
  of(project: string, service: ServiceType): readonly Quota[];
}

interface Defined {
  readonly limits: Readonly<Record<string, number>>;
  used(project: string, resource: string): number;
}

export function quotas(): Quotas {
  const defined = new Map<ServiceType, Defined>();
  const own = new Map<string, number>();
  const limit = (project: string, service: ServiceType, resource: string) =>
    own.get(`${project} ${service} ${resource}`) ?? defined.get(service)?.limits[resource] ?? -1;
  const used = (project: string, service: ServiceType, resource: string) =>
    defined.get(service)?.used(project, resource) ?? 0;
  return {
    define: (service, limits, count) => void defined.set(service, { limits, used: count }),
    set: (project, service, resource, most) => void own.set(`${project} ${service} ${resource}`, most),
    limit,
    used,
    fits(project, service, resource, more = 1) {
      const most = limit(project, service, resource);
      return most < 0 || more <= 0 || used(project, service, resource) + more <= most;
    },
    of: (project, service) =>
      Object.keys(defined.get(service)?.limits ?? {}).map((resource) => ({
        service,
        resource,
        limit: limit(project, service, resource),
        used: used(project, service, resource),
      })),
  };
}
