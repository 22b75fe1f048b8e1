import { assert } from "../shared/assert.ts";
import type { KubernetesDialer } from "../shared/kubernetes/send.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { Cluster } from "./kubernetes/cluster.ts";
import type { KubernetesSandbox } from "./kubernetes/index.ts";
import { listenFor } from "./kubernetes/listen.ts";

/** For kubectl on this machine: the API of a cluster on a port of its own, opened when somebody first asks where it is. */
export function kubectlDoors(kubernetes: KubernetesSandbox, clock: Clock) {
  const doors = new Map<Cluster, Promise<Awaited<ReturnType<typeof listenFor>>>>();
  const urlOf: KubernetesDialer["urlOf"] = async ({ address }) => {
    await kubernetes.settle();
    const cluster = kubernetes.clusterAt(address);
    assert(cluster !== undefined, `no cluster answers at ${address}`);
    const door = doors.get(cluster) ?? listenFor(cluster, clock, 0, "127.0.0.1");
    doors.set(cluster, door);
    return `https://127.0.0.1:${(await door).port}`;
  };
  return {
    urlOf,
    close: async () => void (await Promise.all([...doors.values()].map(async (door) => (await door).stop()))),
  };
}
