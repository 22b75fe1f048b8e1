import type { AccessRule } from "../openstack/identity.ts";
import { controllersRules, storageRules, volumeRules } from "../resources/access-rules.ts";
import { credential } from "../resources/credential.ts";
import { key } from "../resources/key.ts";
import { network } from "../resources/network.ts";
import { type From, type Node, node, ordered } from "../resources/node.ts";
import { router } from "../resources/router.ts";
import { secret } from "../resources/secret.ts";
import { securityGroup } from "../resources/security-group.ts";
import { controlPlaneRules, workerRules } from "../resources/security-rules.ts";
import { share } from "../resources/share.ts";
import { shareAccess } from "../resources/share-access.ts";
import { shareNetwork } from "../resources/share-network.ts";
import { subnet } from "../resources/subnet.ts";
import { authorities } from "./boot.ts";
import { entrance } from "./entrance.ts";
import { inside } from "./kubernetes/index.ts";
import type { KubernetesInput } from "./kubernetes/session.ts";
import { machines } from "./machines.ts";
import { hasShares, type Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

const CREDENTIAL_DAYS = 365;
const SECRET_CHARS = 48;
/** Whose logins of the cluster's own there are. */
const USERS = ["controllers", "storage"] as const;

export interface GraphInput {
  /** The cluster's id. */
  readonly cluster: string;
  readonly spec: ClusterSpec;
  readonly resolved: Resolved;
  /** Credentials expire a year from then. */
  readonly createdMs: number;
  nowMs(): number;
  /** A new unguessable text, for a secret that is about to be made. */
  token(length: number): string;
  /** The way into the cluster. Without it the graph is what the cloud alone holds: for plans, quotas and prices. */
  readonly kubernetes?: KubernetesInput;
  /** Being deleted: what the cluster itself has made comes first, and nothing in it is waited for. */
  readonly leaving?: boolean;
  /** Data that claims hold stays too. */
  readonly keepData?: boolean;
}

/** The whole cluster as data: reading this file, machines.ts and entrance.ts is reading what a cluster is made of. */
export const clusterGraph = (input: GraphInput): readonly Node[] => {
  const { spec, resolved } = input;
  return ordered([
    ...networking(input),
    ...machines(input),
    ...entrance(spec, resolved),
    ...secrets(input),
    ...storage(input),
    ...(input.kubernetes === undefined ? [] : inside(input, input.kubernetes)),
  ]);
};

function networking({ spec, resolved }: GraphInput): Node[] {
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

function secrets(input: GraphInput): Node[] {
  const { resolved, createdMs, token } = input;
  const { prefixes, blockStorageType: blocks } = resolved;
  const expiresAt = new Date(createdMs + CREDENTIAL_DAYS * 86_400_000).toISOString();
  const ingress = resolved.loadBalancerProvider === "amphora";
  const rules: Readonly<Record<(typeof USERS)[number], (from: From) => readonly AccessRule[]>> = {
    controllers: (from) => controllersRules(prefixes, { keyId: from.of("key/kms").facts["secretId"] ?? "", ingress }),
    storage: () => [
      ...(hasShares(resolved) ? storageRules(prefixes, resolved.shareServiceType) : []),
      ...(blocks === undefined ? [] : volumeRules(prefixes, blocks)),
    ],
  };
  // Where the cloud has neither, there is nothing that storage could be allowed to call: a rule less is a right more.
  const users = hasShares(resolved) || blocks !== undefined ? USERS : (["controllers"] as const);
  return [
    authorities(input),
    node("key/kms", key, () => ({})),
    ...users.flatMap((user) => [
      node(`secret/${user}`, secret, () => ({ payload: () => token(SECRET_CHARS) })),
      node(
        `credential/${user}`,
        credential,
        (from) => ({
          secret: (cloud) => cloud.keyManager.getPayload(from.of(`secret/${user}`).facts["href"] ?? ""),
          roles: resolved.roles,
          accessRules: rules[user](from),
          expiresAt,
        }),
        { needs: [`secret/${user}`, ...(user === "controllers" ? ["key/kms"] : [])] },
      ),
    ]),
  ];
}

function storage({ spec, resolved }: GraphInput): Node[] {
  const { shareType, shareProtocol: protocol, cidrs } = resolved;
  const gib = spec.rwxGib;
  if (shareType === undefined) return [];
  const own = shareType.shareNetwork;
  const place = (from: From) => ({ networkId: from.of("network").id, subnetId: from.of("subnet").id });
  const networks = own ? [node("share-network/rwx", shareNetwork, place, { needs: ["network", "subnet"] })] : [];
  if (gib === undefined) return networks;
  return [
    ...networks,
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
