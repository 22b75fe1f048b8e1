import type { BlockStorage } from "./block-storage.ts";
import type { CloudSettings } from "./clouds.ts";
import type { Compute } from "./compute.ts";
import type { Dns } from "./dns.ts";
import type { ServiceType } from "./errors.ts";
import type { Identity } from "./identity.ts";
import type { Images } from "./image.ts";
import type { KeyManager } from "./key-manager.ts";
import type { LoadBalancers } from "./load-balancer.ts";
import type { Networking } from "./network.ts";
import type { SharedFileSystems } from "./shared-file-system.ts";

/** Who we are in this cloud, from the token. */
export interface Scope {
  readonly projectId: string;
  readonly projectName: string;
  readonly userId: string;
  readonly region: string;
  /** Names of the roles that the token carries on the project. */
  readonly roles: readonly string[];
  readonly authUrl: string;
}

/** The two words by which access rules name a service. */
export interface CatalogPlace {
  /** The catalog's own type: `sharev2` where the service is not there as `shared-file-system`. */
  readonly type: string;
  /** URL path of the versioned root, without a trailing slash: `/networking/v2.0`. */
  readonly prefix: string;
}

/** One project in one cloud: one field per OpenStack service, one file per field. */
export interface Cloud {
  /** Authenticates if needed. */
  scope(): Promise<Scope>;
  /** Service types that the catalog offers in our region and interface. */
  services(): Promise<readonly ServiceType[]>;
  /** Where each of these services is. */
  catalog(): Promise<Readonly<Partial<Record<ServiceType, CatalogPlace>>>>;
  /** The same of one service, which must be there, with the URL of its versioned root. */
  locate(service: ServiceType): Promise<CatalogPlace & { readonly url: string }>;
  /** The newest version of its API that a service speaks: a microversion (`2.96`) where it has those, else `3.14`. */
  version(service: ServiceType): Promise<string | undefined>;
  /** The same cloud for whoever logs in with this application credential. */
  as(credential: { readonly id: string; readonly secret: string }): Cloud;
  /** PEM: what the cloud's certificates are checked against, where that is not the public authorities. */
  readonly caCertificate?: string;
  /** Where it differs from the way of the programs in clusters, which use public endpoints and check certificates. */
  readonly way?: Pick<CloudSettings, "interface" | "verify">;
  readonly identity: Identity;
  readonly compute: Compute;
  readonly image: Images;
  readonly network: Networking;
  readonly loadBalancer: LoadBalancers;
  readonly dns: Dns;
  readonly keyManager: KeyManager;
  readonly sharedFileSystem: SharedFileSystems;
  readonly blockStorage: BlockStorage;
}
