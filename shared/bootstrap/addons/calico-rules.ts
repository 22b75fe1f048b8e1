import { CALICO_GROUP as CALICO, POLICY_GROUP } from "./calico-kinds.ts";
import { rule } from "./rbac.ts";

export const CNI_ACCOUNT = "calico-cni-plugin";

const IPAM = "blockaffinities ipamblocks ipamhandles";
const CRUD = "get list create update delete";
/** No CRD of ours, none at all without KubeVirt: a list then finds nothing, but a refusal is tried again for ever. */
const KUBEVIRT = "kubevirt.io";
const POLICIES = "networkpolicies stagednetworkpolicies globalnetworkpolicies stagedglobalnetworkpolicies";
const READ_BY_NODES =
  "felixconfigurations bgpconfigurations bgppeers bgpfilters ippools ipreservations clusterinformations hostendpoints " +
  "globalnetworksets networksets caliconodestatuses tiers blockaffinities ipamblocks stagedkubernetesnetworkpolicies " +
  POLICIES;

/**
 * charts/calico/templates/calico-node-rbac.yaml for the datastore `kubernetes` and the network `calico`, without its
 * rules for upgrades from releases that no cluster of ours ever ran. It looks for kubeadm's and Rancher's ConfigMaps at its
 * start and makes the default BGPConfiguration even where nothing speaks BGP (node/pkg/lifecycle/startup/startup.go); Felix is
 * not ready before it has listed KubeVirt's migrations (projectcalico/calico pull request 11957).
 */
export const nodeRules = [
  rule("create", "serviceaccounts/token", "", CNI_ACCOUNT),
  rule("get list watch", "pods namespaces serviceaccounts nodes"),
  rule("get list watch", "services endpoints"),
  rule("get", "configmaps", "", "kubeadm-config full-cluster-state"),
  rule("list watch", "endpointslices", "discovery.k8s.io"),
  rule("list watch", "networkpolicies", "networking.k8s.io"),
  rule("list watch", "clusternetworkpolicies", POLICY_GROUP),
  rule("patch update", "nodes/status"),
  rule("patch", "pods/status"),
  rule("get list watch", READ_BY_NODES, CALICO),
  rule("create", "tiers", CALICO),
  rule("create update", "ippools felixconfigurations bgpconfigurations clusterinformations", CALICO),
  rule("update", "caliconodestatuses", CALICO),
  rule(CRUD, IPAM, CALICO),
  rule("get create", "ipamconfigs", CALICO),
  rule("get list watch", "virtualmachineinstancemigrations", KUBEVIRT),
];

/** Same file: what the plugin on each node does with the token that calico-node writes for it. */
export const cniRules = [
  rule("get", "pods nodes namespaces"),
  rule("patch", "pods/status"),
  rule(CRUD, `${IPAM} clusterinformations ippools ipreservations ipamconfigs`, CALICO),
  rule("get", "virtualmachineinstances virtualmachines", KUBEVIRT),
];

/** charts/calico/templates/calico-kube-controllers-rbac.yaml; Services are the cloud controller's to write. */
export const controllerRules = [
  rule("get list watch", "nodes pods namespaces services"),
  rule("list", "ipreservations", CALICO),
  rule(`${CRUD} watch`, `${IPAM} ipamconfigs tiers hostendpoints ${POLICIES}`, CALICO),
  rule("list watch", "ippools", CALICO),
  rule("get list watch create update", "clusterinformations kubecontrollersconfigurations", CALICO),
  rule("get update", "kubecontrollersconfigurations/status", CALICO),
  rule("get", "daemonsets", "apps", "calico-node"),
  rule("get list watch", "virtualmachineinstances virtualmachines", KUBEVIRT),
];
