import type { Cloud } from "../openstack/cloud.ts";
import type { Flavor } from "../openstack/compute.ts";
import type { ServiceType } from "../openstack/errors.ts";
import type { Tenant } from "./config.ts";
import type { Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

const NEEDED: readonly ServiceType[] = ["compute", "image", "network", "load-balancer", "dns", "key-manager"];
/** What the cluster's own credentials may be given of our roles; never admin. */
const ROLES = ["member", "load-balancer_member", "creator"];

/** A value, or the sentences that say why there is none. */
export type Found<T> = { readonly value: T } | { readonly problems: readonly string[] };

const listOf = (names: readonly string[]): string => (names.length === 0 ? "none" : [...names].sort().join(", "));

/** Looks up every name that the spec and the configuration use. All problems at once, each one sentence. */
export async function resolve(cloud: Cloud, tenant: Tenant, spec: ClusterSpec): Promise<Found<Resolved>> {
  const wanted: readonly ServiceType[] = spec.rwxGib === undefined ? NEEDED : [...NEEDED, "shared-file-system"];
  const offered = await cloud.services();
  const absent = wanted.filter((service) => !offered.includes(service));
  if (absent.length > 0) {
    return { problems: absent.map((one) => `The cloud's catalog has no ${one} service: ask its operator to add it.`) };
  }
  const problems: string[] = [];
  const must = <T>(value: T | undefined, sentence: string): T | undefined => {
    if (value === undefined) problems.push(sentence);
    return value;
  };
  const [scope, flavors, image, externals, zones, types, reverseDns, providers, places] = await Promise.all([
    cloud.scope(),
    cloud.compute.listFlavors(),
    cloud.image.findImage(spec.image),
    cloud.network.listNetworks({ "router:external": true }),
    cloud.dns.listZones({ name: tenant.dnsZone }),
    spec.rwxGib === undefined ? [] : cloud.sharedFileSystem.listShareTypes(),
    cloud.dns.supportsReverse(),
    cloud.loadBalancer.listProviders(),
    Promise.all(wanted.map(async (service) => [service, await cloud.locate(service)] as const)),
  ]);
  const flavorOf = (name: string): Flavor | undefined =>
    must(
      flavors.find((one) => one.name === name || one.id === name),
      `There is no flavor "${name}" here. Choose one of: ${listOf(flavors.map((one) => one.name))}.`,
    );
  const controlPlaneFlavor = flavorOf(spec.controlPlane.flavor);
  const workerFlavor =
    spec.workers.flavor === spec.controlPlane.flavor ? controlPlaneFlavor : flavorOf(spec.workers.flavor);
  const foundImage = must(image, `There is no active image named "${spec.image}": upload it or correct the template.`);
  const external = must(
    externals.find((one) => one.name === tenant.externalNetwork || one.id === tenant.externalNetwork),
    `There is no external network "${tenant.externalNetwork}". Choose one of: ${listOf(externals.map((one) => one.name))}.`,
  );
  const zone = must(
    zones.find((one) => one.name === tenant.dnsZone),
    `There is no DNS zone ${tenant.dnsZone} in this project: create it in Designate or correct dnsZone.`,
  );
  const type = types.find((one) => one.name === tenant.shareType || one.id === tenant.shareType);
  if (spec.rwxGib !== undefined) {
    must(
      type,
      `There is no share type "${tenant.shareType ?? ""}". Choose one of: ${listOf(types.map((one) => one.name))}.`,
    );
  }
  if (!providers.includes(tenant.loadBalancerProvider)) {
    problems.push(`Octavia has no provider "${tenant.loadBalancerProvider}". Choose one of: ${listOf(providers)}.`);
  }
  if (problems.length > 0 || !controlPlaneFlavor || !workerFlavor || !foundImage || !external || !zone)
    return { problems };
  const slim = ({ id, name, vcpus, ram, disk }: Flavor) => ({ id, name, vcpus, ramMib: ram, diskGib: disk });
  const shared =
    type === undefined ? undefined : String(type.extra_specs["driver_handles_share_servers"]).toLowerCase();
  const manila = places.find(([service]) => service === "shared-file-system")?.[1];
  return {
    value: {
      projectId: scope.projectId,
      region: scope.region,
      externalNetwork: { id: external.id, name: external.name },
      image: { id: foundImage.id, name: foundImage.name ?? spec.image },
      controlPlaneFlavor: slim(controlPlaneFlavor),
      workerFlavor: slim(workerFlavor),
      zone: { id: zone.id, name: zone.name },
      ...(type === undefined ? {} : { shareType: { id: type.id, name: type.name, shareNetwork: shared === "true" } }),
      shareProtocol: tenant.shareProtocol,
      loadBalancerProvider: tenant.loadBalancerProvider,
      antiAffinity: tenant.antiAffinity,
      cidrs: tenant.cidrs,
      dnsNameservers: tenant.dnsNameservers,
      reverseDns,
      prefixes: Object.fromEntries(places.map(([service, { prefix }]) => [service, prefix])),
      shareServiceType: manila?.type ?? "shared-file-system",
      roles: ROLES.filter((role) => scope.roles.includes(role)),
    },
  };
}
