import type { ServerGroup, ServerGroupPolicy } from "../openstack/compute-server-groups.ts";
import { type Kind, nameOf, type Owner, type Seen } from "./kind.ts";

export interface ServerGroupSpec {
  readonly policy: ServerGroupPolicy;
}

/** There at once and for good: a server group has no state of its own. */
const seen = (item: ServerGroup): Seen => ({
  id: item.id,
  name: item.name,
  status: "ready",
  state: "ACTIVE",
  facts: { policy: item.policy },
});

/** A server group keeps nothing of ours but its name, so the name up to the cluster's unguessable id is the mark. */
const own = (item: ServerGroup, { cluster, name }: Pick<Owner, "cluster" | "name">, projectId: string): boolean =>
  item.name.startsWith(`${name}-${cluster}-`) && item.project_id === projectId;

/** What keeps servers on different hosts. */
export const serverGroup: Kind<ServerGroupSpec> = {
  kind: "server-group",
  async find(cloud, cluster) {
    const { projectId } = await cloud.scope();
    const items = await cloud.compute.listServerGroups();
    return items.filter((item) => own(item, cluster, projectId)).map(seen);
  },
  async get(cloud, cluster, id) {
    const { projectId } = await cloud.scope();
    const item = await cloud.compute.getServerGroup(id);
    return item !== undefined && own(item, cluster, projectId) ? seen(item) : undefined;
  },
  create: async (cloud, owner, { policy }) =>
    seen(await cloud.compute.createServerGroup({ name: nameOf(owner), policy })),
  // Nova can't change a policy, and a new group would hold none of the servers.
  update: async (_cloud, _owner, _spec, now) => now,
  remove: (cloud, now) => cloud.compute.deleteServerGroup(now.id),
};
