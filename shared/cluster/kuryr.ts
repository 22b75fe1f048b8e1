import ipaddr from "ipaddr.js";
import { PORTS_POOL_BATCH } from "../bootstrap/addons/kuryr-conf.ts";
import type { AddressPool } from "../openstack/network.ts";
import { leftStep } from "../resources/by-cluster.ts";
import { loadBalancer } from "../resources/load-balancer.ts";
import { network } from "../resources/network.ts";
import { type From, type Node, node } from "../resources/node.ts";
import { securityGroup } from "../resources/security-group.ts";
import { podRules } from "../resources/security-rules.ts";
import { subnet } from "../resources/subnet.ts";
import { trunk } from "../resources/trunk.ts";
import { API_PORT, members } from "./names.ts";
import type { Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

/*
 * Kuryr gives each pod a Neutron port and each Service an Octavia load balancer, on networks that it is given.
 * Source: openstack/kuryr-kubernetes devstack/lib/kuryr_kubernetes (configure_neutron_defaults, create_k8s_subnet,
 * create_k8s_api_service) and doc/source/nested_vlan_mode.rst.
 */

const HTTPS_PORT = 443;
export const POD_GROUP = "security-group/pods";
const RANGES = ["pods", "services"] as const;

type Of = { readonly spec: ClusterSpec; readonly resolved: Resolved };

export const hasKuryr = ({ cni }: Pick<ClusterSpec, "cni">): boolean => cni === "kuryr";

/** Steps of the subnets that the cluster's router joins. */
export const routedSubnets = (spec: ClusterSpec): readonly string[] => [
  "subnet",
  ...(hasKuryr(spec) ? RANGES.map((range) => `subnet/${range}`) : []),
];

/** Steps of what Kuryr's ports and load balancers stand on. */
export const kuryrGround = (spec: ClusterSpec): readonly string[] =>
  hasKuryr(spec) ? [...RANGES.flatMap((range) => [`network/${range}`, `subnet/${range}`]), POD_GROUP] : [];

const numberOf = (address: ipaddr.IPv4): number => address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
const addressOf = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/**
 * The range of Services is a subnet that Kubernetes and Neutron both give addresses out of, so each has a half: VIPs are
 * Kubernetes' choice, and what Octavia puts beside them is Neutron's.
 */
export function serviceHalves(cidr: string) {
  const [first, bits] = ipaddr.IPv4.parseCIDR(cidr);
  const [from, size] = [numberOf(first), 2 ** (32 - bits)];
  const pool: AddressPool = { start: addressOf(from + size / 2), end: addressOf(from + size - 3) };
  return {
    kubernetes: `${addressOf(from)}/${bits + 1}`,
    /** Of the Service `kubernetes`. */
    api: addressOf(from + 1),
    gateway: addressOf(from + size - 2),
    pool,
  };
}

/** As kubeadm and the add-ons are told. */
export const kubernetesRanges = ({ spec, resolved: { cidrs } }: Of): Resolved["cidrs"] =>
  hasKuryr(spec) ? { ...cidrs, services: serviceHalves(cidrs.services).kubernetes } : cidrs;

/** What Kuryr leaves, swept when nothing of the cluster runs any more. */
export const kuryrSwept: readonly string[] = (
  ["service-balancer", "service-address", "service-security-group", "pod-port"] as const
).map(leftStep);

/** kube-dns is a Service of three ports, with two pods behind it; no add-on that runs beside Kuryr brings another. */
const DNS_PORTS = 3;
const DNS_PODS = 2;

/** What Kuryr makes as soon as it runs, beside what the graph names: each node's first ports, and one load balancer. */
export const kuryrNeeds = (spec: ClusterSpec): Readonly<Record<string, number>> =>
  hasKuryr(spec)
    ? {
        "network/port": members(spec).length * PORTS_POOL_BATCH + 1,
        "load-balancer/load_balancer": 1,
        "load-balancer/listener": DNS_PORTS,
        "load-balancer/pool": DNS_PORTS,
        "load-balancer/member": DNS_PORTS * DNS_PODS,
      }
    : {};

/** Pods' and Services' networks, and what lets traffic into pods. */
export function kuryrNetworks({ spec, resolved }: Of): readonly Node[] {
  if (!hasKuryr(spec)) return [];
  const { cidrs, dnsNameservers, loadBalancerProvider: provider } = resolved;
  const { gateway, pool } = serviceHalves(cidrs.services);
  return [
    ...RANGES.flatMap((range) => [
      node(`network/${range}`, network, () => ({})),
      node(
        `subnet/${range}`,
        subnet,
        (from) => ({
          networkId: from.of(`network/${range}`).id,
          cidr: cidrs[range],
          dnsNameservers,
          ...(range === "services" ? { gateway, pool } : {}),
        }),
        { needs: [`network/${range}`] },
      ),
    ]),
    node(POD_GROUP, securityGroup, () => ({
      rules: podRules({ nodeCidr: cidrs.nodes, podCidr: cidrs.pods, serviceCidr: cidrs.services, provider }),
    })),
  ];
}

/** `left`: what is swept once it is gone. Pods on control planes (CoreDNS is one) need it as those on workers do. */
export const trunkOf = (name: string, left: readonly string[]): Node =>
  node(`trunk/${name}`, trunk, (from) => ({ portId: from.of(`port/${name}`).id }), {
    needs: [`port/${name}`, ...left],
  });

/** The way to the API inside the cluster: the one Service that Kuryr leaves alone (is_kubernetes_default_resource). */
export function kuryrApi({ spec, resolved }: Of): readonly Node[] {
  if (!hasKuryr(spec)) return [];
  const planes = members(spec).filter(({ role }) => role === "control-plane");
  const balance = (from: From) => ({
    subnetId: from.of("subnet/services").id,
    address: serviceHalves(resolved.cidrs.services).api,
    provider: resolved.loadBalancerProvider,
    port: HTTPS_PORT,
    memberPort: API_PORT,
    memberSubnetId: from.of("subnet").id,
    members: planes.map(({ name }) => ({ name, address: from.of(`port/${name}`).facts["address"] ?? "" })),
  });
  // Both subnets must be the router's before OVN can lead from one to the other.
  const needs = ["subnet", "subnet/services", "router", ...planes.map(({ name }) => `port/${name}`)];
  return [node("load-balancer/kubernetes", loadBalancer, balance, { needs })];
}
