import type { Cloud } from "../../openstack/cloud.ts";
import { isTrouble, OpenStackError, type ServiceType } from "../../openstack/errors.ts";
import type { AccessRule } from "../../openstack/identity.ts";
import { unlessMissing } from "../../openstack/network-collection.ts";
import { removeUnused } from "../../resources/credential.ts";
import { clusterRoles } from "../cluster-roles.ts";

/** Description of every credential that a probe makes: whoever finds one may delete it. */
export const PROBE_MARK = "kinvirt doctor: a probe, to be deleted";
const NAME = "kinvirt-doctor";
/** It ends by itself then, should nobody come and delete it. */
const LIFE_MS = 10 * 60_000;
const SECRET_CHARS = 48;
const NAME_CHARS = 10;
const TRIES_MAX = 3;
const NOBODY = "00000000-0000-4000-8000-000000000000";

interface Door {
  /** Below the service's root: the one call that the credential may make there. */
  readonly path: string;
  /** That call. */
  inside(cloud: Cloud, projectId: string): Promise<unknown>;
  /** Another one that the same roles may make. */
  outside(cloud: Cloud, projectId: string): Promise<unknown>;
}

/** Where the programs of a cluster log in with restricted credentials. Nothing here writes. */
const DOORS: Readonly<Partial<Record<ServiceType, Door>>> = {
  compute: {
    path: "/flavors/detail",
    inside: (cloud) => cloud.compute.listFlavors(),
    outside: (cloud) => cloud.compute.listAvailabilityZones(),
  },
  network: {
    path: "/extensions",
    inside: (cloud) => cloud.network.listExtensions(),
    outside: (cloud) => cloud.network.listNetworks({ "router:external": true }),
  },
  "load-balancer": {
    path: "/lbaas/loadbalancers",
    inside: (cloud, projectId) => cloud.loadBalancer.listLoadBalancers({ project_id: projectId, description: NAME }),
    outside: (cloud) => cloud.loadBalancer.listProviders(),
  },
  dns: {
    path: "/zones",
    inside: (cloud) => cloud.dns.listZones(),
    outside: (cloud) => cloud.dns.listRecordsets({ name: "kinvirt-doctor.invalid." }),
  },
  "key-manager": {
    path: "/secrets",
    inside: (cloud) => cloud.keyManager.listSecrets({ name: NAME }),
    outside: (cloud) => cloud.keyManager.getSecret(NOBODY),
  },
  "shared-file-system": {
    path: "/types",
    inside: (cloud) => cloud.sharedFileSystem.listShareTypes(),
    outside: (cloud) => cloud.sharedFileSystem.listShareNetworks(),
  },
  "block-storage": {
    path: "/snapshots/detail",
    inside: (cloud) => cloud.blockStorage.listSnapshots({ [NAME]: "none" }),
    outside: (cloud) => cloud.blockStorage.listVolumes({ [NAME]: "none" }),
  },
};

/**
 * - enforced: the one call is answered and the other refused
 * - ignored: the call that no rule names is answered too
 * - locked: not even the call that a rule names is answered
 * - silent: no answer to judge by
 */
export type Enforcement = "enforced" | "ignored" | "locked" | "silent";

export interface Probed {
  /** Why Keystone made no credential for us; absent when it did. */
  readonly refusal?: string;
  /** We have none of the roles that clusters' logins get, so no credential was asked for. */
  readonly roleless?: true;
  readonly services: Readonly<Partial<Record<ServiceType, Enforcement>>>;
}

type Outcome = "answered" | "denied" | "silent";

async function outcome(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call;
    return "answered";
  } catch (error) {
    if (isTrouble(error, "denied")) return "denied";
    if (error instanceof OpenStackError) return "silent";
    throw error;
  }
}

async function tried(door: Door, restricted: Cloud, projectId: string): Promise<Enforcement> {
  // One after the other: what a service says of the second call is told apart by what it said of the first.
  const inside = await outcome(door.inside(restricted, projectId));
  if (inside !== "answered") return inside === "denied" ? "locked" : "silent";
  const outside = await outcome(door.outside(restricted, projectId));
  return outside === "silent" ? "silent" : outside === "denied" ? "enforced" : "ignored";
}

interface Place {
  readonly service: ServiceType;
  readonly door: Door;
  readonly rules: readonly AccessRule[];
}

/** Undefined where clusters log in nowhere, and where the service's address can't be found out now. */
async function placeOf(cloud: Cloud, service: ServiceType): Promise<Place | undefined> {
  const door = DOORS[service];
  if (door === undefined) return undefined;
  try {
    const { type, prefix } = await cloud.locate(service);
    // Manila shows its version document, which its clients begin with, to logins alone.
    const paths = [`${prefix}/`, `${prefix}${door.path}`];
    return { service, door, rules: paths.map((path) => ({ service: type, method: "GET", path })) };
  } catch (error) {
    if (error instanceof OpenStackError) return undefined;
    throw error;
  }
}

const same = (a: AccessRule, b: AccessRule): boolean =>
  a.service === b.service && a.method === b.method && a.path === b.path;

/** What this run or one that was killed has made: credentials by their mark, and the rules that they leave behind. */
async function sweep(cloud: Cloud, rules: readonly AccessRule[]): Promise<void> {
  const left = (await cloud.identity.listApplicationCredentials()).filter((one) => one.description === PROBE_MARK);
  await Promise.all(left.map(({ id }) => cloud.identity.deleteApplicationCredential(id)));
  // A Keystone that knows no access rules has no listing of them.
  const known = await unlessMissing(cloud.identity.listAccessRules());
  const ours = (known ?? []).filter((one) => rules.some((rule) => same(one, rule)));
  await removeUnused(
    cloud,
    ours.map(({ id }) => id),
  );
}

interface Maker {
  readonly cloud: Cloud;
  nowMs(): number;
  token(length: number): string;
}

/** Undefined when another run has taken our credential for one that was left, so that a refusal says nothing. */
async function tryOnce(
  { cloud, nowMs, token }: Maker,
  places: readonly Place[],
  roles: readonly string[],
): Promise<Probed | undefined> {
  const { projectId } = await cloud.scope();
  const secret = token(SECRET_CHARS);
  const { id } = await cloud.identity.createApplicationCredential({
    name: `${NAME}-${token(NAME_CHARS)}`,
    description: PROBE_MARK,
    secret,
    roles,
    accessRules: places.flatMap(({ rules }) => rules),
    expiresAt: new Date(nowMs() + LIFE_MS).toISOString(),
  });
  const restricted = cloud.as({ id, secret });
  const seen = await Promise.all(
    places.map(async ({ service, door }) => [service, await tried(door, restricted, projectId)] as const),
  );
  const still = (await cloud.identity.getApplicationCredential(id)) !== undefined;
  return still ? { services: Object.fromEntries(seen) } : undefined;
}

/**
 * Whether this cloud lets us make restricted logins, and whether its services keep to their rules: makes one that may make a
 * single call of each service, and tries that call and another. Leaves nothing: what a run that was killed has left, the
 * next one removes, and it ends within minutes anyway. Throws what the cloud says, but for Keystone's refusal.
 */
export async function probe(maker: Maker, services: readonly ServiceType[]): Promise<Probed> {
  const { cloud } = maker;
  const found = await Promise.all(services.map((service) => placeOf(cloud, service)));
  const places = found.filter((one) => one !== undefined);
  const rules = places.flatMap((one) => one.rules);
  await sweep(cloud, rules);
  const roles = clusterRoles((await cloud.scope()).roles);
  // Keystone takes an empty list for all that we have.
  if (roles.length === 0) return { roleless: true, services: {} };
  try {
    for (let left = TRIES_MAX; left > 0; left -= 1) {
      const probed = await tryOnce(maker, places, roles);
      if (probed !== undefined) return probed;
    }
    return { services: {} };
  } catch (error) {
    if (isTrouble(error, "denied", "invalid", "quota")) return { refusal: error.detail.fault, services: {} };
    throw error;
  } finally {
    await sweep(cloud, rules);
  }
}
