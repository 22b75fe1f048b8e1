import { createKubernetes } from "../../../sandbox/kubernetes/index.ts";
import { createSandbox } from "../../../sandbox/openstack/index.ts";
import type { AddonInput } from "../../../shared/bootstrap/addons/index.ts";
import type { NodeBoot } from "../../../shared/bootstrap/boot.ts";
import { bootUserData, nodePayload } from "../../../shared/bootstrap/node.ts";
import { caCertHash, clientCertificate, fetchSecret, newPki, type Pki } from "../../../shared/bootstrap/pki.ts";
import { kubernetesApi } from "../../../shared/kubernetes/api.ts";
import { connect } from "../../../shared/openstack/connect.ts";
import { externalNetworkId, makePort, makeRoutedSubnet, makeSecurityGroup } from "../../conformance/cases/ground.ts";
import { tap, testWorld } from "../../conformance/world.ts";
import { countedChance, virtualClock } from "../../support/virtual.ts";

const API = { name: "api.dev.k8s.example.org", port: 6443, vip: "10.6.0.5", floatingIp: "203.0.113.9" };
const CIDRS = { nodes: "10.6.0.0/24", pods: "10.244.0.0/16", services: "10.96.0.0/16" };
const CLUSTER = "c7f3a";
export const HOUR_MS = 3_600_000;

/** A subnet with a router in an embedded cloud, a PKI, and what a cluster's servers need to come up there. */
export async function town() {
  const clock = virtualClock();
  const sandbox = createSandbox({ clock, chance: countedChance() });
  const wire = tap(sandbox.send);
  const cloud = connect(sandbox.settings("team-a"), { ...clock, send: wire.send });
  const world = testWorld({ cloud, tap: wire, settle: () => clock.wait(1000), newId: () => CLUSTER });
  const place = await makeRoutedSubnet(world);
  const securityGroupId = await makeSecurityGroup(world);
  const kubernetes = createKubernetes({ clock, chance: countedChance(), send: sandbox.send });
  const pki = await newPki({ cluster: CLUSTER, nowMs: clock.nowMs(), seed: "a-seed-of-chance" });
  const { authUrl } = await cloud.scope();
  const { prefix } = await cloud.locate("key-manager");
  const [flavor] = await cloud.compute.listFlavors();
  const image = await cloud.image.findImage("ubuntu-24.04-kube");
  if (flavor === undefined || image === undefined) throw new Error("the cloud has no flavor or image");

  /** Moves time on, and has everything happen that is due meanwhile. */
  async function pass(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 1000) {
      await clock.wait(1000);
      await kubernetes.settle();
    }
  }

  function bootOf(hostname: string, address: string, with_: Partial<NodeBoot> = {}): NodeBoot {
    return {
      ...{ hostname, address, role: "control-plane", first: true, version: "1.36", cni: "calico" },
      ...{ clusterName: "dev", clusterId: CLUSTER, endpoint: API, cidrs: CIDRS },
      caCertHash: caCertHash(pki.ca.certificate),
      fetch: { authUrl, credentialId: "", credentialSecret: "", payloadHref: "" },
      ...with_,
    };
  }

  /** Stores a node's payload and makes the credential for it, and nothing else. */
  async function fetchOf(boot: NodeBoot, of: { readonly pki?: Pki; readonly seconds?: number } = {}) {
    const kms = boot.role === "worker" ? {} : { kmsCloudConf: "[Global]\n" };
    const payload = await nodePayload({ pki: of.pki ?? pki, boot, nowMs: clock.nowMs(), ...kms });
    const payloadHref = await cloud.keyManager.createSecret({ name: boot.hostname, payload });
    const id = payloadHref.slice(payloadHref.lastIndexOf("/") + 1);
    const credentialSecret = fetchSecret(pki.seed, boot.hostname, id);
    const credential = await cloud.identity.createApplicationCredential({
      ...{ name: `boot-${boot.hostname}-${id}`, description: "", secret: credentialSecret, roles: ["member"] },
      accessRules: [{ service: "key-manager", method: "GET", path: `${prefix}/secrets/${id}/payload` }],
      expiresAt: new Date(clock.nowMs() + (of.seconds ?? 3600) * 1000).toISOString(),
    });
    return { authUrl, credentialId: credential.id, credentialSecret, payloadHref };
  }

  async function server(boot: NodeBoot): Promise<string> {
    const portId = await makePort(world, { ...place, securityGroupId }, `port/${boot.hostname}`);
    const group = await cloud.compute.createServerGroup({ name: boot.hostname, policy: "soft-anti-affinity" });
    const user_data = bootUserData(boot).toString("base64");
    const networks = [{ port: portId }];
    const asked = { name: boot.hostname, flavorRef: flavor?.id ?? "", imageRef: image?.id ?? "", networks, user_data };
    const { id } = await cloud.compute.createServer({ ...asked, metadata: {}, tags: [], config_drive: true }, group.id);
    await pass(60_000);
    return id;
  }

  /** A server that boots as one of the cluster's nodes; answers its id. */
  async function node(hostname: string, address: string, with_: Partial<NodeBoot> = {}): Promise<string> {
    const bare = bootOf(hostname, address, with_);
    const boot = { ...bare, fetch: await fetchOf(bare) };
    const id = await server(boot);
    kubernetes.boot(id, { name: hostname, userData: bootUserData(boot).toString("base64") });
    return id;
  }

  async function access(user: string, group: string) {
    const client = await clientCertificate(pki.ca, { user, groups: [group], nowMs: clock.nowMs(), seconds: 3600 });
    const where = { address: API.floatingIp, port: API.port, serverName: API.name };
    return { ...where, ca: pki.ca.certificate, ...client };
  }
  const api = async (user = "kinvirt", group = "system:masters") =>
    kubernetesApi(kubernetes.dial(await access(user, group)));

  async function addonInput(): Promise<AddonInput> {
    const secret = "the-controllers-secret";
    const { id } = await cloud.identity.createApplicationCredential({
      ...{ name: "controllers", description: "", secret, roles: ["member", "load-balancer_member"] },
      accessRules: ["compute", "network", "load-balancer", "shared-file-system"].flatMap((service) =>
        ["GET", "POST", "PUT", "DELETE"].map((method) => ({ service, method, path: "/**" })),
      ),
      expiresAt: new Date(clock.nowMs() + 100 * HOUR_MS).toISOString(),
    });
    const { projectId } = await cloud.scope();
    return {
      ...{ clusterId: CLUSTER, clusterName: "dev", version: "1.36", authUrl, region: "RegionOne", projectId },
      ...{ networkId: place.networkId, subnetId: place.subnetId, routerId: "r", loadBalancerProvider: "ovn" },
      ...{
        externalNetworkId: await externalNetworkId(world),
        cidrs: CIDRS,
        rwo: false,
        cni: "calico",
        workers: 1,
        shareType: "rwx",
      },
      ...{ controllers: { id, secret }, storage: { id, secret }, zone: "dev.k8s.example.org.", appsDomain: "apps.dev" },
      api: API,
    };
  }

  return { clock, sandbox, cloud, kubernetes, pki, pass, bootOf, fetchOf, node, access, api, addonInput };
}
