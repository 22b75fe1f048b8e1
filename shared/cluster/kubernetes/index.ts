import { type AddonInput, addons, type Kuryr } from "../../bootstrap/addons/index.ts";
import { kubernetesVersion } from "../../bootstrap/versions.ts";
import type { Cloud } from "../../openstack/cloud.ts";
import { type From, type Node, node } from "../../resources/node.ts";
import type { GraphInput, Ground } from "../graph.ts";
import { hasKuryr, kubernetesRanges, kuryrGround, POD_GROUP } from "../kuryr.ts";
import { API_PORT, API_STEP, apiHost, appsName, loginOf, members, nodeStep } from "../names.ts";
import { hasShares } from "../plan.ts";
import { addonKind, addonStep } from "./addon-step.ts";
import { apiKind } from "./api-step.ts";
import { leftovers } from "./leftovers.ts";
import { nodeKind } from "./node-step.ts";
import { type KubernetesInput, type KubernetesSession, kubernetesSession } from "./session.ts";

/** What is in the cluster rather than in the cloud; of one that is going, what it has made of its own. */
export function inside(input: Ground, way: KubernetesInput): readonly Node[] {
  const { cluster, spec, resolved } = input;
  const session = kubernetesSession(cluster, apiHost(spec, resolved.zone.name), way, input.text);
  if (input.leaving === true) return leftovers(input, session);
  return [api(session), ...joined(input, session), ...applied(input, session)];
}

const api = (session: KubernetesSession): Node =>
  node(API_STEP, apiKind(session), () => ({}), {
    needs: ["server/control-plane-1"],
    exists: ["floating-ip/api", "load-balancer/api"],
  });

function joined({ spec }: GraphInput, session: KubernetesSession): readonly Node[] {
  const all = members(spec);
  const kind = nodeKind(
    session,
    all.map(({ name }) => name),
  );
  return all.map(({ name }) =>
    node(nodeStep(name), kind, (from) => ({ address: from.of(`port/${name}`).facts["address"] ?? "" }), {
      needs: [`server/${name}`, `port/${name}`],
    }),
  );
}

const NOBODY = { id: "", secret: "" };

/** Every field that the cloud and Barbican have to say is left to `applied`. */
function outline(input: GraphInput): AddonInput {
  const { cluster, spec, resolved } = input;
  const { zone, shareType, loadBalancerProvider } = resolved;
  const rwo = resolved.blockStorageType !== undefined;
  const shares = hasShares(resolved) && shareType !== undefined;
  return {
    clusterId: cluster,
    clusterName: spec.name,
    version: kubernetesVersion(spec.version),
    ...(resolved.registry === undefined ? {} : { registry: resolved.registry }),
    authUrl: "",
    region: resolved.region,
    projectId: resolved.projectId,
    networkId: "",
    subnetId: "",
    externalNetworkId: resolved.externalNetwork.id,
    routerId: "",
    loadBalancerProvider,
    cidrs: kubernetesRanges(input),
    controllers: NOBODY,
    ...(shares || rwo ? { storage: NOBODY } : {}),
    ...(shares ? {} : { shares }),
    ...(shareType === undefined ? {} : { shareType: shareType.name }),
    ...(spec.rwxGib === undefined || shareType === undefined
      ? {}
      : { rwx: { shareId: "", accessId: "", gib: spec.rwxGib } }),
    rwo,
    cni: spec.cni,
    ...(hasKuryr(spec) ? { kuryr: { podSubnetId: "", serviceSubnetId: "", podSecurityGroupIds: [] } } : {}),
    zone: zone.name,
    appsDomain: appsName(spec, zone.name).replace(/^\*\./, "").replace(/\.$/, ""),
    api: { name: apiHost(spec, zone.name), port: API_PORT },
    workers: spec.workers.count,
  };
}

const kuryrOf = (from: From): Kuryr => ({
  podSubnetId: from.of("subnet/pods").id,
  serviceSubnetId: from.of("subnet/services").id,
  podSecurityGroupIds: [from.of(POD_GROUP).id],
});

function applied(input: GraphInput, session: KubernetesSession): readonly Node[] {
  const plain = outline(input);
  const all = addons(plain);
  const kind = addonKind(session, all);
  const count = input.renewals?.count ?? 0;
  const needs = [
    API_STEP,
    "network",
    "subnet",
    "router",
    `credential/${loginOf("controllers", count)}`,
    ...(plain.storage === undefined ? [] : [`credential/${loginOf("storage", count)}`]),
    ...(plain.rwx === undefined ? [] : ["share/rwx", "share-access/rwx"]),
    ...(input.resolved.shareType?.shareNetwork === true ? ["share-network/rwx"] : []),
    ...kuryrGround(input.spec),
  ];
  const secretOf = async (cloud: Cloud, from: From, user: "controllers" | "storage") => ({
    id: from.of(`credential/${loginOf(user, count)}`).id,
    secret: await session.secret(cloud, `secret/${loginOf(user, count)}`),
  });
  const full =
    (from: From) =>
    async (cloud: Cloud): Promise<AddonInput> => ({
      ...plain,
      authUrl: (await cloud.scope()).authUrl,
      ...(cloud.caCertificate === undefined ? {} : { caCertificate: cloud.caCertificate }),
      networkId: from.of("network").id,
      subnetId: from.of("subnet").id,
      routerId: from.of("router").id,
      controllers: await secretOf(cloud, from, "controllers"),
      ...(plain.storage === undefined ? {} : { storage: await secretOf(cloud, from, "storage") }),
      ...(plain.rwx === undefined
        ? {}
        : { rwx: { ...plain.rwx, shareId: from.of("share/rwx").id, accessId: from.of("share-access/rwx").id } }),
      ...(plain.kuryr === undefined ? {} : { kuryr: kuryrOf(from) }),
      ...(needs.includes("share-network/rwx") ? { shareNetworkId: from.of("share-network/rwx").id } : {}),
    });
  return all.map(({ name }) => node(addonStep(name), kind, (from) => ({ input: full(from) }), { needs }));
}
