import type { Flavor } from "../openstack/compute.ts";
import type { Quota } from "../openstack/endpoint.ts";
import type { ServiceType } from "../openstack/errors.ts";
import type { Template, Tenant } from "./config.ts";
import { clusterGraph } from "./graph.ts";
import { needsOf } from "./needs.ts";
import type { Resolved } from "./plan.ts";
import type { ClusterRecord } from "./record.ts";
import type { ClusterSpec } from "./spec.ts";

/** How much of which quota, by `service/resource`. */
export type Amounts = ReadonlyMap<string, number>;

/** What is asked for when a person names the template and nothing else. */
export const templateSpec = (template: string, of: Template): ClusterSpec => ({
  name: "planned",
  template,
  version: of.version,
  image: of.image,
  controlPlane: of.controlPlane,
  workers: of.workers,
  cni: of.cni,
  ...(of.rwo === true ? { rwo: true } : {}),
});

const UNKNOWN = { id: "", name: "", vcpus: 0, ramMib: 0, diskGib: 0 };

/** As far as quotas go: what a spec comes to here, whether all that it names exists or not. */
function sketch(spec: ClusterSpec, tenant: Tenant, flavors: readonly Flavor[], services: readonly ServiceType[]) {
  const flavorOf = (name: string) => {
    const found = flavors.find((one) => one.name === name || one.id === name);
    if (found === undefined) return UNKNOWN;
    return { id: found.id, name, vcpus: found.vcpus, ramMib: found.ram, diskGib: found.disk };
  };
  const resolved: Resolved = {
    projectId: "",
    region: "",
    externalNetwork: { id: "", name: "" },
    image: { id: "", name: "" },
    controlPlaneFlavor: flavorOf(spec.controlPlane.flavor),
    workerFlavor: flavorOf(spec.workers.flavor),
    zone: { id: "", name: tenant.dnsZone },
    ...(spec.rwxGib === undefined ? {} : { shareType: { id: "", name: "", shareNetwork: false } }),
    shareProtocol: tenant.shareProtocol,
    loadBalancerProvider: tenant.loadBalancerProvider,
    antiAffinity: tenant.antiAffinity,
    cidrs: tenant.cidrs,
    dnsNameservers: [],
    reverseDns: true,
    prefixes: Object.fromEntries(services.map((service) => [service, ""])),
    shareServiceType: "shared-file-system",
    roles: [],
  };
  return resolved;
}

const graphOf = (cluster: string, spec: ClusterSpec, resolved: Resolved) =>
  clusterGraph({ cluster, spec, resolved, createdMs: 0, nowMs: () => 0, token: () => "" });

/** What a cluster takes. A flavor that does not exist counts nothing of cores and RAM. */
export function amountsOf(
  spec: ClusterSpec,
  where: {
    readonly tenant: Tenant;
    readonly flavors: readonly Flavor[];
    readonly services: readonly ServiceType[];
  },
): Amounts {
  const resolved = sketch(spec, where.tenant, where.flavors, where.services);
  return needsOf(graphOf("planned", spec, resolved), spec, resolved);
}

/** What a cluster that is being made will still take: the steps of which nothing has been seen. */
export function stillToCome({ id, spec, resolved, status }: ClusterRecord): Amounts {
  if (resolved === undefined) return new Map();
  const made = (step: string) => status.steps[step]?.id !== undefined;
  const left = graphOf(id, spec, resolved).filter(({ step }) => !made(step));
  const servers = (role: string) => left.filter(({ step }) => step.startsWith(`server/${role}-`)).length;
  const rest = {
    ...spec,
    controlPlane: { ...spec.controlPlane, count: servers("control-plane") },
    workers: { ...spec.workers, count: servers("worker") },
  };
  return needsOf(left, rest, resolved);
}

export function sumOf(all: readonly Amounts[]): Amounts {
  const sum = new Map<string, number>();
  for (const amounts of all) for (const [key, count] of amounts) sum.set(key, (sum.get(key) ?? 0) + count);
  return sum;
}

export const keyOf = ({ service, resource }: { readonly service: string; readonly resource: string }): string =>
  `${service}/${resource}`;

/** Left of a quota beside what is promised to others; infinite without a limit. */
export const leftOf = (quota: Quota, reserved: Amounts): number =>
  quota.limit < 0
    ? Number.POSITIVE_INFINITY
    : Math.max(0, quota.limit - quota.used - (reserved.get(keyOf(quota)) ?? 0));

export interface Room {
  /** How many more fit; infinite where nothing limits them. */
  readonly clusters: number;
  /** The quota that ends first. */
  readonly bottleneck?: Quota;
}

/** How many clusters that take this much fit into what is left. */
export function roomFor(needs: Amounts, quotas: readonly Quota[], reserved: Amounts): Room {
  const shares = quotas.flatMap((quota) => {
    const each = needs.get(keyOf(quota)) ?? 0;
    return each === 0 ? [] : [{ quota, fits: leftOf(quota, reserved) / each }];
  });
  const [tightest] = shares.sort((a, b) => a.fits - b.fits);
  if (tightest === undefined || tightest.fits === Number.POSITIVE_INFINITY)
    return { clusters: Number.POSITIVE_INFINITY };
  return { clusters: Math.floor(tightest.fits), bottleneck: tightest.quota };
}
