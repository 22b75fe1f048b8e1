import { listAt, textAt } from "../../openstack/json.ts";
import { builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { isReady } from "../remove.ts";
import type { OpenStack } from "./openstack.ts";
import type { Pass } from "./pass.ts";

/** Members of the pools that OCCM has set, by pool. */
export type Told = Map<string, string>;

export interface Balancing {
  readonly pass: Pass;
  readonly cloud: OpenStack;
  /** `--cluster-name` */
  readonly cluster: string;
  /** Of cloud.conf's section LoadBalancer. */
  readonly setting: (key: string) => string | undefined;
  readonly told: Told;
}

const NODES = builtIn("Node");
export const NAME_MAX = 255;

export const nameOf = (cluster: string, { metadata }: Obj) =>
  `kube_service_${cluster}_${metadata.namespace}_${metadata.name}`.slice(0, NAME_MAX);

/** Nodes that take traffic, with the address that the load balancer reaches. */
export function targets({ store }: Pass) {
  return store.list(NODES).flatMap((node) => {
    const out = node.metadata.labels?.["node.kubernetes.io/exclude-from-external-load-balancers"] !== undefined;
    const addresses = listAt(node["status"], "addresses") ?? [];
    const address = textAt(
      addresses.find((one) => textAt(one, "type") === "InternalIP"),
      "address",
    );
    return out || address === undefined || !isReady(node) ? [] : [{ name: node.metadata.name, address }];
  });
}

export async function found(of: Obj, { cloud, cluster }: Balancing): Promise<unknown> {
  const path = `/v2.0/lbaas/loadbalancers?name=${encodeURIComponent(nameOf(cluster, of))}`;
  return listAt((await cloud("load-balancer", "GET", path)).body, "loadbalancers")?.[0];
}
