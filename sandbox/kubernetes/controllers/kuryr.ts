import type { Send } from "../../../shared/openstack/send.ts";
import { at, type Json, jsonAt, listAt, numberAt, textAt } from "../../openstack/json.ts";
import type { CloudController } from "../cluster.ts";
import { builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { isReady } from "../remove.ts";
import { ownerOf } from "./nodes.ts";
import { type OpenStack, openStack, readIni, secretText } from "./openstack.ts";
import type { Pass } from "./pass.ts";

const [NODES, PODS, SERVICES] = [builtIn("Node"), builtIn("Pod"), builtIn("Service")];
const NAME = "kuryr-controller";
const NAMESPACE = "kube-system";
const LOOK_MS = 1000;
const FAILED_MS = 5000;

interface Work {
  readonly pass: Pass;
  readonly cloud: OpenStack;
  readonly setting: (key: string) => string;
}

const addressOf = (node: Obj): string =>
  textAt(
    (listAt(node["status"], "addresses") ?? []).find((one) => textAt(one, "type") === "InternalIP"),
    "address",
  ) ?? "";

const idsOf = (body: unknown, many: string) => (listAt(body, many) ?? []).map((one) => textAt(one, "id") ?? "");

/** NestedVIFPool: a batch of ports on the node's trunk, made in one call and tagged one by one. True: it has them. */
async function populate(node: Obj, { cloud, setting }: Work): Promise<boolean> {
  const place = [`subnet_id=${setting("pod_vif_nested.worker_nodes_subnets")}`, `ip_address=${addressOf(node)}`];
  const query = place.map((one) => `fixed_ips=${encodeURIComponent(one)}`).join("&");
  const parent = listAt((await cloud("network", "GET", `/v2.0/ports?${query}`)).body, "ports")?.[0];
  const trunk = textAt(jsonAt(parent, "trunk_details"), "trunk_id");
  if (trunk === undefined) return false;
  const now = jsonAt((await cloud("network", "GET", `/v2.0/trunks/${trunk}`)).body, "trunk");
  if ((listAt(now, "sub_ports") ?? []).length > 0) return true;
  const subnet_id = setting("neutron_defaults.pod_subnet");
  const subnet = jsonAt((await cloud("network", "GET", `/v2.0/subnets/${subnet_id}`)).body, "subnet");
  const port = {
    network_id: textAt(subnet, "network_id"),
    fixed_ips: [{ subnet_id }],
    device_owner: "compute:kuryr",
    security_groups: setting("neutron_defaults.pod_security_groups").split(","),
  };
  const ports = Array.from({ length: Number(setting("vif_pool.ports_pool_batch")) }, () => port);
  const made = idsOf((await cloud("network", "POST", "/v2.0/ports", { ports })).body, "ports");
  const tags = [setting("neutron_defaults.resource_tags")];
  for (const id of made) await cloud("network", "PUT", `/v2.0/ports/${id}/tags`, { tags });
  const sub_ports = made.map((port_id, index) => ({ port_id, segmentation_type: "vlan", segmentation_id: index + 1 }));
  const added = await cloud("network", "PUT", `/v2.0/trunks/${trunk}/add_subports`, { sub_ports });
  if (added.status === 200 && made.length > 0) return true;
  for (const id of made) await cloud("network", "DELETE", `/v2.0/ports/${id}`);
  return false;
}

const LBAAS = "/v2/lbaas";

/** One part of a Service's load balancer, if there isn't one of this name: each change waits for the last one's end. */
async function part(many: "listeners" | "pools", one: Json & { readonly name: string }, { cloud, setting }: Work) {
  const found = await cloud("load-balancer", "GET", `${LBAAS}/${many}?name=${encodeURIComponent(one.name)}`);
  const [there] = listAt(found.body, many) ?? [];
  if (there !== undefined) return textAt(there, "id");
  const tags = [setting("neutron_defaults.resource_tags")];
  await cloud("load-balancer", "POST", `${LBAAS}/${many}`, { [many.slice(0, -1)]: { ...one, tags } });
  return undefined;
}

/** KuryrLoadBalancerHandler: a load balancer with the Service's own address. True: all of it is there. */
async function balance(of: Obj, work: Work): Promise<boolean> {
  const { cloud, setting } = work;
  const name = `${of.metadata.namespace}/${of.metadata.name}`;
  const listed = await cloud("load-balancer", "GET", `${LBAAS}/loadbalancers?name=${encodeURIComponent(name)}`);
  const [balancer] = listAt(listed.body, "loadbalancers") ?? [];
  const provider = setting("kubernetes.endpoints_driver_octavia_provider");
  if (balancer === undefined) {
    const place = {
      vip_address: textAt(of["spec"], "clusterIP"),
      vip_subnet_id: setting("neutron_defaults.service_subnet"),
    };
    const tags = [setting("neutron_defaults.resource_tags")];
    await cloud("load-balancer", "POST", `${LBAAS}/loadbalancers`, {
      loadbalancer: { name, provider, ...place, tags },
    });
    return false;
  }
  if (textAt(balancer, "provisioning_status") !== "ACTIVE") return false;
  for (const port of listAt(of["spec"], "ports") ?? []) {
    const protocol = textAt(port, "protocol") ?? "TCP";
    const own = { name: `${name}:${protocol}:${numberAt(port, "port")}`, protocol };
    const loadbalancer_id = textAt(balancer, "id");
    const listener_id = await part(
      "listeners",
      { ...own, protocol_port: numberAt(port, "port"), loadbalancer_id },
      work,
    );
    if (listener_id === undefined) return false;
    const lb_algorithm = setting("octavia_defaults.lb_algorithm");
    if ((await part("pools", { ...own, lb_algorithm, listener_id }, work)) === undefined) return false;
  }
  return true;
}

/** Not the API's own, which is the installer's business. */
const isBalanced = ({ metadata, ...of }: Obj): boolean =>
  ![undefined, "None"].includes(textAt(of["spec"], "clusterIP")) &&
  !(metadata.namespace === "default" && metadata.name === "kubernetes");

/** Kuryr-Kubernetes: ports for the nodes that pods come to, and a load balancer for each Service. It cleans up nothing here. */
export function kuryr(send: Send): CloudController {
  const done = new Set<string>();
  return async (pass) => {
    const { store } = pass;
    if (!store.list(PODS).some((pod) => ownerOf(pod) === NAME && isReady(pod))) return;
    const text = secretText(store, NAMESPACE, NAME, "kuryr.conf");
    if (text === undefined) return;
    const homes = store
      .list(PODS)
      .flatMap((pod) => (at(pod["spec"], "hostNetwork") === true ? [] : (textAt(pod["spec"], "nodeName") ?? [])));
    const nodes = store.list(NODES).filter(({ metadata }) => homes.includes(metadata.name) && !done.has(metadata.uid));
    const services = store.list(SERVICES).filter((one) => isBalanced(one) && !done.has(one.metadata.uid));
    if (nodes.length + services.length === 0) return;
    const ini = readIni(text);
    const setting = (key: string) => ini.get(key) ?? "";
    const login = {
      authUrl: setting("neutron.auth_url"),
      id: setting("neutron.application_credential_id"),
      secret: setting("neutron.application_credential_secret"),
    };
    const cloud = await openStack(send, login);
    if (cloud === undefined) return pass.again(FAILED_MS);
    const work = { pass, cloud, setting };
    for (const node of nodes) if (await populate(node, work)) done.add(node.metadata.uid);
    for (const service of services) if (await balance(service, work)) done.add(service.metadata.uid);
    pass.again(LOOK_MS);
  };
}
