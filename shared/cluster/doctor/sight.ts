import type { Cloud } from "../../openstack/cloud.ts";
import type { ServiceType } from "../../openstack/errors.ts";
import { type QuotaService, quotaReaders } from "../quotas.ts";
import type { About } from "./check.ts";
import { type Probed, probe } from "./probe.ts";
import { STARTER_KIT } from "./services.ts";

/** A tenant's cloud, and what an examination takes from outside. */
export interface Patient extends About {
  readonly cloud: Cloud;
  nowMs(): number;
  /** A new unguessable text. */
  token(length: number): string;
}

/** What several checks look at is asked for once. */
function kept() {
  const asked = new Map<string, Promise<unknown>>();
  return <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    const known = asked.get(what) ?? ask();
    asked.set(what, known);
    return known as Promise<T>;
  };
}

/** One look at a cloud: everything in it is of the same moment, more or less. */
export function sightOf(patient: Patient) {
  const { cloud, tenant } = patient;
  const once = kept();
  const scope = () => once("scope", () => cloud.scope());
  const zones = () => once("zones", () => cloud.dns.listZones());
  const quotas = quotaReaders(cloud, async () => (await zones()).find((one) => one.name === tenant.dnsZone)?.id);
  const sight = {
    ...patient,
    scope,
    zones,
    version: (service: ServiceType) => once(`version ${service}`, () => cloud.version(service)),
    services: () => once("services", () => cloud.services()),
    flavors: () => once("flavors", () => cloud.compute.listFlavors()),
    availabilityZones: () => once("availability zones", () => cloud.compute.listAvailabilityZones()),
    image: (name: string) => once(`image ${name}`, () => cloud.image.findImage(name)),
    externals: () => once("externals", () => cloud.network.listNetworks({ "router:external": true })),
    extensions: () => once("extensions", () => cloud.network.listExtensions()),
    providers: () => once("providers", () => cloud.loadBalancer.listProviders()),
    shareTypes: () => once("share types", () => cloud.sharedFileSystem.listShareTypes()),
    quota: (service: QuotaService) => once(`quota ${service}`, quotas[service]),
  };
  const touch = (service: ServiceType) => once(`touch ${service}`, () => STARTER_KIT[service].touch(sight));
  const answers = (service: ServiceType) =>
    touch(service).then(
      () => true,
      () => false,
    );
  return {
    ...sight,
    /** A call as ourselves: throws what the service says when it does not answer. */
    touch,
    /** Makes a restricted credential, tries it where services answer us, and removes it. */
    probed: (): Promise<Probed> =>
      once("probe", async () => {
        const offered = await sight.services();
        const answering = await Promise.all(offered.map(answers));
        return probe(
          patient,
          offered.filter((_, at) => answering[at]),
        );
      }),
  };
}

export type Sight = ReturnType<typeof sightOf>;
/** What can be read of a cloud without a restricted login. */
export type Plain = Omit<Sight, "touch" | "probed">;
