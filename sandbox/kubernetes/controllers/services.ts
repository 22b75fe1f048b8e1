import { at, jsonAt, listAt, numberAt, textAt } from "../../openstack/json.ts";
import { builtIn } from "../kinds.ts";
import { equal, type Obj } from "../object.ts";
import { type Balancing, found, NAME_MAX, nameOf, targets } from "./balancing.ts";
import { followNodes } from "./members.ts";

const SERVICES = builtIn("Service");
const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";
const ID = "loadbalancer.openstack.org/load-balancer-id";
const ADDRESS = "loadbalancer.openstack.org/load-balancer-address";
/** How soon OCCM looks again at what is under way, and at what failed. */
const LOOK_MS = 1000;
const FAILED_MS = 5000;

const wordsOf = (cluster: string, { metadata }: Obj) =>
  `Kubernetes external service ${metadata.namespace}/${metadata.name} from cluster ${cluster}`;

/** One POST for the whole tree, as OCCM does where Octavia lets it. */
function wanted(of: Obj, { pass, cluster, setting }: Balancing): unknown {
  const name = nameOf(cluster, of);
  const subnet = setting("member-subnet-id") ?? setting("subnet-id");
  const listeners = (listAt(of["spec"], "ports") ?? []).map((port, index) => ({
    name: `listener_${index}_${name}`.slice(0, NAME_MAX),
    protocol: textAt(port, "protocol") ?? "TCP",
    protocol_port: numberAt(port, "port"),
    tags: [name],
    default_pool: {
      name: `pool_${index}_${name}`.slice(0, NAME_MAX),
      protocol: textAt(port, "protocol") ?? "TCP",
      lb_algorithm: setting("lb-method") ?? "ROUND_ROBIN",
      members: targets(pass).map(({ name: node, address }) => ({
        ...{ name: node, address, protocol_port: numberAt(port, "nodePort") },
        ...(subnet === undefined ? {} : { subnet_id: subnet }),
      })),
    },
  }));
  return {
    loadbalancer: {
      name,
      description: wordsOf(cluster, of),
      vip_subnet_id: setting("subnet-id"),
      provider: setting("lb-provider") ?? "amphora",
      tags: [name],
      listeners,
    },
  };
}

async function floatingOf(balancer: unknown, { cloud }: Balancing): Promise<unknown> {
  const port = textAt(balancer, "vip_port_id") ?? "";
  return listAt((await cloud("network", "GET", `/v2.0/floatingips?port_id=${port}`)).body, "floatingips")?.[0];
}

const put = ({ pass }: Balancing, of: Obj) => {
  const now = pass.store.get(SERVICES, of.metadata.namespace, of.metadata.name);
  if (now === undefined || now.metadata.uid !== of.metadata.uid) return;
  const { annotations, finalizers } = of.metadata;
  const metadata = { ...now.metadata, ...(annotations === undefined ? {} : { annotations }) };
  if (finalizers === undefined) delete metadata.finalizers;
  else metadata.finalizers = finalizers;
  const next = { ...now, metadata, status: of["status"] };
  if (!equal(next, now)) pass.store.put(SERVICES, next);
};

async function ensure(of: Obj, balancing: Balancing): Promise<void> {
  const { pass, cloud, cluster, setting } = balancing;
  const finalizers = of.metadata.finalizers ?? [];
  if (!finalizers.includes(FINALIZER)) {
    put(balancing, { ...of, metadata: { ...of.metadata, finalizers: [...finalizers, FINALIZER] } });
    return pass.again(0);
  }
  const balancer = await found(of, balancing);
  if (balancer === undefined) {
    const made = await cloud("load-balancer", "POST", "/v2.0/lbaas/loadbalancers", wanted(of, balancing));
    return pass.again(made.status === 201 ? LOOK_MS : FAILED_MS);
  }
  const status = textAt(balancer, "provisioning_status");
  const id = textAt(balancer, "id") ?? "";
  if (status === "ERROR") {
    await cloud("load-balancer", "DELETE", `/v2.0/lbaas/loadbalancers/${id}?cascade=true`);
    return pass.again(FAILED_MS);
  }
  if (status !== "ACTIVE") return pass.again(LOOK_MS);
  const internal = of.metadata.annotations?.["service.beta.kubernetes.io/openstack-internal-load-balancer"] === "true";
  let address = textAt(balancer, "vip_address") ?? "";
  const network = setting("floating-network-id");
  if (!internal && network !== undefined) {
    let floating = await floatingOf(balancer, balancing);
    if (floating === undefined) {
      const description = `Floating IP for ${wordsOf(cluster, of)}`;
      const floatingip = { floating_network_id: network, port_id: textAt(balancer, "vip_port_id"), description };
      floating = jsonAt((await cloud("network", "POST", "/v2.0/floatingips", { floatingip })).body, "floatingip");
      if (floating === undefined) return pass.again(FAILED_MS);
    }
    address = textAt(floating, "floating_ip_address") ?? address;
  }
  const annotations = { ...of.metadata.annotations, [ID]: id, [ADDRESS]: address };
  const status2 = { loadBalancer: { ingress: [{ ip: address, ipMode: "VIP" }] } };
  put(balancing, { ...of, metadata: { ...of.metadata, annotations }, status: status2 });
}

async function release(of: Obj, balancing: Balancing): Promise<void> {
  const { pass, cloud } = balancing;
  const balancer = await found(of, balancing);
  if (balancer !== undefined) {
    const floating = await floatingOf(balancer, balancing);
    const mine = textAt(floating, "description") === `Floating IP for ${wordsOf(balancing.cluster, of)}`;
    if (mine) await cloud("network", "DELETE", `/v2.0/floatingips/${textAt(floating, "id")}`);
    const status = textAt(balancer, "provisioning_status") ?? "";
    if (!status.startsWith("PENDING"))
      await cloud("load-balancer", "DELETE", `/v2.0/lbaas/loadbalancers/${textAt(balancer, "id")}?cascade=true`);
    return pass.again(LOOK_MS);
  }
  const finalizers = (of.metadata.finalizers ?? []).filter((one) => one !== FINALIZER);
  const { finalizers: _, ...bare } = of.metadata;
  const metadata = finalizers.length === 0 ? bare : { ...bare, finalizers };
  put(balancing, { ...of, metadata, status: { loadBalancer: {} } });
}

/** The service controller: a load balancer for each Service that wants one, and none for one that is going. */
export async function balanceServices(balancing: Balancing): Promise<void> {
  for (const of of balancing.pass.store.list(SERVICES)) {
    const wants = at(of["spec"], "type") === "LoadBalancer" && of.metadata.deletionTimestamp === undefined;
    const given = at(jsonAt(of["status"], "loadBalancer"), "ingress") !== undefined;
    if (wants && !given) await ensure(of, balancing);
    else if (wants) await followNodes(of, balancing, balancing.told);
    else if ((of.metadata.finalizers ?? []).includes(FINALIZER)) await release(of, balancing);
  }
}
