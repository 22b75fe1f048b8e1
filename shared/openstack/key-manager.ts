import * as z from "zod";
import { anything, type Counting, type Endpoint, type Quota } from "./endpoint.ts";
import { unlessMissing } from "./network-collection.ts";

/** The most that Barbican puts on one page; its default is 10. Source: barbican.conf, max_limit_paging. */
const PAGE = 100;

const order = z.object({
  /** `https://host/v1/orders/<uuid>`, with the host that Barbican believes it has. */
  order_ref: z.string(),
  /** PENDING, ACTIVE or ERROR. */
  status: z.string(),
  error_reason: z.string().nullish(),
  /** Absent until the order is ACTIVE; stays when the secret has been deleted. */
  secret_ref: z.string().nullish(),
  meta: z.object({ name: z.string().nullish() }),
});

export type Order = z.infer<typeof order>;

const secret = z.object({
  secret_ref: z.string(),
  /** ACTIVE, PENDING (its payload is being stored) or ERROR. */
  status: z.string(),
  name: z.string().nullish(),
  /** `symmetric` for what a key order made, `opaque` for what `createSecret` stored. */
  secret_type: z.string(),
});

export type Secret = z.infer<typeof secret>;

const acl = z.object({ read: z.object({ "project-access": z.boolean() }) });
const limits = z.object({ quotas: z.object({ secrets: z.int(), orders: z.int() }) });
const total = z.object({ total: z.int() });

/** The uuid at the end of a ref: its host is what Barbican believes it has, and may be unreachable for us. */
export const idOf = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);

function secrets(endpoint: Endpoint) {
  const path = (ref: string) => `/secrets/${idOf(ref)}`;
  return {
    /** `name` filters by equality. Metadata only. */
    listSecrets: (query: { readonly name?: string } = {}) =>
      endpoint.all({ path: "/secrets", key: "secrets", item: secret, query: { ...query, limit: PAGE } }),
    /** By uuid or href. Metadata only. */
    getSecret: (ref: string) => unlessMissing(endpoint.call({ method: "GET", path: path(ref), answer: secret })),
    /** Stores a text of at most 20000 bytes (Barbican's default). Answers the new secret's href. */
    async createSecret(asked: { readonly name: string; readonly payload: string }): Promise<string> {
      const body = { ...asked, payload_content_type: "text/plain", secret_type: "opaque" };
      const answer = secretRef;
      return (await endpoint.call({ method: "POST", path: "/secrets", body, answer })).secret_ref;
    },
    /** The stored text, by uuid or href. Needs the role `creator` or `member` and, where it is private, its owner. */
    getPayload: (ref: string): Promise<string> =>
      endpoint.text({ method: "GET", path: `${path(ref)}/payload`, headers: { accept: "text/plain" } }),
    /** Whether others with a role in the project may read it. Undefined: it is gone. */
    async isShared(ref: string): Promise<boolean | undefined> {
      return (await unlessMissing(endpoint.call({ method: "GET", path: `${path(ref)}/acl`, answer: acl })))?.read[
        "project-access"
      ];
    },
    /** From now on its own user alone may read it. */
    async makePrivate(ref: string): Promise<void> {
      const body = { read: { "project-access": false } };
      await endpoint.call({ method: "PUT", path: `${path(ref)}/acl`, body, answer: anything });
    },
    async deleteSecret(ref: string): Promise<void> {
      await unlessMissing(endpoint.call({ method: "DELETE", path: path(ref), answer: anything }));
    },
  };
}

function orders(endpoint: Endpoint) {
  const path = (ref: string) => `/orders/${idOf(ref)}`;
  return {
    listOrders: () => endpoint.all({ path: "/orders", key: "orders", item: order, query: { limit: PAGE } }),
    getOrder: (ref: string) => unlessMissing(endpoint.call({ method: "GET", path: path(ref), answer: order })),
    /**
     * Has Barbican make an AES key of 256 bits for CBC, which is what its KMS plugin for Kubernetes uses. Answers the order's
     * href; the key has the order's name. Source: cloud-provider-openstack, docs/barbican-kms-plugin.
     */
    async createKeyOrder(name: string): Promise<string> {
      const meta = {
        name,
        algorithm: "aes",
        bit_length: 256,
        mode: "cbc",
        payload_content_type: "application/octet-stream",
      };
      const answer = orderRef;
      return (await endpoint.call({ method: "POST", path: "/orders", body: { type: "key", meta }, answer })).order_ref;
    },
    /** Leaves the key that it made. */
    async deleteOrder(ref: string): Promise<void> {
      await unlessMissing(endpoint.call({ method: "DELETE", path: path(ref), answer: anything }));
    },
  };
}

const secretRef = z.object({ secret_ref: z.string() });
const orderRef = z.object({ order_ref: z.string() });

/**
 * Barbican, API v1. Lists hold only what belongs to the token's project; they can be filtered by exact name alone, orders not
 * at all. Source: https://docs.openstack.org/api-guide/key-manager/.
 */
export const keyManager = (endpoint: Endpoint) => {
  const count = async (path: string) =>
    (await endpoint.call({ method: "GET", path, query: { limit: 1 }, answer: total })).total;
  return {
    ...secrets(endpoint),
    ...orders(endpoint),
    /** The token's project's. Barbican tells the limits; what is used is counted. */
    async quota(counting: Counting = "all"): Promise<readonly Quota[]> {
      const asked = endpoint.call({ method: "GET", path: "/quotas", answer: limits });
      const used = async (resource: "secrets" | "orders") =>
        counting === "all" || (await asked).quotas[resource] >= 0 ? count(`/${resource}`) : 0;
      const [{ quotas }, secretsUsed, ordersUsed] = await Promise.all([asked, used("secrets"), used("orders")]);
      return [
        { service: endpoint.service, resource: "secrets", limit: quotas.secrets, used: secretsUsed },
        { service: endpoint.service, resource: "orders", limit: quotas.orders, used: ordersUsed },
      ];
    },
  };
};

export type KeyManager = ReturnType<typeof keyManager>;
