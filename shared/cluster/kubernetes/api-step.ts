import type { Kind, Owner, Seen } from "../../resources/kind.ts";
import { nameOf } from "../../resources/kind.ts";
import { API_STEP } from "../names.ts";
import { type KubernetesSession, unlessAway } from "./session.ts";

/**
 * The API server, as it answers `/readyz` through the load balancer. It is made by the first control plane's own boot: there
 * is nothing to create, and nothing to remove.
 */
export function apiKind(session: KubernetesSession): Kind<Readonly<Record<string, never>>> {
  const seen = (cluster: Pick<Owner, "cluster" | "name">, more: Pick<Seen, "status" | "state">): Seen => ({
    id: API_STEP,
    name: nameOf({ ...cluster, step: API_STEP }),
    facts: {},
    ...more,
  });
  const look: Kind<unknown>["get"] = async (cloud, cluster) => {
    const readiness = await unlessAway((async () => (await session.api(cloud))?.readyz())());
    if (readiness === undefined) return seen(cluster, { status: "pending", state: "not answering yet" });
    if (readiness.ready) return seen(cluster, { status: "ready", state: "ready" });
    return seen(cluster, { status: "pending", state: `not ready: ${readiness.failing.slice(0, 3).join(", ")}` });
  };
  return {
    kind: "kubernetes-api",
    async find(cloud, cluster) {
      const found = await look(cloud, cluster, API_STEP);
      return found === undefined ? [] : [found];
    },
    get: look,
    create: async (_cloud, owner) => seen(owner, { status: "pending", state: "not answering yet" }),
    update: async (_cloud, _owner, _spec, now) => now,
    remove: async () => undefined,
  };
}
