import type { Addon, AddonInput, Manifest } from "../../../../shared/bootstrap/addons/index.ts";
import { addons } from "../../../../shared/bootstrap/addons/index.ts";

const id = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

/** Every value that no manifest but a Secret may hold. */
export const SECRETS = ["controllers-do-not-tell", "storage-do-not-tell"] as const;

export const INPUT: AddonInput = {
  clusterId: "k7f3a",
  clusterName: "dev",
  version: "1.36",
  authUrl: "https://keystone.example.org:5000/v3",
  region: "RegionOne",
  projectId: id("1"),
  networkId: id("2"),
  subnetId: id("3"),
  externalNetworkId: id("4"),
  routerId: id("5"),
  loadBalancerProvider: "ovn",
  cidrs: { nodes: "10.20.0.0/24", pods: "10.100.0.0/16", services: "10.96.0.0/16" },
  controllers: { id: id("6"), secret: SECRETS[0] },
  storage: { id: id("7"), secret: SECRETS[1] },
  rwx: { shareId: id("8"), accessId: id("9"), gib: 10 },
  rwo: false,
  cni: "calico",
  zone: "k8s.example.org.",
  appsDomain: "apps.dev.k8s.example.org.",
  api: { name: "api.dev.k8s.example.org", port: 6443 },
  workers: 2,
};

const KURYR = { podSubnetId: id("a"), serviceSubnetId: id("b"), podSecurityGroupIds: [id("c"), id("d")] };
const { rwx: _, ...WITHOUT_RWX } = INPUT;
const { storage: __, ...WITHOUT_STORAGE } = INPUT;

/** One difference to INPUT each, and all of them together. */
export const VARIANTS: Readonly<Record<string, AddonInput>> = {
  "Kubernetes 1.35": { ...INPUT, version: "1.35" },
  amphora: { ...INPUT, loadBalancerProvider: "amphora" },
  cilium: { ...INPUT, cni: "cilium" },
  kuryr: { ...INPUT, cni: "kuryr", kuryr: KURYR },
  "without rwx": WITHOUT_RWX,
  rwo: { ...INPUT, rwo: true },
  "without storage": WITHOUT_STORAGE,
  "registry mirror": { ...INPUT, registry: "harbor.example.org/mirror" },
  "authority of its own": { ...INPUT, caCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" },
  "share type and network": { ...INPUT, shareType: "cephfsnfstype", shareNetworkId: id("e") },
  everything: {
    ...INPUT,
    loadBalancerProvider: "amphora",
    rwo: true,
    registry: "harbor.example.org/mirror/",
    caCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
  },
};

export const ALL: readonly (readonly [string, AddonInput])[] = [["default", INPUT], ...Object.entries(VARIANTS)];

export const variant = (name: string): AddonInput => VARIANTS[name] ?? INPUT;

/** `Kind namespace/name`, unique in a cluster. */
export const nameOf = ({ kind, metadata: { name, namespace } }: Manifest): string =>
  namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;

export const manifestsOf = (input: AddonInput): readonly Manifest[] => addons(input).flatMap((one) => one.manifests);

export function addonOf(input: AddonInput, name: string): Addon {
  const found = addons(input).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no add-on ${name}`);
  return found;
}

/** The texts of a Secret as they were before their encoding. */
export const readable = (manifest: Manifest): Manifest => {
  if (manifest.kind !== "Secret") return manifest;
  const { data = {}, ...rest } = manifest;
  const texts = Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString("utf8")]);
  return { ...rest, stringData: Object.fromEntries(texts) };
};

/** The text under a key of a Secret or ConfigMap. */
export function textOf(input: AddonInput, object: string, key: string): string {
  const found = manifestsOf(input)
    .map(readable)
    .find((manifest) => nameOf(manifest) === object);
  const text =
    found?.kind === "Secret" ? found.stringData?.[key] : found?.kind === "ConfigMap" ? found.data?.[key] : undefined;
  if (text === undefined) throw new Error(`no ${key} in ${object}`);
  return text;
}
