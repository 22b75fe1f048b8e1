/** Lists whose items have an identity. Source: `x-kubernetes-list-map-keys` in Kubernetes' OpenAPI document. */
export const LIST_KEYS: Readonly<Record<string, readonly string[]>> = {
  "CoreV1PodSpec.containers": ["name"],
  "CoreV1PodSpec.initContainers": ["name"],
  "CoreV1PodSpec.ephemeralContainers": ["name"],
  "CoreV1PodSpec.volumes": ["name"],
  "CoreV1PodSpec.imagePullSecrets": ["name"],
  "CoreV1PodSpec.hostAliases": ["ip"],
  "CoreV1PodSpec.topologySpreadConstraints": ["topologyKey", "whenUnsatisfiable"],
  "CoreV1Container.ports": ["containerPort", "protocol"],
  "CoreV1Container.env": ["name"],
  "CoreV1Container.volumeMounts": ["mountPath"],
  "CoreV1Container.volumeDevices": ["devicePath"],
  "CoreV1ServiceSpec.ports": ["port", "protocol"],
  "CoreV1ServiceAccount.secrets": ["name"],
  "CoreV1ServiceAccount.imagePullSecrets": ["name"],
  "CoreV1NodeStatus.addresses": ["type"],
  "MetaV1ObjectMeta.ownerReferences": ["uid"],
  "AdmissionregistrationV1ValidatingWebhookConfiguration.webhooks": ["name"],
  "AdmissionregistrationV1MutatingWebhookConfiguration.webhooks": ["name"],
};

/** Keys that have a value when nobody gave them one. */
export const KEY_DEFAULTS: Readonly<Record<string, string>> = { protocol: "TCP" };

/** Lists that are sets of values. */
export const SETS: ReadonlySet<string> = new Set(["MetaV1ObjectMeta.finalizers", "CoreV1NodeSpec.podCIDRs"]);

/** Types and maps that are written as a whole. */
export const WHOLE: ReadonlySet<string> = new Set([
  "MetaV1LabelSelector",
  "CoreV1NodeSelector",
  "CoreV1NodeSelectorTerm",
  "CoreV1SecretKeySelector",
  "CoreV1ConfigMapKeySelector",
  "CoreV1ObjectFieldSelector",
  "CoreV1ResourceFieldSelector",
  "CoreV1LocalObjectReference",
  "CoreV1ObjectReference",
  "CoreV1SecretReference",
  "CoreV1TypedLocalObjectReference",
  "CoreV1PodSpec.nodeSelector",
  "CoreV1ServiceSpec.selector",
  "RbacV1RoleRef",
]);
