import { assert } from "../../assert.ts";
import { base } from "./base.ts";
import { calico } from "./calico.ts";
import { cilium } from "./cilium.ts";
import { cinder } from "./cinder.ts";
import { cloudControllerManager } from "./cloud-controller-manager.ts";
import { externalDns } from "./external-dns.ts";
import { kuryr } from "./kuryr.ts";
import { manila } from "./manila.ts";
import { ciliumMetadata } from "./metadata.ts";
import { ingressRefusal, octaviaIngress } from "./octavia-ingress.ts";
import { sharedVolume } from "./shared-volume.ts";
import type { Addon, AddonInput } from "./types.ts";

export { manifestHash } from "./hash.ts";
export { KURYR_WARNING } from "./kuryr.ts";
export { ingressRefusal } from "./octavia-ingress.ts";
export type { Addon, AddonInput, Kuryr, Manifest } from "./types.ts";

function network(input: AddonInput): Addon {
  if (input.cni === "calico") return calico(input);
  if (input.cni === "cilium") return cilium(input);
  assert(input.kuryr !== undefined, "Kuryr needs its subnets");
  return kuryr(input, input.kuryr);
}

/** In the order to apply them in. Objects of a kind that an add-on brings may need a second try right after it. */
export const addons = (input: AddonInput): readonly Addon[] => [
  base(),
  network(input),
  cloudControllerManager(input),
  ...(input.cni === "cilium" ? [ciliumMetadata()] : []),
  ...(input.storage === undefined || input.shares === false ? [] : [manila(input, input.storage)]),
  ...(input.storage !== undefined && input.rwx !== undefined ? [sharedVolume(input.rwx)] : []),
  ...(input.storage !== undefined && input.rwo ? [cinder(input, input.storage)] : []),
  externalDns(input),
  ...(ingressRefusal(input) === undefined ? [octaviaIngress(input)] : []),
];

/** What an add-on's pods run. */
export function imagesOf(addon: Addon): readonly string[] {
  const pods = addon.manifests.flatMap((manifest) =>
    manifest.kind === "DaemonSet" || manifest.kind === "Deployment" || manifest.kind === "StatefulSet"
      ? [manifest.spec?.template.spec]
      : [],
  );
  const containers = pods.flatMap((pod) => [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])]);
  return [...new Set(containers.flatMap(({ image }) => image ?? []))].sort();
}

/** What a registry mirror must hold for such a cluster. */
export const images = (input: AddonInput): readonly string[] => [...new Set(addons(input).flatMap(imagesOf))].sort();
