import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { Cluster } from "./cluster.ts";
import { builtIn } from "./kinds.ts";
import type { Fields } from "./object.ts";
import type { User } from "./rbac.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** What a node says of itself when it comes in. */
export interface Joining {
  readonly name: string;
  readonly address: string;
  readonly version: string;
  readonly controlPlane: boolean;
  /** `--cloud-provider=external` */
  readonly external: boolean;
}

const ask = (cluster: Cluster, user: User, method: string, path: string, body?: Fields) =>
  cluster.answer({
    method,
    path,
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "user-agent": "kubelet/v1 (linux/amd64)",
    },
    body: body === undefined ? "" : JSON.stringify(body),
    user,
  });

export const nodeUser = (name: string): User => ({
  name: `system:node:${name}`,
  groups: ["system:nodes", "system:authenticated"],
});

/** Asks for a certificate as this node; answers the request's name, or what the API server said. */
export async function requestCertificate(cluster: Cluster, user: User, of: Joining, serving: boolean) {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const names = new x509.SubjectAlternativeNameExtension([
    { type: "dns", value: of.name },
    { type: "ip", value: of.address },
  ]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `O=system:nodes, CN=system:node:${of.name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...(serving ? { extensions: [names] } : {}),
  });
  const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  const reply = ask(cluster, user, "POST", path, {
    metadata: { generateName: "csr-" },
    spec: {
      request: Buffer.from(`${request.toString("pem")}\n`).toString("base64"),
      signerName: serving ? "kubernetes.io/kubelet-serving" : "kubernetes.io/kube-apiserver-client-kubelet",
      usages: ["digital signature", serving ? "server auth" : "client auth"],
    },
  });
  const made = reply.body as { readonly metadata?: { readonly name?: string }; readonly message?: string };
  return reply.status === 201 ? { name: made.metadata?.name ?? "" } : { refusal: made.message ?? "" };
}

export const isIssued = (cluster: Cluster, csr: string): boolean => {
  const found = cluster.store.get(builtIn("CertificateSigningRequest"), undefined, csr);
  return (found?.["status"] as { readonly certificate?: string } | undefined)?.certificate !== undefined;
};

/** The kubelet's first words, as itself. Undefined: it is in. */
export function register(cluster: Cluster, of: Joining): string | undefined {
  const labels = {
    "kubernetes.io/hostname": of.name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
  };
  const taints = [
    ...(of.external
      ? [{ key: "node.cloudprovider.kubernetes.io/uninitialized", value: "true", effect: "NoSchedule" }]
      : []),
    { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
  ];
  const nodeInfo = {
    ...{ architecture: "amd64", operatingSystem: "linux", osImage: "Ubuntu 24.04 LTS", kernelVersion: "6.8.0" },
    ...{ containerRuntimeVersion: "containerd://2.3.2", kubeletVersion: of.version, kubeProxyVersion: of.version },
    ...{ bootID: of.name, machineID: of.name, systemUUID: of.name },
  };
  const addresses = [
    { type: "InternalIP", address: of.address },
    { type: "Hostname", address: of.name },
  ];
  const amounts = { cpu: "4", memory: "8Gi", pods: "110" };
  const reply = ask(cluster, nodeUser(of.name), "POST", "/api/v1/nodes", {
    metadata: { name: of.name, labels },
    spec: { taints },
    status: { nodeInfo, addresses, capacity: amounts, allocatable: amounts },
  });
  if (reply.status !== 201 && reply.status !== 409) return (reply.body as { readonly message?: string }).message ?? "";
  cluster.silent.delete(of.name);
  if (of.controlPlane) markControlPlane(cluster, of.name);
  return undefined;
}

/** kubeadm's phase mark-control-plane, with the administrator's rights that a control plane has. */
function markControlPlane(cluster: Cluster, name: string): void {
  const kind = builtIn("Node");
  const node = cluster.store.get(kind, undefined, name);
  if (node === undefined) return;
  const role = "node-role.kubernetes.io/control-plane";
  const spec = node["spec"] as { readonly taints?: readonly Fields[] } | undefined;
  const labels = { ...node.metadata.labels, [role]: "", "node.kubernetes.io/exclude-from-external-load-balancers": "" };
  const taints = [...(spec?.taints ?? []), { key: role, effect: "NoSchedule" }];
  cluster.store.put(kind, { ...node, metadata: { ...node.metadata, labels }, spec: { ...spec, taints } });
}
