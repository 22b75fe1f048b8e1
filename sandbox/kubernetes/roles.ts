import type { Fields } from "./object.ts";

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch", "delete", "deletecollection"];
const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): Fields => ({
  apiGroups,
  resources,
  verbs,
});
const urls = (...nonResourceURLs: readonly string[]): Fields => ({ nonResourceURLs, verbs: ["get"] });

const CORE_PLAIN = [
  "configmaps",
  "endpoints",
  "persistentvolumeclaims",
  "persistentvolumeclaims/status",
  "pods",
  "pods/status",
  "replicationcontrollers",
  "serviceaccounts",
  "services",
  "services/status",
];
const CORE_VIEWED = [...CORE_PLAIN, "events", "limitranges", "namespaces", "pods/log", "resourcequotas"];
const APPS = ["daemonsets", "deployments", "deployments/scale", "replicasets", "statefulsets", "statefulsets/scale"];
const viewed = [
  rule([""], CORE_VIEWED, READ),
  rule(["apps"], [...APPS, ...APPS.map((one) => `${one}/status`)], READ),
  rule(["batch"], ["jobs", "cronjobs"], READ),
  rule(["networking.k8s.io"], ["ingresses", "networkpolicies"], READ),
  rule(["policy"], ["poddisruptionbudgets"], READ),
  rule(["discovery.k8s.io"], ["endpointslices"], READ),
];
const edited = [
  ...viewed,
  rule([""], ["secrets"], READ),
  rule([""], [...CORE_PLAIN.filter((one) => !one.endsWith("/status")), "secrets", "pods/eviction", "events"], WRITE),
  rule(["apps"], APPS, WRITE),
  rule(["batch"], ["jobs", "cronjobs"], WRITE),
  rule(["networking.k8s.io"], ["ingresses", "networkpolicies"], WRITE),
  rule(["policy"], ["poddisruptionbudgets"], WRITE),
  rule(["coordination.k8s.io"], ["leases"], [...READ, ...WRITE]),
];

const CSRS = ["certificates.k8s.io"];
const HEALTH = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
const reviews = rule(["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]);

/** What the API server makes at its start, as far as somebody here is bound to it. Source: `kubectl get clusterrole`, 1.36. */
export const CLUSTER_ROLES: Readonly<Record<string, readonly Fields[]>> = {
  "cluster-admin": [rule(["*"], ["*"], ["*"]), { nonResourceURLs: ["*"], verbs: ["*"] }],
  admin: [
    ...edited,
    rule(["rbac.authorization.k8s.io"], ["roles", "rolebindings"], [...READ, ...WRITE]),
    rule(["authorization.k8s.io"], ["localsubjectaccessreviews"], ["create"]),
  ],
  edit: edited,
  view: viewed,
  "system:basic-user": [reviews, rule(["authentication.k8s.io"], ["selfsubjectreviews"], ["create"])],
  "system:discovery": [urls("/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*", ...HEALTH)],
  "system:public-info-viewer": [urls(...HEALTH)],
  "system:certificates.k8s.io:certificatesigningrequests:nodeclient": [
    rule(CSRS, ["certificatesigningrequests/nodeclient"], ["create"]),
  ],
  "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient": [
    rule(CSRS, ["certificatesigningrequests/selfnodeclient"], ["create"]),
  ],
  "system:kube-controller-manager": [],
  "system:kube-scheduler": [],
  "system:node": [],
};

/** Cluster role, and the groups that are bound to it by the API server itself. */
export const CLUSTER_ROLE_BINDINGS: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": ["system:masters"],
  "system:basic-user": ["system:authenticated"],
  "system:discovery": ["system:authenticated"],
  "system:public-info-viewer": ["system:authenticated", "system:unauthenticated"],
};
