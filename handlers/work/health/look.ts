import type { StepStatus } from "../../../shared/cluster/record.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError, type ServiceType } from "../../../shared/openstack/errors.ts";
import { idOf } from "../../../shared/openstack/key-manager.ts";
import { attempt } from "../../../shared/reconcile/observe.ts";
import { credential } from "../../../shared/resources/credential.ts";
import { floatingIp } from "../../../shared/resources/floating-ip.ts";
import { key } from "../../../shared/resources/key.ts";
import type { Kind, Owner } from "../../../shared/resources/kind.ts";
import { loadBalancer } from "../../../shared/resources/load-balancer.ts";
import { network } from "../../../shared/resources/network.ts";
import { port } from "../../../shared/resources/port.ts";
import { ptr } from "../../../shared/resources/ptr.ts";
import { recordset } from "../../../shared/resources/recordset.ts";
import { router } from "../../../shared/resources/router.ts";
import { secret } from "../../../shared/resources/secret.ts";
import { securityGroup } from "../../../shared/resources/security-group.ts";
import { server } from "../../../shared/resources/server.ts";
import { share } from "../../../shared/resources/share.ts";
import { subnet } from "../../../shared/resources/subnet.ts";
import { kindOf } from "../../views/words.ts";
import { inTurn } from "./in-turn.ts";

const AT_A_TIME = 2;

type Mine = { readonly project_id: string };

/** Of these it is enough to know that they are there: of thousands of clusters they are most of what is listed. */
const there = async (items: Promise<readonly { readonly id: string }[]>) => (await items).map(({ id }) => ({ id }));

/** One listing of a whole project by kind, whatever the number of clusters; items by the id that a record has of them. */
const LISTINGS = {
  server: async (cloud: Cloud) =>
    (await cloud.compute.listServers()).map(({ id, status, fault }) => ({ id, status, fault })),
  network: (cloud: Cloud, mine: Mine) => there(cloud.network.listNetworks(mine)),
  subnet: (cloud: Cloud, mine: Mine) => there(cloud.network.listSubnets(mine)),
  router: (cloud: Cloud, mine: Mine) => cloud.network.listRouters(mine),
  port: (cloud: Cloud, mine: Mine) => there(cloud.network.listPorts(mine)),
  "floating-ip": (cloud: Cloud, mine: Mine) => cloud.network.listFloatingIps(mine),
  "security-group": (cloud: Cloud, mine: Mine) => cloud.network.listSecurityGroups(mine),
  "load-balancer": (cloud: Cloud, mine: Mine) => cloud.loadBalancer.listLoadBalancers(mine),
  pool: (cloud: Cloud, mine: Mine) => cloud.loadBalancer.listPools(mine),
  recordset: async (cloud: Cloud) =>
    (await cloud.dns.listRecordsets({ description: "kinvirt:*" })).map(
      ({ zone_id, id, name, records, status, action }) => ({ id: `${zone_id}/${id}`, name, records, status, action }),
    ),
  ptr: (cloud: Cloud) => cloud.dns.listPointers(),
  share: (cloud: Cloud) => cloud.sharedFileSystem.listShares({}),
  credential: (cloud: Cloud) => there(cloud.identity.listApplicationCredentials()),
  secret: async (cloud: Cloud) => (await cloud.keyManager.listSecrets()).map((one) => ({ id: idOf(one.secret_ref) })),
} as const;

export type Listing = keyof typeof LISTINGS;
export type Item<L extends Listing> = Awaited<ReturnType<(typeof LISTINGS)[L]>>[number];

/** What a tenant's cloud holds, as far as somebody wanted to know. */
export interface Look {
  /** Undefined where the service gave no answer: then nothing is known, which is not the same as nothing being there. */
  of<L extends Listing>(listing: L): ReadonlyMap<string, Item<L>> | undefined;
}

export interface Looking extends Look {
  /** Asks for these, each once however often it is wanted. */
  want(listings: Iterable<Listing>): Promise<void>;
  readonly projectId: string;
  /** Nothing that was listed is older. */
  readonly startedMs: number;
  /** Services that gave no answer, by what they said. */
  readonly troubles: ReadonlyMap<ServiceType | "kubernetes", OpenStackError>;
}

export const isListing = (kind: string): kind is Listing => Object.hasOwn(LISTINGS, kind);

/** Throws where not even a token is to be had. */
export async function looking(cloud: Cloud, nowMs: number): Promise<Looking> {
  const { projectId } = await cloud.scope();
  const asked = new Map<Listing, Promise<void>>();
  const found = new Map<Listing, ReadonlyMap<string, { readonly id: string }>>();
  const troubles = new Map<ServiceType | "kubernetes", OpenStackError>();
  async function ask(listing: Listing): Promise<void> {
    const items = await attempt<readonly { readonly id: string }[]>(
      LISTINGS[listing](cloud, { project_id: projectId }),
    );
    if (items instanceof OpenStackError) troubles.set(items.detail.service, items);
    else found.set(listing, new Map(items.map((one) => [one.id, one])));
  }
  return {
    projectId,
    startedMs: nowMs,
    troubles,
    of: <L extends Listing>(listing: L) => found.get(listing) as ReadonlyMap<string, Item<L>> | undefined,
    async want(listings) {
      const due = [...listings].filter((listing) => !asked.has(listing));
      // Side by side they would all be taken apart at the same moment.
      const all = inTurn(due, AT_A_TIME, ask);
      for (const listing of due) asked.set(listing, all);
      await Promise.all([...listings].map((listing) => asked.get(listing)));
    },
  };
}

/** Under which id, in which listing, a step's resource is: an encryption key is among the secrets, as its order holds nothing. */
export function listedAs(
  step: string,
  { id, facts }: Pick<StepStatus, "id" | "facts">,
): { readonly listing: Listing; readonly id: string } | undefined {
  const kind = kindOf(step);
  const [listing, one] = kind === "key" ? (["secret", facts["secretId"]] as const) : [kind, id];
  return isListing(listing) && one !== undefined ? { listing, id: one } : undefined;
}

const KINDS: Readonly<Record<string, Pick<Kind<never>, "get">>> = {
  key,
  server,
  network,
  subnet,
  router,
  port,
  "floating-ip": floatingIp,
  "security-group": securityGroup,
  "load-balancer": loadBalancer,
  recordset,
  ptr,
  share,
  credential,
  secret,
};

/** Asked by its id, which no listing that is behind or cut can hide. A service that does not answer has proved nothing. */
export async function isGone(
  cloud: Cloud,
  owner: Pick<Owner, "cluster" | "name">,
  step: string,
  id: string,
): Promise<boolean> {
  const found = await attempt(KINDS[kindOf(step)]?.get(cloud, owner, id) ?? Promise.resolve(undefined));
  return found === undefined;
}
