import { assert } from "../assert.ts";

export type KubernetesVersion = "1.35" | "1.36";

/**
 * What is installed for a minor version. `pause` is the image that its kubeadm names. The cloud provider's minor versions
 * are those of Kubernetes. Source: https://kubernetes.io/releases/, kubeadm app/constants.
 */
export const RELEASES: Readonly<Record<KubernetesVersion, { release: string; pause: string; cloudProvider: string }>> =
  {
    "1.35": { release: "v1.35.9", pause: "3.10.1", cloudProvider: "v1.35.0" },
    "1.36": { release: "v1.36.4", pause: "3.10.2", cloudProvider: "v1.36.0" },
  };

/** `<mirror>/<path as at its origin>:<tag>`, which is also where kubeadm's `imageRepository` looks for its own. */
export const imageAt = (registry: string | undefined, image: string): string =>
  registry === undefined ? image : image.replace(/^[^/]+/, registry.replace(/\/+$/, ""));

/** Of a spec that was checked already. */
export function kubernetesVersion(text: string): KubernetesVersion {
  assert(text === "1.35" || text === "1.36", `Kubernetes ${text} is not one that can be installed`);
  return text;
}
