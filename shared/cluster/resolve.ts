import type { Cloud } from "../openstack/cloud.ts";
import type { Flavor } from "../openstack/compute.ts";
import type { ServiceType } from "../openstack/errors.ts";
import { clusterRoles } from "./cluster-roles.ts";
import type { Tenant } from "./config.ts";
import type { Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

const NEEDED: readonly ServiceType[] = ["compute", "image", "network", "load-balancer", "dns", "key-manager"];
const SHARES: ServiceType = "shared-file-system";
const BLOCKS: ServiceType = "block-storage";

/** A value, or the sentences that say why there is none. */
export type Found<T> = { readonly value: T } | { readonly problems: readonly string[] };

const listOf = (names: readonly string[]): string => (names.length === 0 ? "none" : [...names].sort().join(", "));

/** Everything that the names are looked up in, asked side by side. */
async function lookUp(cloud: Cloud, tenant: Tenant, spec: ClusterSpec, services: readonly ServiceType[]) {
  const [scope, flavors, image, externals, zones, types, reverseDns, providers, extensions, places] = await Promise.all(
    [
      cloud.scope(),
      cloud.compute.listFlavors(),
      cloud.image.findImage(spec.image),
      cloud.network.listNetworks({ "router:external": true }),
      cloud.dns.listZones({ name: tenant.dnsZone }),
      services.includes(SHARES) && tenant.shareType !== undefined ? cloud.sharedFileSystem.listShareTypes() : [],
      cloud.dns.supportsReverse(),
      cloud.loadBalancer.listProviders(),
      spec.cni === "kuryr" ? cloud.network.listExtensions() : [],
      Promise.all(services.map(async (service) => [service, await cloud.locate(service)] as const)),
    ],
  );
  return { scope, flavors, image, externals, zones, types, reverseDns, providers, extensions, places };
}

type Listed = Awaited<ReturnType<typeof lookUp>>;

/** What each name means here, and one sentence for each that means nothing. */
function pick(listed: Listed, tenant: Tenant, spec: ClusterSpec) {
  const { flavors, externals, types, providers } = listed;
  const problems: string[] = [];
  const must = <T>(value: T | undefined, sentence: string): T | undefined => {
    if (value === undefined) problems.push(sentence);
    return value;
  };
  const bootable = listOf(flavors.filter((one) => one.disk > 0).map((one) => one.name));
  const flavorOf = (name: string): Flavor | undefined => {
    const flavor = flavors.find((one) => one.name === name || one.id === name);
    if (flavor?.disk !== 0)
      return must(
        flavor,
        `There is no flavor "${name}" here. Choose one of: ${listOf(flavors.map((one) => one.name))}.`,
      );
    // Nova starts servers of such flavors from volumes alone (os_compute_api:servers:create:zero_disk_flavor).
    return must(undefined, `The flavor "${name}" has no disk that nodes could boot from. Choose one of: ${bootable}.`);
  };
  const controlPlane = flavorOf(spec.controlPlane.flavor);
  const { workers } = spec;
  // Where there are none, theirs need not exist.
  const isSame = workers.count === 0 || workers.flavor === spec.controlPlane.flavor;
  const worker = isSame ? controlPlane : flavorOf(workers.flavor);
  const image = must(
    listed.image,
    `There is no active image named "${spec.image}": upload it or correct the template.`,
  );
  const external = must(
    externals.find((one) => one.name === tenant.externalNetwork || one.id === tenant.externalNetwork),
    `There is no external network "${tenant.externalNetwork}". Choose one of: ${listOf(externals.map((one) => one.name))}.`,
  );
  const zone = must(
    listed.zones.find((one) => one.name === tenant.dnsZone),
    `There is no DNS zone ${tenant.dnsZone} in this project: create it in Designate or correct dnsZone.`,
  );
  const type = types.find((one) => one.name === tenant.shareType || one.id === tenant.shareType);
  if (spec.rwxGib !== undefined)
    must(
      type,
      `There is no share type "${tenant.shareType ?? ""}". Choose one of: ${listOf(types.map((one) => one.name))}.`,
    );
  must(
    providers.find((one) => one === tenant.loadBalancerProvider),
    `Octavia has no provider "${tenant.loadBalancerProvider}". Choose one of: ${listOf(providers)}.`,
  );
  if (spec.cni === "kuryr")
    must(
      listed.extensions.find((one) => one === "trunk"),
      'Kuryr needs the Neutron extension "trunk", which this cloud does not have: choose calico or cilium.',
    );
  if (spec.rwxGib !== undefined && tenant.shareProtocol !== "NFS")
    problems.push(
      `Nodes mount shares by NFS, and not by ${tenant.shareProtocol}: correct shareProtocol and shareType.`,
    );
  const { roles: held, projectName } = listed.scope;
  const roles = clusterRoles(held);
  if (roles.length === 0)
    problems.push(
      `kinvirt's user has no role on ${projectName} that a cluster's logins may get (it has: ${listOf(held)}): have an ` +
        `administrator run openstack role add --user USER --project ${projectName} member.`,
    );
  return { problems, controlPlane, worker, image, external, zone, type, roles };
}

const slim = ({ id, name, vcpus, ram, disk }: Flavor) => ({ id, name, vcpus, ramMib: ram, diskGib: disk });

/** Looks up every name that the spec and the configuration use. All problems at once, each one sentence. */
export async function resolve(cloud: Cloud, tenant: Tenant, spec: ClusterSpec): Promise<Found<Resolved>> {
  const asked: readonly ServiceType[] = spec.rwo === true ? [...NEEDED, BLOCKS] : NEEDED;
  const needed: readonly ServiceType[] = spec.rwxGib === undefined ? asked : [...asked, SHARES];
  const offered = await cloud.services();
  const absent = needed.filter((service) => !offered.includes(service));
  if (absent.length > 0) {
    const leave = (one: ServiceType) => (one === BLOCKS ? "leave --rwo out, or " : "");
    const sentence = (one: ServiceType) =>
      `The cloud's catalog has no ${one} service: ${leave(one)}ask its operator to add it.`;
    return { problems: absent.map(sentence) };
  }
  // A cluster that asks for no share now may make its own later, where the cloud has shares at all.
  const listed = await lookUp(cloud, tenant, spec, offered.includes(SHARES) ? [...asked, SHARES] : asked);
  const { problems, controlPlane, worker, image, external, zone, type, roles } = pick(listed, tenant, spec);
  if (problems.length > 0 || !controlPlane || !worker || !image || !external || !zone) return { problems };
  const { scope, places, reverseDns } = listed;
  const typeOf = (service: ServiceType) => places.find(([one]) => one === service)?.[1].type;
  const blockStorageType = typeOf(BLOCKS);
  const serversOwn = String(type?.extra_specs["driver_handles_share_servers"]).toLowerCase() === "true";
  return {
    value: {
      projectId: scope.projectId,
      region: scope.region,
      externalNetwork: { id: external.id, name: external.name },
      image: { id: image.id, name: image.name ?? spec.image },
      controlPlaneFlavor: slim(controlPlane),
      workerFlavor: slim(worker),
      zone: { id: zone.id, name: zone.name },
      ...(type === undefined ? {} : { shareType: { id: type.id, name: type.name, shareNetwork: serversOwn } }),
      shareProtocol: tenant.shareProtocol,
      loadBalancerProvider: tenant.loadBalancerProvider,
      antiAffinity: tenant.antiAffinity,
      cidrs: tenant.cidrs,
      dnsNameservers: tenant.dnsNameservers,
      reverseDns,
      prefixes: Object.fromEntries(places.map(([service, { prefix }]) => [service, prefix])),
      shareServiceType: typeOf(SHARES) ?? SHARES,
      ...(blockStorageType === undefined ? {} : { blockStorageType }),
      roles: [...roles],
      ...(tenant.imageRegistry === undefined ? {} : { registry: tenant.imageRegistry }),
      ...(tenant.packageMirror === undefined ? {} : { packages: tenant.packageMirror }),
    },
  };
}
