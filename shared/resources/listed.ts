import type { Cloud } from "../openstack/cloud.ts";
import { type Kind, markOf, nameOf, type Owner, type Seen } from "./kind.ts";

type Cluster = Pick<Owner, "cluster" | "name">;

/** What Neutron lets us mark when it creates. */
export interface Described {
  readonly description?: string | null | undefined;
  readonly project_id: string;
}

export const labelsOf = (owner: Owner) => ({ name: nameOf(owner), description: markOf(owner) });

/**
 * `find` and `get` of a kind whose `description` is the mark. The server's filter saves the transfer; the comparison here
 * is the one that counts, because a service may ignore a filter that it does not know and answer with everything.
 */
export function byDescription<T extends Described, S extends Seen>(
  list: (cloud: Cloud, query: { readonly description: string; readonly project_id: string }) => Promise<readonly T[]>,
  get: (cloud: Cloud, id: string) => Promise<T | undefined>,
  seen: (item: T) => S,
): Pick<Kind<never, S>, "find" | "get"> {
  const own = (item: T, cluster: Cluster, projectId: string) =>
    item.description === markOf(cluster) && item.project_id === projectId;
  return {
    async find(cloud, cluster) {
      const { projectId } = await cloud.scope();
      const items = await list(cloud, { description: markOf(cluster), project_id: projectId });
      return items.filter((item) => own(item, cluster, projectId)).map(seen);
    },
    async get(cloud, cluster, id) {
      const { projectId } = await cloud.scope();
      const item = await get(cloud, id);
      return item !== undefined && own(item, cluster, projectId) ? seen(item) : undefined;
    },
  };
}

/** `ready`: the states in which it can be used. Neutron keeps no reason beside ERROR. */
export function statusOf(what: string, state: string, ready = ["ACTIVE"]): Pick<Seen, "status" | "state" | "fault"> {
  if (state === "ERROR")
    return { status: "failed", state, fault: `Neutron reports the ${what} in ERROR and gives no reason` };
  return { status: ready.includes(state) ? "ready" : "pending", state };
}
