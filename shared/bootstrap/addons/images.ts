import type { AddonInput } from "./types.ts";

/** Each minor release of cloud-provider-openstack is for the Kubernetes of the same number. */
const CLOUD_PROVIDER = { "1.35": "v1.35.0", "1.36": "v1.36.0" };

const provider = (name: string) => (version: AddonInput["version"]) =>
  `registry.k8s.io/provider-os/${name}:${CLOUD_PROVIDER[version]}`;
const sidecar = (image: string) => () => `registry.k8s.io/sig-storage/${image}`;
const pinned = (image: string) => () => image;

/**
 * Versions: the sidecars are those that cloud-provider-openstack's charts name at v1.36.0; Calico 3.32 is tested on
 * Kubernetes 1.34 to 1.36 (docs.tigera.io, requirements). Kuryr's are upstream's last release.
 */
const IMAGES = {
  "cloud-controller-manager": provider("openstack-cloud-controller-manager"),
  "octavia-ingress-controller": provider("octavia-ingress-controller"),
  "manila-csi-plugin": provider("manila-csi-plugin"),
  "cinder-csi-plugin": provider("cinder-csi-plugin"),
  "csi-attacher": sidecar("csi-attacher:v4.10.0"),
  "csi-provisioner": sidecar("csi-provisioner:v5.3.0"),
  "csi-resizer": sidecar("csi-resizer:v1.14.0"),
  "csi-node-driver-registrar": sidecar("csi-node-driver-registrar:v2.15.0"),
  livenessprobe: sidecar("livenessprobe:v2.17.0"),
  nfsplugin: sidecar("nfsplugin:v4.13.5"),
  "external-dns": pinned("registry.k8s.io/external-dns/external-dns:v0.22.0"),
  "designate-webhook": pinned("ghcr.io/inovex/external-dns-openstack-webhook:2.3.0"),
  "calico-cni": pinned("quay.io/calico/cni:v3.32.2"),
  "calico-node": pinned("quay.io/calico/node:v3.32.2"),
  "calico-kube-controllers": pinned("quay.io/calico/kube-controllers:v3.32.2"),
  cilium: pinned("quay.io/cilium/cilium:v1.19.6"),
  "cilium-operator": pinned("quay.io/cilium/operator-generic:v1.19.6"),
  "kuryr-controller": pinned("docker.io/kuryr/controller:10.0.0"),
  "kuryr-cni": pinned("docker.io/kuryr/cni:10.0.0"),
};

/** `<mirror>/<path as at its origin>:<tag>`, which is also where kubeadm's `imageRepository` looks for its own. */
export function image(of: Pick<AddonInput, "version" | "registry">, name: keyof typeof IMAGES): string {
  const upstream = IMAGES[name](of.version);
  return of.registry === undefined ? upstream : upstream.replace(/^[^/]+/, of.registry.replace(/\/$/, ""));
}
