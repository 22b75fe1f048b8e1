import { rule } from "./rbac.ts";

const CILIUM = "cilium.io";
const CRDS = "apiextensions.k8s.io";

/** What the agent of v1.19 watches; install/kubernetes/cilium/templates/cilium-agent/clusterrole.yaml. */
const WATCHED =
  "ciliumloadbalancerippools ciliumbgpnodeconfigs ciliumbgpadvertisements ciliumbgppeerconfigs " +
  "ciliumclusterwideenvoyconfigs ciliumclusterwidenetworkpolicies ciliumegressgatewaypolicies ciliumendpoints " +
  "ciliumendpointslices ciliumenvoyconfigs ciliumidentities ciliumlocalredirectpolicies ciliumnetworkpolicies " +
  "ciliumnodes ciliumnodeconfigs ciliumcidrgroups ciliuml2announcementpolicies ciliumpodippools";

/** The definitions that its operator registers and updates; templates/cilium-operator/clusterrole.yaml. */
const REGISTERED =
  "ciliumloadbalancerippools ciliumbgpclusterconfigs ciliumbgppeerconfigs ciliumbgpadvertisements ciliumbgpnodeconfigs " +
  "ciliumbgpnodeconfigoverrides ciliumclusterwideenvoyconfigs ciliumclusterwidenetworkpolicies " +
  "ciliumegressgatewaypolicies ciliumendpoints ciliumendpointslices ciliumenvoyconfigs ciliumidentities " +
  "ciliumlocalredirectpolicies ciliumnetworkpolicies ciliumnodes ciliumnodeconfigs ciliumcidrgroups " +
  "ciliuml2announcementpolicies ciliumpodippools ciliumgatewayclassconfigs";

export const agentRules = [
  rule("get list watch", "networkpolicies", "networking.k8s.io"),
  rule("get list watch", "endpointslices", "discovery.k8s.io"),
  rule("get list watch", "namespaces services pods endpoints nodes"),
  rule("get list watch", "customresourcedefinitions", CRDS),
  rule("list watch", WATCHED, CILIUM),
  rule("create", "ciliumidentities ciliumendpoints ciliumnodes", CILIUM),
  rule("update", "ciliumidentities", CILIUM),
  rule("delete get", "ciliumendpoints", CILIUM),
  rule("get update", "ciliumnodes ciliumnodes/status", CILIUM),
  rule(
    "patch",
    "ciliumendpoints/status ciliumendpoints ciliuml2announcementpolicies/status ciliumbgpnodeconfigs/status",
    CILIUM,
  ),
];

/** templates/cilium-agent/role.yaml: the init container `config` reads cilium-config and overrides for single nodes. */
export const agentConfigRules = [rule("get list watch", "configmaps")];

/** Without what its Ingress, Gateway and cluster mesh, all off here, would need. */
export const operatorRules = [
  rule("get list watch delete", "pods"),
  rule("list watch patch", "nodes"),
  rule("patch", "nodes/status"),
  rule("get list watch", "endpointslices", "discovery.k8s.io"),
  rule("update patch", "services/status"),
  rule("get list watch", "namespaces services endpoints"),
  rule(
    "create update deletecollection patch get list watch",
    "ciliumnetworkpolicies ciliumclusterwidenetworkpolicies",
    CILIUM,
  ),
  rule("patch update", "ciliumnetworkpolicies/status ciliumclusterwidenetworkpolicies/status", CILIUM),
  rule("delete list watch update", "ciliumendpoints ciliumidentities", CILIUM),
  rule("create update get list watch delete", "ciliumnodes", CILIUM),
  rule("update", "ciliumnodes/status", CILIUM),
  rule("create update get list watch delete deletecollection patch", "ciliumendpointslices", CILIUM),
  rule("get list watch create", "ciliumpodippools", CILIUM),
  rule("get list watch", "ciliumloadbalancerippools", CILIUM),
  rule("patch", "ciliumloadbalancerippools/status", CILIUM),
  rule("create get list watch", "customresourcedefinitions", CRDS),
  rule("update", "customresourcedefinitions", CRDS, REGISTERED.replaceAll(/\w+/g, "$&.cilium.io")),
];

/** Its lock, annotations on its own configuration, and a daemon that it looks for to remove it where it is not wanted. */
export const operatorSystemRules = [
  rule("create get update", "leases", "coordination.k8s.io"),
  rule("get patch", "configmaps", "", "cilium-config"),
  rule("get delete", "daemonsets", "apps", "ztunnel-cilium"),
];
