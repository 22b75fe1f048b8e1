import { network } from "../resources/network.ts";
import { type From, type Node, node, ordered } from "../resources/node.ts";
import { router } from "../resources/router.ts";
import { securityGroup } from "../resources/security-group.ts";
import { controlPlaneRules, workerRules } from "../resources/security-rules.ts";
import { share } from "../resources/share.ts";
import { shareAccess } from "../resources/share-access.ts";
import { shareNetwork } from "../resources/share-network.ts";
import { subnet } from "../resources/subnet.ts";
import { entrance } from "./entrance.ts";
import { inside } from "./kubernetes/index.ts";
import type { KubernetesInput } from "./kubernetes/session.ts";
import { kuryrApi, kuryrNetworks, routedSubnets } from "./kuryr.ts";
import { logins } from "./logins.ts";
import { machines } from "./machines.ts";
import type { Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";
import { type SecretTexts, secretTexts } from "./texts.ts";

export interface GraphInput {
  /** The cluster's id. */
  readonly cluster: string;
  readonly spec: ClusterSpec;
  readonly resolved: Resolved;
  /** Credentials expire a year from then, or from their last renewal. */
  readonly createdMs: number;
  readonly renewals?: { readonly count: number; readonly sinceMs: number };
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

/** What the parts of one graph share. */
export interface Ground extends GraphInput {
  readonly text: SecretTexts;
}

/** The whole cluster as data: reading this file, machines.ts and entrance.ts is reading what a cluster is made of. */
export const clusterGraph = (asked: GraphInput): readonly Node[] => {
  const input: Ground = { ...asked, text: secretTexts() };
  const { spec, resolved } = input;
  return ordered([
    ...networking(input),
    ...machines(input),
    ...entrance(spec, resolved),
    ...kuryrApi(input),
    ...logins(input),
    ...storage(input),
    ...(input.kubernetes === undefined ? [] : inside(input, input.kubernetes)),
  ]);
};

function networking(input: GraphInput): Node[] {
  const { spec, resolved } = input;
  const joined = routedSubnets(spec);
  const { cidrs, loadBalancerProvider: provider, externalNetwork } = resolved;
  return [
    node("network", network, () => ({})),
    node(
      "subnet",
      subnet,
      (from) => ({ networkId: from.of("network").id, cidr: cidrs.nodes, dnsNameservers: resolved.dnsNameservers }),
      { needs: ["network"] },
    ),
    ...kuryrNetworks(input),
    node(
      "router",
      router,
      (from) => {
        const known = joined.flatMap((step) => from.maybe(step)?.id ?? []);
        return {
          externalNetworkId: externalNetwork.id,
          subnetIds: known.length === joined.length ? known : undefined,
        };
      },
      { later: joined },
    ),
    ...(["control-plane", "worker"] as const).map((role) =>
      node(`security-group/${role}`, securityGroup, () => {
        const rules = role === "worker" ? workerRules : controlPlaneRules;
        return { rules: rules({ nodeCidr: cidrs.nodes, podCidr: cidrs.pods, cni: spec.cni, provider }) };
      }),
    ),
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
      { needs: own ? ["share-network/rwx"] : [], holdsSince: "share/rwx" },
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
