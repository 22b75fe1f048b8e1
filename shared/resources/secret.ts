import type { Cloud } from "../openstack/cloud.ts";
import { idOf, type Secret } from "../openstack/key-manager.ts";
import { barbicanPrefix } from "./key.ts";
import { type Kind, nameOf, type Owner, type Seen } from "./kind.ts";

export interface SecretSpec {
  /** Called once, when it is created: the text is never kept, logged or compared. At most 20000 bytes. */
  readonly payload: (cloud: Cloud) => string | Promise<string>;
  /** Told what Barbican has taken, by those who need it in the same pass. */
  readonly stored?: (href: string, text: string) => void;
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
  // A listing does not say who may read it: `update` does.
  return { ...seen, status: "pending" };
}

interface SecretSeen extends Seen {
  /** Made a moment ago, so that nobody has made it private yet. */
  readonly fresh?: true;
}

/**
 * A text in Barbican that our own user alone may read, and so the cluster's logins as far as their rules go: whoever else has
 * a role in the project may not. Its payload can't be changed.
 */
export const secret: Kind<SecretSpec, SecretSeen> = {
  kind: "secret",
  secretive: true,
  find: async (cloud, cluster) => (await cloud.keyManager.listSecrets()).filter((one) => isOurs(one, cluster)).map(see),
  async get(cloud, cluster, id) {
    const found = await cloud.keyManager.getSecret(id);
    return found !== undefined && isOurs(found, cluster) ? see(found) : undefined;
  },
  async create(cloud, owner, { payload, stored }) {
    const name = nameOf(owner);
    const text = await payload(cloud);
    const href = await cloud.keyManager.createSecret({ name, payload: text });
    stored?.(href, text);
    // A secret that is created together with its payload is ACTIVE in the answer's moment, and everybody's in the project.
    return { id: idOf(href), name, status: "pending", state: "ACTIVE", facts: { href }, fresh: true };
  },
  async update(cloud, _owner, _spec, { fresh, ...seen }) {
    if (seen.status !== "pending" || seen.state !== "ACTIVE") return seen;
    const shared = fresh === true || (await cloud.keyManager.isShared(seen.id));
    if (shared === undefined) return seen;
    if (shared) await cloud.keyManager.makePrivate(seen.id);
    return { ...seen, status: "ready" };
  },
  remove: (cloud, seen) => cloud.keyManager.deleteSecret(seen.id),
};
