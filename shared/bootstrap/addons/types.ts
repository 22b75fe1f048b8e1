import type { ICustomResourceDefinition } from "kubernetes-models/apiextensions.k8s.io/v1/CustomResourceDefinition";
import type { IDaemonSet } from "kubernetes-models/apps/v1/DaemonSet";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IStatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import type { IClusterRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding";
import type { IRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import type { IRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import type { ICSIDriver } from "kubernetes-models/storage.k8s.io/v1/CSIDriver";
import type { IStorageClass } from "kubernetes-models/storage.k8s.io/v1/StorageClass";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { INamespace } from "kubernetes-models/v1/Namespace";
import type { IPersistentVolume } from "kubernetes-models/v1/PersistentVolume";
import type { IPersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import type { ISecret } from "kubernetes-models/v1/Secret";
import type { IService } from "kubernetes-models/v1/Service";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";

interface ObjectName {
  readonly name: string;
  readonly namespace?: string;
}

type Named<T> = T & { readonly metadata: ObjectName };

/** The parts of https://docs.tigera.io/calico/latest/reference/resources/tier that are used here. */
interface CalicoTier {
  readonly apiVersion: "crd.projectcalico.org/v1";
  readonly kind: "Tier";
  readonly metadata: ObjectName;
  readonly spec: { readonly order: number; readonly defaultAction: "Pass" | "Deny" };
}

/** The parts of https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy that are used here. */
interface CalicoGlobalNetworkPolicy {
  readonly apiVersion: "crd.projectcalico.org/v1";
  readonly kind: "GlobalNetworkPolicy";
  readonly metadata: ObjectName;
  readonly spec: {
    readonly tier: string;
    readonly order: number;
    readonly selector: string;
    readonly types: readonly ("Ingress" | "Egress")[];
    readonly egress: readonly {
      readonly action: "Allow" | "Deny" | "Log" | "Pass";
      readonly destination?: { readonly nets: readonly string[] };
    }[];
  };
}

/** The parts of https://docs.cilium.io/en/stable/security/policy/ that are used here. */
interface CiliumClusterwideNetworkPolicy {
  readonly apiVersion: "cilium.io/v2";
  readonly kind: "CiliumClusterwideNetworkPolicy";
  readonly metadata: ObjectName;
  readonly spec: {
    readonly endpointSelector: Record<string, never>;
    readonly enableDefaultDeny: { readonly egress: boolean; readonly ingress: boolean };
    readonly egressDeny: readonly { readonly toCIDR: readonly string[] }[];
  };
}

export type Manifest =
  | Named<IDaemonSet>
  | Named<IDeployment>
  | Named<IStatefulSet>
  | Named<IPodDisruptionBudget>
  | Named<ICustomResourceDefinition>
  | Named<IClusterRole>
  | Named<IClusterRoleBinding>
  | Named<IRole>
  | Named<IRoleBinding>
  | Named<ICSIDriver>
  | Named<IStorageClass>
  | Named<IConfigMap>
  | Named<INamespace>
  | Named<IPersistentVolume>
  | Named<IPersistentVolumeClaim>
  | Named<ISecret>
  | Named<IService>
  | Named<IServiceAccount>
  | CalicoTier
  | CalicoGlobalNetworkPolicy
  | CiliumClusterwideNetworkPolicy;

interface WorkloadRef {
  readonly kind: "Deployment" | "DaemonSet" | "StatefulSet";
  readonly namespace: string;
  readonly name: string;
}

export interface Addon {
  readonly name: string;
  readonly manifests: readonly Manifest[];
  /** What must be available before the cluster is ready. */
  readonly workloads: readonly WorkloadRef[];
}

export interface Credential {
  readonly id: string;
  readonly secret: string;
}

export interface Kuryr {
  readonly podSubnetId: string;
  readonly serviceSubnetId: string;
  readonly podSecurityGroupIds: readonly string[];
}

export interface AddonInput {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly version: "1.35" | "1.36";
  /** Takes the place of each image's registry. */
  readonly registry?: string;
  readonly authUrl: string;
  readonly region: string;
  /** PEM, where the cloud's certificates are not from a public authority. */
  readonly caCertificate?: string;
  readonly projectId: string;
  readonly networkId: string;
  readonly subnetId: string;
  readonly externalNetworkId: string;
  readonly routerId: string;
  readonly loadBalancerProvider: "ovn" | "amphora";
  readonly cidrs: { readonly nodes: string; readonly pods: string; readonly services: string };
  readonly controllers: Credential;
  /** Without it there is no storage: neither Manila nor Cinder. */
  readonly storage?: Credential;
  /** There are none to be had: `storage` is for volumes alone. */
  readonly shares?: false;
  readonly shareType?: string;
  readonly shareNetworkId?: string;
  readonly rwx?: { readonly shareId: string; readonly accessId: string; readonly gib: number };
  readonly rwo: boolean;
  readonly cni: "calico" | "cilium" | "kuryr";
  readonly kuryr?: Kuryr;
  /** With the dot at its end. */
  readonly zone: string;
  readonly appsDomain: string;
  readonly api: { readonly name: string; readonly port: number };
  readonly workers: number;
}
