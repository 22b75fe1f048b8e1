import type { Rule } from "./security-group.ts";

/** What decides which traffic a cluster's nodes must let in. */
export interface Traffic {
  readonly nodeCidr: string;
  readonly podCidr: string;
  readonly cni: "calico" | "cilium" | "kuryr";
  /** Octavia provider. */
  readonly provider: "ovn" | "amphora";
}

const ANYWHERE = "0.0.0.0/0";
const NODE_PORTS = { portMin: 30_000, portMax: 32_767 } as const;

const open = (protocol: Rule["protocol"], port: number, remote: string, description: string): Rule => ({
  protocol,
  portMin: port,
  portMax: port,
  remote,
  description,
});

/** Sources: docs.tigera.io "System requirements"; docs.cilium.io "Firewall rules". Kuryr gives pods Neutron ports. */
function cniRules({ nodeCidr, podCidr, cni }: Traffic): readonly Rule[] {
  switch (cni) {
    case "calico":
      return [open("udp", 4789, nodeCidr, "Calico VXLAN"), open("tcp", 5473, nodeCidr, "Calico Typha")];
    case "cilium":
      return [open("udp", 8472, nodeCidr, "Cilium VXLAN"), open("tcp", 4240, nodeCidr, "Cilium health")];
    case "kuryr":
      return [
        { protocol: "tcp", remote: podCidr, description: "Pods on Neutron ports" },
        { protocol: "udp", remote: podCidr, description: "Pods on Neutron ports" },
      ];
  }
}

/**
 * Ingress of pods that have ports of their own. The OVN provider keeps the clients' addresses, and a Service of type
 * LoadBalancer has them from anywhere; an amphora speaks to pods from the Services' subnet. Nothing else leads to pods.
 * Source: openstack/kuryr-kubernetes devstack/lib/kuryr_kubernetes, service_pod_access.
 */
export function podRules({
  nodeCidr,
  podCidr,
  serviceCidr,
  provider,
}: Pick<Traffic, "nodeCidr" | "podCidr" | "provider"> & { readonly serviceCidr: string }): readonly Rule[] {
  const inside: readonly (readonly [string, string])[] = [
    [podCidr, "Other pods"],
    [nodeCidr, "Nodes"],
  ];
  const from = provider === "ovn" ? [[ANYWHERE, "Clients of Services"]] : [...inside, [serviceCidr, "Load balancers"]];
  return [
    ...from.flatMap(([remote = "", description = ""]) =>
      (["tcp", "udp"] as const).map((protocol): Rule => ({ protocol, remote, description })),
    ),
    ...inside.map(([remote, description]): Rule => ({ protocol: "icmp", remote, description })),
  ];
}

const nodeRules = (traffic: Traffic): readonly Rule[] => [
  open("tcp", 10_250, traffic.nodeCidr, "kubelet"),
  ...cniRules(traffic),
  { protocol: "icmp", remote: traffic.nodeCidr, description: "Path MTU and health checks" },
];

/** Ingress of control-plane nodes. */
export const controlPlaneRules = (traffic: Traffic): readonly Rule[] => [
  open("tcp", 6443, ANYWHERE, "Kubernetes API"),
  { protocol: "tcp", portMin: 2379, portMax: 2380, remote: "self", description: "etcd" },
  ...nodeRules(traffic),
];

/**
 * Ingress of workers. Octavia's OVN provider keeps the clients' addresses, so NodePorts must be open to everybody; an
 * amphora speaks to the nodes from their own subnet. Source: OCCM, "Using Octavia with the OVN provider".
 */
export function workerRules(traffic: Traffic): readonly Rule[] {
  const from = traffic.provider === "ovn" ? ANYWHERE : traffic.nodeCidr;
  return [
    ...nodeRules(traffic),
    { protocol: "tcp", ...NODE_PORTS, remote: from, description: "NodePorts" },
    { protocol: "udp", ...NODE_PORTS, remote: from, description: "NodePorts" },
  ];
}
