import ipaddr from "ipaddr.js";
import type { Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

type Asked = Pick<ClusterSpec, "cni" | "controlPlane" | "workers">;

/** Kubernetes gives each node a part of the pods' range of this size, and so does Cilium. */
const NODE_PREFIX = 24;
/** The largest and the smallest, as prefixes. Source: kubernetes cmd/kubeadm/app/constants, *ServiceSubnet and PodSubnet*. */
const PODS = { least: 8, most: NODE_PREFIX };
const SERVICES = { least: 12, most: 28 };
/** Of the nodes' range: its own two addresses, the router's and the one of the API's load balancer. */
const TAKEN = 4;

const prefixOf = (cidr: string): number => ipaddr.IPv4.parseCIDR(cidr)[1];

function outside(name: string, cidr: string, { least, most }: typeof PODS): string[] {
  const bits = prefixOf(cidr);
  if (bits >= least && bits <= most) return [];
  const is = bits < least ? "large" : "small";
  return [`cidrs.${name} (${cidr}) is too ${is}: Kubernetes takes one from /${least} to /${most}.`];
}

/** Why kubeadm would refuse to begin with these ranges, or a machine would come too many. */
export function misfits({ nodes, pods, services }: Resolved["cidrs"], asked: Asked): string[] {
  const machines = asked.controlPlane.count + asked.workers.count;
  const few = (name: string, cidr: string, room: number) =>
    machines <= room ? [] : [`cidrs.${name} (${cidr}) has room for ${room} machines, and this takes ${machines}.`];
  // Kuryr's pods take addresses from Neutron, and half of the Services' range is Neutron's too.
  const kuryr = asked.cni === "kuryr";
  const half = kuryr ? 1 : 0;
  const sizes = [
    ...(kuryr ? [] : outside("pods", pods, PODS)),
    ...outside("services", services, { least: SERVICES.least - half, most: SERVICES.most - half }),
    ...few("nodes", nodes, Math.max(0, 2 ** (32 - prefixOf(nodes)) - TAKEN)),
  ];
  // Calico deals out smaller parts, and lends them.
  return sizes.length === 0 && asked.cni === "cilium" ? few("pods", pods, 2 ** (NODE_PREFIX - prefixOf(pods))) : sizes;
}
