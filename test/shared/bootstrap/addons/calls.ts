export const CALICO = "crd.projectcalico.org";
const CILIUM = "cilium.io";
const STORAGE = "storage.k8s.io";
const LEASES = "coordination.k8s.io";

export interface Call {
  readonly verbs: string;
  readonly resource: string;
  readonly group?: string;
  /** Of one object, by its name. */
  readonly name?: string;
  /** In one namespace, rather than all of them. */
  readonly namespace?: string;
}

/** By variant and account: what it calls, and where that is to be read. */
export const CALLS: readonly (readonly [string, string, readonly Call[]])[] = [
  [
    // k8s.io/cloud-provider controllers/node and nodelifecycle: addresses, the taint of a new node, nodes without a server.
    "rwo",
    "cloud-controller-manager",
    [
      { verbs: "get list watch patch update delete", resource: "nodes" },
      { verbs: "patch", resource: "nodes/status" },
      { verbs: "list watch patch update", resource: "services" },
      { verbs: "patch", resource: "services/status" },
      { verbs: "get create update", resource: "leases", group: LEASES },
      { verbs: "create patch", resource: "events" },
    ],
  ],
  [
    // external-provisioner, external-attacher, external-resizer: deploy/kubernetes/rbac.yaml.
    "rwo",
    "cinder-csi-controller",
    [
      { verbs: "get list watch create patch delete", resource: "persistentvolumes" },
      { verbs: "get list watch update", resource: "persistentvolumeclaims" },
      { verbs: "patch", resource: "persistentvolumeclaims/status" },
      { verbs: "get list watch", resource: "storageclasses", group: STORAGE },
      { verbs: "get list watch", resource: "csinodes", group: STORAGE },
      { verbs: "get list watch", resource: "nodes" },
      { verbs: "get list watch patch", resource: "volumeattachments", group: STORAGE },
      { verbs: "patch", resource: "volumeattachments/status", group: STORAGE },
      { verbs: "get create update", resource: "leases", group: LEASES, namespace: "kube-system" },
    ],
  ],
  [
    "rwo",
    "manila-csi-controller",
    [
      { verbs: "get list watch create patch delete", resource: "persistentvolumes" },
      { verbs: "patch", resource: "persistentvolumeclaims/status" },
      // The login that its StorageClass names.
      { verbs: "get", resource: "secrets", name: "manila-csi", namespace: "kube-system" },
    ],
  ],
  [
    // external-dns source/service.go and source/ingress.go.
    "rwo",
    "external-dns",
    [
      { verbs: "list watch", resource: "services" },
      { verbs: "list watch", resource: "nodes" },
      { verbs: "list watch", resource: "endpointslices", group: "discovery.k8s.io" },
      { verbs: "list watch", resource: "ingresses", group: "networking.k8s.io" },
    ],
  ],
  [
    // cloud-provider-openstack pkg/ingress/controller/controller.go.
    "amphora",
    "octavia-ingress-controller",
    [
      { verbs: "list watch", resource: "ingresses", group: "networking.k8s.io" },
      { verbs: "update", resource: "ingresses/status", group: "networking.k8s.io" },
      { verbs: "list watch", resource: "services" },
      { verbs: "list watch", resource: "nodes" },
      { verbs: "get", resource: "secrets", namespace: "anybody's" },
    ],
  ],
  [
    // projectcalico/calico node/pkg/lifecycle: its addresses, the token of the plugin, the range of its tunnel.
    "rwo",
    "calico-node",
    [
      { verbs: "create", resource: "serviceaccounts/token", name: "calico-cni-plugin" },
      { verbs: "patch update", resource: "nodes/status" },
      { verbs: "list watch", resource: "networkpolicies", group: "networking.k8s.io" },
      { verbs: "list watch", resource: "clusternetworkpolicies", group: "policy.networking.k8s.io" },
      { verbs: "create update", resource: "ippools", group: CALICO },
      { verbs: "create update", resource: "clusterinformations", group: CALICO },
      { verbs: "get list create update delete", resource: "ipamhandles", group: CALICO },
    ],
  ],
  [
    "rwo",
    "calico-cni-plugin",
    [
      { verbs: "get", resource: "pods" },
      { verbs: "patch", resource: "pods/status" },
      { verbs: "get list create update delete", resource: "ipamblocks", group: CALICO },
      { verbs: "get list create update delete", resource: "ipamhandles", group: CALICO },
      { verbs: "get list", resource: "ippools", group: CALICO },
    ],
  ],
  [
    // It gives back the addresses of nodes and pods that are gone.
    "rwo",
    "calico-kube-controllers",
    [
      { verbs: "list watch", resource: "nodes" },
      { verbs: "list watch", resource: "ippools", group: CALICO },
      { verbs: "list watch delete", resource: "ipamblocks", group: CALICO },
      { verbs: "list watch delete", resource: "blockaffinities", group: CALICO },
      { verbs: "get update", resource: "kubecontrollersconfigurations/status", group: CALICO },
    ],
  ],
  [
    // cilium/cilium install/kubernetes/cilium/templates/cilium-agent/clusterrole.yaml and role.yaml.
    "cilium",
    "cilium",
    [
      { verbs: "get", resource: "configmaps", name: "cilium-config", namespace: "kube-system" },
      { verbs: "create", resource: "ciliumnodes", group: CILIUM },
      { verbs: "get update", resource: "ciliumnodes/status", group: CILIUM },
      { verbs: "create", resource: "ciliumidentities", group: CILIUM },
      { verbs: "create get delete patch", resource: "ciliumendpoints", group: CILIUM },
      { verbs: "list watch", resource: "ciliumclusterwidenetworkpolicies", group: CILIUM },
    ],
  ],
  [
    // templates/cilium-operator/clusterrole.yaml: kinds, the ranges of nodes, their taints, its lock.
    "cilium",
    "cilium-operator",
    [
      { verbs: "create get list watch", resource: "customresourcedefinitions", group: "apiextensions.k8s.io" },
      { verbs: "create update get list watch delete", resource: "ciliumnodes", group: CILIUM },
      { verbs: "list watch patch", resource: "nodes" },
      { verbs: "patch", resource: "nodes/status" },
      { verbs: "create get update", resource: "leases", group: LEASES, namespace: "kube-system" },
    ],
  ],
];
