import type { Addon, Manifest } from "./types.ts";
import { addon } from "./workload.ts";

/** Nova's metadata service, which tells whoever asks from a node that node's user-data. */
const METADATA_CIDR = "169.254.169.254/32";
const TIER = "kinvirt";

/**
 * A tier of our own, before all others: a policy there cannot be overruled by one of the users'. Pods only, as the CSI
 * drivers in the nodes' network read the metadata.
 */
export const calicoMetadata: Manifest[] = [
  {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "Tier",
    metadata: { name: TIER },
    spec: { order: 10, defaultAction: "Pass" },
  },
  {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "GlobalNetworkPolicy",
    metadata: { name: `${TIER}.metadata` },
    spec: {
      tier: TIER,
      order: 10,
      selector: "projectcalico.org/orchestrator == 'k8s'",
      types: ["Egress"],
      egress: [{ action: "Deny", destination: { nets: [METADATA_CIDR] } }, { action: "Pass" }],
    },
  },
];

/**
 * For Cilium, whose operator registers the kind itself: this can be applied once that runs. A denial wins over whatever
 * else is allowed, and by `enableDefaultDeny` nothing else is denied. Source: docs.cilium.io, "Deny Policies".
 */
export const ciliumMetadata = (): Addon =>
  addon("metadata-access", [
    {
      apiVersion: "cilium.io/v2",
      kind: "CiliumClusterwideNetworkPolicy",
      metadata: { name: "kinvirt-metadata" },
      spec: {
        endpointSelector: {},
        enableDefaultDeny: { egress: false, ingress: false },
        egressDeny: [{ toCIDR: [METADATA_CIDR] }],
      },
    },
  ]);
