import { idOf, type Order, type Secret } from "../openstack/key-manager.ts";
import { type Kind, nameOf, type Owner, type Seen } from "./kind.ts";

type Cluster = Pick<Owner, "cluster" | "name">;

/** Barbican has no field for a mark but the name; the cluster's id in it is unguessable. */
export const barbicanPrefix = (cluster: Cluster): string => `${cluster.name}-${cluster.cluster}-`;

/** What a key order makes; other kinds of ours store `opaque` secrets under the same prefix. */
const isKey = (secret: Secret, cluster: Cluster): boolean =>
  secret.secret_type === "symmetric" && (secret.name ?? "").startsWith(barbicanPrefix(cluster));

const isOurs = (order: Order, cluster: Cluster): boolean => (order.meta.name ?? "").startsWith(barbicanPrefix(cluster));

function seeOrder(order: Order, secret: Secret | undefined): Seen {
  const ref = order.secret_ref ?? undefined;
  const seen = {
    id: idOf(order.order_ref),
    name: order.meta.name ?? "",
    state: order.status,
    facts: ref === undefined ? {} : { secretHref: ref, secretId: idOf(ref) },
  };
  if (order.status === "ERROR")
    return { ...seen, status: "failed", fault: order.error_reason ?? "Barbican gave no reason" };
  if (order.status !== "ACTIVE" || ref === undefined) return { ...seen, status: "pending" };
  if (secret === undefined)
    return { ...seen, status: "failed", fault: "the key that this order made has been deleted" };
  return { ...seen, status: "ready" };
}

/** A key without its order works as well; its id stands for both. */
const seeSecret = (secret: Secret): Seen => ({
  id: idOf(secret.secret_ref),
  name: secret.name ?? "",
  status: secret.status === "ERROR" ? "failed" : "ready",
  state: secret.status,
  facts: { secretHref: secret.secret_ref, secretId: idOf(secret.secret_ref) },
});

interface KeySeen extends Seen {
  /** Ordered a moment ago. */
  readonly fresh?: true;
}

/**
 * An AES-256 key in Barbican, made by an order: the key that the KMS plugin wraps Kubernetes' data keys with. Order and key
 * are two resources; either one without the other is still found, so that none is left behind.
 */
export const key: Kind<Readonly<Record<string, never>>, KeySeen> = {
  kind: "key",
  secretive: true,
  async find(cloud, cluster) {
    // Orders before secrets: an order that is ACTIVE in the first listing has its secret in the second.
    const orders = (await cloud.keyManager.listOrders()).filter((one) => isOurs(one, cluster));
    const secrets = (await cloud.keyManager.listSecrets()).filter((one) => isKey(one, cluster));
    const byId = new Map(secrets.map((one) => [idOf(one.secret_ref), one]));
    const ordered = new Set(orders.flatMap((one) => (one.secret_ref == null ? [] : [idOf(one.secret_ref)])));
    const unfinished = new Set(orders.filter((one) => one.secret_ref == null).map((one) => one.meta.name));
    const alone = secrets.filter((one) => !ordered.has(idOf(one.secret_ref)) && !unfinished.has(one.name));
    return [
      ...orders.map((one) => seeOrder(one, one.secret_ref == null ? undefined : byId.get(idOf(one.secret_ref)))),
      ...alone.map(seeSecret),
    ];
  },
  async get(cloud, cluster, id) {
    const order = await cloud.keyManager.getOrder(id);
    const secretId = order === undefined ? id : (order.secret_ref ?? undefined);
    const secret = secretId === undefined ? undefined : await cloud.keyManager.getSecret(secretId);
    if (order !== undefined) return isOurs(order, cluster) ? seeOrder(order, secret) : undefined;
    return secret !== undefined && isKey(secret, cluster) ? seeSecret(secret) : undefined;
  },
  look: (cloud, cluster, { id }) => key.get(cloud, cluster, id),
  async create(cloud, owner) {
    const name = nameOf(owner);
    const ref = await cloud.keyManager.createKeyOrder(name);
    return { id: idOf(ref), name, status: "pending", state: "PENDING", facts: {}, fresh: true };
  },
  /** Without a queue behind its API, Barbican has made the key before it answers, and does not say so. */
  async update(cloud, owner, _spec, { fresh, ...seen }) {
    return fresh === true ? ((await key.get(cloud, owner, seen.id)) ?? seen) : seen;
  },
  async remove(cloud, seen) {
    const secretId = seen.facts["secretId"];
    if (secretId !== undefined) await cloud.keyManager.deleteSecret(secretId);
    if (secretId !== seen.id) await cloud.keyManager.deleteOrder(seen.id);
  },
};
