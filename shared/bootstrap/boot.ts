import type { KubernetesVersion } from "./versions.ts";

/** All that one node's user-data is made of. */
export interface NodeBoot {
  /** The Nova server's name: the cloud controller manager finds the server by the node's. */
  readonly hostname: string;
  readonly role: "control-plane" | "worker";
  /** Of the control planes: the one that makes the cluster. */
  readonly first: boolean;
  /** Fixed IP. */
  readonly address: string;
  readonly version: KubernetesVersion;
  readonly clusterName: string;
  readonly clusterId: string;
  readonly endpoint: {
    /** No dot at the end. */
    readonly name: string;
    readonly port: number;
    readonly vip: string;
    readonly floatingIp: string;
  };
  readonly caCertHash: string;
  readonly fetch: {
    readonly authUrl: string;
    readonly credentialId: string;
    readonly credentialSecret: string;
    /** Of the secret, as Barbican is reached from the node. */
    readonly payloadHref: string;
    /** PEM: what both services' certificates are checked against instead of the image's own authorities. */
    readonly caCertificate?: string;
  };
  readonly cidrs: { readonly nodes: string; readonly pods: string; readonly services: string };
  readonly cni: "calico" | "cilium" | "kuryr";
  /** Prefix for all images. */
  readonly registry?: string;
  /** Where https://pkgs.k8s.io is mirrored. */
  readonly packages?: string;
  /** KMS plugins by name; the first one encrypts, the others only read what they once wrote. `barbican` alone if absent. */
  readonly kms?: readonly string[];
}

export interface NodeFile {
  readonly path: string;
  readonly mode: "0600" | "0644" | "0700";
  readonly content: string;
}

/** The kubeconfig that a joining node finds its cluster with and asks for its certificate with. In memory only. */
export const DISCOVERY = "/run/kinvirt/discovery.conf";
/** The cloud's own certificate authority, on nodes of a cloud that has one; the KMS plugin sees it at the same path. */
export const CLOUD_CA = "/etc/kinvirt/cloud-ca.crt";
export const APISERVER_CONFIG = "/etc/kubernetes/apiserver";
export const KMS_CONFIG = "/etc/kubernetes/kms";
export const KMS_SOCKETS = "/var/lib/kms";
export const AUDIT_LOGS = "/var/log/kubernetes/audit";

export const kmsPlugins = (boot: Pick<NodeBoot, "kms">): readonly string[] => boot.kms ?? ["barbican"];
