import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import type { Cluster, ClusterSetup } from "./cluster.ts";
import { addressAt } from "./defaults.ts";
import { apiVersionOf, builtIn } from "./kinds.ts";
import type { Kubeadm } from "./kubeadm-documents.ts";
import type { Fields } from "./object.ts";

const PKI = "/etc/kubernetes/pki";
const PKI_FILES = [
  "ca.crt",
  "ca.key",
  "etcd/ca.crt",
  "etcd/ca.key",
  "front-proxy-ca.crt",
  "front-proxy-ca.key",
  "sa.key",
  "sa.pub",
];
const SERVICES = "10.96.0.0/12";
/** CoreDNS has this address of the Services' range. */
const DNS_AT = 10;
const DNS_PORTS = [
  ["dns", "UDP", 53],
  ["dns-tcp", "TCP", 53],
  ["metrics", "TCP", 9153],
] as const;

/** As kubeadm prints it: over the public key. */
export function certificateHash(pem: string): string {
  const der = new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" });
  return `sha256:${createHash("sha256").update(der).digest("hex")}`;
}

const spkiOf = (pem: string) => createPublicKey(createPrivateKey(pem)).export({ type: "spki", format: "der" });

/** Throws what kubeadm would say of certificates that are not there, or of another key. */
export function checkPki(files: ReadonlyMap<string, string>): { readonly certificate: string; readonly key: string } {
  const contentOf = (name: string): string => {
    const content = files.get(`${PKI}/${name}`);
    if (content === undefined) throw new Error(`couldn't load the certificate file ${PKI}/${name}: no such file`);
    return content;
  };
  const contents = new Map(PKI_FILES.map((name) => [name, contentOf(name)]));
  for (const name of ["ca", "etcd/ca", "front-proxy-ca"]) {
    const [certificate = "", key = ""] = [contents.get(`${name}.crt`), contents.get(`${name}.key`)];
    const shown = new X509Certificate(certificate);
    if (!shown.publicKey.export({ type: "spki", format: "der" }).equals(spkiOf(key)))
      throw new Error(`the private key of ${PKI}/${name}.crt is another one's`);
    if (!shown.ca) throw new Error(`${PKI}/${name}.crt is no certificate authority`);
  }
  return { certificate: contents.get("ca.crt") ?? "", key: contents.get("ca.key") ?? "" };
}

const hostOf = (endpoint: string): string => endpoint.replace(/:\d+$/, "");

/** What `kubeadm init` starts, as these documents and files tell. */
export function setupOf(kubeadm: Kubeadm, files: ReadonlyMap<string, string>): Omit<ClusterSetup, "tasks" | "chance"> {
  const { init, cluster, kubelet } = kubeadm;
  if (init === undefined || cluster === undefined)
    throw new Error("kubeadm init needs an InitConfiguration and a ClusterConfiguration");
  const local = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];
  const serviceCidr = cluster.networking.serviceSubnet ?? SERVICES;
  const { advertiseAddress } = init.localAPIEndpoint;
  const given = [...(cluster.apiServer?.certSANs ?? []), hostOf(cluster.controlPlaneEndpoint), advertiseAddress];
  return {
    authority: checkPki(files),
    sans: [...new Set([...local, init.nodeRegistration.name, addressAt(serviceCidr, 1), ...given])],
    gitVersion: cluster.kubernetesVersion,
    serviceCidr,
    serverTLSBootstrap: kubelet?.serverTLSBootstrap === true,
  };
}

const group = (name: string) => ({ kind: "Group", name, apiGroup: "rbac.authorization.k8s.io" });

function add(cluster: Cluster, kind: string, name: string, namespace: string | undefined, more: Fields): void {
  const found = builtIn(kind);
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  cluster.store.add(found, { apiVersion: apiVersionOf(found), kind, metadata, ...more });
}

const workload = (name: string, image: string, more: Fields): Fields => ({
  ...more,
  selector: { matchLabels: { "k8s-app": name } },
  template: {
    metadata: { labels: { "k8s-app": name } },
    spec: {
      ...(more["replicas"] === undefined ? { hostNetwork: true } : {}),
      containers: [{ name, image }],
      tolerations:
        more["replicas"] === undefined
          ? [{ operator: "Exists" }]
          : [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }],
    },
  },
});

/** What `kubeadm init` leaves in a new cluster: phases upload-config, addon, and the administrators' binding. */
export function initialise(cluster: Cluster, { init, cluster: configuration }: Kubeadm): void {
  const skipped = init?.skipPhases ?? [];
  const system = "kube-system";
  const admin = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" };
  add(cluster, "ClusterRoleBinding", "kubeadm:cluster-admins", undefined, {
    roleRef: admin,
    subjects: [group("kubeadm:cluster-admins")],
  });
  for (const [role, name] of [
    ["kubeadm:nodes-kubeadm-config", "kubeadm-config"],
    ["kubeadm:kubelet-config", "kubelet-config"],
  ] as const) {
    add(cluster, "ConfigMap", name, system, { data: {} });
    const rules = [{ apiGroups: [""], resources: ["configmaps"], resourceNames: [name], verbs: ["get"] }];
    add(cluster, "Role", role, system, { rules });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role };
    add(cluster, "RoleBinding", role, system, { roleRef, subjects: [group("system:nodes")] });
  }
  const isOff = (phase: string) => skipped.includes("addon") || skipped.includes(`addon/${phase}`);
  if (!isOff("coredns") && configuration?.dns?.disabled !== true) {
    add(cluster, "Deployment", "coredns", system, { spec: workload("kube-dns", "coredns", { replicas: 2 }) });
    const clusterIP = addressAt(configuration?.networking.serviceSubnet ?? SERVICES, DNS_AT);
    const ports = DNS_PORTS.map(([name, protocol, port]) => ({ name, protocol, port, targetPort: port }));
    add(cluster, "Service", "kube-dns", system, {
      spec: { type: "ClusterIP", clusterIP, clusterIPs: [clusterIP], selector: { "k8s-app": "kube-dns" }, ports },
    });
  }
  if (!isOff("kube-proxy") && configuration?.proxy?.disabled !== true)
    add(cluster, "DaemonSet", "kube-proxy", system, { spec: workload("kube-proxy", "kube-proxy", {}) });
}
