/** One resource of the API. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly short: readonly string[];
  readonly namespaced: boolean;
  /** Where its fields are told: a type of `fields.json`, or a schema that a CustomResourceDefinition brought. */
  readonly type: string;
  readonly schema?: unknown;
  /** `status`, `scale`, …: subresources that it has. */
  readonly sub: readonly string[];
  readonly columns?: readonly { readonly name: string; readonly type: string; readonly jsonPath: string }[];
}

/** Type, plural, namespaced, short names, subresources. The type says group, version and kind. */
const ROWS = `
CoreV1Namespace namespaces - ns status,finalize
CoreV1Node nodes - no status
CoreV1Pod pods + po status,eviction,log,binding
CoreV1Service services + svc status
CoreV1Secret secrets + - -
CoreV1ConfigMap configmaps + cm -
CoreV1ServiceAccount serviceaccounts + sa -
CoreV1PersistentVolume persistentvolumes - pv status
CoreV1PersistentVolumeClaim persistentvolumeclaims + pvc status
CoreV1Event events + ev -
CoreV1Endpoints endpoints + ep -
CoreV1LimitRange limitranges + limits -
CoreV1ResourceQuota resourcequotas + quota status
AppsV1Deployment deployments + deploy status,scale
AppsV1DaemonSet daemonsets + ds status
AppsV1StatefulSet statefulsets + sts status,scale
AppsV1ReplicaSet replicasets + rs status,scale
BatchV1Job jobs + - status
StorageV1StorageClass storageclasses - sc -
StorageV1CSIDriver csidrivers - - -
StorageV1CSINode csinodes - - -
StorageV1VolumeAttachment volumeattachments - - status
NetworkingV1Ingress ingresses + ing status
NetworkingV1IngressClass ingressclasses - - -
NetworkingV1NetworkPolicy networkpolicies + netpol -
RbacV1ClusterRole clusterroles - - -
RbacV1ClusterRoleBinding clusterrolebindings - - -
RbacV1Role roles + - -
RbacV1RoleBinding rolebindings + - -
CertificatesV1CertificateSigningRequest certificatesigningrequests - csr status,approval
ApiextensionsV1CustomResourceDefinition customresourcedefinitions - crd,crds status
ApiregistrationV1APIService apiservices - - status
SchedulingV1PriorityClass priorityclasses - pc -
PolicyV1PodDisruptionBudget poddisruptionbudgets + pdb status
CoordinationV1Lease leases + - -
DiscoveryV1EndpointSlice endpointslices + - -
AdmissionregistrationV1ValidatingWebhookConfiguration validatingwebhookconfigurations - - -
AdmissionregistrationV1MutatingWebhookConfiguration mutatingwebhookconfigurations - - -
AdmissionregistrationV1ValidatingAdmissionPolicy validatingadmissionpolicies - - status
AdmissionregistrationV1ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings - - -
`;

const GROUPS: Readonly<Record<string, string>> = {
  Core: "",
  Apps: "apps",
  Batch: "batch",
  Policy: "policy",
  Storage: "storage.k8s.io",
  Networking: "networking.k8s.io",
  Rbac: "rbac.authorization.k8s.io",
  Certificates: "certificates.k8s.io",
  Apiextensions: "apiextensions.k8s.io",
  Apiregistration: "apiregistration.k8s.io",
  Scheduling: "scheduling.k8s.io",
  Coordination: "coordination.k8s.io",
  Discovery: "discovery.k8s.io",
  Admissionregistration: "admissionregistration.k8s.io",
};

const listed = (text: string): readonly string[] => (text === "-" ? [] : text.split(","));

function kindOf(row: string): readonly Kind[] {
  const [type = "", plural = "", scope = "", short = "-", sub = "-"] = row.split(" ");
  const [, group = "", kind = ""] = /^([A-Z][a-z]+)V1([A-Z]\w+)$/.exec(type) ?? [];
  const found = GROUPS[group];
  if (found === undefined) return [];
  const names = { group: found, version: "v1", kind, plural, type };
  return [{ ...names, namespaced: scope === "+", short: listed(short), sub: listed(sub) }];
}

export const KINDS: readonly Kind[] = ROWS.trim().split("\n").flatMap(kindOf);

export const apiVersionOf = ({ group, version }: Pick<Kind, "group" | "version">) =>
  group === "" ? version : `${group}/${version}`;

/** The key of a resource in the store: all its versions are the same objects. */
export const storeKeyOf = ({ group, plural }: Pick<Kind, "group" | "plural">) => `${group}/${plural}`;

const BY_KIND = new Map(KINDS.map((one) => [one.kind, one]));

/** A kind that ships with Kubernetes, by its name. */
export function builtIn(kind: string): Kind {
  const found = BY_KIND.get(kind);
  if (found === undefined) throw new Error(`invariant: there is no kind ${kind}`);
  return found;
}
