import type { Cloud } from "../openstack/cloud.ts";

/** Every kind there is: what must know them all (people's words for them) fails to compile when one is added. */
export type KindName =
  | "claim-share"
  | "claim-snapshot"
  | "claim-volume"
  | "credential"
  | "external-record"
  | "floating-ip"
  | "key"
  | "kubernetes-addon"
  | "kubernetes-api"
  | "kubernetes-content"
  | "kubernetes-node"
  | "load-balancer"
  | "network"
  | "pod-port"
  | "port"
  | "ptr"
  | "recordset"
  | "router"
  | "secret"
  | "security-group"
  | "server"
  | "server-group"
  | "service-address"
  | "service-balancer"
  | "service-secret"
  | "service-security-group"
  | "share"
  | "share-access"
  | "share-network"
  | "subnet"
  | "trunk";

/**
 * Whose a resource is. Every resource of a cluster carries the cluster's mark in a field that its create call accepts, and
 * a name that ends with its step; both together are the exact owner mark. A name alone is never enough.
 */
export interface Owner {
  /** The cluster's id: short, unique for ever, `[a-z0-9]+`. */
  readonly cluster: string;
  /** The cluster's name as people typed it; part of resource names so that people recognise them. */
  readonly name: string;
  /** Which resource of the cluster: `network`, `port/worker-1`. Lower-case letters, digits, `-` and one `/`. */
  readonly step: string;
}

/** `kinvirt:k7f3m2q9x1`: the value of description, tag or metadata, the same on all resources of one cluster. */
export const markOf = (owner: Pick<Owner, "cluster">): string => `kinvirt:${owner.cluster}`;

/** `dev-k7f3m2q9x1-port-worker-1`: at most 63 characters for servers, because it is their host name too. */
export const nameOf = (owner: Owner): string => `${owner.name}-${owner.cluster}-${owner.step.replace("/", "-")}`;

export interface Seen {
  readonly id: string;
  /** The resource's name in the cloud, compared with `nameOf` to tell the steps of one kind apart. */
  readonly name: string;
  /** `leaving`: being deleted; it is neither usable nor gone. */
  readonly status: "pending" | "ready" | "failed" | "leaving";
  /** The service's own status word (`BUILD`, `PENDING_CREATE`, `creating`, `deleting`), for people. */
  readonly state: string;
  /** The service's own words when `failed`. */
  readonly fault?: string;
  /** What later steps need of it, and what people are shown: addresses, hrefs. Never a secret: it is kept in the store. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What the record has of a resource. */
export type Known = Pick<Seen, "id" | "name" | "facts">;

/**
 * One OpenStack resource kind. The four functions wait for nothing, and may run again after a crash at any point; the
 * reconciler alone decides which one to call and when.
 */
export interface Kind<Spec, S extends Seen = Seen> {
  readonly kind: KindName;
  /**
   * All resources of this kind in our project that carry the cluster's exact mark, whatever their step, in one listing (all
   * pages). Anything without the exact mark, or of another project, is left out. By the cluster alone, so that deletion
   * needs no spec and no dependency.
   */
  find(cloud: Cloud, cluster: Pick<Owner, "cluster" | "name">): Promise<readonly S[]>;
  /** By id, for what a listing does not show yet. Undefined when it is gone or does not carry the mark. */
  get(cloud: Cloud, cluster: Pick<Owner, "cluster" | "name">, id: string): Promise<S | undefined>;
  /**
   * `get` in fewer calls than `find` and `get`, for what was made a moment ago and was not seen to fail: its mark was there then,
   * so it is asked for its state alone. Whatever is not on its way is looked at as `get` does.
   */
  look?(cloud: Cloud, cluster: Pick<Owner, "cluster" | "name">, known: Known): Promise<S | undefined>;
  /** The POST is the last thing that it does: whatever can fail later belongs in `update`. */
  create(cloud: Cloud, owner: Owner, spec: Spec): Promise<S>;
  /** Several at once where the API has a bulk call that succeeds or fails as a whole. Same order as asked. */
  createAll?(cloud: Cloud, wanted: readonly { readonly owner: Owner; readonly spec: Spec }[]): Promise<readonly S[]>;
  /** Compares with what was seen and sends only the difference; no request if there is none. Fields of `Spec` that are
   * undefined are not known yet: `update` leaves them alone and answers `pending`. */
  update(cloud: Cloud, owner: Owner, spec: Spec, seen: S): Promise<S>;
  /** Missing already is success. Gone is proved by a later `find`, not by this. */
  remove(cloud: Cloud, seen: S): Promise<void>;
  /** What carries no mark and stays when it is gone itself, by its last facts. May run any number of times. */
  clear?(cloud: Cloud, facts: Seen["facts"]): Promise<void>;
  /** True: it does not keep what it needs from being deleted, and would be left behind without it. */
  readonly outlives?: true;
  /** True: others make them, so that no record knows whether there are any. */
  readonly foreign?: true;
  /** True: once made it stays as it is until it is changed by us, so that waiting for it is waiting for what it needs. */
  readonly passive?: true;
  /**
   * Its service takes a DELETE in every state, the same one again too, and `making` is its word for what it has not made
   * yet: so what it has forgotten to make or to delete may be told to go once more. Nova alone is so. Octavia (409 in
   * PENDING_…), Manila and Cinder refuse while they are at work.
   */
  readonly interruptible?: { readonly making: string };
  /** True: who makes it knows what is in it. One that the record never meant to make is somebody else's. */
  readonly secretive?: true;
  /** What it needs of these kinds waits until it is leaving, and not until it is gone: the services let go of each other. */
  readonly releases?: readonly KindName[];
}
