import { byCluster, isOf } from "./by-cluster.ts";
import { markOf } from "./kind.ts";

/** Pods' ports. They are free when their trunk is gone, which must go first; a node's own port has the tag and our mark. */
export const podPort = byCluster(
  "pod-port",
  async (cloud, { cluster }) => {
    const { projectId } = await cloud.scope();
    const all = await cloud.network.listPorts({ tags: cluster, project_id: projectId });
    return all
      .filter((one) => isOf(one, [projectId, cluster]) && one.description !== markOf({ cluster }))
      .map((one) => ({ id: one.id, name: one.name, state: one.status }));
  },
  (cloud, seen) => cloud.network.deletePort(seen.id),
);
