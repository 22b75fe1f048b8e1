import type { Cloud } from "../openstack/cloud.ts";
import { idOf } from "../openstack/key-manager.ts";
import { credential } from "./credential.ts";
import { barbicanPrefix, key } from "./key.ts";
import { nameOf, type Owner } from "./kind.ts";

/** What should be, by its step: `key/kms`, `secret/pki`, `credential/controllers`. */
export interface WantedKey {
  readonly step: string;
  /** True: it has been there before, so that it is missed. */
  readonly made: boolean;
}

/** One of a cluster's keys, secrets or logins as Barbican and Keystone have it. Never what is in it. */
export interface KeyTruth extends WantedKey {
  /** Absent: it is not there. */
  readonly id?: string;
  /** Barbican's own word; of a login `ACTIVE`, as long as Keystone has it. */
  readonly status?: string;
  /** Barbican's reason, where it has failed. */
  readonly fault?: string;
  /** Whether others with a role in the project may read it. Of secrets only: a key is the project's, as its plugin reads it. */
  readonly shared?: boolean;
  /** ISO 8601, of a login that ends. */
  readonly expiresAt?: string;
}

type Cluster = Pick<Owner, "cluster" | "name">;
type Found = Pick<KeyTruth, "id" | "status" | "fault" | "shared" | "expiresAt">;

async function secretsOf(cloud: Cloud, cluster: Cluster): Promise<ReadonlyMap<string, Found>> {
  const all = (await cloud.keyManager.listSecrets()).filter(
    (one) => one.secret_type === "opaque" && (one.name ?? "").startsWith(barbicanPrefix(cluster)),
  );
  const found = all.map(async (one): Promise<readonly [string, Found]> => {
    const shared = await cloud.keyManager.isShared(one.secret_ref);
    const acl = shared === undefined ? {} : { shared };
    return [one.name ?? "", { id: idOf(one.secret_ref), status: one.status, ...acl }];
  });
  return new Map(await Promise.all(found));
}

/**
 * A cluster's key, secrets and logins, in the order asked. No payload is read: three listings, and who may read of each secret
 * of the cluster's.
 */
export async function inspectKeys(
  cloud: Cloud,
  cluster: Cluster,
  wanted: readonly WantedKey[],
): Promise<readonly KeyTruth[]> {
  const [keys, secrets, logins] = await Promise.all([
    key.find(cloud, cluster),
    secretsOf(cloud, cluster),
    credential.find(cloud, cluster),
  ]);
  const seen = new Map<string, Found>([
    ...secrets,
    ...keys.map(({ name, id, state, fault }) => {
      const failed = fault === undefined ? {} : { fault };
      return [name, { id, status: state, ...failed }] as const;
    }),
    ...logins.map(({ name, id, state, facts }) => {
      const ends = facts["expiresAt"] === undefined ? {} : { expiresAt: facts["expiresAt"] };
      return [name, { id, status: state, ...ends }] as const;
    }),
  ]);
  return wanted.map((one) => ({ ...one, ...seen.get(nameOf({ ...cluster, step: one.step })) }));
}
