import { controllersRules, storageRules } from "../resources/access-rules.ts";
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
import { entrance } from "./entrance.ts";
import { machines } from "./machines.ts";
import type { Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

const CREDENTIAL_DAYS = 365;
/** Whose logins of the cluster's own there are. */
const USERS = ["controllers", "storage"] as const;

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

/** The whole cluster as data: reading this file, machines.ts and entrance.ts is reading what a cluster is made of. */
export const clusterGraph = (input: GraphInput): readonly Node[] => {
  const { cluster, spec, resolved } = input;
  return ordered([
    ...networking(input),
    ...machines(cluster, spec, resolved),
    ...entrance(spec, resolved),
    ...secrets(input),
    ...storage(input),
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

function secrets({ resolved, createdMs, token }: GraphInput): Node[] {
  const expiresAt = new Date(createdMs + CREDENTIAL_DAYS * 86_400_000).toISOString();
  const rules = { controllers: controllersRules, storage: storageRules };
  return [
    node("key/kms", key, () => ({})),
    // Where the cloud has no shares, there is nothing that storage could be allowed to call.
    ...(resolved.prefixes["shared-file-system"] === undefined ? (["controllers"] as const) : USERS).flatMap((user) => [
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
