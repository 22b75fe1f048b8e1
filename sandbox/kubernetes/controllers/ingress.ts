import { createHash } from "node:crypto";
import { parse } from "yaml";
import type { Send } from "../../../shared/openstack/send.ts";
import { at, isJson, jsonAt, listAt, numberAt, textAt } from "../../openstack/json.ts";
import type { CloudController } from "../cluster.ts";
import { builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import { isReady } from "../remove.ts";
import { targets } from "./balancing.ts";
import { ownerOf } from "./nodes.ts";
import { type OpenStack, openStack, secretText } from "./openstack.ts";
import type { Pass } from "./pass.ts";

const [INGRESSES, SERVICES, DEPLOYMENTS] = [builtIn("Ingress"), builtIn("Service"), builtIn("Deployment")];
const NAME = "octavia-ingress-controller";
const CLASS = "kubernetes.io/ingress.class";
const INTERNAL = "octavia.ingress.kubernetes.io/internal";
const LOOK_MS = 1000;
const FAILED_MS = 5000;

interface Work {
  readonly pass: Pass;
  readonly cloud: OpenStack;
  readonly cluster: string;
  readonly octavia: (key: string) => string | undefined;
}

const nameOf = (cluster: string, { metadata }: Pick<Obj, "metadata">) =>
  `kube_ingress_${cluster}_${metadata.namespace}_${metadata.name}`;
const wordsOf = (cluster: string, { metadata }: Obj) =>
  `Kubernetes ingress ${metadata.name} in namespace ${metadata.namespace} from cluster ${cluster}`;

/** The first backend that is named; paths and hosts are the real controller's business. */
function backend(of: Obj): unknown {
  const paths = (listAt(of["spec"], "rules") ?? []).flatMap((rule) => listAt(at(rule, "http"), "paths") ?? []);
  return jsonAt(jsonAt(of["spec"], "defaultBackend") ?? at(paths[0], "backend"), "service");
}

function wanted(of: Obj, { pass, cluster, octavia }: Work): unknown {
  const service = textAt(backend(of), "name") ?? "";
  const found = pass.store.get(SERVICES, of.metadata.namespace, service);
  const nodePort = numberAt(listAt(found?.["spec"], "ports")?.[0], "nodePort");
  const members = nodePort === undefined ? [] : targets(pass).map((one) => ({ ...one, protocol_port: nodePort }));
  const pool = createHash("sha256").update(`${service}${nodePort}`).digest("hex");
  const name = nameOf(cluster, of);
  const default_pool = { name: pool, protocol: "HTTP", lb_algorithm: "ROUND_ROBIN", members };
  return {
    loadbalancer: {
      ...{
        name,
        description: wordsOf(cluster, of),
        provider: octavia("provider"),
        vip_subnet_id: octavia("subnet-id"),
      },
      listeners: [{ name, protocol: "HTTP", protocol_port: 80, default_pool }],
    },
  };
}

const path = (name: string) => `/v2.0/lbaas/loadbalancers?name=${encodeURIComponent(name)}`;
const found = async ({ cloud }: Work, name: string) =>
  listAt((await cloud("load-balancer", "GET", path(name))).body, "loadbalancers")?.[0];

async function ensure(of: Obj, work: Work): Promise<void> {
  const { pass, cloud, cluster, octavia } = work;
  const balancer = await found(work, nameOf(cluster, of));
  if (balancer === undefined) {
    const made = await cloud("load-balancer", "POST", "/v2.0/lbaas/loadbalancers", wanted(of, work));
    return pass.again(made.status === 201 ? LOOK_MS : FAILED_MS);
  }
  if (textAt(balancer, "provisioning_status") !== "ACTIVE") return pass.again(LOOK_MS);
  let ip = textAt(balancer, "vip_address");
  if (of.metadata.annotations?.[INTERNAL] === "false") {
    const floatingip = {
      ...{ floating_network_id: octavia("floating-network-id"), port_id: textAt(balancer, "vip_port_id") },
      description: `Floating IP for ${wordsOf(cluster, of)}`,
    };
    const made = jsonAt((await cloud("network", "POST", "/v2.0/floatingips", { floatingip })).body, "floatingip");
    if (made === undefined) return pass.again(FAILED_MS);
    ip = textAt(made, "floating_ip_address");
  }
  const fresh = pass.store.get(INGRESSES, of.metadata.namespace, of.metadata.name);
  if (fresh !== undefined) pass.store.put(INGRESSES, { ...fresh, status: { loadBalancer: { ingress: [{ ip }] } } });
}

/** True when nothing of it is left. All floating IPs on its address go, as with the real controller. */
async function release(work: Work, name: string): Promise<boolean> {
  const { pass, cloud } = work;
  const balancer = await found(work, name);
  if (balancer === undefined) return true;
  const port = textAt(balancer, "vip_port_id");
  const floating = await cloud("network", "GET", `/v2.0/floatingips?port_id=${port}`);
  for (const one of listAt(floating.body, "floatingips") ?? [])
    await cloud("network", "DELETE", `/v2.0/floatingips/${textAt(one, "id")}`);
  if (!textAt(balancer, "provisioning_status")?.startsWith("PENDING"))
    await cloud("load-balancer", "DELETE", `/v2.0/lbaas/loadbalancers/${textAt(balancer, "id")}?cascade=true`);
  pass.again(LOOK_MS);
  return false;
}

/** octavia-ingress-controller. It keeps no finalizer: what it has not seen go while it ran, stays in the cloud. */
export function ingress(send: Send): CloudController {
  const known = new Set<string>();
  return async (pass) => {
    const { store } = pass;
    const owner = store.list(DEPLOYMENTS).find((one) => one.metadata.name === NAME);
    const runs = store.list(builtIn("Pod")).some((pod) => ownerOf(pod) === NAME && isReady(pod));
    if (owner === undefined || !runs) return;
    const text = secretText(store, owner.metadata.namespace ?? "", NAME, "config.yaml");
    const read: unknown = text === undefined ? undefined : parse(text);
    if (!isJson(read)) return;
    const cluster = textAt(read, "cluster-name") ?? "";
    const mine = store.list(INGRESSES).filter((one) => one.metadata.annotations?.[CLASS] === "openstack");
    const open = mine.filter((one) => at(jsonAt(one["status"], "loadBalancer"), "ingress") === undefined);
    const gone = [...known].filter((name) => !mine.some((one) => nameOf(cluster, one) === name));
    if (open.length === 0 && gone.length === 0) return;
    const of = (key: string) => textAt(read["openstack"], key) ?? "";
    const login = {
      authUrl: of("auth-url"),
      id: of("application-credential-id"),
      secret: of("application-credential-secret"),
    };
    const cloud = await openStack(send, login);
    if (cloud === undefined) return pass.again(FAILED_MS);
    const work = { pass, cloud, cluster, octavia: (key: string) => textAt(read["octavia"], key) };
    for (const one of open) {
      known.add(nameOf(cluster, one));
      await ensure(one, work);
    }
    for (const name of gone) if (await release(work, name)) known.delete(name);
  };
}
