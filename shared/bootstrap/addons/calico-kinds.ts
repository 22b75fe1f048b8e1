import { type OpenKind, openCrd } from "./open-crd.ts";

/** projectcalico/calico libcalico-go/config/crd at v3.32. */
const KINDS: readonly OpenKind[] = [
  { kind: "BGPConfiguration", plural: "bgpconfigurations" },
  { kind: "BGPFilter", plural: "bgpfilters" },
  { kind: "BGPPeer", plural: "bgppeers" },
  { kind: "BlockAffinity", plural: "blockaffinities" },
  { kind: "CalicoNodeStatus", plural: "caliconodestatuses" },
  { kind: "ClusterInformation", plural: "clusterinformations" },
  { kind: "FelixConfiguration", plural: "felixconfigurations" },
  { kind: "GlobalNetworkPolicy", plural: "globalnetworkpolicies" },
  { kind: "GlobalNetworkSet", plural: "globalnetworksets" },
  { kind: "HostEndpoint", plural: "hostendpoints" },
  { kind: "IPAMBlock", plural: "ipamblocks" },
  { kind: "IPAMConfig", plural: "ipamconfigs" },
  { kind: "IPAMHandle", plural: "ipamhandles" },
  { kind: "IPPool", plural: "ippools" },
  { kind: "IPReservation", plural: "ipreservations" },
  // kube-controllers starts nothing before it could write its status.
  { kind: "KubeControllersConfiguration", plural: "kubecontrollersconfigurations", status: true },
  { kind: "NetworkPolicy", plural: "networkpolicies", namespaced: true },
  { kind: "NetworkSet", plural: "networksets", namespaced: true },
  { kind: "StagedGlobalNetworkPolicy", plural: "stagedglobalnetworkpolicies" },
  { kind: "StagedKubernetesNetworkPolicy", plural: "stagedkubernetesnetworkpolicies", namespaced: true },
  { kind: "StagedNetworkPolicy", plural: "stagednetworkpolicies", namespaced: true },
  { kind: "Tier", plural: "tiers" },
];

/** Calico waits until it can list these, though nothing here makes any. Groups of k8s.io must name their review. */
const CLUSTER_NETWORK_POLICY: OpenKind = {
  kind: "ClusterNetworkPolicy",
  plural: "clusternetworkpolicies",
  shortNames: ["cnp"],
  version: "v1alpha2",
  status: true,
  annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/network-policy-api/pull/300" },
};

export const CALICO_GROUP = "crd.projectcalico.org";
export const POLICY_GROUP = "policy.networking.k8s.io";
export const calicoKinds = [
  ...KINDS.map((kind) => openCrd(CALICO_GROUP, kind)),
  openCrd(POLICY_GROUP, CLUSTER_NETWORK_POLICY),
];
