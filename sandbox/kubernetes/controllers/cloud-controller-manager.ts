import type { Send } from "../../../shared/openstack/send.ts";
import { at, jsonAt, listAt, textAt } from "../../openstack/json.ts";
import type { CloudController } from "../cluster.ts";
import { builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { isReady } from "../remove.ts";
import type { Store } from "../store.ts";
import { argumentsOf } from "./arguments.ts";
import type { Told } from "./balancing.ts";
import { ownerOf, taintsOf } from "./nodes.ts";
import { type OpenStack, openStack, readIni, secretText } from "./openstack.ts";
import type { Pass } from "./pass.ts";
import { balanceServices } from "./services.ts";

const [NODES, PODS, DAEMONS] = [builtIn("Node"), builtIn("Pod"), builtIn("DaemonSet")];
const NAME = /cloud-controller-manager$/;
const UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized";
const CLUSTER_FLAG = /^--cluster-name=(.+)$/;

/** The daemon set whose pods run somewhere, if it is there. */
function running(store: Store): Obj | undefined {
  return store
    .list(DAEMONS)
    .find(
      (one) =>
        NAME.test(one.metadata.name) &&
        store.list(PODS).some((pod) => ownerOf(pod) === one.metadata.name && isReady(pod)),
    );
}

const providerId = (node: Obj): string | undefined => textAt(node["spec"], "providerID");
const prefix = "openstack:///";

function addressesOf(server: unknown, name: string) {
  const all = Object.values(jsonAt(server, "addresses") ?? {}).flatMap((list) => (Array.isArray(list) ? list : []));
  const typed = all.map((one) => ({
    type: textAt(one, "OS-EXT-IPS:type") === "floating" ? "ExternalIP" : "InternalIP",
    address: textAt(one, "addr") ?? "",
  }));
  return [...typed, { type: "Hostname", address: name }];
}

/** A new node: its server, by name; two of that name are an error, and the node waits. */
async function initialise(cloud: OpenStack, { store }: Pass, node: Obj, region: string): Promise<void> {
  const { name } = node.metadata;
  const answer = await cloud("compute", "GET", `/servers/detail?name=${encodeURIComponent(`^${name}$`)}`);
  const found = (listAt(answer.body, "servers") ?? []).filter((one) => textAt(one, "name") === name);
  const [server] = found;
  const fresh = store.get(NODES, undefined, name);
  if (found.length !== 1 || fresh === undefined) return;
  const flavor = textAt(jsonAt(server, "flavor"), "original_name") ?? textAt(jsonAt(server, "flavor"), "id") ?? "";
  const zone = textAt(server, "OS-EXT-AZ:availability_zone") ?? "";
  const labels = {
    "node.kubernetes.io/instance-type": flavor,
    "topology.kubernetes.io/region": region,
    "topology.kubernetes.io/zone": zone,
  };
  const known = addressesOf(server, name);
  store.put(NODES, {
    ...fresh,
    metadata: { ...fresh.metadata, labels: { ...fresh.metadata.labels, ...labels } },
    spec: {
      ...jsonAt(fresh, "spec"),
      providerID: `${prefix}${textAt(server, "id")}`,
      taints: taintsOf(fresh).filter((taint) => textAt(taint, "key") !== UNINITIALIZED),
    },
    status: { ...jsonAt(fresh, "status"), addresses: known },
  });
}

/** cloud-node-lifecycle: the Node of a server that is gone goes too. */
async function lifecycle(cloud: OpenStack, { store, alive }: Pass): Promise<void> {
  for (const node of store.list(NODES)) {
    const id = providerId(node)?.slice(prefix.length);
    if (id === undefined || alive(node.metadata.name)) continue;
    if ((await cloud("compute", "GET", `/servers/${id}`)).status === 404) store.drop(NODES, node);
  }
}

/** OCCM, with the names and marks that the real one gives. */
export function cloudControllerManager(send: Send): CloudController {
  const told: Told = new Map();
  return async (pass) => {
    const { store } = pass;
    const daemon = running(store);
    const text = secretText(store, daemon?.metadata.namespace ?? "", "cloud-config", "cloud.conf");
    if (daemon === undefined || text === undefined) return;
    const conf = readIni(text);
    const of = (key: string) => conf.get(key) ?? "";
    const waiting = store.list(NODES).filter((node) => providerId(node) === undefined);
    const balanced = store
      .list(builtIn("Service"))
      .some((one) => at(one["spec"], "type") === "LoadBalancer" || one.metadata.finalizers !== undefined);
    const lost = store.list(NODES).some((node) => !pass.alive(node.metadata.name));
    if (waiting.length === 0 && !balanced && !lost) return;
    const id = of("Global.application-credential-id");
    const login = { authUrl: of("Global.auth-url"), id, secret: of("Global.application-credential-secret") };
    const cloud = await openStack(send, login);
    if (cloud === undefined) return pass.again(10_000);
    for (const node of waiting) await initialise(cloud, pass, node, of("Global.region"));
    await lifecycle(cloud, pass);
    const flag = argumentsOf(daemon).find((one) => CLUSTER_FLAG.test(one));
    const cluster = CLUSTER_FLAG.exec(flag ?? "")?.[1] ?? "kubernetes";
    await balanceServices({ pass, cloud, cluster, setting: (key) => conf.get(`LoadBalancer.${key}`), told });
  };
}
