import { nodeUserData } from "../bootstrap/node.ts";
import { controllersRules, storageRules } from "../resources/access-rules.ts";
import { credential } from "../resources/credential.ts";
import { floatingIp } from "../resources/floating-ip.ts";
import { key } from "../resources/key.ts";
import { nameOf } from "../resources/kind.ts";
import { loadBalancer } from "../resources/load-balancer.ts";
import { network } from "../resources/network.ts";
import { type From, type Node, node, ordered } from "../resources/node.ts";
import { port } from "../resources/port.ts";
import { ptr } from "../resources/ptr.ts";
import { recordset } from "../resources/recordset.ts";
import { router } from "../resources/router.ts";
import { secret } from "../resources/secret.ts";
import { securityGroup } from "../resources/security-group.ts";
import { controlPlaneRules, workerRules } from "../resources/security-rules.ts";
import { server } from "../resources/server.ts";
import { serverGroup } from "../resources/server-group.ts";
import { share } from "../resources/share.ts";
import { shareAccess } from "../resources/share-access.ts";
import { shareNetwork } from "../resources/share-network.ts";
import { subnet } from "../resources/subnet.ts";
import type { Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

export const API_PORT = 6443;
const DNS_TTL_SECONDS = 60;
const CREDENTIAL_DAYS = 365;

export interface GraphInput {
  /** The cluster's id. */
  readonly cluster: string;
  readonly spec: ClusterSpec;
  readonly resolved: Resolved;
  /** Credentials expire a year from then. */
  readonly createdMs: number;
  /** A new unguessable text, for a secret that is about to be made. */
  token(): string;
}

/** Fully qualified names, with the dot at the end. */
export const apiName = (spec: ClusterSpec, zone: string): string => `api.${spec.name}.${zone}`;
export const appsName = (spec: ClusterSpec, zone: string): string => `*.apps.${spec.name}.${zone}`;

/** The whole cluster as data: reading this file is reading what a cluster is made of. */
export const clusterGraph = (input: GraphInput): readonly Node[] =>
  ordered([...addresses(input), ...machines(input), ...balancer(input), ...secrets(input), ...storage(input)]);

function addresses({ spec, resolved }: GraphInput): Node[] {
  const { cidrs, loadBalancerProvider: provider, externalNetwork } = resolved;
  return [
    node("network", network, () => ({})),
    node(
      "subnet",
      subnet,
      (from) => ({ networkId: from.of("network").id, cidr: cidrs.nodes, dnsNameservers: resolved.dnsNameservers }),
      { needs: ["network"] },
    ),
    node("router", router, (from) => ({ externalNetworkId: externalNetwork.id, subnetId: from.maybe("subnet")?.id }), {
      later: ["subnet"],
    }),
    ...(["control-plane", "worker"] as const).map((role) =>
      node(`security-group/${role}`, securityGroup, () => {
        const rules = role === "worker" ? workerRules : controlPlaneRules;
        return { rules: rules({ nodeCidr: cidrs.nodes, podCidr: cidrs.pods, cni: spec.cni, provider }) };
      }),
    ),
  ];
}

/** `control-plane-1`, `worker-2`: the members of a role. */
export const members = (spec: ClusterSpec): { role: "control-plane" | "worker"; name: string; at: number }[] =>
  (["control-plane", "worker"] as const).flatMap((role) => {
    const { count } = role === "worker" ? spec.workers : spec.controlPlane;
    return Array.from({ length: count }, (_, index) => ({ role, name: `${role}-${index + 1}`, at: index + 1 }));
  });

function machines({ cluster, spec, resolved }: GraphInput): Node[] {
  const policy = resolved.antiAffinity === "hard" ? "anti-affinity" : "soft-anti-affinity";
  const roles = [...new Set(members(spec).map((member) => member.role))];
  return [
    ...roles.map((role) => node(`server-group/${role}`, serverGroup, () => ({ policy }))),
    ...members(spec).flatMap(({ role, name, at }) => [
      node(
        `port/${name}`,
        port,
        (from) => ({
          networkId: from.of("network").id,
          subnetId: from.of("subnet").id,
          securityGroupId: from.of(`security-group/${role}`).id,
        }),
        { needs: ["network", "subnet", `security-group/${role}`] },
      ),
      node(
        `server/${name}`,
        server,
        (from) => ({
          portId: from.of(`port/${name}`).id,
          flavorId: (role === "worker" ? resolved.workerFlavor : resolved.controlPlaneFlavor).id,
          imageId: resolved.image.id,
          serverGroupId: from.of(`server-group/${role}`).id,
          userData: nodeUserData(nameOf({ cluster, name: spec.name, step: `server/${name}` })),
        }),
        // Creates that run side by side defeat soft anti-affinity, so control planes come one after another.
        {
          needs: [
            `port/${name}`,
            "router",
            `server-group/${role}`,
            ...(role === "control-plane" && at > 1 ? [`server/control-plane-${at - 1}`] : []),
          ],
        },
      ),
    ]),
  ];
}

function balancer({ spec, resolved }: GraphInput): Node[] {
  const { zone, externalNetwork, loadBalancerProvider: provider, region } = resolved;
  const planes = members(spec).filter((member) => member.role === "control-plane");
  const record = (step: string, name: string) =>
    node(
      `dns/${step}`,
      recordset,
      (from) => {
        const address = from.of(`floating-ip/${step}`).facts["address"] ?? "";
        return { zoneId: zone.id, name, type: "A" as const, records: [address], ttl: DNS_TTL_SECONDS };
      },
      { needs: [`floating-ip/${step}`] },
    );
  const pointer = node(
    "ptr/api",
    ptr,
    (from) => ({
      region,
      floatingIpId: from.of("floating-ip/api").id,
      ptrdname: apiName(spec, zone.name),
      ttl: DNS_TTL_SECONDS,
    }),
    { needs: ["floating-ip/api"] },
  );
  const balance = (from: From) => ({
    subnetId: from.of("subnet").id,
    provider,
    port: API_PORT,
    members: planes.map(({ name }) => ({ name, address: from.of(`port/${name}`).facts["address"] ?? "" })),
  });
  return [
    node("load-balancer/api", loadBalancer, balance, {
      needs: ["subnet", ...planes.map(({ name }) => `port/${name}`)],
    }),
    node(
      "floating-ip/api",
      floatingIp,
      (from) => ({
        networkId: externalNetwork.id,
        portId: from.maybe("load-balancer/api")?.facts["vipPortId"],
        attach: true,
      }),
      { later: ["router", "load-balancer/api"] },
    ),
    // Kept for the ingress: the wildcard's address is known from the first day and outlives every load balancer behind it.
    node("floating-ip/apps", floatingIp, () => ({ networkId: externalNetwork.id, attach: false }), {
      later: ["router"],
    }),
    record("api", apiName(spec, zone.name)),
    record("apps", appsName(spec, zone.name)),
    ...(resolved.reverseDns ? [pointer] : []),
  ];
}

function secrets({ resolved, createdMs, token }: GraphInput): Node[] {
  const expiresAt = new Date(createdMs + CREDENTIAL_DAYS * 86_400_000).toISOString();
  const rules = { controllers: controllersRules, storage: storageRules };
  return [
    node("key/kms", key, () => ({})),
    ...(["controllers", "storage"] as const).flatMap((user) => [
      node(`secret/${user}`, secret, () => ({ payload: token })),
      node(
        `credential/${user}`,
        credential,
        (from) => ({
          secretHref: from.of(`secret/${user}`).facts["href"] ?? "",
          roles: resolved.roles,
          accessRules: rules[user](resolved.prefixes, resolved.shareServiceType),
          expiresAt,
        }),
        { needs: [`secret/${user}`] },
      ),
    ]),
  ];
}

function storage({ spec, resolved }: GraphInput): Node[] {
  const { shareType, shareProtocol: protocol, cidrs } = resolved;
  const gib = spec.rwxGib;
  if (gib === undefined || shareType === undefined) return [];
  const own = shareType.shareNetwork;
  const place = (from: From) => ({ networkId: from.of("network").id, subnetId: from.of("subnet").id });
  return [
    ...(own ? [node("share-network/rwx", shareNetwork, place, { needs: ["network", "subnet"] })] : []),
    node(
      "share/rwx",
      share,
      (from) => ({
        gib,
        protocol,
        typeName: shareType.name,
        ...(own ? { shareNetworkId: from.of("share-network/rwx").id } : {}),
      }),
      { needs: own ? ["share-network/rwx"] : [] },
    ),
    node(
      "share-access/rwx",
      shareAccess,
      (from) => ({ shareId: from.of("share/rwx").id, cidr: cidrs.nodes, level: "rw" }),
      {
        needs: ["share/rwx"],
      },
    ),
  ];
}
