import type { Cloud } from "../openstack/cloud.ts";
import { idOf, type Secret } from "../openstack/key-manager.ts";
import { barbicanPrefix } from "./key.ts";
import { type Kind, nameOf, type Owner, type Seen } from "./kind.ts";

export interface SecretSpec {
  /** Called once, when it is created: the text is never kept, logged or compared. At most 20000 bytes. */
  readonly payload: (cloud: Cloud) => string | Promise<string>;
}

const isOurs = (secret: Secret, cluster: Pick<Owner, "cluster" | "name">): boolean =>
  secret.secret_type === "opaque" && (secret.name ?? "").startsWith(barbicanPrefix(cluster));

function see(secret: Secret): Seen {
  const seen = {
    id: idOf(secret.secret_ref),
    name: secret.name ?? "",
    state: secret.status,
    facts: { href: secret.secret_ref },
  };
  if (secret.status === "ERROR") return { ...seen, status: "failed", fault: "Barbican could not store it" };
  return { ...seen, status: secret.status === "ACTIVE" ? "ready" : "pending" };
}

/** A text that only the cluster's own nodes and we may read, in Barbican. Its payload can't be changed. */
export const secret: Kind<SecretSpec> = {
  kind: "secret",
  find: async (cloud, cluster) => (await cloud.keyManager.listSecrets()).filter((one) => isOurs(one, cluster)).map(see),
  async get(cloud, cluster, id) {
    const found = await cloud.keyManager.getSecret(id);
    return found !== undefined && isOurs(found, cluster) ? see(found) : undefined;
  },
  async create(cloud, owner, { payload }) {
    const name = nameOf(owner);
    const href = await cloud.keyManager.createSecret({ name, payload: await payload(cloud) });
    // A secret that is created together with its payload is ACTIVE in the answer's moment.
    return { id: idOf(href), name, status: "ready", state: "ACTIVE", facts: { href } };
  },
  update: async (_cloud, _owner, _spec, seen) => seen,
  remove: (cloud, seen) => cloud.keyManager.deleteSecret(seen.id),
};
