import type { AddonInput, Manifest } from "./types.ts";
import { fieldEnv, SYSTEM } from "./workload.ts";

export const CONFIG = "cilium-config";
export const CGROUPS = "/run/cilium/cgroupv2";
/** The taint of a node until its agent runs. */
export const NOT_READY = "node.cilium.io/agent-not-ready";
export const CILIUM_ENV = [
  fieldEnv("K8S_NODE_NAME", "spec.nodeName"),
  fieldEnv("CILIUM_K8S_NAMESPACE", "metadata.namespace"),
];

/**
 * install/kubernetes/cilium/templates/cilium-configmap.yaml, the keys that differ from the agent's own defaults or that
 * agent and operator must agree on. VXLAN, as Neutron's port security drops packets with a pod's address; beside
 * kube-proxy; without the layer 7 proxy and Hubble, which would bring further images and certificates.
 */
export const ciliumConfig = (input: AddonInput): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: CONFIG, namespace: SYSTEM },
  data: {
    "identity-allocation-mode": "crd",
    "identity-gc-interval": "15m0s",
    "identity-heartbeat-timeout": "30m0s",
    "cilium-endpoint-gc-interval": "5m0s",
    "nodes-gc-interval": "5m0s",
    debug: "false",
    "enable-policy": "default",
    "enable-ipv4": "true",
    "enable-ipv6": "false",
    "cluster-name": "default",
    "cluster-id": "0",
    "routing-mode": "tunnel",
    "tunnel-protocol": "vxlan",
    "enable-ipv4-masquerade": "true",
    "enable-l7-proxy": "false",
    "enable-envoy-config": "false",
    "enable-hubble": "false",
    "kube-proxy-replacement": "false",
    "bpf-lb-sock": "false",
    ipam: "cluster-pool",
    "cluster-pool-ipv4-cidr": input.cidrs.pods,
    "cluster-pool-ipv4-mask-size": "24",
    "cni-exclusive": "true",
    "cni-log-file": "/var/run/cilium/cilium-cni.log",
    "custom-cni-conf": "false",
    "write-cni-conf-when-ready": "/host/etc/cni/net.d/05-cilium.conflist",
    "enable-k8s-networkpolicy": "true",
    "enable-non-default-deny-policies": "true",
    "enable-health-checking": "true",
    "enable-endpoint-health-checking": "true",
    "agent-not-ready-taint-key": NOT_READY,
    "remove-cilium-node-taints": "true",
    "set-cilium-is-up-condition": "true",
    "set-cilium-node-taints": "true",
    "synchronize-k8s-nodes": "true",
    "operator-api-serve-addr": "127.0.0.1:9234",
    procfs: "/host/proc",
    "bpf-root": "/sys/fs/bpf",
    "cgroup-root": CGROUPS,
  },
});
