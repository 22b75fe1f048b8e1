import type { Cloud } from "../openstack/cloud.ts";
import { claimedShares, claimedSnapshots, claimedVolumes } from "./claimed.ts";
import { isMarked } from "./dns-mark.ts";
import { type Kind, type KindName, nameOf, type Owner, type Seen } from "./kind.ts";

/*
 * What runs in a cluster makes things in the cloud itself, under names and descriptions of its own that hold the cluster's
 * id, which is unguessable. Nothing here is ever created by us: it is found and removed when the cluster goes.
 * Source: kubernetes/cloud-provider-openstack pkg/openstack/loadbalancer.go, pkg/ingress/controller.
 */

type Cluster = Pick<Owner, "cluster" | "name">;
/** `name`: its own. */
type Found = Pick<Seen, "id" | "name" | "state"> & { readonly leaving?: boolean };

/** The one step of all that is found of such a kind. */
export const leftStep = (kind: KindName): string => `${kind}/left`;

const never = async (): Promise<never> => {
  throw new Error("invariant: what a cluster makes of its own is not made by us");
};

export function byCluster(
  kind: KindName,
  find: (cloud: Cloud, cluster: Cluster) => Promise<readonly Found[]>,
  remove: (cloud: Cloud, seen: Seen) => Promise<void>,
): Kind<Readonly<Record<string, never>>> {
  const look = async (cloud: Cloud, cluster: Cluster): Promise<readonly Seen[]> =>
    (await find(cloud, cluster)).map(({ id, name, state, leaving }) => ({
      id,
      name: nameOf({ ...cluster, step: leftStep(kind) }),
      state,
      facts: { name },
      status: leaving === true ? "leaving" : "ready",
    }));
  return {
    kind,
    foreign: true,
    find: look,
    get: async (cloud, cluster, id) => (await look(cloud, cluster)).find((seen) => seen.id === id),
    create: never,
    update: async (_cloud, _owner, _spec, seen) => seen,
    remove,
  };
}

/** `from cluster k7f3m2q9x1`, whatever version of a resource follows. */
const says = (text: string | null | undefined, cluster: string): boolean =>
  new RegExp(`\\b(from|in) cluster ${cluster}(, version: \\d+)?$`).test(text ?? "");
const isNamed = (name: string, cluster: string): boolean =>
  name.startsWith(`kube_service_${cluster}_`) || name.startsWith(`kube_ingress_${cluster}_`);
/** A load balancer that Services of several clusters share carries a tag for each. */
const isShared = (tags: readonly string[], cluster: string): boolean =>
  tags.some((tag) => tag.startsWith("kube_service_") && !tag.startsWith(`kube_service_${cluster}_`));

type Marked = { readonly project_id: string; readonly tags: readonly string[] };

/** `said`: whether its words say so. Kuryr has none for what it makes, but a tag on all of it: `resource_tags`. */
export const isOf = (one: Marked, [projectId, cluster]: readonly [string, string], said = false): boolean =>
  one.project_id === projectId && (said || one.tags.includes(cluster));

/** Load balancers of Services and Ingresses. */
export const serviceBalancer = byCluster(
  "service-balancer",
  async (cloud, { cluster }) => {
    const { projectId } = await cloud.scope();
    const all = await cloud.loadBalancer.listLoadBalancers({ project_id: projectId });
    const isSaid = ({ name, description, tags }: (typeof all)[number]) =>
      isNamed(name, cluster) && says(description, cluster) && !isShared(tags, cluster);
    return all
      .filter((one) => isOf(one, [projectId, cluster], isSaid(one)))
      .map((one) => ({
        id: one.id,
        name: one.name,
        state: one.provisioning_status,
        leaving: ["PENDING_DELETE", "DELETED"].includes(one.provisioning_status),
      }));
  },
  (cloud, seen) => cloud.loadBalancer.deleteLoadBalancer(seen.id),
);

export const serviceAddress = byCluster(
  "service-address",
  async (cloud, { cluster }) => {
    const { projectId } = await cloud.scope();
    const all = await cloud.network.listFloatingIps({ project_id: projectId });
    const isSaid = ({ description }: (typeof all)[number]) =>
      says(description, cluster) && (description ?? "").startsWith("Floating IP for Kubernetes ");
    return all
      .filter((one) => isOf(one, [projectId, cluster], isSaid(one)))
      .map((one) => ({
        id: one.id,
        name: one.floating_ip_address,
        state: one.status,
      }));
  },
  (cloud, seen) => cloud.network.deleteFloatingIp(seen.id),
);

export const serviceSecurityGroup = byCluster(
  "service-security-group",
  async (cloud, { cluster }) => {
    const { projectId } = await cloud.scope();
    const all = await cloud.network.listSecurityGroups({ project_id: projectId });
    const isSaid = ({ description }: (typeof all)[number]) =>
      says(description, cluster) && /^Security [Gg]roup (for|created for) /.test(description ?? "");
    return all
      .filter((one) => isOf(one, [projectId, cluster], isSaid(one)))
      .map((one) => ({ id: one.id, name: one.name, state: "" }));
  },
  (cloud, seen) => cloud.network.deleteSecurityGroup(seen.id),
);

/** Certificates of Ingresses. */
export const serviceSecret = byCluster(
  "service-secret",
  async (cloud, { cluster }) =>
    (await cloud.keyManager.listSecrets())
      .filter((one) => (one.name ?? "").startsWith(`kube_ingress_${cluster}_`))
      .map((one) => ({ id: one.secret_ref.split("/").at(-1) ?? "", name: one.name ?? "", state: one.status })),
  (cloud, seen) => cloud.keyManager.deleteSecret(seen.id),
);

interface Claimed {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly status: string;
}

const claimed = ({ id, name, status }: Claimed) => ({
  ...{ id, name: name ?? "", state: status },
  leaving: status === "deleting",
});

export const claimShare = byCluster(
  "claim-share",
  async (cloud, cluster) => (await claimedShares(cloud, cluster)).map(claimed),
  (cloud, seen) => cloud.sharedFileSystem.deleteShare(seen.id),
);

/** Its servers have it still, or are about to: Nova lets it go with them, and Cinder refuses until then. */
const HELD = ["in-use", "attaching", "detaching", "reserved"];

export const claimVolume = byCluster(
  "claim-volume",
  async (cloud, cluster) => (await claimedVolumes(cloud, cluster)).map(claimed),
  async (cloud, seen) => {
    if (!HELD.includes(seen.state)) await cloud.blockStorage.deleteVolume(seen.id);
  },
);

/** A volume does not go before its snapshots. */
export const claimSnapshot = byCluster(
  "claim-snapshot",
  async (cloud, cluster) => (await claimedSnapshots(cloud, cluster)).map(claimed),
  (cloud, seen) => cloud.blockStorage.deleteSnapshot(seen.id),
);

/** `a-www.apps.dev.k8s.example.org.` is the ownership record of the A record `www.apps.dev.k8s.example.org.`. */
const OWNERSHIP = /^(a|cname)-(.+)$/;

/**
 * ExternalDNS' records: a TXT record names the owner, and by its own name the record that it speaks for.
 * Source: kubernetes-sigs/external-dns registry/txt.
 */
export const externalRecord = byCluster(
  "external-record",
  async (cloud, { cluster }) => {
    const { projectId } = await cloud.scope();
    // What we have made, for whichever cluster, is not ExternalDNS', whatever a text claims.
    const all = (await cloud.dns.listRecordsets({})).filter(({ description }) => !isMarked(description));
    const ours = all.filter(
      (one) =>
        one.type === "TXT" &&
        one.project_id === projectId &&
        one.records.some((text) => text.split(/[",]/).includes(`external-dns/owner=${cluster}`)),
    );
    const spoken = new Set(
      ours.flatMap((one) => {
        const [, type = "", rest = ""] = OWNERSHIP.exec(one.name) ?? [];
        return [
          `${one.zone_id} ${type.toUpperCase()} ${rest}`,
          `${one.zone_id} ${type.toUpperCase()} ${rest.replace(/^any\./, "*.")}`,
        ];
      }),
    );
    const records = all.filter((one) => spoken.has(`${one.zone_id} ${one.type} ${one.name}`));
    // The ownership goes last: without it nobody would know whose the other one is.
    return (records.length > 0 ? records : ours).map((one) => ({
      id: `${one.zone_id}/${one.id}`,
      name: `${one.type} ${one.name}`,
      state: one.status,
      leaving: one.action === "DELETE",
    }));
  },
  (cloud, seen) => {
    const [zone = "", id = ""] = seen.id.split("/");
    return cloud.dns.deleteRecordset(zone, id);
  },
);
